"""Every reply of the stand-ins fits the vendors' own specifications, where those are at hand."""

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import requests

from tools.sandbox.vendors.connectwise import DEMO_CLIENT_ID, ConnectWiseFake
from tools.sandbox.vendors.connectwise_errors import too_many_requests
from tools.sandbox.vendors.huntress import HuntressFake
from tools.sandbox.world.build import build_world

NOW = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)
SPECS = Path(__file__).parents[2].parent / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not SPECS.is_dir(), reason="the vendors' specifications are not beside the checkout"
)

HUNTRESS_ACCOUNT = {
    "/v1/actor": "/v1/actor",
    "/v1/account": "/v1/account",
    "/v1/invoices": "/v1/invoices",
    "/v1/invoices/5001": "/v1/invoices/{id}",
    "/v1/organizations?limit=500": "/v1/organizations",
    "/v1/organizations/11": "/v1/organizations/{id}",
    "/v1/organizations/12": "/v1/organizations/{id}",
    "/v1/organizations/33": "/v1/organizations/{id}",
}
_RESELLER = "/v1/reseller/invoices"
HUNTRESS_RESELLER = {
    "/v1/actor": "/v1/actor",
    "/v1/accounts": "/v1/accounts",
    "/v1/accounts/7001/organizations": "/v1/accounts/{account_id}/organizations",
    _RESELLER: _RESELLER,
    f"{_RESELLER}/5003": f"{_RESELLER}/{{id}}",
    f"{_RESELLER}/5003/organization_usage_line_items?limit=100": (
        f"{_RESELLER}/{{id}}/organization_usage_line_items"
    ),
    f"{_RESELLER}/5003/account_usage_line_items": f"{_RESELLER}/{{id}}/account_usage_line_items",
}
_ADDITIONS = "/finance/agreements/{parentId}/additions"
CONNECTWISE = {
    "/finance/agreements?pageSize=1000": "/finance/agreements",
    "/finance/agreements/count": "/finance/agreements/count",
    "/finance/agreements/2581": "/finance/agreements/{id}",
    "/finance/agreements/2540/additions": _ADDITIONS,
    "/finance/agreements/2540/additions/count": f"{_ADDITIONS}/count",
    "/finance/agreements/2540/additions/254001": f"{_ADDITIONS}/{{id}}",
    "/procurement/catalog": "/procurement/catalog",
    "/procurement/catalog/203": "/procurement/catalog/{id}",
    "/company/companies?pageSize=1000": "/company/companies",
    "/company/companies/count": "/company/companies/count",
    "/company/companies/250": "/company/companies/{id}",
    "/system/info": "/system/info",
    "/system/myMembers/info": "/system/myMembers/info",
    "/system/mySecurity": "/system/mySecurity",
    "/system/mySecurity/customizeItems/": "/system/mySecurity/customizeItems/",
    "/system/audittrail?type=AgreementAddition&id=250001": "/system/audittrail",
}
ERRORS = {
    "/finance/agreements?conditions=nonsense=1": 400,
    "/finance/agreements/1": 404,
    "/company/companies": 403,
}


def specification(name):
    return json.loads((SPECS / name).read_text())


def valid(value, schema, root):
    """Validates against a schema that may refer to the rest of its specification."""
    jsonschema.Draft202012Validator({**root, **schema}).validate(value)
    return True


