"""The checks of one addition, from ConnectWise's history and our audit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from billing_sync.adapters.ledger.effects import LedgerEffects
from billing_sync.adapters.ledger.items import from_item
from billing_sync.domain.apply.drift import Drift, DriftKind
from billing_sync.domain.apply.row_state import AuditEntry, RowState
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Run
from tests.integration.run_assertions import OURS
from tests.reliability.boundaries import Fate, VendorCall
from tests.reliability.schedules import Interference, Schedule
from tests.reliability.world import World
from tools.sandbox.vendors.connectwise_state import QuantityChange

# A write that was on its way before an edit may land after it: a gap that cannot be closed.
STALE_WRITES = (Fate.LATE, Interference.SECOND_AFTER_STALL, Interference.SECOND_LATE)


@dataclass(frozen=True, slots=True)
class History:
    """One addition during a schedule; `before` and `target` are those of the run's row."""

    addition_id: int
    before: float
    target: float
    state: RowState
    ours: Sequence[QuantityChange]
    people: Sequence[QuantityChange]
    calls: Sequence[VendorCall]
    looked_at: datetime  # when the run last asked ConnectWise what it holds
    intents: Sequence[AuditEntry]
    results: Sequence[AuditEntry]
    final: float | None


def history(world: World, run: Run, addition_id: int, quantities: tuple[float, float]) -> History:
    """The addition's history since the schedule began; `quantities` are before and target."""
    stack = world.stack
    items = stack.ledger_table.query(f"ADDITION#{addition_id}")
    audit = [from_item(AuditEntry, item) for item in items if item["run_id"] == run.id]
    changes = stack.connectwise.quantity_changes[world.changed_before :]
    changes = [change for change in changes if change.addition_id == addition_id]
    here = (f"/additions/{addition_id}", "/system/bundles")
    calls = [call for call in world.boundaries.vendor_calls if call.path.endswith(here)]
    assert run.closed_at
    applying = [call.at for call in calls if call.at <= run.closed_at]
    return History(
        addition_id,
        *quantities,
        state=stack.row(addition_id, run),
        ours=[change for change in changes if change.by == OURS],
        people=[change for change in changes if change.by != OURS],
        calls=[call for call in calls if call.path.endswith(here[0])],
        looked_at=max(applying, default=world.began),
        intents=[entry for entry in audit if entry.kind == "intent"],
        results=[entry for entry in audit if entry.kind == "result"],
        final=stack.quantity(addition_id),
    )


def check_audit(seen: History) -> None:
    """Every effect follows an intent; every intent that ended the row has a result."""
    attempts = [entry.attempt for entry in seen.intents]
    patches = [call for call in seen.calls if call.method == "PATCH"]
    assert attempts == list(range(1, len(attempts) + 1)), f"intents {attempts}"
    assert len(patches) <= len(attempts), "a PATCH without an intent"
    for change in seen.ours:
        assert any(entry.at <= change.at for entry in seen.intents), "an effect before its intent"
    assert {entry.attempt for entry in seen.results} <= set(attempts), "a result without intent"
    if seen.state.intent:
        last = seen.results[-1:]
        audit_end = [(entry.attempt, entry.outcome) for entry in last]
        row_end = (seen.state.intent.attempt, str(seen.state.row.outcome))
        assert audit_end == [row_end], f"the audit ends {audit_end}, the row {row_end}"


def check_outcome(seen: History, schedule: Schedule) -> None:
    """At most one effect, and the row's outcome agrees with it."""
    outcome = seen.state.row.outcome
    if not (seen.people and schedule.has(*STALE_WRITES)):
        assert len(seen.ours) <= 1, f"{len(seen.ours)} effects"
    if not schedule.people:
        assert outcome is Outcome.UPDATED, f"the row is {outcome}"
    if seen.ours:
        undone = {Outcome.CONFLICT, Outcome.FAILED} if seen.people else set()
        allowed = {Outcome.UPDATED} | undone
        assert outcome in allowed, f"written, but the row is {outcome}"
    if outcome is Outcome.UPDATED:
        assert any(c.after == seen.target for c in (*seen.ours, *seen.people)), "never written"
    if not seen.people:
        assert seen.final == (seen.target if seen.ours else seen.before), f"holds {seen.final}"
    if outcome in {Outcome.UPDATED, Outcome.UNCHANGED}:
        edited = any(change.at > seen.looked_at for change in seen.people)
        assert seen.final == seen.target or edited, f"holds {seen.final}, the row is {outcome}"


def check_people(seen: History) -> None:
    """No edit is overwritten that the writing invocation could have seen (docs: never-twice)."""
    for patch in (call for call in seen.calls if call.method == "PATCH"):
        read = max(
            call.at
            for call in seen.calls
            if call.method == "GET" and call.invocation == patch.invocation and call.at < patch.at
        )
        earlier = [entry.at for entry in seen.intents if entry.at < read]
        saved = [change.at for change in seen.people if change.at < read]
        if earlier:
            assert not any(at > max(earlier) for at in saved), "written over a save since intent"
        if saved:
            assert _held(seen, read) == seen.before, "an edit was read and overwritten"


def check_drift(seen: History, run: Run, drifts: Sequence[Drift]) -> None:
    """The drift check finds each quantity that differs from its row, and no others."""
    found = {each.kind for each in drifts if each.addition_id == seen.addition_id}
    if not seen.people:
        assert not found, f"found {found}, but no person changed anything"
    if not seen.intents or any(change.at > (run.watched_at or change.at) for change in seen.people):
        return
    expected = set()
    if seen.state.row.outcome is Outcome.UPDATED:
        expected |= {DriftKind.CHANGED} if seen.final != seen.target else set()
        expected |= {DriftKind.OVERWRITTEN} if _lost(seen) else set()
    elif seen.ours and seen.final == seen.target:
        expected = {DriftKind.LANDED}
    assert expected <= found, f"found {found} of {expected}"


def _lost(seen: History) -> bool:
    """Whether our write followed an edit that no read of ours had shown."""
    edits = {change.after for change in seen.people}
    return any(ours.before in edits and ours.before != seen.before for ours in seen.ours)


def _held(seen: History, at: datetime) -> float | None:
    """What the addition held at that time."""
    changes = sorted((*seen.ours, *seen.people), key=lambda change: change.at)
    return next((c.after for c in reversed(changes) if c.at < at), seen.before)


def check_last_written(world: World, seen: History) -> None:
    """The ledger's last write is the quantity that the row says was written."""
    written = {
        write.addition_id: write for write in LedgerEffects(world.stack.ledger_table).written()
    }
    if seen.state.row.outcome is Outcome.UPDATED:
        last = written[seen.addition_id].quantity
        assert last == seen.state.row.written, "last write not kept"
