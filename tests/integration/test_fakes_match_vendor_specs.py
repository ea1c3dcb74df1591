"""Every reply of the stand-ins is in the vendors' contracts (tests/vendor_specs)."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from tests.vendor_specs.contract import Contract
from tools.sandbox.vendors.connectwise import DEMO_CLIENT_ID, ConnectWiseFake
from tools.sandbox.vendors.connectwise_errors import too_many_requests
from tools.sandbox.vendors.huntress import HuntressFake
from tools.sandbox.vendors.messages import Call, Reply
from tools.sandbox.world.build import build_world

NOW = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)
HUNTRESS, CONNECTWISE = Contract.of("huntress"), Contract.of("connectwise")
KEYWORDS = {
    *("type", "format", "enum", "required", "properties", "additionalProperties", "items"),
    *("anyOf", "$ref", "minimum", "maximum", "maxLength", "minItems"),
}

ACCOUNT_READS = (
    "/v1/actor",
    "/v1/account",
    "/v1/invoices",
    "/v1/invoices/5001",
    "/v1/organizations?limit=500",
    "/v1/organizations?limit=1&sort_field=name&sort_direction=asc",
    "/v1/organizations/11",
    "/v1/organizations/12",
    "/v1/organizations/33",
)
_RESELLER = "/v1/reseller/invoices"
RESELLER_READS = (
    "/v1/actor",
    "/v1/accounts",
    "/v1/accounts/7001/organizations?limit=100",
    _RESELLER,
    f"{_RESELLER}/5003",
    f"{_RESELLER}/5003/organization_usage_line_items?limit=100",
    f"{_RESELLER}/5003/account_usage_line_items",
)
_ADDITIONS = "/finance/agreements/2540/additions"
CONNECTWISE_READS = (
    "/finance/agreements?pageSize=1000",
    "/finance/agreements?fields=id,company/identifier&orderBy=id asc",
    "/finance/agreements/count",
    "/finance/agreements/2581",
    _ADDITIONS,
    f"{_ADDITIONS}/count",
    f"{_ADDITIONS}/254001",
    "/procurement/catalog",
    "/procurement/catalog/count",
    "/procurement/catalog/203",
    "/company/companies?pageSize=1000",
    "/company/companies/count",
    "/company/companies/250",
    "/system/info",
    "/system/myMembers",
    "/system/myMembers/info",
    "/system/mySecurity",
    "/system/mySecurity/customizeItems/",
    "/system/audittrail?type=AgreementAddition&id=250001",
)
QUANTITY = [{"op": "replace", "path": "quantity", "value": 63}]


@pytest.fixture
def connectwise() -> Iterator[ConnectWiseFake]:
    world = build_world(NOW)
    world.connectwise.security[-1]["inquireLevel"] = "All"
    allowed = {"customizeIdentifier": "FinanceAgreements", "itemIdentifier": "Managed Services"}
    world.connectwise.customize_items.append({"id": 7, **allowed})
    with ConnectWiseFake(world.connectwise) as fake:
        fake.edit_addition(250001, quantity=60.0)
        yield fake


def call(fake: ConnectWiseFake, method: str, path: str, body: object = None) -> requests.Response:
    return requests.request(
        method,
        f"{fake.url}/v2025_1/apis/3.0{path}",
        auth=("demo+pub", "priv"),
        headers={"clientId": DEMO_CLIENT_ID},
        json=body,
        timeout=5,
    )


def test_huntress_answers_every_operation_as_in_the_contract() -> None:
    called: set[str] = set()
    for reseller, paths in ((False, ACCOUNT_READS), (True, RESELLER_READS)):
        world = build_world(NOW, reseller=reseller)
        with HuntressFake(world.huntress) as fake:
            fake.add_invoice(world.new_invoice())
            here, wrong = HUNTRESS.watch(fake)
            for path in paths:
                reply = requests.get(fake.url + path, auth=("hk_demo", "hs_demo"), timeout=5)
                assert (reply.status_code, wrong) == (200, []), path
        called |= here

    assert called == set(HUNTRESS.operations)


def test_connectwise_answers_every_operation_as_in_the_contract(
    connectwise: ConnectWiseFake,
) -> None:
    called, wrong = CONNECTWISE.watch(connectwise)
    for path in CONNECTWISE_READS:
        reply = call(connectwise, "GET", path)
        assert (reply.status_code, wrong) == (200, []), path
        assert reply.json()
    for company in ("demo", "nobody"):
        requests.get(f"{connectwise.url}/login/companyinfo/{company}", timeout=5)
    assert call(connectwise, "PATCH", "/finance/agreements/2510/additions/251001", QUANTITY).ok
    parts = [
        {"sequenceNumber": each, "resourceType": "addition", "apiRequest": {"parentId": each}}
        for each in (2500, 999999)
    ]
    bundle = call(connectwise, "POST", "/system/bundles", {"requests": parts})

    assert [part["success"] for part in bundle.json()["results"]] == [True, False]
    assert (called, wrong) == (set(CONNECTWISE.operations), [])


def test_connectwise_refuses_as_in_the_contract() -> None:
    with ConnectWiseFake(build_world(NOW).connectwise) as fake:
        _, wrong = CONNECTWISE.watch(fake)
        statuses = [
            call(fake, "GET", path).status_code
            for path in ("/procurement/catalog?pageSize=0", "/finance/agreements/1")
        ]
        statuses.append(call(fake, "GET", "/company/companies").status_code)
        fake.add_fault(too_many_requests(30))
        limited = call(fake, "GET", "/system/info")

    assert statuses == [400, 404, 403]
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "30")
    assert wrong == ["GET /procurement/catalog: pageSize=0: $: 0 is less than the minimum of 1"]


@pytest.mark.parametrize(
    ("path", "body", "difference"),
    [
        ("/procurement/catalog/203", {"id": "203"}, "$.id: '203' is not of type 'integer'"),
        ("/finance/agreements/count", {}, "$: 'count' is a required property"),
        ("/finance/agreements/count", {"count": 1, "all": 1}, "'all' was unexpected"),
        ("/finance/agreements/count?agreed=1", {"count": 1}, "no parameter agreed"),
        ("/finance/agreements?fields=company/nickname", [], "no field company/nickname"),
        ("/finance/agreements?orderBy=age asc", [], "no field age"),
        ('/finance/agreements?conditions=id=1 and mood="x=1"', [], "no field mood"),
        ("/system/audittrail?type=Nonsense", [], "type=Nonsense: $: 'Nonsense' is not one of"),
    ],
)
def test_a_difference_is_found(path: str, body: object, difference: str) -> None:
    route, _, query = path.partition("?")
    name, _, value = query.partition("=")
    call = Call("GET", route, {name: value} if name else {}, {"clientid": "x"}, b"", path)

    assert any(difference in each for each in CONNECTWISE.differences(call, Reply.as_json(body)))


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"op": "replace", "path": "Quantity", "value": 1}, "Quantity"),
        ({"op": "replace", "path": "quantity", "value": "1"}, "'1' is not of type 'number'"),
        ({"op": "test", "path": "quantity", "value": 1}, "'test' is not one of"),
    ],
)
def test_a_wrong_change_is_found(change: dict[str, object], difference: str) -> None:
    body = Reply.as_json([change]).body
    call = Call("PATCH", "/finance/agreements/1/additions/2", {}, {"clientid": "x"}, body, "")

    (found,) = CONNECTWISE.differences(call, None)
    assert difference in found


@pytest.mark.parametrize("path", ["/Finance/agreements", "/finance/agreements/first", "/nonsense"])
def test_what_is_no_operation_is_found(path: str) -> None:
    assert CONNECTWISE.operation(Call("GET", path, {}, {}, b"", path)) == ""


@pytest.mark.parametrize("contract", [HUNTRESS, CONNECTWISE])
def test_the_contracts_are_facts_without_prose(contract: Contract) -> None:
    def keywords(schema: object) -> Iterator[str]:
        for name, inner in schema.items() if isinstance(schema, dict) else ():
            yield name
            for each in inner.values() if name == "properties" else [inner]:
                yield from keywords(each)

    used = {word for model in contract.models.values() for word in keywords(model)}
    assert {"type", "properties"} <= used <= KEYWORDS
