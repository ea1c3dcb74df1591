"""`billing-sync settings choose`: a catalog item is found in ConnectWise, not remembered."""

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.test_settings_versions import kept, settings
from tools.sandbox.vendors.faults import Fault, FaultKind

CHOOSE = ("settings", "choose", "ispm")
LEGACY, BUNDLE = 204, 203


def test_an_item_is_searched_and_chosen_by_its_number(
    operator: OperatorLine, stack: LocalStack
) -> None:
    done = operator(*CHOOSE, answers=["no such thing", "huntress", "1", "y"])

    assert done.exit_code == 0
    assert "Nothing in the catalog has 'no such thing' in it." in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    first = next(row for row in rows if row[:1] == ["1"])
    chosen = settings(stack)["products"]["ispm"]
    assert chosen == {"catalog_item_id": int(first[1]), "name": first[2]}
    assert len(kept(stack)) == 2


def test_an_item_that_cannot_bill_is_shown_with_why_and_another_is_asked_for(
    operator: OperatorLine, stack: LocalStack
) -> None:
    done = operator(*CHOOSE, "--search", "HUNTRESS-LEGACY", answers=["1", "HUNTRESS-EDR", "1", "y"])

    assert done.exit_code == 0
    assert f"{LEGACY} HUNTRESS-LEGACY is of no use: " in done.stdout
    assert settings(stack)["products"]["ispm"]["name"] == "HUNTRESS-EDR"


def test_an_item_named_by_its_id_is_taken_and_other_choices_stay(
    operator: OperatorLine, stack: LocalStack
) -> None:
    operator("settings", "set", "products.edr.minimum", "5", "--yes")

    done = operator("settings", "choose", "edr", "--item", "102", "--yes")

    assert done.exit_code == 0
    chosen = settings(stack)["products"]["edr"]
    assert (chosen["catalog_item_id"], chosen["minimum"]) == (102, 5)


@pytest.mark.parametrize(
    ("item", "message"),
    [(LEGACY, "is of no use"), (BUNDLE, "is of no use"), (9999, "ConnectWise has no catalog item")],
    ids=str,
)
def test_an_item_that_cannot_bill_is_refused_by_its_id(
    operator: OperatorLine, stack: LocalStack, item: int, message: str
) -> None:
    before = settings(stack)

    done = operator(*CHOOSE, "--item", str(item), "--yes")

    assert done.exit_code == 1 and str(item) in done.stderr and message in done.stderr
    assert settings(stack) == before


def test_the_first_item_makes_the_first_settings(
    operator: OperatorLine, bare_stack: LocalStack
) -> None:
    bare_stack.put_connectwise_secret()

    done = operator("settings", "choose", "edr", "--item", "101", "--yes")

    assert done.exit_code == 0
    assert settings(bare_stack)["products"]["edr"]["catalog_item_id"] == 101
    assert settings(bare_stack)["sync_enabled"] is False


def test_without_a_terminal_the_option_is_named(operator: OperatorLine, stack: LocalStack) -> None:
    done = operator(*CHOOSE)

    assert done.exit_code == 2 and "--item" in done.stderr


def test_a_failure_of_connectwise_is_shown_in_its_words(
    operator: OperatorLine, stack: LocalStack
) -> None:
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, path="/procurement", status=403, times=0))

    done = operator(*CHOOSE, "--item", "101", "--yes")

    assert done.exit_code == 1 and "ConnectWise" in done.stderr and "403" in done.stderr
