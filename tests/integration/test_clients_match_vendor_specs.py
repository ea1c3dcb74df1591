"""What the product asks and reads of the vendors is in their contracts (tests/vendor_specs)."""

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from billing_sync.adapters.aws.secrets import ConnectWiseCredentials, HuntressCredentials
from billing_sync.adapters.connectwise import replies as connectwise_replies
from billing_sync.adapters.connectwise import setup_replies as connectwise_setup_replies
from billing_sync.adapters.connectwise.client import ConnectWiseClient
from billing_sync.adapters.connectwise.replies import AdditionReply, AgreementReply, BundleReply
from billing_sync.adapters.connectwise.setup_replies import (
    CatalogItemReply,
    CompanyReply,
    CustomizeReply,
    MemberReply,
    OwnMemberReply,
    SaveReply,
    SecurityReply,
    SiteReply,
)
from billing_sync.adapters.huntress import replies as huntress_replies
from billing_sync.adapters.huntress.client import HuntressClient
from billing_sync.adapters.huntress.replies import (
    AccountReply,
    ActorReply,
    InvoiceReply,
    OrganizationReply,
    UsageLineReply,
)
from billing_sync.domain.vendors.huntress import InvoiceSource
from billing_sync.domain.vendors.usage import Product
from tests.integration.scripted_server import StandStill
from tests.vendor_specs.contract import Contract
from tools.sandbox.vendors.connectwise import DEMO_CLIENT_ID, ConnectWiseFake
from tools.sandbox.vendors.huntress import HuntressFake
from tools.sandbox.world.build import build_world

NOW = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)
HUNTRESS, CONNECTWISE = Contract.of("huntress"), Contract.of("connectwise")
ACCOUNT, RESELLER = InvoiceSource.ACCOUNT, InvoiceSource.RESELLER

# Operations that the stand-ins offer and the product does not use.
NOT_CALLED = {
    "GET /v1/account",
    "GET /v1/reseller/invoices/{id}/account_usage_line_items",
    "GET /company/companies/{id}",
    "GET /system/info",
}

READERS: list[tuple[Contract, str, type[BaseModel], Callable[[Any], object]]] = [
    (HUNTRESS, "Actor", ActorReply, ActorReply.actor),
    (HUNTRESS, "Account", AccountReply, AccountReply.model_dump),
    (HUNTRESS, "Invoice", InvoiceReply, lambda reply: reply.invoice(ACCOUNT)),
    (HUNTRESS, "Organization", OrganizationReply, OrganizationReply.organization),
    (
        *(HUNTRESS, "OrganizationWithActualProductUsages"),
        *(OrganizationReply, OrganizationReply.detail),
    ),
    (HUNTRESS, "OrganizationUsageLineItem", UsageLineReply, UsageLineReply.line),
    (CONNECTWISE, "Agreement", AgreementReply, AgreementReply.agreement),
    (CONNECTWISE, "Addition", AdditionReply, lambda reply: reply.addition(listed_under=1)),
    (CONNECTWISE, "BundleResultsCollection", BundleReply, BundleReply.model_dump),
    (CONNECTWISE, "CatalogItem", CatalogItemReply, CatalogItemReply.catalog_item),
    (CONNECTWISE, "Company", CompanyReply, CompanyReply.company),
    (CONNECTWISE, "MyMemberInfo", MemberReply, MemberReply.member),
    (CONNECTWISE, "MyMember", OwnMemberReply, OwnMemberReply.member),
    (CONNECTWISE, "AuditTrailEntry", SaveReply, SaveReply.save),
    (CONNECTWISE, "MySecurity", SecurityReply, SecurityReply.security_level),
    (CONNECTWISE, "MySecurityCustomizeItem", CustomizeReply, CustomizeReply.model_dump),
    (CONNECTWISE, "CompanyInfo", SiteReply, SiteReply.site),
]

# Fields that a reader has and the contract does not, where that is on purpose.
NOT_IN_CONTRACT = {
    "Organization.actual_usages": "one organization alone has it, the list does not",
    # One reader serves every reference: some have a name, some an identifier, some both.
    "Agreement.type.identifier": "has a name",
    "Agreement.billing_cycle.identifier": "has a name",
    "Agreement.parent_agreement.identifier": "has a name",
    "Addition.product.name": "has an identifier",
    "MyMember.structure_level.identifier": "has a name",
}

# What the contract allows and the product refuses, because it would have to guess.
REFUSED = {
    # Whose record it is.
    "Account id missing",
    "Actor account.id missing",
    "Actor reseller.id missing",
    "Agreement company.id missing",
    "Agreement company.id null",
    "Organization id missing",
    "OrganizationUsageLineItem organization missing",
    "OrganizationUsageLineItem organization.id missing",
    "OrganizationWithActualProductUsages id missing",
    # Whether an invoice counts, and when.
    "Invoice id missing",
    "Invoice status missing",
    "Invoice created_at missing",
    # What is billed, and how. A missing quantity is not zero.
    "Addition quantity missing",
    "Addition quantity null",
    "Addition billCustomer null",
    # When somebody saved an addition.
    "AuditTrailEntry enteredDate missing",
    # A site that does not know the login company: the client reports it before it is read.
    "CompanyInfo null",
}


