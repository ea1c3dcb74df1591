"""Random histories: the statement always adds up, and runs that write nothing change nothing."""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

import pytest

from billing_sync.adapters.ledger.statements import LedgerStatements
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Mode, Run
from billing_sync.domain.statement.billing_status import status_sums
from billing_sync.domain.statement.statement import Decision, statement_findings
from billing_sync.flows.statement.read import Statements
from tests.integration.small_world import ALDER, COPPERFIELD, XENON
from tests.reliability.months import counts_move, invoice_is_taken
from tests.reliability.provider import Days, Provider, provider
from tools.sandbox.vendors.faults import Fault, FaultKind

pytestmark = pytest.mark.slow("dozens of random histories, each of them twice")

HISTORIES = 16
STEPS = 6
A_MONTH = 30 * 24 * 3600
FORECAST, PREVIEW = {"action": "forecast"}, {"action": "preview"}
Units = dict[str, dict[str, int]]  # by invoice and billing status


@pytest.fixture(scope="module")
def installed() -> Iterator[Provider]:
    """One stack, restored to its beginning for every history."""
    with provider(ALDER, COPPERFIELD, XENON) as ready:
        yield ready


# --- one step each: given its own chance, so that it is the same in both histories ---------------


def next_month(days: Days, chance: Random) -> None:
    days.courier.wait(A_MONTH)
    counts_move(days, chance)
    invoice_is_taken(days)


def second_invoice(days: Days, chance: Random) -> None:
    counts_move(days, chance)
    invoice_is_taken(days)


def sync_again(days: Days, chance: Random) -> None:
    companies = chance.choice([[], [ALDER], [XENON, COPPERFIELD]])
    days.operators.press({"companies": companies} if companies else {})


def release(days: Days, chance: Random) -> None:
    held = [run for run in writing_runs(days) if run.outcomes.get("held")]
    if held:
        days.operators.release(chance.choice(held[:2]))


def decline(days: Days, chance: Random) -> None:
    held = [run for run in writing_runs(days) if run.outcomes.get("held")]
    if held:
        rows = [s.row for s in days.stack.runs.rows(held[0]) if s.row.outcome is Outcome.HELD]
        days.operators.decline(held[0], chance.choice(rows).company_id)


def undo(days: Days, chance: Random) -> None:
    wrote = [run for run in writing_runs(days) if run.wrote]
    if wrote:
        days.operators.undo(chance.choice(wrote[:2]))


def edit(days: Days, chance: Random) -> None:
    days.business.edit(chance.choice(days.business.additions), chance.randint(1, 90))


def remap(days: Days, chance: Random) -> None:
    organization_id = chance.choice(days.business.organizations)
    days.operators.map(organization_id, chance.choice(["right", "another", "none"]))
    days.operators.press({})


Step = Callable[[Days, Random], None]
STEP_CHOICES: list[Step] = [
    *(next_month, next_month, second_invoice, sync_again),
    *(release, release, decline, undo, edit, remap),
]


def writing_runs(days: Days) -> list[Run]:
    """Every run that was committed to write, newest first."""
    return [run for run in days.stack.all_runs() if run.applied and not run.open]


def decisions_of(days: Days, run: Run) -> tuple[Decision, ...]:
    """What people declined of this run."""
    return LedgerStatements(days.stack.ledger_table).decisions(run.id)


# --- what must change nothing -------------------------------------------------------------------


def a_failed_attempt(days: Days) -> None:
    """A sync while ConnectWise cannot be read."""
    later = {"Retry-After": "3600"}
    down = Fault(FaultKind.STATUS, times=0, status=503, headers=later)
    days.stack.connectwise.add_fault(down)
    days.operators.press({"companies": [ALDER]})
    days.courier.settle()
    days.stack.connectwise.clear_faults()


INSERTS: list[Callable[[Days], None]] = [
    lambda days: days.operators.press(PREVIEW),
    lambda days: days.operators.press(FORECAST),
    a_failed_attempt,
]


def statements_of(days: Days) -> Units:
    """Units by billing status of every invoice that a run took; each statement must add up."""
    stack = days.stack
    statements = Statements(stack.runs, stack.usage, LedgerStatements(stack.ledger_table))
    found: Units = {}
    for record in stack.invoices.all():
        statement = statements.of(record.key).statement
        sums = status_sums(statement_findings(statement), statement.tie_out)
        frozen = [reading.units or 0 for u in stack.usage.of(record.key) for reading in u.readings]
        assert sum(total.all_units for total in sums) == sum(frozen)
        if statements.writing_runs(record.key):
            found[record.key] = {total.status.value: total.all_units for total in sums}
    return found


def history(
    installed: Provider, seed: int, *, with_inserts: bool
) -> tuple[list[tuple[dict[int, float | None], Units]], Counter[str]]:
    """Quantities and statements after each step of this history, and what it had."""
    days, chance, other = installed.begin(), Random(seed), Random(-seed)
    seen: list[tuple[dict[int, float | None], Units]] = []
    had: Counter[str] = Counter()
    for step in [next_month, *chance.choices(STEP_CHOICES, k=STEPS)]:
        if with_inserts:
            other.choice(INSERTS)(days)
            days.courier.rest()
        step(days, Random(chance.random()))
        days.courier.rest()
        had[step.__name__] += 1
        quantities = {each: days.stack.quantity(each) for each in days.business.additions}
        seen.append((quantities, statements_of(days)))
    runs = writing_runs(days)
    happened = {
        "wrote": any(run.wrote for run in runs),
        "held": any(run.outcomes.get("held") for run in runs),
        "released": any(run.request.mode is Mode.RELEASE and run.wrote for run in runs),
        "declined": any(decisions_of(days, run) for run in runs),
        "undid": any(run.request.mode is Mode.UNDO and run.wrote for run in runs),
        "remapped": bool(had["remap"]),
        "had two invoices in a cycle": bool(had["second_invoice"]),
    }
    return seen, Counter({name: int(value) for name, value in happened.items()})


def test_runs_that_write_nothing_change_no_outcome_and_every_statement_adds_up(
    installed: Provider, record_property: Callable[[str, object], None]
) -> None:
    counted: Counter[str] = Counter()
    for seed in range(1, HISTORIES + 1):
        plain, had = history(installed, seed, with_inserts=False)
        crowded, _ = history(installed, seed, with_inserts=True)

        for number, (without, with_them) in enumerate(zip(plain, crowded, strict=True)):
            assert with_them == without, f"seed {seed}, step {number}"
        counted += had

    for label, count in sorted(counted.items()):
        record_property(label, count)
    assert len(counted) == 7 and min(counted.values()) >= HISTORIES / 10, counted
