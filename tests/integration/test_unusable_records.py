"""One client's record that cannot be used stops that client's billing, by name, and no other."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from billing_sync.domain.errors import Defect
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.runs.run import Run, Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    ALDER_ORGANIZATION,
    COPPERFIELD_EDR,
)
from tools.sandbox.vendors.faults import Fault, FaultKind

ALDERS = (301002, 301003, 301004, 301005)


def rows_of(stack: LocalStack, run: Run, company_id: int) -> list[Row]:
    return [s.row for s in stack.runs.rows(run) if s.row.company_id == company_id]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", None),
        ("quantity", 1e300),
        ("billCustomer", None),
        ("billCustomer", "Sometimes"),
        ("unitPrice", 1e300),
        ("cancelledDate", "soon"),
    ],
)
def test_an_addition_that_cannot_be_used_blocks_its_company_and_the_others_are_written(
    stack: LocalStack, field: str, value: object
) -> None:
    stack.invoice_appears()
    stack.connectwise.state.additions[ALDER_EDR][field] = value
    stack.tick()

    run = ended(stack)
    blocked = rows_of(stack, run, ALDER)
    assert run.verdict is Verdict.ATTENTION
    assert {row.reason for row in blocked} == {"unusable_record"}
    assert blocked[0].message.startswith(f"addition {ALDER_EDR} on 'Managed Security - Alder")
    assert f"{field} has" in blocked[0].message
    assert stack.connectwise.quantity(COPPERFIELD_EDR) == 65
    assert not any(stack.patches(addition) for addition in ALDERS)


def test_an_agreement_that_cannot_be_used_blocks_its_company_and_the_others_are_written(
    stack: LocalStack,
) -> None:
    stack.connectwise.state.agreements[3010]["endDate"] = "unknown"
    stack.sync()

    run = ended(stack)
    blocked = rows_of(stack, run, ALDER)
    assert {row.reason for row in blocked} == {"unusable_record"}
    assert "(id 3010)" in blocked[0].message and "endDate has an invalid" in blocked[0].message
    assert stack.connectwise.quantity(COPPERFIELD_EDR) == 65


def test_an_addition_of_an_agreement_that_was_not_read_is_left_out_and_everybody_is_billed(
    stack: LocalStack,
) -> None:
    """A parent's list shows the additions of a child that is not Active any more."""
    state = stack.connectwise.state
    stack.connectwise.resources.show_child_additions = True
    child = state.agreements[3010] | {
        "id": 5555,
        "agreementStatus": "Expired",
        "parentAgreement": {"id": 3010},
    }
    state.agreements[5555] = child
    state.additions[990100] = state.additions[ALDER_EDR] | {"id": 990100, "agreementId": 5555}
    stack.sync()

    run = ended(stack)
    assert [warning for warning in run.warnings if "990100" in warning] == list(run.warnings)
    assert len(run.warnings) == 1 and "of agreement 5555, which was not read" in run.warnings[0]
    assert stack.connectwise.quantity(ALDER_EDR) == 25
    assert stack.connectwise.quantity(COPPERFIELD_EDR) == 65


def no_quantity(stack: LocalStack) -> None:
    stack.connectwise.edit_addition(ALDER_EDR, quantity=None)


def hidden_from_the_role(stack: LocalStack) -> None:
    path = f"/additions/{ALDER_EDR}"
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, path=path, status=403, body="{}", times=0))


@pytest.mark.parametrize("trouble", [no_quantity, hidden_from_the_role])
def test_what_we_wrote_to_a_company_that_left_and_cannot_use_is_named_and_everybody_is_billed(
    stack: LocalStack, trouble: Callable[[LocalStack], None]
) -> None:
    """No list shows it any more, so it is read alone."""
    stack.sync()
    assert ended(stack).verdict is Verdict.COMPLETE
    stack.change_item(
        "MAPPING", f"ORG#{ALDER_ORGANIZATION}", company_id=None, excluded=True, reason="left"
    )
    trouble(stack)
    stack.connectwise.edit_addition(COPPERFIELD_EDR, quantity=60)

    answer = stack.ask({"action": "preview"})

    assert answer["coverage"] == "1 of 1 companies read"
    assert [row["target"] for row in answer["rows"] if row["before"] == "60"] == ["65"]
    assert any(f"addition {ALDER_EDR}" in warning for warning in answer["warnings"])


def test_an_error_in_every_company_is_a_bug_that_dispatches_nothing_and_alarms(
    stack: LocalStack,
) -> None:
    """A minimum beyond what can be computed stands for any mistake of ours."""
    products = stack.world.settings["products"]
    edr = products["edr"] | {"minimum": Decimal(10) ** 30}
    stack.set_settings(products=products | {"edr": edr})
    stack.invoice_appears()
    stack.tick()

    with pytest.raises(Defect, match="2 of 2 companies could not be planned"):
        stack.deliver_events()

    assert stack.untouched() and stack.runs.active() is None
    assert stack.invoice.state == "waiting" and "please report this" in stack.invoice.reason

    stack.set_settings(products=products)
    (event,) = [e for e in stack.events if e["detail-type"] == "Huntress Invoice Created"]
    stack.deliver_event(event)
    assert ended(stack).verdict is Verdict.COMPLETE