def test_every_request_to_huntress_is_in_the_contract() -> None:
    called: set[str] = set()
    for source in (ACCOUNT, RESELLER):
        world = build_world(NOW, reseller=source is RESELLER)
        state = world.huntress
        state.invoices |= two_pages(world.new_invoice())
        state.organizations |= two_pages(next(iter(state.organizations.values())))
        state.organization_lines[5003] *= 20
        with HuntressFake(state) as fake:
            here, wrong = HUNTRESS.watch(fake)
            credentials = HuntressCredentials("hk_demo", "hs_demo", base_url=fake.url)
            timing = StandStill().timing
            client = HuntressClient(credentials, timing=timing, allow_loopback=True)
            assert client.actor().invoice_source is source
            assert client.invoices(source)
            assert client.invoice(source, 5003)
            organization = client.organizations(source)[0]
            if source is RESELLER:
                assert client.usage_lines(5003)
            else:
                assert client.organization(organization.id)
        assert wrong == []
        lists = {each.path for each in fake.requests if "page_token" in each.query}
        assert len(lists) == (3 if source is RESELLER else 2)
        called |= here

    assert called == set(HUNTRESS.operations) - NOT_CALLED


@pytest.fixture
def watched() -> Iterator[tuple[ConnectWiseClient, ConnectWiseFake, set[str], list[str]]]:
    with ConnectWiseFake(build_world(NOW).connectwise) as fake:
        called, wrong = CONNECTWISE.watch(fake)
        credentials = ConnectWiseCredentials(
            site=fake.url,
            login_company="demo",
            public_key="pub",
            private_key="priv",
            client_id=DEMO_CLIENT_ID,
            calls_per_minute=60_000,
        )
        timing = StandStill().timing
        client = ConnectWiseClient(credentials, timing=timing, allow_loopback=True)
        yield client, fake, called, wrong


def test_every_request_to_connectwise_is_in_the_contract(
    watched: tuple[ConnectWiseClient, ConnectWiseFake, set[str], list[str]],
) -> None:
    client, fake, called, wrong = watched
    assert client.member()
    assert client.setup.site()
    assert client.setup.security()
    assert client.setup.own_member()
    assert client.setup.customized() == ()
    (agreement_id,) = client.setup.active_agreements()
    assert client.setup.active_agreements((301, 302))
    assert client.setup.catalog_size()
    assert client.setup.additions(agreement_id)
    assert client.setup.bundle_problem([agreement_id]) == ""
    item = client.catalog()[0]
    assert client.catalog(item.identifier)
    assert client.catalog_item(item.id) == item
    agreements = client.all_active_agreements()
    for row in fake.state.security:  # what a sync does not need
        row["inquireLevel"] = "All"
    assert client.all_agreements() and client.companies()
    assert client.active_agreements([each.company_id for each in agreements])
    assert client.agreements_of([agreements[0].company_id])
    assert client.agreement(agreement_id)
    (first, *_) = client.additions([agreement_id], [item.id for item in client.catalog()]).additions
    assert client.set_quantity(agreement_id, first.id, Decimal(161))
    assert client.set_quantity(agreement_id, first.id, Decimal("61.5"))
    assert client.addition(agreement_id, first.id).quantity == Decimal("61.5")
    assert len(client.trail(first.id)) == 2
    fake.bundles_status = 404
    assert client.additions([agreement_id], [first.catalog_item_id or 0]).additions

    assert wrong == []
    assert called == set(CONNECTWISE.operations) - NOT_CALLED


def test_every_reply_that_the_product_reads_is_compared() -> None:
    modules = (huntress_replies, connectwise_replies, connectwise_setup_replies)
    found = {
        reply
        for module in modules
        for name, reply in inspect.getmembers(module, inspect.isclass)
        if issubclass(reply, BaseModel) and name.endswith("Reply") and reply.model_fields
    }
    assert found == {reader for _, _, reader, _ in READERS}


def test_every_field_that_the_product_reads_is_in_the_contract() -> None:
    unread = {
        each
        for contract, model, reader, _ in READERS
        for each in unset(reader.model_validate(contract.sample(contract.models[model])), model)
    }
    assert unread == set(NOT_IN_CONTRACT)


def test_the_product_reads_whatever_the_contract_allows() -> None:
    refused = set()
    for contract, model, reader, converted in READERS:
        for where, value in contract.variants(contract.models[model]):
            try:
                converted(reader.model_validate(value))
            except ValidationError:
                refused.add(f"{model} {where.strip()}")
    assert refused == REFUSED


def test_usage_is_read_of_every_product_that_the_contract_has() -> None:
    alone, line = "OrganizationWithActualProductUsages", "OrganizationUsageLineItem"
    detail = OrganizationReply.model_validate(HUNTRESS.sample(HUNTRESS.models[alone])).detail()
    usage = UsageLineReply.model_validate(HUNTRESS.sample(HUNTRESS.models[line])).line()

    for readings in (detail.readings, usage.readings):
        assert {each.product: each.units for each in readings} == dict.fromkeys(Product, 1)
    assert (detail.unrecognized, usage.unrecognized) == ((), ())
    edr = next(each for each in detail.readings if each.product is Product.EDR)
    assert (edr.unresponsive, edr.outdated) == (1, 1)
    assert {each.tenants for each in detail.readings} == {(), ("text",)}


def two_pages(record: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """More records than fit on one page of Huntress, by id."""
    return {number: {**record, "id": number} for number in range(record["id"], record["id"] + 501)}


def unset(record: BaseModel, path: str) -> Iterator[str]:
    """The fields that a reply did not have, in it and in the records inside it."""
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name not in record.model_fields_set:
            yield f"{path}.{name}"
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, BaseModel):
                yield from unset(inner, f"{path}.{name}")
