"""Guards on a whole run, for what no single row shows."""

from collections.abc import Iterable, Iterator

from billing_sync.domain.config.settings import Approval, Guards, Settings
from billing_sync.domain.plan.guards import Guarded
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.previous_cycle import Totals
from billing_sync.domain.wording import names_in_short, plain

# Guards on a row: many of them in one run suggest a mistake that no single row shows.
ROW_GUARDS = frozenset(
    {
        Reason.REMAPPED,
        Reason.SILENT,
        Reason.ZERO,
        Reason.EDITED,
        Reason.MAXIMUM,
        Reason.RISE,
        Reason.FALL,
        Reason.MONEY,
        Reason.BILLING_CYCLE,
        Reason.ENDS_BEFORE_INVOICE,
    }
)


def run_guards(
    rows: Iterable[Row],
    settings: Settings,
    *,
    totals: Totals,
) -> tuple[Guarded, ...]:
    """Every guard that holds the whole run.

    A product without units in the last cycle is not compared.
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
                f" {plain(guards.run_guarded_percent)} %",
            )
        )
    to_zero = sum(
        row.target == 0 and row.before != 0 and row.reason is not Reason.ORPHANED
        for row in writable
    )
    if to_zero > guards.run_zero_rows and (to_zero * 100 > guards.run_zero_percent * len(writable)):
        found.append(
            Guarded(
                Reason.RUN_GUARD,
                f"{to_zero} of {len(writable)} additions fall to zero, more than"
                f" {guards.run_zero_rows} and {plain(guards.run_zero_percent)} %",
            )
        )
    found += _total_guards(totals, guards)
    if settings.approval is Approval.REQUIRED:
        found.append(Guarded(Reason.APPROVAL, "the settings ask for approval of every run"))
    return tuple(found)


def _total_guards(totals: Totals, guards: Guards) -> Iterator[Guarded]:
    """Organizations that came or left are not in the totals; they are listed."""
    apart = "".join(
        f"; {what}: {names_in_short(names)}"
        for what, names in (("new", totals.came), ("no longer counted", totals.left))
        if names
    )
    for product, units in sorted(totals.now.items()):
        before = totals.then[product]
        if before and abs(units - before) * 100 > guards.product_total_percent * before:
            yield Guarded(
                Reason.RUN_GUARD,
                f"{product}: {before} units last cycle, {units} now, a move of more than"
                f" {plain(guards.product_total_percent)} %{apart}",
            )
