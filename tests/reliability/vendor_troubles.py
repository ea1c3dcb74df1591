"""Faults of the vendors."""

import json
from typing import Any

from tests.integration.local_stack import LocalStack
from tests.reliability.faults import Strike
from tests.reliability.world import NOT_NOW
from tools.sandbox.vendors.faults import Fault, FaultKind

FOR_EVER: dict[str, Any] = {"times": 0}
DOWN: dict[str, Any] = {**NOT_NOW, **FOR_EVER}
TIMED_OUT = '{"message": "Execution Timeout Expired. The timeout period elapsed."}'

FIREWALL: dict[str, Any] = {
    "status": 403,
    "body": "<html>Access denied</html>",
    "content_type": "text/html",
    "times": 0,
}


def huntress(path: str, kind: FaultKind = FaultKind.STATUS, **fields: Any) -> Strike:
    """Huntress misbehaves at a path."""
    return lambda stack: stack.huntress.add_fault(Fault(kind, path=path, **fields))


def connectwise(path: str, kind: FaultKind = FaultKind.STATUS, **fields: Any) -> Strike:
    """ConnectWise misbehaves at a path, on reads unless `method` is given."""
    asked = {"method": "GET", **fields}
    return lambda stack: stack.connectwise.add_fault(Fault(kind, path=path, **asked))


def saying(value: object) -> dict[str, Any]:
    """Answers 200 with this JSON, for as long as the trouble lasts."""
    return {"status": 200, "body": json.dumps(value), "times": 0}


def refusing(status: int, **fields: Any) -> dict[str, Any]:
    """Answers with this status, for as long as the trouble lasts; too long to be waited for."""
    return {**DOWN, "status": status, **fields}


def both(*strikes: Strike) -> Strike:
    """Several at once."""

    def strike(stack: LocalStack) -> None:
        for each in strikes:
            each(stack)

    return strike


def rejects_the_keys(stack: LocalStack) -> None:
    """ConnectWise's API member gets another private key."""
    stack.connectwise.credentials = ("demo+pub", "rotated")


def knows_the_keys(stack: LocalStack) -> None:
    """The private key in the secret is correct again."""
    stack.connectwise.credentials = ("demo+pub", "priv")


def retires_the_version(stack: LocalStack) -> None:
    """ConnectWise no longer serves the version of the API in the secret."""
    stack.connectwise.retired_versions = frozenset({"2025.1"})


def serves_the_version(stack: LocalStack) -> None:
    """The version in the secret is served again."""
    stack.connectwise.retired_versions = frozenset()


def hides_wrong_keys_behind_404(stack: LocalStack) -> None:
    """As ConnectWise's cloud does where the address does not name the codebase."""
    stack.connectwise.codebase, stack.connectwise.wrong_credentials_as_404 = "v4_6_release/", True
    rejects_the_keys(stack)
