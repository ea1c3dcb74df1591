"""The stand-in for ConnectWise over HTTP, surprises included."""

from datetime import UTC, datetime

import pytest
import requests

from tests.integration.connectwise_caller import Caller
from tools.sandbox.vendors.connectwise import DEMO_CLIENT_ID, ConnectWiseFake
from tools.sandbox.vendors.connectwise_security import AGREEMENTS, security_row
from tools.sandbox.world.build import build_world

NOW = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)
HARBOUR_EDR = "/finance/agreements/2500/additions/250001"


@pytest.fixture
def fake():
    with ConnectWiseFake(build_world(NOW).connectwise, clock=lambda: NOW) as fake:
        yield fake


@pytest.fixture
def session():
    with requests.Session() as session:
        session.trust_env = False
        session.auth = ("demo+pub", "priv")
        session.headers["clientId"] = DEMO_CLIENT_ID
        yield session


@pytest.fixture
def api(fake, session):
    return Caller(session, fake)


def test_companyinfo_needs_no_credentials_and_is_null_for_an_unknown_company(fake):
    known = requests.get(f"{fake.url}/login/companyinfo/demo", timeout=5)
    unknown = requests.get(f"{fake.url}/login/companyinfo/nobody", timeout=5)
    assert known.json()["Codebase"] == "v2025_1/"
    assert (unknown.status_code, unknown.json()) == (200, None)


@pytest.mark.parametrize(
    ("codebase", "as_404", "status"),
    [("v2025_1", True, 401), ("v4_6_release", False, 401), ("v4_6_release", True, 404)],
)
def test_wrong_keys_are_404_only_on_the_clouds_router(fake, session, codebase, as_404, status):
    fake.wrong_credentials_as_404 = as_404
    session.auth = ("demo+pub", "wrong")
    assert Caller(session, fake, codebase=codebase).get("/system/info").status_code == status


def test_a_missing_client_id_is_403(api, session):
    del session.headers["clientId"]
    reply = api.get("/system/myMembers/info")
    assert (reply.status_code, reply.json()["code"]) == (403, "Security")


def test_an_upgrade_moves_the_codebase_and_leaves_the_router(fake, session, api):
    fake.codebase = "v2026_1/"
    assert api.get("/system/info").status_code == 404
    router = Caller(session, fake, codebase="v4_6_release")
    assert router.get("/system/info").status_code == 200


def test_lists_give_25_rows_unless_asked_and_never_more_than_1000(fake, api):
    template = fake.state.agreements[2500]
    for number in range(90_000, 91_100):
        fake.state.agreements[number] = {**template, "id": number}
    assert len(api.get("/finance/agreements").json()) == 25
    first = api.get("/finance/agreements", pageSize=5000, orderBy="id asc")
    second = api.get("/finance/agreements", pageSize=5000, orderBy="id asc", page=2)
    total = api.get("/finance/agreements/count").json()["count"]
    assert (len(first.json()), len(first.json()) + len(second.json())) == (1000, total)
    assert 'rel="next"' in first.headers["Link"]
    assert api.get("/finance/agreements", page=99).json() == []


def test_conditions_fields_and_order_work_together(api):
    rows = api.get(
        "/finance/agreements",
        conditions='company/id in (258,256) and agreementStatus="Active"',
        fields="id,company/id,parentAgreement/id",
        orderBy="id desc",
    ).json()
    assert rows == [
        {"id": 2581, "company": {"id": 258}, "parentAgreement": {"id": 2580}},
        {"id": 2580, "company": {"id": 258}},
    ]


def test_info_comes_only_when_listed(api):
    assert api.get(HARBOUR_EDR, fields="id").json() == {"id": 250001}
    assert "lastUpdated" in api.get(HARBOUR_EDR, fields="id,_info").json()["_info"]


@pytest.mark.parametrize(
    "query",
    [
        {"conditions": "invoiceDate=null"},
        {"conditions": 'agreementStatus="Canceled"'},
        {"fields": "id,nonsense"},
        {"orderBy": "nonsense asc"},
        {"page": "0"},
    ],
)
def test_what_it_does_not_know_is_400(api, query):
    reply = api.get("/finance/agreements", **query)
    assert (reply.status_code, reply.json()["code"]) == (400, "ApiFindCondition")


def test_a_url_of_more_than_2000_characters_is_refused(api):
    ids = ",".join(str(number) for number in range(100_000, 100_300))
    assert api.get("/finance/agreements", conditions=f"id in ({ids})").status_code == 414


def test_unset_values_are_left_out_and_numbers_are_doubles(api):
    reply = api.get(HARBOUR_EDR)
    assert '"quantity": 61.0' in reply.text
    assert '"billedQuantity": 61.0' in reply.text
    assert "cancelledDate" not in reply.json()


def test_a_role_without_a_level_gets_403_where_the_level_is_needed(fake, api):
    fake.state.security[:] = [security_row(AGREEMENTS, inquire="All", id_=1)]
    assert api.get(HARBOUR_EDR).status_code == 200
    patched, listed = api.replace(HARBOUR_EDR, "quantity", 1), api.get("/procurement/catalog")
    assert (patched.status_code, listed.status_code) == (403, 403)
    assert patched.json()["code"] == "Security"
    assert api.get("/company/companies").status_code == 403
    assert [row["inquireLevel"] for row in api.get("/system/mySecurity").json()] == ["All"]


def test_level_my_and_an_allow_list_shorten_lists_without_a_word(fake, api):
    whole = api.get("/finance/agreements/count").json()["count"]
    fake.state.customize_items.append(
        {"id": 7, "customizeIdentifier": "FinanceAgreements", "itemIdentifier": "Backup"}
    )
    assert api.get("/finance/agreements/count").json()["count"] == 0
    fake.state.customize_items.clear()
    fake.state.security[:] = [security_row(AGREEMENTS, inquire="My", edit="All", id_=1)]
    assert 0 < api.get("/finance/agreements/count").json()["count"] < whole


def test_a_bundle_reads_several_agreements_and_each_part_has_its_own_outcome(fake, api):
    results = api.bundle(2500, 999999, 2581).json()["results"]
    assert [(part["sequenceNumber"], part["statusCode"], part["count"]) for part in results] == [
        (2500, 200, 3),
        (999999, 404, 0),
        (2581, 200, 3),
    ]
    assert results[0]["entities"][0] == api.get(HARBOUR_EDR).json()


def test_bundles_can_be_missing(fake, api):
    fake.bundles_status = 404
    assert api.bundle(2500).status_code == 404


def test_a_parent_lists_its_childs_additions_only_when_told_to(fake, api):
    def ids():
        return [row["id"] for row in api.get("/finance/agreements/2580/additions").json()]

    own = ids()
    fake.resources.show_child_additions = True
    assert (own, ids()) == ([258001], [258001, 258101, 258102, 258103])


def test_the_catalog_and_the_companies_can_be_read(fake, api):
    item = api.get("/procurement/catalog", conditions="id in (101)").json()
    assert [row["identifier"] for row in item] == ["HUNTRESS-EDR"]
    assert api.get("/procurement/catalog/101").json()["productClass"] == "Agreement"
    assert api.get("/procurement/catalog/424242").status_code == 404