def json_schema(node):
    """Both specifications' dialects as JSON Schema: nullable, and Huntress's `Object`.

    Huntress declares `actual_usages` as a string and shows an object.
    """
    if isinstance(node, list):
        return [json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    result = {name: json_schema(value) for name, value in node.items() if name != "example"}
    if "actual_usages" in result:
        result["actual_usages"] = {"type": ["string", "object"]}
    if result.get("type") == "Object":
        result["type"] = "object"
    if result.get("nullable") is True and isinstance(result.get("type"), str):
        result["type"] = [result["type"], "null"]
    return result


def without_null_token(reply):
    """The last page's null was seen live although the specification says text."""
    if isinstance(reply, dict) and reply.get("pagination") == {"next_page_token": None}:
        return {**reply, "pagination": {}}
    return reply


@pytest.fixture(scope="module")
def huntress_spec():
    return json_schema(specification("huntress-rest-openapi.json"))


@pytest.fixture(scope="module")
def connectwise_spec():
    return json_schema(specification("connectwise-subset.openapi.json"))


@pytest.fixture(scope="module")
def connectwise():
    world = build_world(NOW)
    world.connectwise.security[-1]["inquireLevel"] = "All"
    world.connectwise.customize_items.append(
        {
            "id": 7,
            "customizeIdentifier": "FinanceAgreements",
            "itemIdentifier": "Managed Services",
        }
    )
    with ConnectWiseFake(world.connectwise) as fake:
        fake.edit_addition(250001, quantity=60.0)
        yield fake


def call(fake, method, path, **rest):
    return requests.request(
        method,
        f"{fake.url}/v2025_1/apis/3.0{path}",
        auth=("demo+pub", "priv"),
        headers={"clientId": DEMO_CLIENT_ID},
        timeout=5,
        **rest,
    )


def schema_of(spec, path, *, method="get", status="200"):
    response = spec["paths"][path][method]["responses"][status]
    if "$ref" in response:
        response = spec["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return response["content"]["application/json"]["schema"]


@pytest.mark.parametrize(
    ("reseller", "path", "declared"),
    [(False, *pair) for pair in HUNTRESS_ACCOUNT.items()]
    + [(True, *pair) for pair in HUNTRESS_RESELLER.items()],
)
def test_huntress_replies_fit(huntress_spec, reseller, path, declared):
    world = build_world(NOW, reseller=reseller)
    with HuntressFake(world.huntress) as fake:
        fake.add_invoice(world.new_invoice())
        reply = requests.get(fake.url + path, auth=("hk_demo", "hs_demo"), timeout=5)
    schema = huntress_spec["paths"][declared]["get"]["responses"]["200"]["schema"]
    assert reply.status_code == 200
    assert valid(without_null_token(reply.json()), schema, huntress_spec)


@pytest.mark.parametrize(("path", "declared"), CONNECTWISE.items())
def test_connectwise_replies_fit(connectwise_spec, connectwise, path, declared):
    reply = call(connectwise, "GET", path)
    assert reply.status_code == 200
    assert reply.json()
    assert valid(reply.json(), schema_of(connectwise_spec, declared), connectwise_spec)


def test_connectwise_companyinfo_fits_known_or_not(connectwise_spec, connectwise):
    schema = schema_of(connectwise_spec, "/login/companyinfo/{company}")
    for company in ("demo", "nobody"):
        reply = requests.get(f"{connectwise.url}/login/companyinfo/{company}", timeout=5)
        assert valid(reply.json(), schema, connectwise_spec)


def test_a_patch_fits_both_ways(connectwise_spec, connectwise):
    body = [{"op": "replace", "path": "quantity", "value": 63}]
    declared = connectwise_spec["paths"][f"{_ADDITIONS}/{{id}}"]["patch"]
    asked = declared["requestBody"]["content"]["application/json"]["schema"]
    reply = call(connectwise, "PATCH", "/finance/agreements/2510/additions/251001", json=body)
    schema = schema_of(connectwise_spec, f"{_ADDITIONS}/{{id}}", method="patch")
    assert valid(body, asked, connectwise_spec)
    assert valid(reply.json(), schema, connectwise_spec)


def test_a_bundle_fits_also_where_a_part_failed(connectwise_spec, connectwise):
    wanted = [
        {"sequenceNumber": each, "resourceType": "addition", "apiRequest": {"parentId": each}}
        for each in (2500, 999999)
    ]
    reply = call(connectwise, "POST", "/system/bundles", json={"requests": wanted})
    schema = schema_of(connectwise_spec, "/system/bundles", method="post")
    assert [part["success"] for part in reply.json()["results"]] == [True, False]
    assert valid(reply.json(), schema, connectwise_spec)


@pytest.mark.parametrize(("path", "status"), ERRORS.items())
def test_errors_fit(connectwise_spec, path, status):
    declared = path.partition("?")[0].replace("/1", "/{id}")
    with ConnectWiseFake(build_world(NOW).connectwise) as fake:
        reply = call(fake, "GET", path)
    schema = schema_of(connectwise_spec, declared, status=str(status))
    assert reply.status_code == status
    assert valid(reply.json(), schema, connectwise_spec)


def test_too_many_requests_fits(connectwise_spec, connectwise):
    connectwise.add_fault(too_many_requests(30))
    reply = call(connectwise, "GET", "/system/info")
    schema = schema_of(connectwise_spec, "/system/info", status="429")
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "30")
    assert valid(reply.json(), schema, connectwise_spec)


def test_a_wrong_reply_would_not_fit(connectwise_spec, huntress_spec):
    addition = schema_of(connectwise_spec, f"{_ADDITIONS}/{{id}}")
    invoice = huntress_spec["paths"]["/v1/invoices/{id}"]["get"]["responses"]["200"]["schema"]
    with pytest.raises(jsonschema.ValidationError):
        valid({"id": "250001"}, addition, connectwise_spec)
    with pytest.raises(jsonschema.ValidationError):
        valid({"invoice": {"id": "5001"}}, invoice, huntress_spec)
