"""The additions that bill each company's units, by pins, splits and combined products."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from billing_sync.domain.config.destinations import NO_PIN, Pin, Split
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.plan.plan import Part
from billing_sync.domain.plan.quantity import sum_in_words
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.planning.agreement_index import Holdings
from billing_sync.domain.planning.allocation_rules import refusal
from billing_sync.domain.planning.assign_usage import Assignment, merged
from billing_sync.domain.planning.candidates import NoPlace, Place
from billing_sync.domain.planning.pins import instead, pin_command
from billing_sync.domain.planning.splits import shares, too_few
from billing_sync.domain.vendors.connectwise import CatalogItem

FIX_SPLIT = (
    "Each of its agreements needs one addition that is billed today. In ConnectWise: Finance >"
    " Agreements, or change the split."
)
Found = tuple[Place, ...] | NoPlace


@dataclass(frozen=True, slots=True)
class Placed:
    """Units for one addition, and the places found for it.

    `used` is the units in words, `pins` are those that lead here. `billed` is whether any addition
    bills them today. `refused` is why they cannot be billed as configured, on any agreement. Of a
    split, `whole` are the parts of all its places together, and `short` is the message that fewer
    units were used than are fixed.
    """

    company_id: int
    item: CatalogItem
    parts: tuple[Part, ...]
    found: Found
    used: str
    billed: bool
    pins: tuple[Pin, ...] = ()
    refused: NoPlace | None = None
    whole: tuple[Part, ...] = ()
    short: str = ""

    @property
    def name(self) -> str:
        """The place as `Row.place` has it."""
        return ", ".join(map(str, filter(None, self.pins)))


@dataclass(frozen=True, slots=True)
class Placing:
    """Finds the places of a whole assignment."""

    mappings: Mappings
    settings: Settings
    holdings: Holdings
    catalog: Mapping[int, CatalogItem]

    def placed(self, assignment: Assignment) -> Iterator[Placed]:
        """All units, each exactly once; units that are not to be billed are apart."""
        for (company_id, item_id), pinned in assignment.parts.items():
            item, free = self.catalog[item_id], self.mappings.rules(company_id).not_billed
            not_billed = merged(p for parts in pinned.values() for p in parts if p.product in free)
            if not_billed:
                yield self._placed(company_id, item, not_billed)
            billed = {
                pin: tuple(part for part in parts if part.product not in free)
                for pin, parts in pinned.items()
            }
            yield from self._billed(company_id, item, {p: b for p, b in billed.items() if b})

    def _billed(
        self, company_id: int, item: CatalogItem, pinned: Mapping[Pin, tuple[Part, ...]]
    ) -> Iterator[Placed]:
        company = self.mappings.rules(company_id)
        parts = merged(part for parts in pinned.values() for part in parts)
        refused = refusal(parts, pinned, item, company, self.settings)
        if refused:
            yield self._placed(company_id, item, parts, refused=refused)
        elif parts and parts[0].product in company.splits:
            split = company.splits[parts[0].product]
            yield from self._split(company_id, item, parts[0], split)
        else:
            yield from self._pinned(company_id, item, pinned)

    def _placed(
        self,
        company_id: int,
        item: CatalogItem,
        parts: tuple[Part, ...],
        *,
        refused: NoPlace | None = None,
    ) -> Placed:
        found = self.holdings.places(company_id, item)
        billed = not isinstance(found, NoPlace)
        used = ", ".join(sum_in_words([part]) for part in parts)
        return Placed(company_id, item, parts, found, used, billed, refused=refused)

    def _pinned(
        self, company_id: int, item: CatalogItem, pinned: Mapping[Pin, tuple[Part, ...]]
    ) -> Iterator[Placed]:
        """Pins to the same addition are one place."""
        found: dict[object, tuple[Found, list[Part], list[Pin]]] = {}
        for pin, parts in pinned.items():
            places = self._found(company_id, item, pin, parts)
            single = not isinstance(places, NoPlace) and len(places) == 1
            key = places[0].addition.id if single and not isinstance(places, NoPlace) else pin
            _, together, pins = found.setdefault(key, (places, [], []))
            together += parts
            pins.append(pin)
        for places, together, pins in found.values():
            parts = merged(together)
            yield Placed(
                company_id,
                item,
                parts,
                places,
                sum_in_words(parts),
                billed=not isinstance(places, NoPlace),
                pins=tuple(pins),
            )

    def _found(
        self, company_id: int, item: CatalogItem, pin: Pin, parts: tuple[Part, ...]
    ) -> Found:
        """The places; where a pin has none, the agreement to pin instead and where to set it."""
        found = self.holdings.places(company_id, item, pin)
        if pin == NO_PIN or not isinstance(found, NoPlace):
            return found
        if pin.addition_id:
            return self._without_pinned(company_id, item, found, parts)
        other = instead(pin, item, self.holdings.carrying(company_id, item), taken=())
        where = f"({pinned_by(pin, parts)})"
        if not other:
            return replace(found, message=f"{found.message} {where}")
        return NoPlace(found.reason, f"{found.message}; {other}: pin that one {where}")

    def _without_pinned(
        self, company_id: int, item: CatalogItem, found: NoPlace, parts: tuple[Part, ...]
    ) -> NoPlace:
        """Why the pinned addition cannot be written, with those that can."""
        others = self.holdings.places(company_id, item)
        if isinstance(others, NoPlace):
            return found
        lines = "; ".join(place.in_words() for place in others)
        command = pin_command(company_id, parts, self.mappings)
        return NoPlace(found.reason, found.message, f"In effect: {lines}. Pin one: {command}.")

    def _missing(self, company_id: int, item: CatalogItem, pin: Pin, split: Split) -> str:
        """Why a place of a split cannot be written, "" when it can."""
        found = self._split_place(company_id, item, pin, split)
        if isinstance(found, NoPlace):
            carrying = self.holdings.carrying(company_id, item)
            other = instead(pin, item, carrying, taken=split.pins)
            return f"{found.message}; {other}: name that one" if other else found.message
        if len(found) == 1:
            return ""
        lines = " / ".join(place.in_words() for place in found)
        return f"several additions match on {pin} ({lines}), name the one to bill in its additions"

    def _split_place(
        self, company_id: int, item: CatalogItem, pin: Pin, split: Split
    ) -> tuple[Place, ...] | NoPlace:
        """The places of one agreement of a split; of several the one that the split names."""
        found = self.holdings.places(company_id, item, pin)
        if isinstance(found, NoPlace) or len(found) == 1:
            return found
        named = tuple(p for p in found if p.addition.id in split.additions)
        return tuple(replace(place, pinned=True) for place in named) or found

    def _split(
        self, company_id: int, item: CatalogItem, part: Part, split: Split
    ) -> Iterator[Placed]:
        found = [(pin, self._split_place(company_id, item, pin, split)) for pin in split.pins]
        billed = any(not isinstance(places, NoPlace) for _, places in found)
        whole = Placed(company_id, item, (part,), (), sum_in_words([part]), billed)
        problems = [self._missing(company_id, item, pin, split) for pin in split.pins]
        if any(problems):
            where = f"MAPPING / COMPANY#{company_id}, split.{part.product}"
            message = (
                f"a split is billed wholly or not at all ({where}):"
                f" {'; '.join(filter(None, problems))}"
            )
            yield replace(whole, found=NoPlace(Reason.SPLIT_BLOCKED, message, FIX_SPLIT))
        elif part.unknown_count:
            yield whole
        else:
            short = too_few(part, split, company_id)
            for (pin, places), share in zip(found, shares(part, split), strict=True):
                yield replace(
                    whole,
                    parts=(share.part,),
                    found=places,
                    used=share.used,
                    pins=(pin,),
                    whole=(part,),
                    short=short,
                )


def pinned_by(pin: Pin, parts: Iterable[Part]) -> str:
    """`MAPPING / ORG#101, agreement_id`: where the pin of these units is, or can be, set."""
    organizations = sorted({source.organization_id for part in parts for source in part.sources})
    keys = " and ".join(f"ORG#{organization_id}" for organization_id in organizations)
    attribute = "agreement_type" if pin.agreement_type else "agreement_id"
    return f"MAPPING / {keys}, {attribute}"
