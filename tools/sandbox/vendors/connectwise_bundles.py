"""`POST /system/bundles`: several reads of additions in one call, each with its own outcome."""

from collections.abc import Callable
from typing import Any

from tools.sandbox.vendors.connectwise_conditions import Record
from tools.sandbox.vendors.connectwise_errors import RefusedError
from tools.sandbox.vendors.connectwise_query import matching, page_of
from tools.sandbox.vendors.connectwise_shapes import ADDITION
from tools.sandbox.vendors.messages import Call


def run_bundle(call: Call, *, additions: Callable[[int], list[Record]]) -> Record:
    """Runs each request; one that fails does not fail the others.

    Names may have capitals or not: public code sends both and it works.
    """
    try:
        requests = _lowered(call.json())["requests"]
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedError(400, "InvalidObject", "requests is required") from error
    return {"results": [_result(request, additions) for request in requests], "_info": {}}


def _result(request: dict[str, Any], additions: Callable[[int], list[Record]]) -> Record:
    outcome: Record = {
        "sequenceNumber": request.get("sequencenumber", 0),
        "resourceType": request.get("resourcetype", ""),
        "entities": [],
        "count": 0,
        "version": request.get("version", "2020.1"),
    }
    try:
        entities = _entities(request, additions)
    except RefusedError as error:
        return {**outcome, "success": False, "statusCode": error.status, "error": error.body}
    return {
        **outcome,
        "entities": entities,
        "count": len(entities),
        "success": True,
        "statusCode": 200,
    }


def _entities(request: dict[str, Any], additions: Callable[[int], list[Record]]) -> list[Record]:
    arguments = request.get("apirequest", {})
    if str(request.get("resourcetype", "")).lower() != "addition":
        raise RefusedError(404, "NotFound", "The stand-in bundles additions only")
    query = {
        "conditions": arguments.get("filters", {}).get("conditions", ""),
        "orderBy": arguments.get("filters", {}).get("orderby", ""),
        "fields": arguments.get("fields", ""),
        **{
            given: str(arguments["page"][name])
            for name, given in (("page", "page"), ("pagesize", "pageSize"))
            if name in arguments.get("page", {})
        },
    }
    return page_of(matching(additions(arguments["parentid"]), query, ADDITION), query, ADDITION)


def _lowered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name.lower(): _lowered(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_lowered(each) for each in value]
    return value
