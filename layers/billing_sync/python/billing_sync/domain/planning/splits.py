"""A product of one company on several agreements: each one's units, all or nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from billing_sync.domain.config.destinations import Split
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.plan.guards import Guarded, hold
from billing_sync.domain.plan.plan import Part, PartSource, Row, blocked
from billing_sync.domain.plan.quantity import units_in_words
from billing_sync.domain.plan.reasons import Outcome, Reason


@dataclass(frozen=True, slots=True)
class Share:
    """The units for one agreement of a split, in words as well."""

    part: Part
    used: str


def shares(part: Part, split: Split) -> tuple[Share, ...]:
    """The part in the order of the split's places, the rest last; its units are all known.

    Organizations fill the places in the order of their ids, so the same usage is always divided
    alike. Fixed units that were not used stay empty.
    """
    total, waiting, found = part.known_units, part.sources, []
    for fixed in split.fixed:
        taken, waiting = _taken(waiting, fixed.units)
        share = Part(part.product, taken)
        found.append(Share(share, f"{_words(share)} of {total} fixed here"))
        if share.known_units < fixed.units:
            found[-1] = Share(share, f"{_words(share)} of {total}, {fixed.units} fixed here")
    remainder = Part(part.product, waiting)
    return (*found, Share(remainder, f"{_words(remainder)} left of {total}"))


def _words(part: Part) -> str:
    return units_in_words(part.product, part.known_units)


def _taken(
    sources: tuple[PartSource, ...], units: int
) -> tuple[tuple[PartSource, ...], tuple[PartSource, ...]]:
    """The sources of up to this many units, and the sources of the others."""
    taken, remaining = [], []
    for source in sources:
        assert source.units is not None
        share = min(source.units, units)
        units -= share
        if share:
            taken.append(replace(source, units=share))
        if share < source.units or not share:
            remaining.append(replace(source, units=source.units - share))
    return tuple(taken), tuple(remaining)


def too_few(part: Part, split: Split, company_id: int) -> str:
    """The message that more units are fixed than were used, "" when they are not."""
    if split.fixed_units <= part.known_units:  # guard: fixed-units
        return ""
    where = f"MAPPING / COMPANY#{company_id}, split.{part.product}"
    return f"{split.fixed_units} are fixed ({where}), and {_words(part)} were used"


def all_or_nothing(rows: Iterable[Row], mappings: Mappings) -> Iterator[Row]:
    """The rows; none of a split is written while another of it is blocked or held."""
    rows = tuple(rows)
    stuck: dict[tuple[int, str], Row] = {}
    for row in rows:
        if row.outcome in (Outcome.BLOCKED, Outcome.HELD) and _is_split(row, mappings):
            known = stuck.get((row.company_id, row.products))
            if known is None or known.outcome is Outcome.HELD:
                stuck[row.company_id, row.products] = row
    ending = {
        (row.company_id, row.products) for row in rows if row.ends_on and _is_split(row, mappings)
    }
    for row in rows:
        key = (row.company_id, row.products)
        other = stuck.get(key) if _is_split(row, mappings) else None
        whole = _with(row, other) if other else row  # guard: whole-split
        # A split is released whole, so all of it waits for whoever decides on the line that ends.
        if key in ending and whole.outcome is Outcome.HELD:
            reasons = dict.fromkeys((*whole.reasons, Reason.ENDS_BEFORE_INVOICE))
            whole = replace(whole, further_reasons=tuple(reasons)[1:])
        yield whole


def _is_split(row: Row, mappings: Mappings) -> bool:
    return len(row.parts) == 1 and row.parts[0].product in mappings.rules(row.company_id).splits


def _with(row: Row, other: Row) -> Row:
    problem = f"'{other.agreement_name or other.place}' of the same split is {other.outcome}"
    if other.outcome is Outcome.BLOCKED and row.outcome in (Outcome.UPDATED, Outcome.HELD):
        message = f"{problem}: a split is billed wholly or not at all"
        return blocked(row, Reason.SPLIT_BLOCKED, message)
    return hold(row, (Guarded(Reason.SPLIT, problem),)) if row.to_write else row
