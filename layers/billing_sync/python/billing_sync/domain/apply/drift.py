"""What ConnectWise showed after a run that the run did not know."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.vendors.connectwise import Addition, Save
from billing_sync.domain.wording import plain

SAVES_TOLD = 5


class DriftKind(StrEnum):
    """What happened; none of it is ever mended by us."""

    CHANGED = "changed"  # somebody set another quantity after we wrote
    LANDED = "landed"  # a write that we had given up took effect after all
    OVERWRITTEN = "overwritten"  # somebody saved between our read and our write


@dataclass(frozen=True, slots=True)
class Drift:
    """One finding. `ours` is what the run wrote or meant to write, `found` what was there later.

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
    told_at: datetime | None = None


def drifted(state: RowState, addition: Addition, *, member: str, seen_at: datetime) -> Drift | None:
    """What a later look shows of a row that we once began to write and no later run wrote.

    `member` is our own API member.
    """
    row = state.row
    assert row.target is not None
    if row.outcome is Outcome.UPDATED:
        if addition.quantity == row.target:
            return None
        when = f" at {addition.last_updated}" if addition.last_updated else ""
        who = addition.updated_by or "somebody"
        told = f"we wrote {plain(row.target)}, and {who} changed it{when}"
        kind = DriftKind.CHANGED
    else:
        if addition.quantity != row.target or addition.updated_by not in ("", member):
            return None
        told = f"the row ended as {row.outcome}, but our write of {plain(row.target)} is there now"
        kind = DriftKind.LANDED
    by, at = addition.updated_by, addition.last_updated
    return _drift(state, kind, addition.quantity, by=by, at=at, told=told, seen_at=seen_at)


def overwritten(
    state: RowState, trail: Iterable[Save], *, member: str, seen_at: datetime
) -> Drift | None:
    """The save by somebody else that our write of this row followed without having seen it.

    Compared in ConnectWise's own time: later than the save that our read showed, not later than
    our first one after it, which is this run's, for a run writes an addition once.
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
    told = f"{last.by} saved it while we wrote {plain(row.target)}: {last.text}"
    return _drift(
        state,
        DriftKind.OVERWRITTEN,
        row.target,
        by=last.by,
        at=last.at.isoformat(),
        told=told,
        seen_at=seen_at,
    )


def with_trail(drift: Drift, trail: Iterable[Save], *, member: str) -> Drift:
    """The finding with what others saved after our last save, as ConnectWise's trail words it.

    The addition itself only names its last save, which need not be the one of the quantity.
    """
    saves = sorted(trail, key=lambda save: save.at)
    ours = [save.at for save in saves if save.by == member]
    since = [save for save in saves if save.by != member and ours and save.at > max(ours)]
    if not since:
        return drift
    told = "; ".join(
        f"{save.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC {save.by}: {save.text}"
        for save in since[-SAVES_TOLD:]
    )
    return replace(drift, message=f"{drift.message} ConnectWise's audit trail: {told}.")


def _vendor_time(text: str) -> datetime | None:
    """ConnectWise's `_info.lastUpdated`, None where it is missing or no time with a zone."""
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
    told: str,
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
        message=f"{told}. It holds {plain(found)}. Look at addition {row.addition_id} on"
        f" '{row.agreement_name}'; nothing is written unless you sync again.",
        seen_at=seen_at,
    )
