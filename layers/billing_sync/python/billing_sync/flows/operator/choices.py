"""The lists to choose from when setting up mappings and products; only reads."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from billing_sync.domain.errors import BillingSyncError, NotConfigured
from billing_sync.domain.plan.in_effect import agreement_trouble
from billing_sync.domain.vendors.catalog import unusable
from billing_sync.domain.vendors.connectwise import Agreement, CatalogItem
from billing_sync.domain.vendors.huntress import Actor, InvoiceSource, Organization
from billing_sync.domain.wording import exact_price
from billing_sync.flows.ports import Clock, Config

LARGEST = 5_000_000  # bytes; Lambda allows no answer above 6 MB
Document = dict[str, object]


class HuntressToList(Protocol):
    """The reads from Huntress."""

    def actor(self) -> Actor: ...
    def organizations(self, source: InvoiceSource) -> tuple[Organization, ...]: ...


class ConnectWiseToList(Protocol):
    """The reads from ConnectWise."""

    def catalog(self, search: str = "") -> tuple[CatalogItem, ...]: ...
    def all_active_agreements(self) -> tuple[Agreement, ...]: ...
    def agreements_of(self, company_ids: Sequence[int]) -> tuple[Agreement, ...]: ...


@dataclass(frozen=True, slots=True)
class Lists:
    """Organizations, companies with their agreements, catalog items."""

    huntress: Callable[[], HuntressToList]
    connectwise: Callable[[], ConnectWiseToList]
    config: Config
    clock: Clock

    def read(self, name: str, *, search: str = "") -> Document:
        """The named list with `items`; where it cannot be read, `result` has the reason.

        A `note` names what is not in it.
        """
        try:
            match name:
                case "organizations":
                    items, note = self._organizations(), ""
                case "companies":
                    items, note = self._companies()
                case _:
                    items, note = self._catalog(search), ""
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

    def _catalog(self, search: str) -> list[Document]:
        return [
            {
                "id": item.id,
                "identifier": item.identifier,
                "description": item.description,
                "price": "" if item.price is None else exact_price(item.price),
                "usable": unusable(item),
            }
            for item in self.connectwise().catalog(search)
        ]

    def _companies(self) -> tuple[list[Document], str]:
        mapped, note = self._mapped()
        connectwise = self.connectwise()
        found = {agreement.id: agreement for agreement in connectwise.all_active_agreements()}
        if mapped:
            found |= {agreement.id: agreement for agreement in connectwise.agreements_of(mapped)}
        by_company: dict[int, list[Agreement]] = {}
        for agreement in sorted(found.values(), key=lambda agreement: agreement.id):
            by_company.setdefault(agreement.company_id, []).append(agreement)
        today, allowed = self._current()
        companies = [
            _company(own, today=today, allowed_types=allowed) for own in by_company.values()
        ]
        return sorted(companies, key=lambda company: str(company["name"]).casefold()), note

    def _mapped(self) -> tuple[tuple[int, ...], str]:
        """The mapped companies; with wrong mappings none, so that they can still be corrected."""
        try:
            return self.config.mappings().company_ids(), ""
        except NotConfigured as error:
            return (
                (),
                f"Only companies with an Active agreement, for the mappings are wrong: {error}",
            )

    def _current(self) -> tuple[date, tuple[str, ...]]:
        """Today and the allowed agreement types; without settings, UTC and all types."""
        now = self.clock()
        try:
            settings = self.config.settings()
        except NotConfigured:
            return now.date(), ()
        return now.astimezone(ZoneInfo(settings.time_zone)).date(), settings.agreement_types


def _company(
    agreements: Sequence[Agreement], *, today: date, allowed_types: tuple[str, ...]
) -> Document:
    first = agreements[0]
    return {
        "id": first.company_id,
        "name": first.company_name,
        "identifier": first.company_identifier,
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
