"""Huntress's lists and records: read to the end, each once, and never taken for another."""

from datetime import UTC, datetime
from typing import Any

import pytest

from billing_sync.adapters.huntress.client import HuntressClient
from billing_sync.domain.errors import NotFound, PermissionDenied, Retryable
from billing_sync.domain.vendors.huntress import Actor, InvoiceSource, Organization
from billing_sync.domain.vendors.usage import Product
from tests.integration.scripted_server import Reply, ScriptedServer

ACCOUNT, RESELLER = InvoiceSource.ACCOUNT, InvoiceSource.RESELLER
INVOICE = {
    "id": 1,
    "amount": 30300,
    "currency_type": "USD",
    "plan": "Huntress Partner 100 Agents",
    "quantity": 101,
    "status": "Paid",
    "has_usage": True,
    "created_at": "2026-03-01T20:56:15Z",
}


def page(plural: str, rows: list[Any], token: str | None = None) -> Reply:
    return Reply({plural: rows, "pagination": {"next_page_token": token} if token else {}})


@pytest.mark.parametrize(
    ("reply", "actor"),
    [
        (
            {"account": {"id": 1, "name": "Our MSP"}, "user": {"id": 2, "email": "a@b.example"}},
            Actor(ACCOUNT, "Our MSP", "a@b.example"),
        ),
        ({"reseller": {"id": 3, "name": "Big Reseller"}}, Actor(RESELLER, "Big Reseller", "")),
    ],
)
def test_the_credentials_tell_whose_invoices_count(
    server: ScriptedServer, huntress: HuntressClient, reply: object, actor: Actor
) -> None:
    server.on("GET /v1/actor", Reply(reply))

    assert huntress.actor() == actor


def test_credentials_of_nobody_are_not_taken_for_an_account(
    server: ScriptedServer, huntress: HuntressClient
) -> None:
    server.on("GET /v1/actor", Reply({"user": {"id": 2}}))

    with pytest.raises(Retryable, match="neither an account nor a reseller"):
        huntress.actor()


def test_invoices_come_from_all_pages_oldest_first_and_once(
    server: ScriptedServer, huntress: HuntressClient
) -> None:
    newer = {**INVOICE, "id": 9, "created_at": "2026-05-01 20:56:15 UTC", "status": "open"}
    older = {**INVOICE, "id": 12, "created_at": "2026-02-01T20:56:15.123Z"}
    server.on(
        "GET /v1/invoices",
        page("invoices", [newer, INVOICE], "t2"),
        page("invoices", [INVOICE, older]),
    )

    invoices = huntress.invoices(ACCOUNT)

    assert [invoice.id for invoice in invoices] == [12, 1, 9]
    assert invoices[2].created_at == datetime(2026, 5, 1, 20, 56, 15, tzinfo=UTC)
    assert (invoices[1].status, invoices[1].currency, invoices[1].amount) == ("paid", "usd", 30300)
    first, second = server.asked
    assert first.query == {"limit": "500", "sort_field": "created_at", "sort_direction": "desc"}
    assert second.query == {**first.query, "page_token": "t2"}


def test_reseller_invoices_are_sorted_here(
    server: ScriptedServer, huntress: HuntressClient
) -> None:
    rows = [{**INVOICE, "id": n, "created_at": f"2026-0{n}-01T00:00:00Z"} for n in (2, 3, 1)]
    server.on("GET /v1/reseller/invoices", page("invoices", rows))

    assert [invoice.id for invoice in huntress.invoices(RESELLER)] == [1, 2, 3]
    assert server.asked[0].query == {"limit": "500"}


def test_an_invoice_that_does_not_say_it_has_usage_has_none(
    server: ScriptedServer, huntress: HuntressClient
) -> None:
    server.on("GET /v1/invoices/1", Reply({"invoice": {**INVOICE, "has_usage": None}}))

    assert huntress.invoice(ACCOUNT, 1).has_usage is False


@pytest.mark.parametrize("broken", [{"created_at": None}, {"created_at": "soon"}, {"status": None}])
def test_an_invoice_without_time_or_status_is_not_dropped_in_silence(
    server: ScriptedServer, huntress: HuntressClient, broken: dict[str, object]
) -> None:
    server.on("GET /v1/invoices", page("invoices", [INVOICE, {**INVOICE, "id": 2, **broken}]))

    with pytest.raises(Retryable, match=next(iter(broken))):
        huntress.invoices(ACCOUNT)


