"""The places of a pin: one agreement's additions, those of one type of agreement, one addition."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Protocol

from billing_sync.domain.config.destinations import Pin
from billing_sync.domain.config.effective import has_own_pin
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.plan.in_effect import NotInEffect, line_problem, problem_on
from billing_sync.domain.plan.next_agreement_invoice import next_invoice
from billing_sync.domain.plan.plan import Part
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.planning.candidates import NoPlace, Place, carries_item
from billing_sync.domain.vendors.connectwise import Addition, Agreement, CatalogItem


class Find(Protocol):
    """`candidates.find_places` for a day and the allowed types."""

    def __call__(
        self, item: CatalogItem, agreements: Sequence[Agreement], additions: Sequence[Addition], /
    ) -> tuple[Place, ...] | NoPlace:
        """All places, or why there is none."""


def pinned_places(
    pin: Pin,
    item: CatalogItem,
    agreements: Sequence[Agreement],
    additions: Sequence[Addition],
    *,
    find: Find,
) -> tuple[Place, ...] | NoPlace:
    """As `find`, restricted to the agreements that the pin covers."""
    covered = {a.id: a for a in agreements if pin.covers(a.id, a.type_name)}
    if covered:
        on_covered = [addition for addition in additions if addition.agreement_id in covered]
        return find(item, tuple(covered.values()), on_covered)
    return NoPlace(
        Reason.PIN_NOT_FOUND,
        f"the company has no {_words(pin)}",
        "Name one of its agreements, or take the pin off.",
    )


def pinned_addition(
    pin: Pin,
    item: CatalogItem,
    agreements: Sequence[Agreement],
    additions: Sequence[Addition],
    *,
    today: date,
) -> tuple[Place, ...] | NoPlace:
    """The pinned addition, in effect today or on the next invoice, on an agreement of any type.

    Where ConnectWise gives its agreement no next invoice, that of the additions in effect counts.
    """
    by_id = {agreement.id: agreement for agreement in agreements}
    lines = {a.id: Place(by_id[a.agreement_id], a) for a in additions if carries_item(a, item)}
    place = lines.get(pin.addition_id)
    if place is None:
        return NoPlace(
            Reason.PIN_NOT_FOUND,
            f"the company has no addition {pin.addition_id} of {item.identifier}",
            "Pin one of its additions, or remove the pin.",
        )
    problem = _problem_today(place, today)
    if problem is None:
        return (Place(place.agreement, place.addition, pinned=True),)
    current = [line for line in lines.values() if not _problem_today(line, today)]
    days = (next_invoice(each.agreement, today=today) for each in (place, *current))
    invoice = next(filter(None, days), None)
    if invoice and not problem_on(place.addition, place.agreement, invoice, today=today):
        return (Place(place.agreement, place.addition, pinned=True, in_effect_by=invoice),)
    return NoPlace(
        problem.reason,
        problem.message,
        "Pin another addition that is in effect by the next invoice, or remove the pin.",
    )


def _problem_today(place: Place, today: date) -> NotInEffect | None:
    return line_problem(place.addition, place.agreement, today=today, allowed_types=())


def pin_command(
    company_id: int, parts: Iterable[Part], mappings: Mappings, *, addition: str = "ID"
) -> str:
    """The command that pins an addition for all of these units.

    Each organization with a pin of its own gets another one, which the company's does not replace.
    """
    commands: list[str] = []
    for part in parts:
        sources = {source.organization_id for source in part.sources}
        own = {key for key in sources if has_own_pin(part.product, mappings.organizations[key])}
        command = f"billing-sync mappings pin {company_id} {part.product} --addition {addition}"
        if len(own) < len(part.sources) or not own:
            commands.append(command)
        commands += [
            f"{command} --organization {organization_id}" for organization_id in sorted(own)
        ]
    return " and ".join(commands)


def instead(
    pin: Pin, item: CatalogItem, carrying: Iterable[Agreement], *, taken: Collection[Pin]
) -> str:
    """The one agreement that carries the item and is not taken, in words; "" without just one.

    A pin outlives its agreement; a person decides on the next one.
    """
    others = [agreement for agreement in carrying if Pin(agreement.id) not in taken]
    if len(others) != 1:
        return ""
    (other,) = others
    kind = f", type '{other.type_name}'" if pin.agreement_type else ""
    return f"agreement '{other.name}' (id {other.id}{kind}) carries {item.identifier}"


def _words(pin: Pin) -> str:
    if pin.agreement_type:
        return f"agreement of type '{pin.agreement_type}'"
    return f"agreement {pin.agreement_id}"
