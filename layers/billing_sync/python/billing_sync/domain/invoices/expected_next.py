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
ONE_DAY = timedelta(days=1)
A_MONTH = range(27, 34)  # days between two invoices of a rhythm, one of them early or late
LOOKED_BACK = 12


@dataclass(frozen=True, slots=True)
class NextInvoice:
    """The day on which it is expected, None when unknown; `sentence` says so to people."""

    on: date | None
    sentence: str


def next_invoice(days: Iterable[date], *, today: date) -> NextInvoice:
    """The next invoice, inferred from the days of past ones; it comes after the last of them.

    Invoices off the rhythm (issued again, annual, made in between) are left out. A billing day that
    moved counts from its second invoice on. Of two days that fit equally well the earlier is taken:
    what must be done before it is then done in time.
    """
    past = sorted(set(days))[-LOOKED_BACK:]
    rhythm = _newest_rhythm(past)
    if not rhythm:
        return NextInvoice(None, f"not known: {_why_unknown(past)}")
    usual = _usual_day(rhythm)
    expected = _first_from(max(rhythm[-1] + ONE_CYCLE, past[-1] + ONE_DAY), usual)
    text = f"about {expected}, inferred from {len(rhythm)} past cycles, invoiced {_in_words(usual)}"
    if expected < today:
        text = f"overdue: it was expected {text}"
    return NextInvoice(expected, text)


def _why_unknown(past: list[date]) -> str:
    cycles = _one_a_cycle(past)
    if len(cycles) < 2:
        several = "there is none yet" if not past else "there is one cycle only"
        return f"it is inferred from past invoices, and {several}"
    apart = median((later - earlier).days for earlier, later in pairwise(cycles))
    if apart in A_MONTH:
        return "past invoices came on no regular day of the month"
    return f"past invoices are about {apart:.0f} days apart, which is not a month"


def _one_a_cycle(past: list[date]) -> list[date]:
    """The days without those that follow another one within the same cycle."""
    kept: list[date] = []
    for day in past:
        if not kept or day - kept[-1] >= ONE_CYCLE:
            kept.append(day)
    return kept


def _newest_rhythm(past: list[date]) -> list[date]:
    """The newest days that are months apart, two at least; [] without any.

    Of several in one cycle the longest rhythm counts, then the one nearest to its usual day.
    """
    rhythms: dict[date, list[date]] = {}
    for day in past:
        before = [rhythms[other] for other in rhythms if (day - other).days in A_MONTH]
        longest = max(before, key=_length_then_unrest, default=[])
        rhythms[day] = _regular([*longest, day])
    for newest in reversed(past):
        same_cycle = [day for day in past if newest - ONE_CYCLE < day <= newest]
        best = max((rhythms[day] for day in same_cycle), key=_length_then_unrest)
        if len(best) > 1:
            return best
    return []


def _regular(series: list[date]) -> list[date]:
    """The newest days of the series that are all near one day of the month."""
    usual = _usual_day(series)
    if all(abs(day - _nearest(day, usual)) <= OFF_BY for day in series):
        return series
    return _regular(series[1:])


def _length_then_unrest(series: list[date]) -> tuple[int, int]:
    """The order of series: the longest, then the one that is fewest days off its usual day."""
    usual = _usual_day(series)
    return len(series), -sum(abs((day - _nearest(day, usual)).days) for day in series)


def _usual_day(days: list[date]) -> int:
    """That of their days of the month which is nearest to all of them; the earliest such day."""

    def distance(usual: int) -> int:
        return sum(abs((day - _nearest(day, usual)).days) for day in days)

    return min(sorted({day.day for day in days}), key=distance)


def _nearest(day: date, usual: int) -> date:
    """The nearest date of an invoice on the usual day."""
    first = day.replace(day=1)
    months = (first - ONE_DAY, first, first + timedelta(days=31))
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
