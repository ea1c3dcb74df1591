"""Makes this folder's contracts from the vendors' specifications: names, types and values only.

`python -m tests.vendor_specs.extract FOLDER` reads two files of FOLDER and writes the contracts:

- huntress-rest-openapi.json: the specification that Huntress publishes for its REST API v1
- connectwise-subset.openapi.json: the ConnectWise operations used here, in OpenAPI 3.0.3, put
  together from public copies of the 2022.1, 2025.1 and 2025.8 specifications

What a specification gets wrong, or lacks, is corrected here, each time with its reason. See
docs/vendors/huntress.md and docs/vendors/connectwise.md for the sources.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Facts = dict[str, Any]

_HERE = Path(__file__).parent
_KEPT = ("type", "enum", "required", "minimum", "maximum", "maxLength", "minItems")
_METHODS = {"2.0": ("get",), "": ("get", "post", "patch")}  # Huntress is only read
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d.*")
_WHEN: Facts = {"type": "string", "format": "date-time"}
_RESELLER = "/v1/reseller/invoices"
_HUNTRESS_PATHS = (
    "/v1/actor",
    "/v1/account",
    "/v1/accounts",
    "/v1/accounts/{account_id}/organizations",
    "/v1/invoices",
    "/v1/invoices/{id}",
    "/v1/organizations",
    "/v1/organizations/{id}",
    _RESELLER,
    f"{_RESELLER}/{{id}}",
    f"{_RESELLER}/{{id}}/account_usage_line_items",
    f"{_RESELLER}/{{id}}/organization_usage_line_items",
)


def huntress(spec: Facts) -> Facts:
    """The contract with Huntress: what an account or a reseller reads."""
    contract = _contract(spec, _HUNTRESS_PATHS)
    models = contract["models"]
    # The last page's token is null or missing; both were seen live.
    models["Pagination"]["properties"]["next_page_token"] = {"type": ["string", "null"]}
    # Typed as a string, shown as an object.
    usages = models["OrganizationWithActualProductUsages"]["properties"]["actual_usages"]
    usages["type"] = ["string", "object"]
    # The example leaves ISPM out; it is a product of account_usage_line_items.
    line = models["OrganizationUsageLineItem"]["properties"]["actual_usage"]
    line["properties"]["ispm"] = {"type": "integer"}
    for model in models.values():
        # Fields that are required and no longer described. Still sent, read by nobody.
        for name in model.pop("required", []):
            model["properties"].setdefault(name, {})
    # The specification gives a refusal the shape of a success: the shape is not known.
    contract["refusals"] = {"403": {}}
    return contract


def connectwise(spec: Facts) -> Facts:
    """The contract with ConnectWise: agreements, additions, catalog, the API member."""
    contract = _contract(spec, spec["paths"])
    operations, models = contract["operations"], contract["models"]
    # The full specification has these two operations, the subset does not. Source: clients
    # generated from it (Jetbuilt/connect_wise: docs/CatalogsItemApi.md, docs/MyMembersApi.md).
    operations["GET /procurement/catalog/count"] = operations["GET /finance/agreements/count"]
    operations["GET /system/myMembers"] = {
        **operations["GET /system/mySecurity"],
        "reply": {"$ref": "#/models/MyMember"},
    }
    models["MyMember"] = _own_member(models["MyMemberInfo"]["properties"])
    # Bundled reads of additions answer with whole additions (public code reads them so).
    models["BundleResult"]["properties"]["entities"]["items"] = {"$ref": "#/models/Addition"}
    # A map of texts in the specification; these two are what public code reads of it.
    models["Addition"]["properties"]["_info"] |= {
        "properties": {"lastUpdated": {"type": "string"}, "updatedBy": {"type": "string"}}
    }
    # Typed as plain strings; public code reads a time.
    models["Agreement"]["properties"]["nextInvoiceDate"] = _WHEN
    models["AuditTrailEntry"]["properties"]["enteredDate"] = _WHEN
    return contract


def _own_member(short: Facts) -> Facts:
    same = ("id", "identifier", "firstName", "lastName", "licenseClass", "inactiveFlag")
    flags = ("adminFlag", "restrictLocationFlag", "restrictDepartmentFlag")
    references = ("securityRole", "structureLevel")
    return {
        "type": "object",
        "properties": {
            **{name: short[name] for name in same},
            **{name: {"type": ["boolean", "null"]} for name in flags},
            **{name: {"$ref": "#/models/NamedReference"} for name in references},
        },
    }


def _contract(spec: Facts, paths: Iterable[str]) -> Facts:
    """`parameters` and `refusals` are what operations share; an operation's `own` comes first."""
    found = {
        f"{method.upper()} {path}": spec["paths"][path][method]
        for path in paths
        for method in _METHODS[spec.get("swagger", "")]
        if method in spec["paths"][path]
    }
    parameters: Facts = {}
    refusals: Facts = {}
    operations: Facts = {}
    for name, operation in found.items():
        given = [_resolved(spec, each) for each in operation.get("parameters", [])]
        own = {each["name"]: _parameter(each) for each in given if each["in"] != "header"}
        for each, facts in own.items():
            parameters.setdefault(each, facts)
        for status, reply in operation["responses"].items():
            if status != "200":
                refusals.setdefault(status, _body(_resolved(spec, reply)))
        parts = {
            "query": [each["name"] for each in given if each["in"] == "query"],
            "own": {each: facts for each, facts in own.items() if parameters[each] != facts},
            "header": [each["name"] for each in given if _needed_header(each)],
            "body": _body(operation.get("requestBody", {})),
            "reply": _body(operation["responses"]["200"]),
        }
        operations[name] = {name: part for name, part in parts.items() if part}
    described = spec.get("definitions") or spec["components"]["schemas"]
    models: Facts = {}
    while missing := _referred([operations, refusals, models]) - set(models):
        models |= {name: _facts(described[name]) for name in missing}
    return {
        "parameters": parameters,
        "refusals": refusals,
        "operations": operations,
        "models": dict(sorted(models.items())),
    }


