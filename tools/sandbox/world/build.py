"""Builds the seeded world: both vendors' records, settings, mappings, what was written before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tools.sandbox.vendors.connectwise_state import ConnectWiseState
from tools.sandbox.vendors.huntress_state import HuntressState
from tools.sandbox.world.catalog import ITEMS, SYNCED_PRODUCTS
from tools.sandbox.world.connectwise_records import connectwise_state
from tools.sandbox.world.edge_cases import AWKWARD, EXCLUDED, UNMAPPED
from tools.sandbox.world.huntress_records import NEW_INVOICE_ID, huntress_state, invoice
from tools.sandbox.world.places import SEVERAL_PLACES
from tools.sandbox.world.seed_types import Company, Organization, addition_id, agreement_id
from tools.sandbox.world.typical import ordinary_companies

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class World:
    """The world before the new invoice. The stand-ins serve copies, so it stays as it is.

    `settings` and `mappings` are items of the config table. `earlier_writes` is what an earlier
    run wrote: {addition_id, agreement_id, company_id, product, quantity}.
    """

    now: datetime
    companies: tuple[Company, ...]
    huntress: HuntressState
    connectwise: ConnectWiseState
    settings: Item
    mappings: list[Item]
    earlier_writes: list[Item]

    def new_invoice(self, at: datetime | None = None) -> Item:
        """The invoice that starts a run; hand it to `HuntressFake.add_invoice`.

        Its quantity counts agents of all organizations, as Huntress's does.
        """
        agents = sum(
            usages["edr"]["billable_agents_count"]
            for usages in self.huntress.actual_usages.values()
            if "edr" in usages
        )
        return invoice(NEW_INVOICE_ID, "open", quantity=agents, at=at or self.now)


def build_world(now: datetime, *, reseller: bool = False) -> World:
    """The same world for the same `now`; `reseller` gives a reseller's credentials and lines."""
    others = (*UNMAPPED, *(organization for organization, _ in EXCLUDED))
    return world_of(
        AWKWARD + SEVERAL_PLACES + ordinary_companies(), others, now=now, reseller=reseller
    )


def world_of(
    companies: tuple[Company, ...],
    others: tuple[Organization, ...] = (),
    *,
    now: datetime,
    reseller: bool = False,
) -> World:
    """A world of these companies, and of `others` that belong to none of them."""
    organizations = [each for company in companies for each in company.organizations]
    organizations += others
    return World(
        now=now,
        companies=companies,
        huntress=huntress_state(organizations, now=now, reseller=reseller),
        connectwise=connectwise_state(companies, now=now),
        settings=_settings(),
        mappings=_mappings(companies, now=now),
        earlier_writes=_earlier_writes(companies),
    )


def _settings() -> Item:
    return {
        "pk": "SETTINGS",
        "sk": "CURRENT",
        "version": 1,
        "sync_enabled": False,
        "time_zone": "America/New_York",
        "huntress_sync_off": "demo",
        "products": {name: {"catalog_item_id": ITEMS[name].id} for name in SYNCED_PRODUCTS},
    }


def _mappings(companies: tuple[Company, ...], *, now: datetime) -> list[Item]:
    signature = {"updated_by": "demo", "updated_at": now.isoformat()}
    mapped = [
        {
            **_mapping_key(organization),
            "company_id": company.id,
            "company_name": company.name,
            **({"agreement_id": organization.pinned_to} if organization.pinned_to else {}),
            **signature,
        }
        for company in companies
        for organization in company.organizations
    ]
    excluded = [
        {**_mapping_key(organization), "excluded": True, "reason": reason, **signature}
        for organization, reason in EXCLUDED
    ]
    rules = [
        {"pk": "MAPPING", "sk": f"COMPANY#{company.id}", **own, **signature}
        for company in companies
        if (own := _own_rules(company))
    ]
    return mapped + excluded + rules


def _own_rules(company: Company) -> Item:
    rules = {
        "not_billed": company.not_billed,
        "catalog_items": company.catalog_items,
        "split": company.split,
    }
    return {name: dict(rule) for name, rule in rules.items() if rule}


def _mapping_key(organization: Organization) -> Item:
    return {
        "pk": "MAPPING",
        "sk": f"ORG#{organization.id}",
        "organization_name": organization.name,
    }


def _earlier_writes(companies: tuple[Company, ...]) -> list[Item]:
    return [
        {
            "addition_id": addition_id(agreement_id(company, position), line),
            "agreement_id": agreement_id(company, position),
            "company_id": company.id,
            "product": addition.product,
            "quantity": addition.wrote,
        }
        for company in companies
        for position, agreement in enumerate(company.agreements)
        for line, addition in enumerate(agreement.additions)
        if addition.wrote is not None
    ]
