"""An import that crashes, or meets a run or another import: one version is in force, whole."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from billing_sync.domain.errors import Blocked
from billing_sync.domain.runs.run import Verdict
from billing_sync.domain.vendors.usage import Product
from billing_sync.flows.invoices.import_usage import Origin
from tests.integration.crashes import just_before, ledger_down
from tests.integration.installed_stack import NEW_INVOICE
from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER_EDR,
    ALDER_ORGANIZATION,
)
from tests.integration.usage_reports import ALDER_NAME, COLUMNS, importing, in_force


def save(stack: LocalStack, units: int, *, over: int = 0) -> None:
    flow = importing(stack)
    flow.save(
        flow.invoice("5003"),
        {(ALDER_ORGANIZATION, Product.EDR): units},
        names={ALDER_ORGANIZATION: ALDER_NAME},
        over=over,
        origin=Origin("Ann", "report.csv", "00", {}),
    )


@pytest.mark.parametrize("applied", [False, True])
@pytest.mark.parametrize("operation", ["UpdateItem", "BatchWriteItem", "TransactWriteItems"])
def test_a_crash_anywhere_in_an_import_leaves_one_version_whole_and_the_command_repeats(
    late_stack: LocalStack,
    operator: OperatorLine,
    report: Any,
    operation: str,
    applied: bool,
) -> None:
    with (
        ledger_down(late_stack.memory, operation, applied=applied),
        pytest.raises(EndpointConnectionError),
    ):
        save(late_stack, 26)
    done = applied and operation == "TransactWriteItems"
    assert late_stack.usage.version(NEW_INVOICE) == (1 if done else 0)
    assert in_force(late_stack)[ALDER_ORGANIZATION, "edr"] == (26 if done else 25)

    again = operator("usage", "import", "5003", report(f"{ALDER_NAME},26"), *COLUMNS, "--yes")

    assert again.exit_code == 0, again.output
    assert in_force(late_stack)[ALDER_ORGANIZATION, "edr"] == 26
    told = late_stack.press({"action": "show", "run_id": late_stack.newest().id})
    assert told["verdict"] == "held"


def test_of_two_imports_at_once_the_later_one_is_refused_and_nothing_is_mixed(
    late_stack: LocalStack,
) -> None:
    with (
        just_before(late_stack.memory, "VERSION#000001", lambda: save(late_stack, 27)),
        pytest.raises(Blocked, match="meanwhile"),
    ):
        save(late_stack, 26)

    assert in_force(late_stack)[ALDER_ORGANIZATION, "edr"] == 27
    assert [one.number for one in importing(late_stack).imports.all(NEW_INVOICE)] == [2]
    with pytest.raises(Blocked, match="meanwhile"):
        save(late_stack, 28)
    save(late_stack, 28, over=2)
    with pytest.raises(Blocked, match="meanwhile"):
        save(late_stack, 29, over=2)
    assert in_force(late_stack)[ALDER_ORGANIZATION, "edr"] == 28


def test_a_run_that_begins_during_an_import_keeps_it_out(stack: LocalStack) -> None:
    stack.invoice_appears()
    stack.tick()
    with (
        just_before(stack.memory, "VERSION#000001", stack.deliver_events),
        pytest.raises(Blocked, match="began"),
    ):
        save(stack, 26)

    assert stack.usage.version(NEW_INVOICE) == 0
    assert ended(stack).usage_version == 0 and stack.quantity(ALDER_EDR) == 25.0


def test_an_import_during_a_run_of_the_invoice_is_refused_naming_it(
    stack: LocalStack, operator: OperatorLine, report: Any
) -> None:
    stack.plan()

    shown = operator("usage", "import", "5003", report(f"{ALDER_NAME},26"), *COLUMNS, "--yes")

    assert (shown.exit_code, shown.stdout) == (1, "")
    assert "run 000001-sync of this invoice is applying: import again when" in shown.stderr
    assert ended(stack).verdict is Verdict.COMPLETE and stack.usage.version(NEW_INVOICE) == 0


def test_a_writing_run_of_another_invoice_does_not_keep_an_import_out(stack: LocalStack) -> None:
    stack.plan()
    flow = importing(stack)
    older = next(r for r in stack.invoices.all() if r.invoice.id == 5002)
    flow.save(
        older,
        {(ALDER_ORGANIZATION, Product.EDR): 20},
        names={ALDER_ORGANIZATION: ALDER_NAME},
        over=0,
        origin=Origin("Ann", "report.csv", "00", {}),
    )

    assert stack.usage.version(older.key) == 1
    assert ended(stack).verdict is Verdict.COMPLETE
