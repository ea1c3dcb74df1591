"""The checks after every schedule, regardless of what happened in it."""

from collections import Counter
from collections.abc import Sequence

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Run, Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import OURS
from tests.reliability import effects
from tests.reliability.scenarios import Scenario
from tests.reliability.schedules import Schedule
from tests.reliability.world import World

UNREPORTED = {Verdict.REFUSED}


def check(world: World, scenario: Scenario, schedule: Schedule) -> None:
    """Raise AssertionError naming the check that fails."""
    stack = world.stack
    runs = stack.all_runs()
    assert stack.runs.active() is None, "RUN/ACTIVE is still taken"
    assert not stack.untaken(), f"invoices without a run: {stack.untaken()}"
    notices = stack.notices()
    for run in runs:
        check_closed(stack, run)
        if run.verdict not in UNREPORTED and run.requested_at >= world.began:
            assert any(run.id in notice for notice in notices), f"{run.id} was not reported"
    applied = sorted(
        (run for run in runs if run.applied and run.closed_at and run.closed_at >= world.began),
        key=lambda run: run.turn,
    )
    assert applied or schedule.people or not scenario.writes, "no run was applied"
    for run in applied[-1:]:
        check_held(stack, scenario, run, people=schedule.people)
        check_verdict(run, scenario, schedule)
    for addition_id, quantities in scenario.writes.items() if applied else ():
        run = _writer(stack, applied, addition_id)
        seen = effects.history(world, run, addition_id, quantities)
        effects.check_audit(seen)
        effects.check_outcome(seen, schedule)
        effects.check_people(seen)
        effects.check_last_written(world, seen)
        effects.check_drift(seen, run, stack.drifts.of(run))
        check_verdict(run, scenario, schedule)
    changes = stack.connectwise.quantity_changes[world.changed_before :]
    ours = {change.addition_id for change in changes if change.by == OURS}
    assert ours <= scenario.writes.keys(), f"wrote {ours - scenario.writes.keys()}"
    elsewhere = stack.connectwise.changed_fields_since(stack.before)
    assert all(fields == {"quantity"} for fields in elsewhere.values()), elsewhere


def check_verdict(run: Run, scenario: Scenario, schedule: Schedule) -> None:
    """The run ended as the scenario says, unless a person interfered."""
    unaudited = run.audit is not None and run.audit.trouble
    expected = Verdict.ATTENTION if unaudited else scenario.verdict
    assert schedule.people or run.verdict is expected, f"{run.id} ended {run.verdict}"


def check_held(stack: LocalStack, scenario: Scenario, run: Run, *, people: bool) -> None:
    """Held rows have that outcome."""
    for addition_id in scenario.held:
        state = stack.row(addition_id, run)
        edited = {Outcome.CONFLICT, Outcome.UPDATED} if people and state.intent else set()
        outcome = state.row.outcome
        assert outcome in {Outcome.HELD, Outcome.UNCHANGED} | edited, f"{addition_id} is {outcome}"


def _writer(stack: LocalStack, applied: Sequence[Run], addition_id: int) -> Run:
    """The newest run that planned to write the addition, or the newest one."""

    def planned(run: Run) -> bool:
        rows = stack.runs.rows(run)
        return any(s.planned_write and s.row.addition_id == addition_id for s in rows)

    return next(filter(planned, reversed(applied)), applied[-1])


def check_closed(stack: LocalStack, run: Run) -> None:
    """Closed with true totals, no marker and no open row left."""
    runs = stack.runs
    states = runs.rows(run)
    assert not run.open and run.verdict, f"{run.id} is {run.status}"
    assert runs.open_companies(run) == (), f"{run.id} has a marker left"
    assert all(state.done for state in states), f"{run.id} has an open row"
    counted = Counter(str(state.row.outcome) for state in states)
    if run.planned_at:
        assert run.outcomes == counted, f"{run.id} counts {run.outcomes}, rows say {counted}"
    if run.applied:
        assert run.wrote == counted["updated"], f"{run.id} says it wrote {run.wrote}"
    for entry in run.tie_out:
        ended = Counter({name: units for name, units in entry.ended.items() if units})
        assert ended.total() == entry.usage, f"{run.id} does not add up for {entry.product}"
    for outcome, units in _units(states).items():
        reported = sum(entry.ended.get(outcome, 0) for entry in run.tie_out)
        assert reported == units, f"{run.id} reports {reported} units {outcome}, rows have {units}"


def _units(states: tuple[RowState, ...]) -> Counter[str]:
    units: Counter[str] = Counter()
    for state in states:
        for part in state.row.parts:
            units[str(state.row.outcome)] += sum(source.units or 0 for source in part.sources)
    return units
