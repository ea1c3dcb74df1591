"""Additions of an agreement: reading them, and PATCH with its false 200."""

from datetime import datetime
from typing import Any

from tools.sandbox.vendors.connectwise_conditions import Record
from tools.sandbox.vendors.connectwise_errors import RefusedError, not_found
from tools.sandbox.vendors.connectwise_security import visible_agreements
from tools.sandbox.vendors.connectwise_state import ConnectWiseState
from tools.sandbox.vendors.messages import Call

_NUMBERS = frozenset({"quantity", "lessIncluded", "unitPrice", "unitCost"})
_WRITABLE = _NUMBERS | {
    "billCustomer",
    "effectiveDate",
    "cancelledDate",
    "taxableFlag",
    "invoiceDescription",
}


def additions_of(
    state: ConnectWiseState, agreement_id: int, *, with_children: bool
) -> list[Record]:
    """The additions of an agreement in full; 403 or 404 as the role and the state have it."""
    _require_agreement(state, agreement_id, "inquire")
    owners = {agreement_id}
    if with_children:
        owners |= {
            child["id"]
            for child in state.agreements.values()
            if child.get("parentAgreement", {}).get("id") == agreement_id
        }
    return [_shown(state, row) for row in state.additions.values() if row["agreementId"] in owners]


def addition(
    state: ConnectWiseState, agreement_id: int, addition_id: int, *, kind: str = "inquire"
) -> Record:
    """One addition, reachable only through the agreement that owns it."""
    _require_agreement(state, agreement_id, kind)
    found = state.additions.get(addition_id)
    if found is None or found["agreementId"] != agreement_id:
        raise not_found(f"Addition {addition_id}")
    return _shown(state, found)


def patch_addition(
    state: ConnectWiseState, agreement_id: int, addition_id: int, *, call: Call, at: datetime
) -> Record:
    """Applies a PATCH and answers the addition after it.

    ConnectWise's Developer Guide warns of a false 200: a path it does not know (wrong case, a
    slash, a derived field) is accepted and changes nothing.
    """
    addition(state, agreement_id, addition_id, kind="edit")
    fields = {}
    for operation in _operations(call):
        path, value = operation["path"], operation.get("value")
        if operation["op"] == "remove":
            value = None
        elif path in _NUMBERS:
            value = _number(path, value)
        if path in _WRITABLE:
            fields[path] = value
    if fields:
        state.change_addition(addition_id, fields, by=state.member["identifier"], at=at)
    return addition(state, agreement_id, addition_id)


def _require_agreement(state: ConnectWiseState, agreement_id: int, kind: str) -> None:
    if agreement_id not in {row["id"] for row in visible_agreements(state, kind)}:
        raise not_found(f"Agreement {agreement_id}")


def _operations(call: Call) -> list[dict[str, Any]]:
    if "json" not in call.headers.get("content-type", ""):
        raise RefusedError(415, "UnsupportedMediaType", "Content-Type must be application/json")
    try:
        operations = call.json()
    except ValueError:
        operations = None
    if not isinstance(operations, list):
        raise RefusedError(400, "InvalidObject", "The body must be an array of operations")
    for operation in operations:
        if not isinstance(operation, dict) or operation.get("op") not in {
            "add",
            "replace",
            "remove",
        }:
            raise RefusedError(400, "InvalidObject", "op must be add, replace or remove")
        if not isinstance(operation.get("path"), str):
            raise RefusedError(400, "InvalidObject", "path is required")
    return operations


def _number(path: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusedError(400, "InvalidObject", f"{path} must be a number", field=path)
    return float(value)


def _shown(state: ConnectWiseState, row: Record) -> Record:
    """The stored record and what ConnectWise derives from it."""
    quantity, price, cost = (row.get(name) or 0.0 for name in ("quantity", "unitPrice", "unitCost"))
    billed = quantity - (row.get("lessIncluded") or 0.0)
    return {
        **row,
        "billedQuantity": billed,
        "extPrice": round(billed * price, 2),
        "extCost": round(billed * cost, 2),
        "margin": round(billed * (price - cost), 2),
        "prorateCost": 0.0,
        "proratePrice": 0.0,
        "extendedProrateCost": 0.0,
        "extendedProratePrice": 0.0,
        "agreementStatus": state.agreements[row["agreementId"]]["agreementStatus"],
    }
