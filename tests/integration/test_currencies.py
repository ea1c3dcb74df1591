"""Agreements in several currencies: sums, limits and cents of each, and never of two together."""

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, COPPERFIELD_EDR

YEN = {"id": 2, "symbol": "¥", "currencyCode": "JPY", "numberOfDecimals": 0, "name": "Yen"}


@pytest.fixture
def in_yen(stack: LocalStack) -> LocalStack:
    """As `stack`, with Alder's agreement in yen, 480 a unit."""
    stack.connectwise.state.agreements[ALDER * 10]["currency"] = YEN
    stack.connectwise.state.additions[ALDER_EDR]["unitPrice"] = 480.0
    return stack


def test_a_change_in_a_currency_without_a_limit_is_held_and_its_money_is_not_added(
    in_yen: LocalStack,
) -> None:
    stack = in_yen
    stack.sync()
    run = ended(stack)
    shown = stack.press({"action": "show", "run_id": run.id})
    row = stack.row(ALDER_EDR).row

    assert (row.outcome, row.reason, row.currency, row.money) == ("held", "money", "JPY", 480)
    assert 'billing-sync settings set guards.money \'{"USD": 500, "JPY": LIMIT}\'' in row.message
    assert shown["verdicts"]["needs review"]["money"] == {"JPY": "480"}
    assert shown["verdicts"]["billed correctly"]["money"] == {"USD": "5.25"}
    assert stack.quantity(COPPERFIELD_EDR) == 65.0


def test_with_a_limit_of_its_own_it_is_written_and_everywhere_shown_in_its_currency(
    in_yen: LocalStack, operator: OperatorLine
) -> None:
    stack = in_yen
    limits = '{"USD": 500, "JPY": 60000}'
    assert operator("settings", "set", "guards.money", limits, "--yes").exit_code == 0
    stack.sync()
    run = ended(stack)
    shown = stack.press({"action": "show", "run_id": run.id})

    assert shown["verdict"] == "complete" and stack.quantity(ALDER_EDR) == 25.0
    assert shown["verdicts"]["billed correctly"]["money"] == {"JPY": "480", "USD": "5.25"}
    page, terminal = stack.report(run.id, "report.html"), operator("show", run.id).stdout
    assert "+480 JPY Monthly" in page
    assert "+480 JPY" in terminal and "485" not in page + terminal
