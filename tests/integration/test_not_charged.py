"""Additions that hold the right quantity and charge nothing: a person decides once."""

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR

ALDER_AGREEMENT = ALDER * 10
MARKS = [
    (
        "additions",
        ALDER_EDR,
        {"billCustomer": "DoNotBill"},
        "addition 301002 is marked Do Not Bill",
    ),
    ("additions", ALDER_EDR, {"billCustomer": "NoCharge"}, "addition 301002 is marked No Charge"),
    ("additions", ALDER_EDR, {"unitPrice": 0.0}, "addition 301002 has a unit price of 0.00"),
    ("agreements", ALDER_AGREEMENT, {"billProducts": "DoNotBill"}, "are marked Do Not Bill"),
]


@pytest.mark.parametrize(("records", "number", "mark", "message"), MARKS)
def test_a_line_that_charges_nothing_is_written_and_needs_attention(
    stack: LocalStack, records: str, number: int, mark: dict[str, object], message: str
) -> None:
    getattr(stack.connectwise.state, records)[number] |= mark
    stack.sync()
    run = ended(stack)
    shown = stack.press({"action": "show", "run_id": run.id})

    assert stack.quantity(ALDER_EDR) == 25.0
    assert shown["result"].startswith("WROTE 3 quantities: needs attention")
    assert shown["verdicts"]["not charged"]["by_product"]["edr"] == 25
    assert any(message in finding["message"] for finding in shown["findings"])
    assert '"not charged"' in stack.report(run.id)


def test_once_a_person_accepts_it_with_a_reason_the_run_is_complete_until_it_charges_again(
    stack: LocalStack, operator: OperatorLine
) -> None:
    addition = stack.connectwise.state.additions[ALDER_EDR]
    addition["billCustomer"] = "DoNotBill"
    operator("mappings", "not-charged", f"{ALDER}", "edr", "--reason", "charity", "--yes")
    stack.sync()
    accepted = stack.press({"action": "show", "run_id": ended(stack).id})

    assert accepted["verdict"] == "complete"
    assert accepted["verdicts"]["accepted as is"]["by_product"] == {"edr": 25}

    addition["billCustomer"] = "Billable"
    charged = stack.ask({})
    row = next(row for row in charged["rows"] if row["addition"] == ALDER_EDR)

    assert "accepted as is" not in charged["verdicts"]
    assert "not-charged 301 edr --charged" in row["message"]
