"""The seeded companies, agreements and additions as ConnectWise writes them."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from tools.sandbox.vendors.connectwise_security import least_privilege
from tools.sandbox.vendors.connectwise_state import ConnectWiseState, Record, vendor_time
from tools.sandbox.world.catalog import ITEMS, Item
from tools.sandbox.world.seed_types import Addition, Agreement, Company, addition_id, agreement_id

_BILLING_CYCLES = {"Monthly": 2, "Annual": 5}
MEMBER = {
    "id": 312,
    "identifier": "BillingSync",
    "firstName": "Billing",
    "lastName": "Sync",
    "fullName": "Billing Sync",
    "licenseClass": "A",
    "inactiveFlag": False,
}

US_DOLLARS = {
    "id": 1,
    "symbol": "$",
    "currencyCode": "USD",
    "numberOfDecimals": 2,
    "currencyIdentifier": "Base",
    "name": "US Dollars",
}

OWN_MEMBER = {
    "adminFlag": False,
    "structureLevel": {"id": 1, "name": "Corporate"},
    "restrictLocationFlag": False,
    "restrictDepartmentFlag": False,
}


def connectwise_state(companies: Iterable[Company], *, now: datetime) -> ConnectWiseState:
    """Everything in ConnectWise; the API member's role has the least rights that suffice."""
    every_company = tuple(companies)
    return ConnectWiseState(
        member=dict(MEMBER),
        own_member=dict(OWN_MEMBER),
        security=least_privilege(),
        companies={each.id: _company(each, now=now) for each in every_company},
        agreements={
            record["id"]: record for each in every_company for record in _agreements(each, now=now)
        },
        additions={
            record["id"]: record for each in every_company for record in _additions(each, now=now)
        },
        catalog={item.id: _catalog_item(item, now=now) for item in ITEMS.values()},
        my_agreement_ids={agreement_id(each, 0) for each in every_company[:5]},
    )


def _company(company: Company, *, now: datetime) -> Record:
    return {
        **_company_reference(company),
        "status": {"id": 1, "name": "Active"},
        "deletedFlag": False,
        "types": [{"id": 3, "name": "Customer"}],
        "_info": _saved(now, days_ago=200),
    }


def _company_reference(company: Company) -> Record:
    code = re.sub(r"[^A-Za-z0-9]", "", company.name)[:30]
    return {"id": company.id, "identifier": code, "name": company.name}


def _agreements(company: Company, *, now: datetime) -> Iterator[Record]:
    first = company.agreements[0]
    for position, agreement in enumerate(company.agreements):
        record = _agreement(company, agreement, position, now=now)
        if agreement.child:
            record["parentAgreement"] = {
                "id": agreement_id(company, 0),
                "name": f"{first.name} - {company.name}",
                "type": "Managed Services",
                "chargeFirmFlag": False,
            }
        yield record


def _agreement(company: Company, agreement: Agreement, position: int, *, now: datetime) -> Record:
    """Unset values are left out, as ConnectWise does."""
    cycle = agreement.billing_cycle
    return _without_unset(
        {
            "id": agreement_id(company, position),
            "name": f"{agreement.name} - {company.name}",
            "type": {"id": 9, "name": "Managed Services"},
            "company": _company_reference(company),
            "contact": {"id": company.id + 4000, "name": "Accounts Payable"},
            "startDate": _date(now, agreement.starts),
            "endDate": _date(now, agreement.ends),
            "noEndingDateFlag": agreement.ends is None,
            "cancelledFlag": agreement.cancelled is not None,
            "dateCancelled": _date(now, agreement.cancelled),
            "applicationUnits": "Amount",
            "billingCycle": {"id": _BILLING_CYCLES[cycle], "name": cycle},
            "billAmount": 0.0,
            "billStartDate": _date(now, agreement.starts),
            "prorateFlag": True,
            "billProducts": "Billable",
            "currency": dict(US_DOLLARS),
            "periodType": "Current",
            "nextInvoiceDate": _date(now, 12),
            "agreementStatus": agreement.status,
            "_info": _saved(now, days_ago=90),
        }
    )


def _additions(company: Company, *, now: datetime) -> Iterator[Record]:
    for position, agreement in enumerate(company.agreements):
        owner = agreement_id(company, position)
        for line, addition in enumerate(agreement.additions):
            yield _addition(addition, owner=owner, position=line, now=now)


def _addition(addition: Addition, *, owner: int, position: int, now: datetime) -> Record:
    item = ITEMS[addition.product]
    return _without_unset(
        {
            "id": addition_id(owner, position),
            "product": {"id": item.id, "identifier": item.identifier, "serializedFlag": False},
            "quantity": addition.quantity,
            "lessIncluded": addition.less_included,
            "unitPrice": item.price,
            "unitCost": item.cost,
            "billCustomer": addition.bill,
            "effectiveDate": _date(now, addition.effective),
            "cancelledDate": _date(now, addition.cancelled),
            "taxableFlag": True,
            "invoiceDescription": item.description,
            "purchaseItemFlag": False,
            "specialOrderFlag": False,
            "agreementId": owner,
            "description": item.description,
            "uom": "Each",
            "sequenceNumber": float(position + 1),
            "_info": _saved(now, days_ago=30),
        }
    )


def _catalog_item(item: Item, *, now: datetime) -> Record:
    return {
        "id": item.id,
        "identifier": item.identifier,
        "description": item.description,
        "customerDescription": item.description,
        "inactiveFlag": item.inactive,
        "subcategory": {"id": 61, "name": "Security"},
        "type": {"id": 14, "name": "Managed Security"},
        "productClass": item.product_class,
        "price": item.price,
        "cost": item.cost,
        "recurringFlag": True,
        "_info": _saved(now, days_ago=300),
    }


def _without_unset(record: dict[str, Any]) -> Record:
    return {name: value for name, value in record.items() if value is not None}


def _date(now: datetime, days: int | None) -> str | None:
    """A calendar date, written as midnight UTC."""
    if days is None:
        return None
    return vendor_time(now + timedelta(days=days))[:10] + "T00:00:00Z"


def _saved(now: datetime, *, days_ago: int) -> Record:
    return {"lastUpdated": vendor_time(now - timedelta(days=days_ago)), "updatedBy": "jmarsh"}
