"""`billing-sync mappings not-billed`: one product of a company excluded, and billed again."""

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.mapping_world import ALDER, item, mapping_world
from tests.integration.operator_line import OperatorLine

pytestmark = pytest.mark.world(build=mapping_world)


def test_a_product_of_a_company_is_left_out_and_taken_back(
    stack: LocalStack, operator: OperatorLine
) -> None:
    key = {"pk": "MAPPING", "sk": f"COMPANY#{ALDER}"}
    stack.config.put_item(Item={**key, "minimum": {"edr": 5}})

    out = operator("mappings", "not-billed", "Alder Finch", "sat", "--reason", "flat", "--yes")
    assert "sat of Alder Finch LLC (id 301): billed → not billed: flat" in out.stdout
    assert item(stack, key["sk"]) == {
        "company_name": "Alder Finch LLC",
        "minimum": {"edr": 5},
        "not_billed": {"sat": "flat"},
    }
    back = operator("mappings", "not-billed", str(ALDER), "sat", "--billed", "--yes")
    assert "not billed: flat → billed" in back.stdout
    assert item(stack, key["sk"]) == {"company_name": "Alder Finch LLC", "minimum": {"edr": 5}}


def test_rules_that_say_nothing_any_more_are_removed(
    stack: LocalStack, operator: OperatorLine
) -> None:
    operator("mappings", "not-billed", str(ALDER), "sat", "--reason", "flat", "--yes")
    assert item(stack, f"COMPANY#{ALDER}")

    operator("mappings", "not-billed", str(ALDER), "sat", "--billed", "--yes")

    assert item(stack, f"COMPANY#{ALDER}") is None
    again = operator("mappings", "not-billed", str(ALDER), "sat", "--billed", "--yes")
    assert again.exit_code == 0 and "No change: already set" in again.stdout


def test_rules_that_contradict_each_other_are_refused_with_the_way_out(
    stack: LocalStack, operator: OperatorLine
) -> None:
    split = {"edr": {"fixed": [{"agreement_id": 3010, "units": 5}], "remainder": 3011}}
    key = {"pk": "MAPPING", "sk": f"COMPANY#{ALDER}"}
    stack.config.put_item(Item={**key, "split": split})

    shown = operator("mappings", "not-billed", str(ALDER), "edr", "--reason", "x", "--yes")

    assert shown.exit_code == 1 and "edr is in split and in not_billed" in shown.stderr
    assert item(stack, key["sk"]) == {"split": split}


@pytest.mark.parametrize("more", [[], ["--billed", "--reason", "x"], ["--reason", ""]])
def test_a_product_is_either_left_out_with_a_reason_or_taken_back(
    stack: LocalStack, operator: OperatorLine, more: list[str]
) -> None:
    shown = operator("mappings", "not-billed", str(ALDER), "sat", *more, "--yes")

    assert shown.exit_code == 2 and "--reason" in shown.stderr
