"""Reading from ConnectWise, in bulk, everything a plan needs."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.config.destinations import Pin
from billing_sync.domain.config.effective import named_items
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.errors import Blocked, NotConfigured, NotFound, PermissionDenied
from billing_sync.domain.plan.next_agreement_invoice import ends_first
from billing_sync.domain.plan.plan import Part
from billing_sync.domain.planning.agreement_index import Holdings
from billing_sync.domain.planning.assign_usage import assign
from billing_sync.domain.planning.candidates import NoPlace
from billing_sync.domain.vendors.connectwise import (
    Addition,
    Agreement,
    BulkRead,
    CatalogItem,
    UnusableAddition,
    missing_item,
)
from billing_sync.domain.vendors.usage import OrganizationUsage
from billing_sync.flows.planning.checkpoints import ReadAtOnce, Stages
from billing_sync.flows.ports import ConnectWise

STAGE = 500  # companies or agreements
SINGLES = 25  # additions read one by one


@dataclass(frozen=True, slots=True)
class Gathered:
    """What ConnectWise holds; `unread` says why by the id of each agreement not read."""

    catalog: dict[int, CatalogItem]
    agreements: tuple[Agreement, ...]
    additions: tuple[Addition, ...]
    unread: dict[int, str]
    unusable: tuple[UnusableAddition, ...]


@dataclass(frozen=True, slots=True)
class Gather:
    """Few large reads: catalog items, Active agreements, their additions, then the exceptions."""

    connectwise: ConnectWise
    stages: Stages | ReadAtOnce
    settings: Settings
    mappings: Mappings
    today: date

    def gather(self, usage: Iterable[OrganizationUsage], written: Iterable[Written]) -> Gathered:
        """Read all, or go on reading; raises as its `stages` and as the client does."""
        catalog = self._catalog()
        agreements = self._agreements(
            "active agreements", self.mappings.company_ids(), self.connectwise.active_agreements
        )
        read = self._additions(agreements, tuple(catalog))

        held = Holdings.of(
            agreements.values(),
            read.additions,
            today=self.today,
            allowed_types=self.settings.agreement_types,
        )
        placeless = self._without_place(usage, catalog, held)
        others = self._agreements("agreements", placeless, self.connectwise.agreements_of)
        others = {one: others[one] for one in others.keys() - agreements}
        agreements |= others
        read = _together([read, self._additions(others, tuple(catalog))])

        unseen = _together(self._unseen(written, read, agreements))
        agreements |= {agreement.id: agreement for agreement in unseen.agreements}
        read = _together([read, unseen])
        everywhere = tuple(agreements.values())
        return Gathered(catalog, everywhere, read.additions, read.unread, read.unusable)

    def _catalog(self) -> dict[int, CatalogItem]:
        found: dict[int, CatalogItem] = {}
        for item_id, where in named_items(self.mappings, self.settings).items():
            try:
                found[item_id] = self.connectwise.catalog_item(item_id)
            except NotFound as error:
                problem = f"{where} is {item_id}, which ConnectWise does not have ({error})"
                if item_id in self.settings.products.values():
                    raise NotConfigured(
                        f"{problem}. Set it to the id of the catalog item."
                    ) from error
                found[item_id] = missing_item(item_id, problem)
        return found

    def _without_place(
        self, usage: Iterable[OrganizationUsage], catalog: dict[int, CatalogItem], held: Holdings
    ) -> tuple[int, ...]:
        """The companies that used something and lack an addition where it is to be billed.

        Also those of a pinned addition that is not here, and of one that ends before the next
        invoice: it, or its successor, may be on an agreement that is not Active.
        """
        used = assign(usage, self.mappings, self.settings).parts
        found = {
            company_id
            for (company_id, item_id), pinned in used.items()
            for pin, parts in pinned.items()
            if any(
                any(part.known_units for part in parts) or pin.addition_id
                if isinstance(found := held.places(company_id, catalog[item_id], place), NoPlace)
                else any(ends_first(p.addition, p.agreement, today=self.today) for p in found)
                for place in self._places(company_id, pin, parts)
            )
        }
        return tuple(sorted(found))

    def _places(self, company_id: int, pin: Pin, parts: Iterable[Part]) -> Iterator[Pin]:
        """Where the parts are to be billed: as pinned, and as split."""
        yield pin
        splits = self.mappings.rules(company_id).splits
        for product in (part.product for part in parts):
            if product in splits:
                yield from splits[product].pins

    def _agreements(
        self,
        what: str,
        company_ids: Sequence[int],
        read: Callable[[Sequence[int]], tuple[Agreement, ...]],
    ) -> dict[int, Agreement]:
        found: dict[int, Agreement] = {}
        for some in _chunks(company_ids, STAGE):
            stage = self.stages.read(what, some, lambda ids: BulkRead(read(ids)))
            found |= {a.id: a for a in stage.agreements}
        return found

    def _additions(self, agreement_ids: Iterable[int], items: Sequence[int]) -> BulkRead:
        what = f"additions of {', '.join(map(str, items))}"
        return _together(
            self.stages.read(what, some, lambda ids: self.connectwise.additions(ids, items))
            for some in _chunks(sorted(agreement_ids), STAGE)
        )

    def _unseen(
        self, written: Iterable[Written], read: BulkRead, agreements: Collection[int]
    ) -> Iterator[BulkRead]:
        """What we wrote before and no read has shown with its agreement, where it still exists."""
        seen = {a.id for a in read.additions if a.agreement_id in agreements}
        seen |= {a.id for a in read.unusable if a.agreement_id in agreements}
        unseen = {
            w.addition_id: w.agreement_id
            for w in written
            if w.addition_id not in seen and w.agreement_id not in read.unread
        }
        for some in _chunks(sorted(unseen), SINGLES):
            yield self.stages.read("written additions", some, lambda ids: self._single(ids, unseen))

    def _single(self, addition_ids: Sequence[int], agreement_of: dict[int, int]) -> BulkRead:
        agreements: list[Agreement] = []
        additions: list[Addition] = []
        unusable: list[UnusableAddition] = []
        for addition_id in addition_ids:
            try:
                addition = self.connectwise.addition(agreement_of[addition_id], addition_id)
                agreements.append(self.connectwise.agreement(addition.agreement_id))
                additions.append(addition)
            except NotFound:
                continue
            except (Blocked, PermissionDenied) as error:
                agreement_id = agreement_of[addition_id]
                unusable.append(UnusableAddition(addition_id, agreement_id, str(error)))
        return BulkRead(tuple(agreements), tuple(additions), unusable=tuple(unusable))


def _together(reads: Iterable[BulkRead]) -> BulkRead:
    """Several reads as one; the newest read of a record counts."""
    reads = tuple(reads)
    agreements = {agreement.id: agreement for read in reads for agreement in read.agreements}
    additions = {addition.id: addition for read in reads for addition in read.additions}
    return BulkRead(
        tuple(agreements.values()),
        tuple(additions.values()),
        {agreement_id: why for read in reads for agreement_id, why in read.unread.items()},
        tuple(dict.fromkeys(addition for read in reads for addition in read.unusable)),
    )


def _chunks(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