def _needed_header(described: Facts) -> bool:
    return described["in"] == "header" and bool(described.get("required"))


def _parameter(described: Facts) -> Facts:
    facts = _facts(described.get("schema", described))
    return {key: value for key, value in facts.items() if key != "required"}


def _body(described: Facts) -> Facts:
    content = described.get("content", {}).get("application/json", described)
    return _facts(content.get("schema", {}))


def _facts(schema: Facts) -> Facts:
    """A schema of either dialect as JSON Schema, without a word of prose or an example."""
    if "$ref" in schema:
        return {"$ref": f"#/models/{_name(schema)}"}
    if "allOf" in schema:
        (only,) = schema["allOf"]
        return _facts(only)
    if isinstance(schema.get("example"), dict):
        return _shown(schema["example"])  # Huntress describes inner fields by examples alone
    facts = {key: schema[key] for key in _KEPT if key in schema}
    if "properties" in schema:
        facts["properties"] = {name: _facts(each) for name, each in schema["properties"].items()}
    if "items" in schema:
        facts["items"] = _facts(schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        facts["additionalProperties"] = _facts(schema["additionalProperties"])
    if "anyOf" in schema and "properties" not in schema:
        facts["anyOf"] = [_facts(each) for each in schema["anyOf"]]
    if schema.get("nullable"):
        facts["type"] = [facts["type"], "null"]
    if schema.get("format") == "date-time" or _TIME.fullmatch(str(schema.get("example"))):
        facts |= _WHEN
    return facts


def _shown(example: object) -> Facts:
    """What an example's names and types say."""
    if isinstance(example, dict):
        properties = {name: _shown(each) for name, each in example.items()}
        return {"type": "object", "properties": properties}
    if isinstance(example, list):
        return {"type": "array", "items": _shown(example[0])}
    if isinstance(example, str):
        return _WHEN if _TIME.fullmatch(example) else {"type": "string"}
    return {"type": "integer" if isinstance(example, int) else "number"}


def _resolved(spec: Facts, node: Facts) -> Facts:
    found: Any = node
    if "$ref" in node:
        found = spec
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
    return found


def _name(reference: Mapping[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]


def _referred(node: object) -> set[str]:
    return set(re.findall(r'"\$ref": "#/models/(\w+)"', json.dumps(node)))


def _written(value: object, indent: int = 0) -> str:
    """JSON with a line for each thing that fits on one; a list stays on one line."""
    line = json.dumps(value)
    if len(line) + indent <= 96 or not isinstance(value, dict):
        return line
    inner = " " * (indent + 1)
    rows = [f"{json.dumps(name)}: {_written(each, indent + 1)}" for name, each in value.items()]
    return f"{{\n{inner}" + f",\n{inner}".join(rows) + f"\n{' ' * indent}}}"


_SOURCES = {
    huntress: "huntress-rest-openapi.json",
    connectwise: "connectwise-subset.openapi.json",
}


def main(folder: Path) -> None:
    """Writes both contracts anew."""
    for make, source in _SOURCES.items():
        contract = make(json.loads((folder / source).read_text(encoding="utf-8")))
        target = _HERE / f"{make.__name__}.json"
        target.write_text(_written(contract) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
