"""What looks wrong enough that a person decides: guards on a row and on a whole run."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from billing_sync.domain.connectwise import Agreement
from billing_sync.domain.plan import Outcome, Reason, Row
from billing_sync.domain.quantity import amount, plain
from billing_sync.domain.settings import Approval, Guards, Settings
from billing_sync.domain.usage import Product

# Guards on a row: a run with many of them smells of a mistake that no single row shows.
ROW_GUARDS = frozenset(
    {Reason.ZERO, Reason.RISE, Reason.FALL, Reason.MONEY, Reason.EDITED, Reason.BILLING_CYCLE}
)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A guard that fired, with the numbers."""

    reason: Reason
    message: str


def row_guards(
    row: Row,
    agreement: Agreement,
    settings: Settings,
    *,
    last_written: Decimal | None,
    late: str,
) -> tuple[Guarded, ...]:
    """Every guard that fires on a row about to be written, the most telling first.

    `last_written` is the quantity our last write left there, None when we never wrote; `late` says
    in words that the usage was counted too long after its invoice, "" when it was not.
    """
    assert row.before is not None and row.target is not None
    found: list[Guarded] = []
    if last_written is not None and last_written != row.before:
        found.append(
            Guarded(
                Reason.EDITED,
                f"somebody changed it from {plain(last_written)} (our last write) to"
                f" {plain(row.before)}",
            )
        )
    if late:
        found.append(Guarded(Reason.LATE, late))
    found += _movement(row.before, row.target, settings.guards)
    if row.money is not None and abs(row.money) > settings.guards.money:
        found.append(
            Guarded(
                Reason.MONEY,
                f"{amount(row.money, sign='+')} a cycle exceeds {plain(settings.guards.money)}",
            )
        )
    if agreement.billing_cycle.casefold() not in {c.casefold() for c in settings.billing_cycles}:
        allowed = ", ".join(settings.billing_cycles)
        found.append(
            Guarded(
                Reason.BILLING_CYCLE,
                f"billed '{agreement.billing_cycle}', and the settings allow only {allowed}",
            )
        )
    return tuple(found)


def _movement(before: Decimal, target: Decimal, guards: Guards) -> list[Guarded]:
    change = target - before
    percent = abs(change / before) * 100 if before else Decimal("Infinity")
    move = f"{plain(before)} -> {plain(target)}"
    if change > guards.rise_units and percent > guards.rise_percent:
        limit = f"{guards.rise_percent} % and {guards.rise_units} units"
        return [Guarded(Reason.RISE, f"{move} rises by more than {limit}")]
    if -change > guards.fall_units and percent > guards.fall_percent:
        limit = f"{guards.fall_percent} % and {guards.fall_units} units"
        return [Guarded(Reason.FALL, f"{move} falls by more than {limit}")]
    return []


def run_guards(
    rows: Iterable[Row],
    settings: Settings,
    *,
    totals: dict[Product, int],
    previous_totals: dict[Product, int],
) -> tuple[Guarded, ...]:
    """Every guard that holds the whole run. Totals are units by product, now and last cycle.

    A product without units in the last cycle has nothing to be compared with.
    """
    guards = settings.guards
    writable = [r for r in rows if r.outcome in (Outcome.UPDATED, Outcome.UNCHANGED, Outcome.HELD)]
    guarded = sum(row.reason in ROW_GUARDS for row in writable)
    found: list[Guarded] = []
    if len(writable) >= guards.run_guarded_from_rows and (
        guarded * 100 > guards.run_guarded_percent * len(writable)
    ):
        found.append(
            Guarded(
                Reason.RUN_GUARD,
                f"{guarded} of {len(writable)} rows are held by a guard, more than"
                f" {guards.run_guarded_percent} %",
            )
        )
    to_zero = sum(
        row.target == 0 and row.before != 0 and row.reason is not Reason.ORPHANED
        for row in writable
    )
    if to_zero > guards.run_zero_rows:
        found.append(
            Guarded(
                Reason.RUN_GUARD,
                f"{to_zero} additions fall to zero, more than {guards.run_zero_rows}",
            )
        )
    found += _total_guards(totals, previous_totals, guards)
    if settings.approval is Approval.REQUIRED:
        found.append(Guarded(Reason.APPROVAL, "the settings ask for approval of every run"))
    return tuple(found)


def _total_guards(
    totals: dict[Product, int], previous: dict[Product, int], guards: Guards
) -> list[Guarded]:
    return [
        Guarded(
            Reason.RUN_GUARD,
            f"{product}: {previous[product]} units last cycle, {units} now, a move of more than"
            f" {guards.product_total_percent} %",
        )
        for product, units in sorted(totals.items())
        if previous.get(product)
        and abs(units - previous[product]) * 100 > guards.product_total_percent * previous[product]
    ]


def hold(row: Row, guarded: Iterable[Guarded]) -> Row:
    """The row, held for the first of these guards and telling them all; unguarded as it was."""
    found = tuple(guarded)
    if not found:
        return row
    told = "; ".join(g.message for g in found)
    return replace(
        row, outcome=Outcome.HELD, reason=found[0].reason, message=f"{told}. Release it if right."
    )


def hold_all(rows: Iterable[Row], guarded: tuple[Guarded, ...]) -> tuple[Row, ...]:
    """Every row that would be written, held for the run's guards; the others as they were."""
    return tuple(hold(row, guarded) if row.to_write else row for row in rows)
