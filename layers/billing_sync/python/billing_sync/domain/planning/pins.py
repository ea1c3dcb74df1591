"""The places of a pin: one agreement's additions, or those on agreements of one type."""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from billing_sync.domain.config.destinations import Pin
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.planning.candidates import NoPlace, Place
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
