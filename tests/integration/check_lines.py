"""Looking at single lines of permission-check, and at nothing having been written for them."""

from typing import Any

from tests.integration.local_stack import LocalStack
from tools.sandbox.vendors.connectwise_security import AGREEMENTS
from tools.sandbox.vendors.faults import Fault, FaultKind

RIGHT = "ConnectWise Finance > Agreements"


def lines(stack: LocalStack) -> dict[str, dict[str, Any]]:
    """All lines by name."""
    checks = {each["check"]: each for each in stack.check()["checks"]}
    assert stack.patches() == [] and stack.all_runs() == ()
    return checks


def line(stack: LocalStack, name: str) -> dict[str, Any]:
    """One line; no other one may be missing for its sake."""
    return lines(stack)[name]


def status(stack: LocalStack, name: str) -> str:
    """One line's status."""
    return str(line(stack, name)["status"])


def words(found: dict[str, Any]) -> str:
    """Message, details and the way out as one text."""
    return " ".join((found["message"], *found["details"], found["fix"]))


def right(stack: LocalStack, **levels: object) -> None:
    """Change the role's line on agreements."""
    for row in stack.connectwise.state.security:
        if (row["moduleName"], row["moduleFunctionName"]) == AGREEMENTS:
            row.update(levels)


def refused(path: str, status: int = 403) -> Fault:
    """A call that is refused from now on."""
    return Fault(FaultKind.STATUS, path=path, status=status, times=0)
