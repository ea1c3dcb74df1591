"""The places a pin leaves: one agreement's additions, or those on agreements of one type."""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from billing_sync.domain.config.destinations import Pin
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.planning.candidates import NoPlace, Place
from billing_sync.domain.vendors.connectwise import Addition, Agreement, CatalogItem


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
    """As `find`, of a company's agreements and additions those that the pin means."""
    meant = {each.id: each for each in agreements if pin.covers(each.id, each.type_name)}
    if meant:
        on_these = [addition for addition in additions if addition.agreement_id in meant]
        return find(item, tuple(meant.values()), on_these)
    return NoPlace(
        Reason.PIN_NOT_FOUND,
        f"the company has no {_told(pin)}",
        "Name one of its agreements, or take the pin off.",
    )


def instead(
    pin: Pin, item: CatalogItem, carrying: Iterable[Agreement], *, taken: Collection[Pin]
) -> str:
    """The one agreement that carries the item and is not taken, in words; "" without just one.

    A pin outlives its agreement, and a person decides where to.
    """
    others = [agreement for agreement in carrying if Pin(agreement.id) not in taken]
    if len(others) != 1:
        return ""
    (other,) = others
    kind = f", type '{other.type_name}'" if pin.agreement_type else ""
    return f"agreement '{other.name}' (id {other.id}{kind}) carries {item.identifier}"


def _told(pin: Pin) -> str:
    if pin.agreement_type:
        return f"agreement of type '{pin.agreement_type}'"
    return f"agreement {pin.agreement_id}"
