"""The seeded organizations and invoices as Huntress writes them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from tools.sandbox.vendors.huntress_state import HuntressState, Record
from tools.sandbox.world.seed_types import Organization

ACCOUNT = {
    "id": 7001,
    "name": "Lantern Managed Services",
    "subdomain": "lantern",
    "status": "enabled",
    "support_type": "huntress_supported",
    "neighborhood_watch": {"edr": 0, "ispm": 0, "itdr": 0, "sat": 0, "siem": 0},
}
USER = {"id": 8001, "email": "billing@lantern.example", "name": "Billing Sync"}
RESELLER = {"id": 6001, "name": "Lantern Distribution"}
PLAN = "Huntress Managed EDR + ITDR + SAT + SIEM"
LAST_INVOICE_ID, NEW_INVOICE_ID = 5002, 5003
_CYCLE = timedelta(days=30)


def huntress_state(
    organizations: Iterable[Organization], *, now: datetime, reseller: bool
) -> HuntressState:
    """The account before the new invoice: two old invoices and today's counts."""
    every_organization = tuple(organizations)
    agents = sum(each.uses.get("edr", 0) for each in every_organization)
    old = (
        invoice(5001, "paid", quantity=agents - 22, at=now - timedelta(days=61)),
        invoice(LAST_INVOICE_ID, "paid", quantity=agents - 9, at=now - _CYCLE),
    )
    return HuntressState(
        account=dict(ACCOUNT),
        user=dict(USER),
        reseller=dict(RESELLER) if reseller else None,
        invoices={each["id"]: each for each in old},
        organizations={each.id: _listed(each, now=now) for each in every_organization},
        actual_usages={each.id: _actual_usages(each, now=now) for each in every_organization},
        usages_as_text={each.id for each in every_organization if each.id % 4 == 0},
        organization_lines={
            LAST_INVOICE_ID: _organization_lines(every_organization, now=now - _CYCLE),
            NEW_INVOICE_ID: _organization_lines(every_organization, now=now),
        },
        account_lines={NEW_INVOICE_ID: _account_lines(every_organization, now=now)},
    )


def invoice(invoice_id: int, status: str, *, quantity: int, at: datetime) -> Record:
    """An invoice; Huntress's quantity counts agents, its amount is in cents."""
    return {
        "id": invoice_id,
        "amount": quantity * 210,
        "created_at": _time(at),
        "currency_type": "usd",
        "plan": PLAN,
        "quantity": quantity,
        "receipt": f"https://pay.stripe.example/invoice/{invoice_id}",
        "status": status,
        "has_usage": True,
        "updated_at": _time(at),
    }


def _listed(organization: Organization, *, now: datetime) -> Record:
    """A line of the organizations list, with the old fields that Huntress still sends."""
    shown = {**organization.uses, **organization.listed_only}
    return {
        "id": organization.id,
        "account_id": ACCOUNT["id"],
        "name": organization.name,
        "key": organization.name.lower().replace(" ", "-"),
        "agents_count": shown.get("edr", 0) + organization.quiet_agents,
        "billable_identity_count": shown.get("itdr", 0),
        "sat_learner_count": shown.get("sat", 0),
        "logs_sources_count": shown.get("siem", 0),
        "incident_reports_count": organization.id % 3,
        "identity_provider_tenant_id": _tenant(organization, "microsoft"),
        "report_recipients": [],
        "microsoft_365_tenant_id": _tenant(organization, "microsoft"),
        "microsoft_365_users_count": 0,
        "notify_emails": [],
        "created_at": _time(now - timedelta(days=400)),
        "updated_at": _time(now - timedelta(days=organization.id % 20)),
    }


def _actual_usages(organization: Organization, *, now: datetime) -> Record:
    entries: dict[str, Any] = {
        "edr": lambda units: {
            "billable_agents_count": units,
            "unresponsive_agents_count": organization.quiet_agents,
            "outdated_agents_count": organization.outdated_agents,
            "isolated_agents_count": 0,
        },
        "itdr": lambda units: _identities(organization, units),
        "sat": lambda units: {"learners_count": units},
        "siem": lambda units: _log_sources(units, now=now),
        "ispm": lambda units: [_identity_provider(organization, "microsoft", units)],
    }
    return {product: entries[product](units) for product, units in organization.uses.items()}


def _identities(organization: Organization, units: int) -> list[Record]:
    """One entry for each identity provider; every third organization has two of them."""
    google = units // 4 if organization.id % 3 == 0 else 0
    found = [_identity_provider(organization, "microsoft", units - google)]
    if google:
        found.append(_identity_provider(organization, "google", google))
    return found


def _identity_provider(organization: Organization, kind: str, units: int) -> Record:
    return {
        "type": kind,
        "identity_provider_tenant_id": _tenant(organization, kind),
        "billable_identities_count": units,
        "total_identities_count": units + 5,
    }


def _log_sources(units: int, *, now: datetime) -> Record:
    def cycle(back: int) -> Record:
        start = now - timedelta(days=30 * (back + 1))
        return {
            "online_gb": round(units * 1.7, 2),
            "service_period_start": _time(start),
            "service_period_end": _time(start + timedelta(days=30)),
        }

    return {
        "billable_log_sources_count": units,
        "retention": "90/7",
        "current_billing_cycle": cycle(0),
        "previous_billing_cycle": cycle(1),
    }


def _organization_lines(organizations: tuple[Organization, ...], *, now: datetime) -> list[Record]:
    account = {key: ACCOUNT[key] for key in ("id", "name", "subdomain")}
    return [
        {
            "id": 40_000 + each.id,
            "period_start": _time(now - timedelta(days=30)),
            "period_end": _time(now),
            "account": account,
            "organization": {"id": each.id, "name": each.name},
            "actual_usage": dict(each.uses),
        }
        for each in organizations
    ]


def _account_lines(organizations: tuple[Organization, ...], *, now: datetime) -> list[Record]:
    account = {key: ACCOUNT[key] for key in ("id", "name", "subdomain")}
    lines = []
    for number, product in enumerate(("edr", "itdr", "sat", "siem", "ispm")):
        actual = sum(each.uses.get(product, 0) for each in organizations)
        lines.append(
            {
                "id": 50_000 + number,
                "period_start": _spaced_time(now - timedelta(days=30)),
                "period_end": _spaced_time(now),
                "account": account,
                "product": product,
                "subscription": {
                    "start_date": _spaced_time(now - timedelta(days=400)),
                    "end_date": _spaced_time(now + timedelta(days=330)),
                    "minimum": 50,
                },
                "usage": {"billable": max(actual, 50), "non_billable": 0, "actual": actual},
            }
        )
    return lines


def _tenant(organization: Organization, kind: str) -> str:
    return str(uuid5(NAMESPACE_DNS, f"{kind}.{organization.id}.lantern.example"))


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _spaced_time(at: datetime) -> str:
    """The second form that Huntress uses, on account usage lines."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
