"""`billing-sync mappings pin`: which of several additions bills a product."""

import copy

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.mapping_world import ALDER, ALDER_ORG, BIRCH, item, mapping_world, words
from tests.integration.operator_line import OperatorLine

pytestmark = pytest.mark.world(build=mapping_world)
LINE, ONE_TIME = 301001, 301091


@pytest.fixture(autouse=True)
def one_time_line(stack: LocalStack) -> None:
    """Alder has a second line of EDR, for two weeks."""
    additions = stack.connectwise.state.additions
    line = next(key for key, row in additions.items() if row["agreementId"] == 3010)
    assert line == LINE
    dates = {"effectiveDate": "2026-07-01T00:00:00Z", "cancelledDate": "2026-07-29T00:00:00Z"}
    additions[ONE_TIME] = {**copy.deepcopy(additions[line]), "id": ONE_TIME, "quantity": 2, **dates}


def test_a_company_is_pinned_after_a_question_and_the_next_run_bills_that_addition(
    stack: LocalStack, operator: OperatorLine
) -> None:
    shown = operator("mappings", "pin", str(ALDER), "edr", "--addition", str(LINE), answers=["y"])

    assert shown.exit_code == 0, shown.output
    assert f"edr of Alder Finch LLC (id 301): not pinned → addition {LINE}" in words(shown.stdout)
    found = item(stack, f"COMPANY#{ALDER}")
    assert found and found["additions"] == {"edr": LINE}
    (row,) = stack.ask({"action": "preview", "companies": [ALDER]})["rows"]
    assert (row["addition"], row["outcome"]) == (LINE, "unchanged")


def test_an_organization_is_pinned_and_keeps_its_pin_until_it_is_mapped_elsewhere(
    stack: LocalStack, operator: OperatorLine
) -> None:
    pin = ("mappings", "pin", str(ALDER), "edr", "--organization", str(ALDER_ORG), "--yes")
    shown = operator(*pin, "--addition", str(LINE))
    again = operator("mappings", "set", str(ALDER_ORG), str(ALDER), "--agreement", "3010", "--yes")

    assert (shown.exit_code, again.exit_code) == (0, 0), shown.output
    assert f"edr: addition {LINE}" in words(shown.stdout)
    found = item(stack, f"ORG#{ALDER_ORG}")
    assert found and (found["additions"], found["agreement_id"]) == ({"edr": LINE}, 3010)

    operator("mappings", "absent", str(ALDER_ORG), "sat", "--as", "not used", "--yes")
    found = item(stack, f"ORG#{ALDER_ORG}")
    assert found and found["additions"] == {"edr": LINE}
    operator("mappings", "set", str(ALDER_ORG), str(BIRCH), "--yes")
    found = item(stack, f"ORG#{ALDER_ORG}")
    assert found and "additions" not in found and found["absent"] == {"sat": "not used"}


def test_a_pin_is_removed(stack: LocalStack, operator: OperatorLine) -> None:
    pin = ("mappings", "pin", str(ALDER), "edr", "--yes")
    operator(*pin, "--addition", str(ONE_TIME))

    shown = operator(*pin, "--none")

    assert f"addition {ONE_TIME} → not pinned" in words(shown.stdout)
    assert item(stack, f"COMPANY#{ALDER}") is None


@pytest.mark.parametrize(
    ("words_after", "status", "message"),
    [
        (["--addition", "999"], 1, "--addition is 999, and the company has no such addition"),
        (
            ["--addition", "999"],
            1,
            f"addition {ONE_TIME} on 'Managed Security - Alder Finch LLC' (id 3010): 2, one-time",
        ),
        ([], 2, "give --addition ID, or --none"),
        (["--addition", str(LINE), "--none"], 2, "give --addition ID, or --none"),
        (
            ["--addition", str(LINE), "--organization", "Copperfield"],
            1,
            "is not mapped to a company",
        ),
        (["--addition", str(LINE), "--organization", "Elm"], 1, "is mapped to company 305"),
    ],
    ids=str,
)
def test_what_cannot_be_pinned_is_refused(
    stack: LocalStack,
    operator: OperatorLine,
    words_after: list[str],
    status: int,
    message: str,
) -> None:
    shown = operator("mappings", "pin", str(ALDER), "edr", *words_after, "--yes")

    assert shown.exit_code == status and message in words(shown.stderr), shown.output
    assert item(stack, f"COMPANY#{ALDER}") is None
