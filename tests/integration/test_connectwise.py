"""ConnectWise one record at a time: where it lives and what a record must not lack."""

from datetime import date
from decimal import Decimal

import pytest

from billing_sync.adapters.connectwise.client import ConnectWiseClient
from billing_sync.domain.errors import (
    Blocked,
    CredentialsRejected,
    NotFound,
)
from billing_sync.domain.vendors.connectwise import BillCustomer, CatalogItem, Member, SecurityLevel
from tests.integration.connectwise_script import (
    AGREEMENTS,
    API,
    COMPANY_INFO,
    addition,
    agreement,
)
from tests.integration.scripted_server import Reply, ScriptedServer

ADDITION = f"{API}/finance/agreements/214/additions/90311"


def test_calls_go_to_the_codebase_of_the_company_which_is_asked_once(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(f"GET {API}/system/myMembers/info", Reply({"id": 5, "identifier": "sync"}))

    assert connectwise.member() == Member(id=5, identifier="sync", name="sync")
    connectwise.member()

    lookup, first, _ = server.asked
    assert (lookup.path, "authorization" in lookup.headers) == ("/login/companyinfo/acme", False)
    assert first.headers["accept"] == "application/vnd.connectwise.com+json; version=2025.1"
    assert first.headers["clientid"] == "0000-1111"
    assert first.headers["authorization"] == "Basic YWNtZStQVUJMSUM6UFJJVkFURQ=="


def test_a_company_connectwise_does_not_know_is_named(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(COMPANY_INFO, Reply(None))

    with pytest.raises(CredentialsRejected, match="'acme': correct login_company"):
        connectwise.member()


@pytest.mark.parametrize(
    "reply", [Reply({}, 404), Reply({"Codebase": "../../x/"}), Reply({}, 500), Reply(["odd"])]
)
def test_without_a_codebase_the_router_is_used(
    server: ScriptedServer, connectwise: ConnectWiseClient, reply: Reply
) -> None:
    server.on(COMPANY_INFO, reply)
    server.on("GET /v4_6_release/apis/3.0/system/myMembers/info", Reply({"id": 5}))

    assert connectwise.member().id == 5


def test_a_cloud_upgrade_under_way_is_followed(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(COMPANY_INFO, Reply({"Codebase": "v2025_1/"}), Reply({"Codebase": "v2025_2/"}))
    server.on(f"GET {API}/finance/agreements/214", Reply({}, 404))
    server.on("GET /v2025_2/apis/3.0/finance/agreements/214", Reply(agreement(214)))

    assert connectwise.agreement(214).id == 214


def test_a_record_that_is_gone_is_not_found(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(f"GET {API}/procurement/catalog/518", Reply({"code": "NotFound"}, 404))

    with pytest.raises(NotFound, match="the company or the keys are wrong"):
        connectwise.catalog_item(518)


def test_a_member_that_is_not_found_means_wrong_credentials(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(f"GET {API}/system/myMembers/info", Reply({"code": "NotFound"}, 404))

    with pytest.raises(CredentialsRejected):
        connectwise.member()


def test_an_agreement_has_calendar_dates_and_tells_unset_ones_as_none(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    row = agreement(
        214, endDate="", dateCancelled=None, parentAgreement={"id": 200, "name": "Parent"}
    )
    server.on(f"{AGREEMENTS}/214", Reply(row))

    read = connectwise.agreement(214)

    assert (read.start_date, read.end_date, read.cancelled_date) == (date(2024, 3, 1), None, None)
    assert (read.company_id, read.type_id, read.parent_id) == (1207, 9, 200)
    assert (read.status, read.cancelled, read.billing_cycle) == ("Active", False, "Monthly")


def test_an_addition_is_read_exactly_and_whole(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(f"GET {ADDITION}", Reply(addition(90311, quantity=12.10, lessIncluded=None)))

    read = connectwise.addition(214, 90311)

    assert (read.quantity, read.less_included) == (Decimal("12.1"), Decimal(0))
    assert (read.unit_price, read.bill_customer) == (Decimal("6.5"), BillCustomer.BILLABLE)
    assert (read.catalog_item_id, read.catalog_item_identifier) == (518, "SEC-EDR-SEAT")
    assert (read.last_updated, read.updated_by) == ("2025-05-31T23:10:05Z", "BillingSync")
    assert "fields" not in server.asked[-1].query


@pytest.mark.parametrize(
    "broken", [{"quantity": None}, {"quantity": "many"}, {"billCustomer": "Perhaps"}]
)
def test_an_addition_without_what_billing_needs_is_blocked(
    server: ScriptedServer, connectwise: ConnectWiseClient, broken: dict[str, object]
) -> None:
    server.on(f"GET {ADDITION}", Reply(addition(90311, **broken)))

    with pytest.raises(Blocked, match=f"addition 90311 cannot be used: {next(iter(broken))}"):
        connectwise.addition(214, 90311)


def test_the_role_is_read_with_every_label_there_is(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    named = {"moduleName": " Finance ", "moduleFunctionDescription": "Agreements"}
    levels = {"inquireLevel": "All", "editLevel": "All", "addLevel": "None", "deleteLevel": None}
    server.on(f"GET {API}/system/mySecurity", Reply([{**named, **levels, "customFlag": True}]))

    assert connectwise.setup.security() == (
        SecurityLevel(
            *("Finance", "Agreements", "All", "None", "All", ""),
            customized=True,
            module_labels=("Finance",),
            function_labels=("Agreements",),
        ),
    )


def test_the_catalog_is_read_to_its_end(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    rows = [{"id": number, "identifier": f"ITEM-{number}"} for number in range(1, 1002)]
    last = {**rows[-1], "productClass": "Agreement", "price": 0.10, "inactiveFlag": True}
    server.on(f"GET {API}/procurement/catalog/count", Reply({"count": 1001}))
    server.on(f"GET {API}/procurement/catalog", Reply(rows[:1000]), Reply([last]))

    catalog = connectwise.catalog()

    assert len(catalog) == 1001
    assert catalog[-1] == CatalogItem(
        1001, "ITEM-1001", "", "Agreement", inactive=True, price=Decimal("0.1"), cost=None
    )
    assert [asked.query["page"] for asked in server.asked[2:]] == ["1", "2"]


@pytest.mark.parametrize(
    "refusal",
    [
        Reply({"code": "ApiFindCondition", "message": "not a recognized name"}, 400),
        Reply(raw=b"<html>", status=403, content_type="text/html"),
    ],
    ids=["ConnectWise", "a firewall"],
)
def test_a_search_whose_condition_is_refused_reads_the_whole_catalog(
    server: ScriptedServer, connectwise: ConnectWiseClient, refusal: Reply
) -> None:
    rows = [{"id": 7, "identifier": "EDR-SEAT"}, {"id": 8, "identifier": "SAT-SEAT"}]
    server.on(f"GET {API}/procurement/catalog/count", refusal, Reply({"count": 2}))
    server.on(f"GET {API}/procurement/catalog", Reply(rows))

    assert [item.id for item in connectwise.catalog("edr")] == [7]