def test_another_invoice_than_asked_for_is_not_taken(
    server: ScriptedServer, huntress: HuntressClient
) -> None:
    server.on("GET /v1/invoices/5", Reply({"invoice": INVOICE}))

    with pytest.raises(Retryable, match="asked for invoice 5"):
        huntress.invoice(ACCOUNT, 5)


def test_organizations_keep_the_counts_that_the_list_has(
    server: ScriptedServer, huntress: HuntressClient
) -> None:
    acme = {"id": 7, "name": "Acme", "agents_count": 44, "billable_identity_count": 150}
    bolt = {"id": 3, "name": "Bolt", "sat_learner_count": 0, "logs_sources_count": None}
    server.on("GET /v1/organizations", page("organizations", [acme, bolt]))

    assert huntress.organizations(ACCOUNT) == (
        Organization(3, "Bolt", {Product.SAT: 0}),
        Organization(7, "Acme", {Product.EDR: 44, Product.ITDR: 150}),
    )


def test_a_page_that_comes_twice_makes_the_list_incomplete(
    server: ScriptedServer, huntress: HuntressClient
) -> None:
    server.on("GET /v1/organizations", page("organizations", [{"id": 7}], "again"))

    with pytest.raises(Retryable, match="incomplete"):
        huntress.organizations(ACCOUNT)


@pytest.mark.parametrize("reply", [{}, [], {"organizations": None}, {"organizations": ["Acme"]}])
def test_a_list_in_another_shape_is_not_an_empty_list(
    server: ScriptedServer, huntress: HuntressClient, reply: object
) -> None:
    server.on("GET /v1/organizations", Reply(reply))

    with pytest.raises(Retryable):
        huntress.organizations(ACCOUNT)


def test_a_reseller_sees_the_organizations_of_all_its_accounts(
    server: ScriptedServer, huntress: HuntressClient
) -> None:
    server.on(
        "GET /v1/accounts", page("accounts", [{"id": 5}], "t2"), page("accounts", [{"id": 6}])
    )
    server.on("GET /v1/accounts/5/organizations", page("organizations", [{"id": 70}]))
    server.on("GET /v1/accounts/6/organizations", page("organizations", [{"id": 60}]))

    assert [each.id for each in huntress.organizations(RESELLER)] == [60, 70]


def test_a_reseller_invoice_has_its_own_usage_lines(
    server: ScriptedServer, huntress: HuntressClient
) -> None:
    name = "organization_usage_line_items"
    line = {
        "id": 1,
        "period_start": "2026-02-11T14:12:08Z",
        "period_end": "2026-03-11T14:12:08Z",
        "organization": {"id": 123, "name": "Willy Wonka"},
        "actual_usage": {"edr": 400, "itdr": 20, "siem": None},
    }
    server.on(
        f"GET /v1/reseller/invoices/4/{name}",
        page(name, [line, {**line, "id": 2}], "t2"),
        page(name, [line]),
    )

    lines = huntress.usage_lines(4)

    assert [each.organization_id for each in lines] == [123, 123]
    assert lines[0].period.end == datetime(2026, 3, 11, 14, 12, 8, tzinfo=UTC)
    assert [(reading.product, reading.units) for reading in lines[0].readings] == [
        (Product.EDR, 400),
        (Product.ITDR, 20),
        (Product.SIEM, None),
    ]


def test_refusals_name_the_way_out(server: ScriptedServer, huntress: HuntressClient) -> None:
    denied = Reply({"error": "forbidden"}, 403)
    server.on("GET /v1/invoices", denied)
    server.on("GET /v1/reseller/invoices", denied)
    server.on("GET /v1/organizations/7", Reply({}, 404))

    with pytest.raises(PermissionDenied, match="give it Admin"):
        huntress.invoices(ACCOUNT)
    with pytest.raises(PermissionDenied, match="Only reseller credentials"):
        huntress.invoices(RESELLER)
    with pytest.raises(NotFound):
        huntress.organization(7)
