"""Additions that end before their agreement's next invoice, and what takes their place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing_sync.domain.config.destinations import Pin
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.plan.guards import Guarded
from billing_sync.domain.plan.in_effect import problem_on, starts_on
from billing_sync.domain.plan.next_agreement_invoice import ends_first, next_invoice
from billing_sync.domain.plan.plan import Part
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.planning.agreement_index import Holdings
from billing_sync.domain.planning.candidates import Place
from billing_sync.domain.planning.pins import pin_command
from billing_sync.domain.vendors.connectwise import CatalogItem


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of an addition, as a guard; `others` bill the product on the next invoice."""

    on: date
    guarded: Guarded
    others: tuple[Place, ...] = ()

    def changes(self, quantity: Decimal) -> bool:
        """Whether the next invoice may bill a quantity other than this."""
        return any(place.addition.quantity != quantity for place in self.others)


def ending(
    place: Place,
    item: CatalogItem,
    holdings: Holdings,
    *,
    pins: tuple[Pin, ...],
    pinnable: tuple[Part, ...],
    mappings: Mappings,
) -> Ending | None:
    """How an addition ends before the next invoice, None where it does not.

    `pinnable` are its units where they can be pinned. Which of the additions ConnectWise bills then
    is not known: in arrears it is the old one.
    """
    ends = ends_first(place.addition, place.agreement, today=holdings.today)
    if ends is None:  # guard: ends-before-invoice
        return None
    company_id = place.agreement.company_id
    later = [line for line in holdings.starting(company_id, item) if line != place]
    invoice = next_invoice(place.agreement, today=holdings.today)
    others = tuple(
        line
        for line in later
        if invoice and not problem_on(line.addition, line.agreement, invoice, today=holdings.today)
    )
    lines = "; ".join(line.in_words() for line in (place, *later))
    found = _found(place, item, holdings, pins, [ends, *filter(None, map(_start, later))])
    way_out = ""
    if others and pinnable:
        chosen = str(others[0].addition.id) if len(others) == 1 else "ID"
        command = pin_command(company_id, pinnable, mappings, addition=chosen)
        way_out = f". To write it now: {command}"
    message = f"{_ends(place, ends, invoice, today=holdings.today)}. Found: {lines}. {found}"
    return Ending(ends, Guarded(Reason.ENDS_BEFORE_INVOICE, f"{message}{way_out}"), others)


def _ends(place: Place, ends: date, invoice: date | None, *, today: date) -> str:
    """What ends when, and the date of the next invoice."""
    addition, agreement = place.addition, place.agreement
    name, whose = f"addition {addition.id}", "its agreement's"
    if addition.cancelled_date != ends:
        name, whose = f"agreement '{agreement.name}' (id {agreement.id})", "its"
    invoiced = f", and {whose} next invoice is of {invoice}" if invoice else ""
    if ends > today:
        return f"{name} ends on {ends}{invoiced}"
    return f"{name} ended on {ends}, while its status is still {agreement.status}{invoiced}"


def _start(place: Place) -> date | None:
    return starts_on(place.agreement, place.addition)


def _found(
    place: Place, item: CatalogItem, holdings: Holdings, pins: tuple[Pin, ...], days: Iterable[date]
) -> str:
    """What a sync finds by itself once the addition has ended."""
    pin = pins[0] if pins else Pin()
    for day in sorted({max(day, holdings.today) for day in days}):
        found = holdings.on(day).places(place.agreement.company_id, item, pin)
        if not isinstance(found, tuple) or place in found:
            continue
        ids = ", ".join(str(line.addition.id) for line in found)
        if len(found) == 1:
            return f"From {day} on, a sync finds addition {ids} by itself"
        return f"From {day} on, several are in effect ({ids}), and a person has to choose"
    pinned = " and ".join(map(str, filter(None, pins)))
    if pin.addition_id:
        return f"While {pinned} is pinned, a sync finds no other one"
    return f"No addition of {item.identifier} follows{f' on {pinned}' if pinned else ''}"
