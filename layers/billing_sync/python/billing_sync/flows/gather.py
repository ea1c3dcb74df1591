"""Reading from ConnectWise, in bulk, everything a plan needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing_sync.domain.assigning import assign
from billing_sync.domain.connectwise import Addition, Agreement, CatalogItem
from billing_sync.domain.errors import NotConfigured, NotFound
from billing_sync.domain.holdings import Holdings
from billing_sync.domain.mapping import Mappings
from billing_sync.domain.matching import NoPlace
from billing_sync.domain.orphans import Written
from billing_sync.domain.settings import Settings
from billing_sync.domain.usage import OrganizationUsage
from billing_sync.flows.ports import ConnectWise


@dataclass(frozen=True, slots=True)
class Gathered:
    """What ConnectWise holds; `unread` says why by the id of each agreement not read."""

    catalog: dict[int, CatalogItem]
    agreements: tuple[Agreement, ...]
    additions: tuple[Addition, ...]
    unread: dict[int, str]


@dataclass(frozen=True, slots=True)
class Gather:
    """Few large reads: catalog items, Active agreements, their additions, then the exceptions."""

    connectwise: ConnectWise
    settings: Settings
    mappings: Mappings
    today: date

    def gather(self, usage: Iterable[OrganizationUsage], written: Iterable[Written]) -> Gathered:
        """Read all; raises Retryable, Blocked or Fatal when a whole list cannot be read."""
        catalog = self._catalog()
        items = tuple(catalog)
        agreements = {
            a.id: a for a in self.connectwise.active_agreements(self.mappings.company_ids())
        }
        first = self.connectwise.additions(tuple(agreements), items)
        additions = {a.id: a for a in first.additions}
        unread = dict(first.unread)

        held = Holdings.of(
            agreements.values(),
            additions.values(),
            today=self.today,
            allowed_types=self.settings.agreement_types,
        )
        placeless = self._without_place(usage, catalog, held)
        others = {
            a.id: a for a in self.connectwise.agreements_of(placeless) if a.id not in agreements
        }
        more = self.connectwise.additions(tuple(others), items)
        agreements |= others
        additions |= {a.id: a for a in more.additions}
        unread |= more.unread

        unseen = [w for w in written if w.agreement_id not in unread]
        for agreement, addition in self._orphans(unseen, additions):
            agreements[agreement.id] = agreement
            additions[addition.id] = addition
        return Gathered(catalog, tuple(agreements.values()), tuple(additions.values()), unread)

    def _catalog(self) -> dict[int, CatalogItem]:
        found: dict[int, CatalogItem] = {}
        for product, item_id in self.settings.products.items():
            try:
                found[item_id] = self.connectwise.catalog_item(item_id)
            except NotFound as error:
                raise NotConfigured(
                    f"SETTINGS / CURRENT: products.{product}.catalog_item_id is {item_id}, which"
                    f" ConnectWise does not have ({error}). Set it to the id of the catalog item."
                ) from error
        return found

    def _without_place(
        self, usage: Iterable[OrganizationUsage], catalog: dict[int, CatalogItem], held: Holdings
    ) -> tuple[int, ...]:
        """The companies that used something and have no addition to bill it through."""
        used = assign(usage, self.mappings, self.settings).parts
        found = {
            company_id
            for (company_id, item_id), parts in used.items()
            if any(part.known_units for part in parts)
            and isinstance(held.places(company_id, catalog[item_id]), NoPlace)
        }
        return tuple(sorted(found))

    def _orphans(
        self, written: Iterable[Written], additions: dict[int, Addition]
    ) -> Iterable[tuple[Agreement, Addition]]:
        """What we wrote before and no read so far has shown, where it still exists."""
        for last in written:
            if last.addition_id in additions:
                continue
            try:
                addition = self.connectwise.addition(last.agreement_id, last.addition_id)
                yield self.connectwise.agreement(addition.agreement_id), addition
            except NotFound:
                continue
