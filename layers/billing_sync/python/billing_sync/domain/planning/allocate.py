"""Where each company's units are billed: pins, splits and combined products, worked out."""

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
from billing_sync.domain.planning.pins import instead
from billing_sync.domain.planning.splits import shares, too_few
from billing_sync.domain.vendors.connectwise import CatalogItem

MEND_SPLIT = (
    "Each of its agreements needs one addition that is billed today. In ConnectWise: Finance >"
    " Agreements, or change the split."
)
Found = tuple[Place, ...] | NoPlace


@dataclass(frozen=True, slots=True)
class Placed:
    """Units that belong into one addition, and what was found of it.

    `used` tells the units in words; `name` is the place as `Row.place` has it. `billed` says
    whether any addition bills them today. `refused` is why they cannot be billed as people set it,
    wherever that would be. Of a split, `whole` is what all its places share, and `short` the
    complaint that it is not enough.
    """

    company_id: int
    item: CatalogItem
    parts: tuple[Part, ...]
    found: Found
    used: str
    billed: bool
    name: str = ""
    refused: NoPlace | None = None
    whole: tuple[Part, ...] = ()
    short: str = ""


@dataclass(frozen=True, slots=True)
class Placing:
    """Finds the places of a whole assignment."""

    mappings: Mappings
    settings: Settings
    holdings: Holdings
    catalog: Mapping[int, CatalogItem]

    def placed(self, assignment: Assignment) -> Iterator[Placed]:
        """All units, each exactly once; what is not billed is apart from what is."""
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
        parts = merged(part for each in pinned.values() for part in each)
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
        """Pins that mean the same addition are one place."""
        found: dict[object, tuple[Found, list[Part], list[str]]] = {}
        for pin, parts in pinned.items():
            here = self._found(company_id, item, pin, parts)
            one = not isinstance(here, NoPlace) and len(here) == 1
            key = here[0].addition.id if one and not isinstance(here, NoPlace) else pin
            _, together, names = found.setdefault(key, (here, [], []))
            together += parts
            names.append(str(pin))
        for here, together, names in found.values():
            parts = merged(together)
            yield Placed(
                company_id,
                item,
                parts,
                here,
                sum_in_words(parts),
                billed=not isinstance(here, NoPlace),
                name=", ".join(filter(None, names)),
            )

    def _found(
        self, company_id: int, item: CatalogItem, pin: Pin, parts: tuple[Part, ...]
    ) -> Found:
        """As held; where a pin leaves nothing, with what to pin instead and where that is set."""
        found = self.holdings.places(company_id, item, pin)
        if pin == NO_PIN or not isinstance(found, NoPlace):
            return found
        other = instead(pin, item, self.holdings.carrying(company_id, item), taken=())
        where = f"({pinned_by(pin, parts)})"
        if not other:
            return replace(found, message=f"{found.message} {where}")
        return NoPlace(found.reason, f"{found.message}; {other}: pin that one {where}")

    def _missing(self, company_id: int, item: CatalogItem, pin: Pin, split: Split) -> str:
        """What keeps a place of a split from being written, "" when nothing does."""
        found = self.holdings.places(company_id, item, pin)
        if isinstance(found, NoPlace):
            carrying = self.holdings.carrying(company_id, item)
            other = instead(pin, item, carrying, taken=split.pins)
            return f"{found.message}; {other}: name that one" if other else found.message
        ids = ", ".join(str(place.addition.id) for place in found)
        return f"several additions match on {pin} ({ids})" if len(found) > 1 else ""

    def _split(
        self, company_id: int, item: CatalogItem, part: Part, split: Split
    ) -> Iterator[Placed]:
        found = [(pin, self.holdings.places(company_id, item, pin)) for pin in split.pins]
        billed = any(not isinstance(here, NoPlace) for _, here in found)
        whole = Placed(company_id, item, (part,), (), sum_in_words([part]), billed)
        told = [self._missing(company_id, item, pin, split) for pin in split.pins]
        if any(told):
            where = f"MAPPING / COMPANY#{company_id}, split.{part.product}"
            problems = "; ".join(filter(None, told))
            message = f"a split is billed wholly or not at all ({where}): {problems}"
            yield replace(whole, found=NoPlace(Reason.SPLIT_BLOCKED, message, MEND_SPLIT))
        elif part.unknown_count:
            yield whole
        else:
            short = too_few(part, split, company_id)
            for (pin, here), share in zip(found, shares(part, split), strict=True):
                yield replace(
                    whole,
                    parts=(share.part,),
                    found=here,
                    used=share.used,
                    name=str(pin),
                    whole=(part,),
                    short=short,
                )


def pinned_by(pin: Pin, parts: Iterable[Part]) -> str:
    """`MAPPING / ORG#101, agreement_id`: where people set, or can set, the pin of these."""
    organizations = sorted({source.organization_id for part in parts for source in part.sources})
    told = " and ".join(f"ORG#{one}" for one in organizations)
    attribute = "agreement_type" if pin.agreement_type else "agreement_id"
    return f"MAPPING / {told}, {attribute}"
