"""Drift: what ConnectWise shows after a run that the run did not know."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.vendors.connectwise import Addition, Save
from billing_sync.domain.wording import plain

SAVES_SHOWN = 5


class DriftKind(StrEnum):
    """What happened; drift is reported and never corrected."""

    CHANGED = "changed"  # somebody set another quantity after we wrote
    LANDED = "landed"  # a write that we had given up took effect later
    OVERWRITTEN = "overwritten"  # somebody saved between our read and our write


@dataclass(frozen=True, slots=True)
class Drift:
    """One finding. `ours` is what the run wrote or tried to write, `found` what was there later.

    `at` is ConnectWise's time of the other save, verbatim, "" when it is not known.
    """

    kind: DriftKind
    company_id: int
    company_name: str
    products: str
    addition_id: int
    ours: Decimal
    found: Decimal
    by: str
    at: str
    message: str
    seen_at: datetime
    announced_at: datetime | None = None


def drifted(state: RowState, addition: Addition, *, member: str, seen_at: datetime) -> Drift | None:
    """The drift of a row that we began to write and no later run wrote, None without any.

    `member` is our own API member.
    """
    row = state.row
    assert row.target is not None
    if row.outcome is Outcome.UPDATED:
        if addition.quantity == row.target:
            return None
        when = f" at {addition.last_updated}" if addition.last_updated else ""
        member_name = addition.updated_by or "somebody"
        event = f"we wrote {plain(row.target)}, and {member_name} changed it{when}"
        kind = DriftKind.CHANGED
    else:
        if addition.quantity != row.target or addition.updated_by not in ("", member):
            return None
        event = f"the row ended as {row.outcome}, but our write of {plain(row.target)} is there now"
        kind = DriftKind.LANDED
    by, at = addition.updated_by, addition.last_updated
    return _drift(state, kind, addition.quantity, by=by, at=at, event=event, seen_at=seen_at)


def overwritten(
    state: RowState, trail: Iterable[Save], *, member: str, seen_at: datetime
) -> Drift | None:
    """The save by somebody else that our write of this row overwrote unseen, None without any.

    In ConnectWise's own time, it is later than the save that our read showed and not later than our
    first save after that, which is this run's: a run writes an addition once.
    """
    row, intent = state.row, state.intent
    assert intent and row.target is not None
    read = _vendor_time(intent.last_updated)
    saves = [save for save in trail if read and save.at > read]
    ours = [save.at for save in saves if save.by == member]
    lost = [save for save in saves if save.by != member and ours and save.at <= min(ours)]
    if not lost:
        return None
    last = max(lost, key=lambda save: save.at)
    event = f"{last.by} saved it while we wrote {plain(row.target)}: {last.text}"
    return _drift(
        state,
        DriftKind.OVERWRITTEN,
        row.target,
        by=last.by,
        at=last.at.isoformat(),
        event=event,
        seen_at=seen_at,
    )


def with_trail(drift: Drift, trail: Iterable[Save], *, member: str) -> Drift:
    """The finding with what others saved after our last save, in the words of ConnectWise's trail.

    The addition itself only names its last save, which need not be the one of the quantity.
    """
    saves = sorted(trail, key=lambda save: save.at)
    ours = [save.at for save in saves if save.by == member]
    since = [save for save in saves if save.by != member and ours and save.at > max(ours)]
    if not since:
        return drift
    entries = "; ".join(
        f"{save.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC {save.by}: {save.text}"
        for save in since[-SAVES_SHOWN:]
    )
    return replace(drift, message=f"{drift.message} ConnectWise's audit trail: {entries}.")


def _vendor_time(text: str) -> datetime | None:
    """ConnectWise's `_info.lastUpdated`, None where it is missing or has no time zone."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else None


def _drift(
    state: RowState,
    kind: DriftKind,
    found: Decimal,
    *,
    by: str,
    at: str,
    event: str,
    seen_at: datetime,
) -> Drift:
    row = state.row
    assert row.addition_id and row.target is not None
    return Drift(
        kind=kind,
        company_id=row.company_id,
        company_name=row.company_name,
        products=row.products,
        addition_id=row.addition_id,
        ours=row.target,
        found=found,
        by=by,
        at=at,
        message=f"{event}. It holds {plain(found)}. Look at addition {row.addition_id} on"
        f" '{row.agreement_name}'; nothing is written unless you sync again.",
        seen_at=seen_at,
    )
