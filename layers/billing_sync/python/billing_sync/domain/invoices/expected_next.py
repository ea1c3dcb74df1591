"""When Huntress's next invoice is expected: inferred from the dates of past invoices."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

# Any day of the month may be the cycle's, and each invoice comes on it
# (docs/vendors/huntress.md#billing-cycle).
OFF_BY = timedelta(days=4)
ONE_CYCLE = timedelta(days=20)
MONTHLY = (20, 40)  # days between two invoices
LOOKED_BACK = 12


@dataclass(frozen=True, slots=True)
class NextInvoice:
    """The day on which it is expected, None when unknown; `sentence` says so to people."""

    on: date | None
    sentence: str


def next_invoice(days: Iterable[date], *, today: date) -> NextInvoice:
    """The next invoice, inferred from the days of past ones.

    Invoices off the rhythm (issued again, annual, made in between) are left out. Of two days that
    fit equally well the earlier is taken: what must be done before it is then done in time.
    """
    past = sorted(set(days))[-LOOKED_BACK:]
    cycles = _one_a_cycle(past)
    if len(cycles) < 2:
        several = "there is none yet" if not past else "there is one cycle only"
        return NextInvoice(None, f"not known: it is inferred from past invoices, and {several}")
    apart = median((later - earlier).days for earlier, later in pairwise(cycles))
    if not MONTHLY[0] <= apart <= MONTHLY[1]:
        return NextInvoice(
            None, f"not known: past invoices are about {apart:.0f} days apart, which is not a month"
        )
    usual = _usual_day(cycles)
    regular = [day for day in past if abs(day - _nearest(day, usual)) <= OFF_BY]
    expected = _first_from(max(regular) + ONE_CYCLE, usual)
    text = f"about {expected}, inferred from {len(cycles)} past cycles, invoiced {_in_words(usual)}"
    if expected < today:
        text = f"overdue: it was expected {text}"
    return NextInvoice(expected, text)


def _one_a_cycle(past: list[date]) -> list[date]:
    """The days without those that follow another one within the same cycle."""
    kept: list[date] = []
    for day in past:
        if not kept or day - kept[-1] >= ONE_CYCLE:
            kept.append(day)
    return kept


def _usual_day(days: list[date]) -> int:
    """The day of the month, 1 to 31, that is nearest to all of them; the earliest such day."""

    def distance(usual: int) -> int:
        return sum(abs((day - _nearest(day, usual)).days) for day in days)

    return min(range(1, 32), key=distance)


def _nearest(day: date, usual: int) -> date:
    """The nearest date of an invoice on the usual day."""
    months = (day - timedelta(days=31), day, day + timedelta(days=31))
    candidates = {_in_month(month, usual) for month in months}
    return min(sorted(candidates), key=lambda candidate: abs(candidate - day))


def _first_from(day: date, usual: int) -> date:
    """The first of the usual days that is not before this day."""
    this_month = _in_month(day, usual)
    if this_month >= day:
        return this_month
    return _in_month(day.replace(day=1) + timedelta(days=31), usual)


def _in_month(day: date, usual: int) -> date:
    """The usual day in the month of `day`, the month's last day where it is shorter."""
    return day.replace(day=min(usual, monthrange(day.year, day.month)[1]))


def _in_words(usual: int) -> str:
    last = ", or the month's last" if usual > 28 else ""
    return f"about day {usual} of the month{last}"
