"""What must be true of a stack at any time, held against an expectation that is not the product's.

The expectation is the seeded world's own: worked out from the vendors' records by other code.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Run
from tests.integration.installed_stack import NEW_INVOICE
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import OURS, assert_one_effect
from tests.reliability.invariants import check_closed
from tools.sandbox.world.expected import expected_quantities

TRIED = {Reason.REFUSED, Reason.TOO_MANY_ATTEMPTS, Reason.ACCEPTED_BUT_UNCHANGED}


@dataclass(frozen=True, slots=True)
class Truth:
    """By addition what it held before, and what it must hold once a run says that it is done."""

    before: Mapping[int, float]
    wanted: Mapping[int, float]

    @classmethod
    def of(
        cls, stack: LocalStack, *, kept: Mapping[int, Reason], wanted: Mapping[int, float]
    ) -> "Truth":
        """The world's own expectation, but for additions that are `kept` or `wanted` otherwise.

        What ConnectWise does not take was wanted all the same.
        """
        before = {k: float(row["quantity"]) for k, row in stack.before.additions.items()}
        usual = {k: float(quantity) for k, quantity in expected_quantities(stack.world).items()}
        untried = {k: before[k] for k, reason in kept.items() if reason not in TRIED}
        return cls(before, {**usual, **untried, **wanted})

    def check(self, stack: LocalStack) -> None:
        """Raise AssertionError naming what is not true."""
        self._check_calls(stack)
        self._check_quantities(stack)
        for run in stack.all_runs():
            if not run.open:
                check_closed(stack, run)
            if run.applied:
                self._check_rows(stack, run)
            if run.green:
                held = {each: stack.quantity(each) for each in self.wanted}
                assert held == self.wanted, f"{run.id} is green"
        self._check_not_lost(stack)

    def _check_calls(self, stack: LocalStack) -> None:
        """Nothing was ever asked of a vendor but reads, and the quantities that are wanted."""
        assert {each.method for each in stack.huntress.requests} == {"GET"}
        posts = {each.path for each in stack.connectwise.requests if each.method == "POST"}
        assert all(path.endswith("/system/bundles") for path in posts), posts
        for patch in stack.patches():
            wanted = self.wanted[int(patch.path.rpartition("/")[2])]
            change = f'[{{"op": "replace", "path": "quantity", "value": {wanted:.0f}}}]'
            assert patch.body == change, f"{patch.path}: {patch.body}"

    def _check_quantities(self, stack: LocalStack) -> None:
        """Each addition holds what it held, what is wanted, or what a person made of it."""
        for addition_id, row in stack.connectwise.snapshot().additions.items():
            changes = [
                c for c in stack.connectwise.quantity_changes if c.addition_id == addition_id
            ]
            ours = [change.after for change in changes if change.by == OURS]
            assert ours in ([], [self.wanted[addition_id]]), f"{addition_id}: {changes}"
            known = {self.before[addition_id], *(change.after for change in changes)}
            assert row.get("quantity") in known, f"{addition_id} holds {row.get('quantity')}"

    def _check_rows(self, stack: LocalStack, run: Run) -> None:
        """At most one effect a row, and none that the row does not tell."""
        for state in stack.runs.rows(run):
            addition_id = state.row.addition_id
            if addition_id is None:
                continue
            if state.planned_write:
                assert_one_effect(stack, run, addition_id)
            if state.done and state.row.outcome in {Outcome.UPDATED, Outcome.UNCHANGED}:
                assert stack.quantity(addition_id) == self.wanted[addition_id], state.row

    def _check_not_lost(self, stack: LocalStack) -> None:
        """The invoice was taken by a run, or says why not, or Huntress could not be looked at."""
        record = stack.invoices.get(NEW_INVOICE)
        if record is None:
            everything = f"{len(stack.huntress.state.invoices)} invoices seen"
            assert everything not in stack.tick(), "an invoice was seen and forgotten"
        else:
            assert record.state == "run" or (record.state == "waiting" and record.reason)


def words(stack: LocalStack) -> str:
    """All that people can read: of the invoice, of the newest run, of a look right now."""
    told: list[object] = []
    with suppress(BotoCoreError, ClientError):
        told.append(stack.tick())
    record = stack.invoices.get(NEW_INVOICE)
    told += [record.reason] if record else []
    for run in stack.all_runs()[:1]:
        told += [run.status, run.outcomes, run.note, run.pause_reason]
        told += [*run.guard_messages, *run.warnings]
        told += run.coverage.unread if run.coverage else ()
        told += [state.row.message for state in stack.runs.rows(run)]
    return "; ".join(str(each) for each in told if each)
