"""What must hold however a run went: closed once, told once, nothing written without an intent."""

from billing_sync.domain.event_types import FINISHED
from billing_sync.domain.runs.run import Run
from tests.integration.local_stack import LocalStack

OURS = "BillingSync"


def ended(stack: LocalStack, run_id: str = "") -> Run:
    """The newest (or this) run, proven to have ended as every run must."""
    stack.settle()
    run = stack.runs.get(run_id or stack.newest().id)
    assert run is not None and not run.open and run.verdict
    assert stack.runs.active() is None
    assert stack.runs.open_companies(run) == ()
    states = stack.runs.rows(run)
    assert all(state.done for state in states)
    told = [e for e in stack.events if e["detail-type"] == FINISHED and e["detail"] == about(run)]
    assert len(told) == 1 and run.announced_at
    assert run.id in stack.report(run.id) and len([n for n in stack.notices() if run.id in n]) == 1
    written = [s for s in states if s.planned_write and run.request.mode.writes]
    for addition_id in (s.row.addition_id for s in written if s.row.addition_id):
        assert_one_effect(stack, run, addition_id)
    return run


def about(run: Run) -> dict[str, object]:
    """The detail of an event about a run."""
    return {"run_id": run.id, "schema_version": 1}


def assert_one_effect(stack: LocalStack, run: Run, addition_id: int) -> None:
    """At most one change by us; each with an intent before it, and no result without an intent."""
    changes = [c for c in stack.connectwise.quantity_changes if c.addition_id == addition_id]
    ours = [c for c in changes if c.by == OURS and c.at >= run.requested_at]
    patches = [p for p in stack.patches(addition_id) if p.at >= run.requested_at]
    audit = stack.audit(addition_id, run.id)
    intents = [attempt for kind, attempt, _ in audit if kind == "intent"]
    results = [attempt for kind, attempt, _ in audit if kind == "result"]
    assert len(ours) <= 1
    assert len(intents) >= len(patches) >= len(ours)
    assert intents == list(range(1, len(intents) + 1))
    assert len(results) == len(set(results)) and set(results) <= set(intents)
    assert [outcome for _, _, outcome in audit].count("updated") <= 1
