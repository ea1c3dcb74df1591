"""A person's copy of Huntress's report becomes the exact usage of an invoice."""

from datetime import UTC, datetime
from typing import Any

from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.installed_stack import NEW_INVOICE
from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    ALDER_ORGANIZATION,
    COPPERFIELD_EDR,
)
from tests.integration.usage_reports import ALDER_NAME, COLUMNS, in_force

HOUR, MINUTE = 3600, 60


def test_a_late_invoice_is_billed_from_the_imported_counts(
    late_stack: LocalStack, operator: OperatorLine, report: Any
) -> None:
    frozen = late_stack.usage.of(NEW_INVOICE)
    file = report(f'"{ALDER_NAME}",26')

    shown = operator("usage", "import", "5003", file, *COLUMNS, answers=["y"])

    assert shown.exit_code == 0, shown.output
    words = " ".join(shown.stdout.split())
    assert f"{ALDER_NAME} edr 25 26 late: counted on 2026-07-15" in words
    assert "Stored as version 1." in words
    assert late_stack.untouched()
    run = ended(late_stack, late_stack.ask({})["run_id"])
    row = late_stack.row(ALDER_EDR, run).row
    assert (row.outcome, late_stack.quantity(ALDER_EDR)) == (Outcome.UPDATED, 26.0)
    assert row.parts[0].sources[0].source == "imported"
    assert run.usage_version == 1
    assert late_stack.row(COPPERFIELD_EDR, run).row.reason is Reason.LATE
    told = late_stack.press({"action": "show", "run_id": run.id})
    assert told["invoice"].endswith("with imported usage, version 1")
    told_row = next(each for each in told["rows"] if each["addition"] == ALDER_EDR)
    assert told_row["read_from"] == "imported"
    assert late_stack.usage.of(NEW_INVOICE, version=0) == frozen


def test_a_run_of_before_keeps_the_version_it_was_planned_with(
    late_stack: LocalStack, operator: OperatorLine, report: Any
) -> None:
    before = late_stack.newest()
    told = late_stack.press({"action": "show", "run_id": before.id})
    operator("usage", "import", "5003", report(f"{ALDER_NAME},26"), *COLUMNS, "--yes")

    assert late_stack.runs.get(before.id) == before and before.usage_version == 0
    assert late_stack.press({"action": "show", "run_id": before.id}) == told


def test_an_unknown_count_becomes_known_before_the_invoice_has_run(
    stack: LocalStack, operator: OperatorLine, report: Any, clock: Any
) -> None:
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": None}})
    stack.put_connectwise_secret(private_key="wrong")
    stack.sync()
    clock.shift(24 * HOUR)
    stack.tick()
    stack.settle()
    assert stack.invoice.state == "waiting" and stack.invoice.frozen_at
    assert in_force(stack)[ALDER_ORGANIZATION, "edr"] is None

    shown = operator("usage", "import", "5003", report(f"{ALDER_NAME},25"), *COLUMNS, "--yes")

    assert f"{ALDER_NAME} edr unknown 25 unknown:" in " ".join(shown.stdout.split())
    assert "run, still to come, will use it" in " ".join(shown.stdout.split())
    stack.put_connectwise_secret()
    clock.shift(2 * HOUR)
    stack.tick()
    run = ended(stack)
    assert run.request.by == "invoice" and stack.quantity(ALDER_EDR) == 25.0
    assert stack.row(ALDER_EDR, run).row.parts[0].sources[0].source == "imported"


def test_an_import_while_usage_is_still_being_frozen_stands_over_what_is_frozen_later(
    stack: LocalStack, operator: OperatorLine, report: Any, clock: Any
) -> None:
    stack.invoice_appears()
    stack.tick()
    stack.deliver_events(seconds=119)
    assert stack.invoice.freeze_since and stack.usage.of(NEW_INVOICE) == ()
    stack.change_item("MAPPING", f"ORG#{ALDER_ORGANIZATION}", organization_name=ALDER_NAME)
    done = operator("usage", "import", "5003", report(f"{ALDER_NAME},24"), *COLUMNS, "--yes")
    assert done.exit_code == 0, done.output

    clock.shift(6 * MINUTE)
    stack.tick()

    assert ended(stack).verdict is Verdict.COMPLETE
    assert in_force(stack, version=0)[ALDER_ORGANIZATION, "edr"] == 25
    assert stack.quantity(ALDER_EDR) == 24.0 and stack.row(ALDER_EDR).row.outcome == "unchanged"
    sat = next(s.row for s in stack.runs.rows(stack.newest(), ALDER) if s.row.products == "sat")
    assert sat.parts[0].sources[0].source == "organization_detail"


def test_a_baseline_invoice_that_was_never_counted_is_previewed_from_the_import(
    stack: LocalStack, operator: OperatorLine, report: Any
) -> None:
    record = max(stack.invoices.all(), key=lambda one: one.invoice.created_at)
    assert record.only_late
    as_of_now = stack.ask({"action": "preview"})
    assert as_of_now["invoice"] == "none: usage as of now"
    number = str(record.invoice.id)
    stack.change_item("MAPPING", f"ORG#{ALDER_ORGANIZATION}", organization_name=ALDER_NAME)
    operator("usage", "import", number, report(f"{ALDER_NAME},23"), *COLUMNS, "--yes")

    told = stack.ask({"action": "preview"})

    assert told["invoice"].startswith(f"account {number} of")
    rows = {row["addition"]: row for row in told["rows"]}
    assert (rows[ALDER_EDR]["target"], rows[ALDER_EDR]["read_from"]) == ("23", "imported")
    assert rows[COPPERFIELD_EDR]["reason"] == "late_usage"


def test_an_invoice_that_does_not_count_takes_no_import(
    stack: LocalStack, operator: OperatorLine, report: Any
) -> None:
    stack.invoice_appears(status="draft")
    stack.tick()

    shown = operator("usage", "import", "5003", report(f"{ALDER_NAME},26"), *COLUMNS, "--yes")

    assert shown.exit_code == 1 and "invoice 5003 does not count: it is draft" in shown.stderr


def test_a_forecast_told_again_compares_with_what_was_in_force_when_it_was_asked(
    stack: LocalStack, operator: OperatorLine, report: Any
) -> None:
    stack.sync()
    forecast = stack.ask({"action": "forecast"})
    operator("usage", "import", "5003", report(f"{ALDER_NAME},26"), *COLUMNS, "--yes")

    assert stack.usage.version(NEW_INVOICE) == 1
    assert stack.press({"action": "show", "run_id": forecast["run_id"]}) == forecast
    lines = stack.ask({"action": "forecast"})["forecast"]["lines"]
    (alder,) = (x for x in lines if x["client"] == ALDER_NAME and x["products"] == "edr")
    assert (alder["last_invoice"], alder["now"]) == (26, 25)


def test_an_invoice_issued_again_takes_the_imported_counts_over(
    stack: LocalStack, operator: OperatorLine, report: Any, clock: Any
) -> None:
    stack.sync()
    operator("usage", "import", "5003", report(f"{ALDER_NAME},26"), *COLUMNS, "--yes")
    before = stack.usage.of(NEW_INVOICE)
    stack.huntress.state.invoices[5003]["status"] = "voided"
    stack.huntress.add_invoice(stack.world.new_invoice(datetime.now(UTC)) | {"id": 5004})
    clock.shift(6 * MINUTE)
    stack.tick()
    stack.settle()

    assert stack.usage.of("account#5004") == before
