"""Checks of a stack's state at any time, against an expectation that is not the product's.

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
    """Quantities by addition: before the sync, and after a run that reports it as done."""

    before: Mapping[int, float]
    expected: Mapping[int, float]

    @classmethod
    def of(
        cls, stack: LocalStack, *, kept: Mapping[int, Reason], expected: Mapping[int, float]
    ) -> "Truth":
        """The world's own expectation, with `kept` additions unchanged and `expected` overrides.

        A write that ConnectWise rejects is still expected.
        """
        before = {k: float(row["quantity"]) for k, row in stack.before.additions.items()}
        usual = {k: float(quantity) for k, quantity in expected_quantities(stack.world).items()}
        untried = {k: before[k] for k, reason in kept.items() if reason not in TRIED}
        return cls(before, {**usual, **untried, **expected})

    def check(self, stack: LocalStack) -> None:
        """Raise AssertionError naming the first difference."""
        self._check_calls(stack)
        self._check_quantities(stack)
        for run in stack.all_runs():
            if not run.open:
                check_closed(stack, run)
            if run.applied:
                self._check_rows(stack, run)
            if run.green:
                held = {each: stack.quantity(each) for each in self.expected}
                assert held == self.expected, f"{run.id} is green"
        self._check_not_lost(stack)

    def _check_calls(self, stack: LocalStack) -> None:
        """Vendors received only reads and PATCHes of the expected quantities."""
        assert {each.method for each in stack.huntress.requests} == {"GET"}
        posts = {each.path for each in stack.connectwise.requests if each.method == "POST"}
        assert all(path.endswith("/system/bundles") for path in posts), posts
        for patch in stack.patches():
            expected = self.expected[int(patch.path.rpartition("/")[2])]
            change = f'[{{"op": "replace", "path": "quantity", "value": {expected:.0f}}}]'
            assert patch.body == change, f"{patch.path}: {patch.body}"

    def _check_quantities(self, stack: LocalStack) -> None:
        """Each addition has its old quantity, the expected one, or one that a person set."""
        for addition_id, row in stack.connectwise.snapshot().additions.items():
            changes = [
                c for c in stack.connectwise.quantity_changes if c.addition_id == addition_id
            ]
            ours = [change.after for change in changes if change.by == OURS]
            assert ours in ([], [self.expected[addition_id]]), f"{addition_id}: {changes}"
            known = {self.before[addition_id], *(change.after for change in changes)}
            assert row.get("quantity") in known, f"{addition_id} holds {row.get('quantity')}"

    def _check_rows(self, stack: LocalStack, run: Run) -> None:
        """At most one effect per row, and none that the row does not report."""
        for state in stack.runs.rows(run):
            addition_id = state.row.addition_id
            if addition_id is None:
                continue
            if state.planned_write:
                assert_one_effect(stack, run, addition_id)
            if state.done and state.row.outcome in {Outcome.UPDATED, Outcome.UNCHANGED}:
                assert stack.quantity(addition_id) == self.expected[addition_id], state.row

    def _check_not_lost(self, stack: LocalStack) -> None:
        """A run took the invoice, or it has a reason, or Huntress could not be read."""
        record = stack.invoices.get(NEW_INVOICE)
        if record is None:
            everything = f"{len(stack.huntress.state.invoices)} invoices seen"
            assert everything not in stack.tick(), "an invoice was seen and forgotten"
        else:
            assert record.state == "run" or (record.state == "waiting" and record.reason)


def words(stack: LocalStack) -> str:
    """All texts that people can read: of the invoice, the newest run, and a tick right now."""
    texts: list[object] = []
    with suppress(BotoCoreError, ClientError):
        texts.append(stack.tick())
    record = stack.invoices.get(NEW_INVOICE)
    texts += [record.reason] if record else []
    for run in stack.all_runs()[:1]:
        texts += [run.status, run.outcomes, run.note, run.pause_reason]
        texts += [*run.guard_messages, *run.warnings]
        texts += run.coverage.unread if run.coverage else ()
        texts += [state.row.message for state in stack.runs.rows(run)]
    return "; ".join(str(each) for each in texts if each)
