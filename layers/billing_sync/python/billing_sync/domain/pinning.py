"""The places a pin leaves: one agreement's additions, or those on agreements of one type."""

from collections.abc import Sequence
from typing import Protocol

from billing_sync.domain.connectwise import Addition, Agreement, CatalogItem
from billing_sync.domain.matching import NoPlace, Place, folded
from billing_sync.domain.places import Pin
from billing_sync.domain.plan import Reason


class Find(Protocol):
    """`matching.find_places` as of a day and with the types that are allowed."""

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
    """As `find`, of a company's agreements and additions those that the pin means.

    Where there is none, the way out names the one other agreement that carries the item, if there
    is just one: a pin to an agreement outlives it, and a person decides where to.
    """
    meant = {agreement.id: agreement for agreement in agreements if _means(pin, agreement)}
    found: tuple[Place, ...] | NoPlace = NoPlace(
        Reason.PIN_NOT_FOUND,
        f"the company has no {_told(pin)}",
        "Name one of its agreements, or take the pin off.",
    )
    if meant:
        on_these = [addition for addition in additions if addition.agreement_id in meant]
        found = find(item, tuple(meant.values()), on_these)
    if not isinstance(found, NoPlace):
        return found
    others = find(item, agreements, additions)
    if isinstance(others, NoPlace) or len(others) > 1:
        return found
    (other,) = (place.agreement for place in others)
    successor = f"agreement '{other.name}' (id {other.id}) carries {item.identifier}: pin that one"
    return NoPlace(found.reason, f"{found.message}; {successor}")


def _means(pin: Pin, agreement: Agreement) -> bool:
    if pin.agreement_type:
        return folded(agreement.type_name) == folded(pin.agreement_type)
    return agreement.id == pin.agreement_id


def _told(pin: Pin) -> str:
    if pin.agreement_type:
        return f"agreement of type '{pin.agreement_type}'"
    return f"agreement {pin.agreement_id}"
