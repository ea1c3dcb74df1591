"""The lists to choose from when setting up mappings and products; only reads."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Protocol, Self
from zoneinfo import ZoneInfo

from billing_sync.domain.errors import BillingSyncError, NotConfigured, NotFound, PermissionDenied
from billing_sync.domain.plan.in_effect import agreement_trouble
from billing_sync.domain.vendors.catalog import unusable
from billing_sync.domain.vendors.connectwise import Agreement, CatalogItem, Company, Member
from billing_sync.domain.vendors.huntress import Actor, InvoiceSource, Organization
from billing_sync.domain.wording import exact_price
from billing_sync.flows.operator.addition_choices import AdditionChoices, Document
from billing_sync.flows.ports import Clock, Config

_ACTIVE = "Active"
LARGEST = 5_000_000  # bytes; Lambda allows no answer above 6 MB


class HuntressToList(Protocol):
    """The reads from Huntress."""

    def actor(self) -> Actor: ...
    def organizations(self, source: InvoiceSource) -> tuple[Organization, ...]: ...


class ConnectWiseToList(Protocol):
    """The reads from ConnectWise."""

    def in_zone(self, zone: tzinfo) -> Self: ...
    def member(self) -> Member: ...
    def catalog(self, search: str = "") -> tuple[CatalogItem, ...]: ...
    def catalog_item(self, item_id: int) -> CatalogItem: ...
    def all_agreements(self) -> tuple[Agreement, ...]: ...
    def companies(self) -> tuple[Company, ...]: ...


@dataclass(frozen=True, slots=True)
class Lists:
    """Organizations, companies with their agreements, catalog items, a company's additions."""

    huntress: Callable[[], HuntressToList]
    connectwise: Callable[[], ConnectWiseToList]
    additions: AdditionChoices
    config: Config
    clock: Clock

    def read(
        self, name: str, *, search: str = "", ids: Sequence[int] = (), company: int | None = None
    ) -> Document:
        """The named list with `items`; where it cannot be read, `result` has the reason.

        With `ids` those catalog items that exist; additions are of a `company`. A `note` names what
        is not in it.
        """
        try:
            match name:
                case "organizations":
                    items, note = self._organizations(), ""
                case "companies":
                    items, note = self._companies()
                case "additions" if company is not None:
                    items, note = self.additions.of(company)
                case _:
                    items, note = self._catalog(search, ids), ""
        except BillingSyncError as error:
            return {"result": str(error)}
        kept = _within_limit(items)
        if len(kept) < len(items):
            note = f"{note} The first {len(kept)} of {len(items)}: more do not fit into an answer."
        document: Document = {"list": name, "items": kept}
        return {**document, "note": note.strip()} if note else document

    def _organizations(self) -> list[Document]:
        huntress = self.huntress()
        found = huntress.organizations(huntress.actor().invoice_source)
        return [{"id": org.id, "name": org.name, "listed": org.list_counts} for org in found]

    def _catalog(self, search: str, ids: Sequence[int]) -> list[Document]:
        connectwise = self.connectwise()
        found = self._items(connectwise, ids) if ids else connectwise.catalog(search)
        return [
            {
                "id": item.id,
                "identifier": item.identifier,
                "description": item.description,
                "price": "" if item.price is None else exact_price(item.price),
                "usable": unusable(item),
            }
            for item in found
        ]

    def _items(self, connectwise: ConnectWiseToList, ids: Sequence[int]) -> Iterator[CatalogItem]:
        connectwise.member()  # on ConnectWise's cloud, wrong keys are answered as a missing item
        for item_id in ids:
            with suppress(NotFound):
                yield connectwise.catalog_item(item_id)

    def _companies(self) -> tuple[list[Document], str]:
        """Those with an Active agreement first: an answer that is too large loses the others."""
        mapped, note = self._mapped()
        zone, allowed = self._current()
        connectwise = self.connectwise().in_zone(zone)
        by_company: dict[int, list[Agreement]] = {}
        for agreement in connectwise.all_agreements():
            by_company.setdefault(agreement.company_id, []).append(agreement)
        named = {
            company_id: Company(company_id, own[0].company_name, own[0].company_identifier)
            for company_id, own in by_company.items()
        }
        # A role that no sync needs shows companies that never had an agreement, too.
        with suppress(PermissionDenied):
            named = {company.id: company for company in connectwise.companies()} | named
        today = self.clock().astimezone(zone).date()
        companies = [
            _company(
                company,
                _shown(by_company.get(company.id, []), everything=company.id in mapped),
                today=today,
                allowed_types=allowed,
            )
            for company in sorted(named.values(), key=lambda company: company.name.casefold())
        ]
        return sorted(companies, key=lambda company: not _is_active(company)), note

    def _mapped(self) -> tuple[tuple[int, ...], str]:
        """The mapped companies; with wrong mappings none, so that they can still be corrected."""
        try:
            return self.config.mappings().company_ids(), ""
        except NotConfigured as error:
            return (), f"Of mapped companies only Active agreements, for {error}"

    def _current(self) -> tuple[ZoneInfo, tuple[str, ...]]:
        """The time zone and the allowed agreement types; without settings, UTC and all types."""
        try:
            settings = self.config.settings()
        except NotConfigured:
            return ZoneInfo("UTC"), ()
        return ZoneInfo(settings.time_zone), settings.agreement_types


def _shown(agreements: Sequence[Agreement], *, everything: bool) -> Sequence[Agreement]:
    """The Active ones; all of a mapped company, and where none is Active, to name the reason."""
    active = [agreement for agreement in agreements if agreement.status == _ACTIVE]
    return agreements if everything or not active else active


def _is_active(company: Document) -> bool:
    agreements = company["agreements"]
    assert isinstance(agreements, list)
    return any(agreement["status"] == _ACTIVE for agreement in agreements)


def _company(
    company: Company,
    agreements: Sequence[Agreement],
    *,
    today: date,
    allowed_types: tuple[str, ...],
) -> Document:
    return {
        "id": company.id,
        "name": company.name,
        "identifier": company.identifier,
        "agreements": [
            {
                "id": agreement.id,
                "name": agreement.name,
                "type": agreement.type_name,
                "status": agreement.status,
                "why_not": _why_not(agreement, today=today, allowed_types=allowed_types),
            }
            for agreement in agreements
        ],
    }


def _why_not(agreement: Agreement, *, today: date, allowed_types: tuple[str, ...]) -> str:
    problem = agreement_trouble(agreement, today=today, allowed_types=allowed_types)
    return problem.message if problem else ""


def _within_limit(items: Iterable[Document]) -> list[Document]:
    kept: list[Document] = []
    left = LARGEST
    for item in items:
        left -= len(json.dumps(item)) + 2
        if left < 0:
            break
        kept.append(item)
    return kept
