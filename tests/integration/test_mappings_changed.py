"""`billing-sync mappings set`, `exclude`, `not-billed`, `remove`: one at a time, foretold."""

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.mapping_world import (
    ALDER,
    ALDER_ORG,
    BIRCH,
    COPPER_ORG,
    ELM_ORG,
    NOBODY,
    appears,
    item,
    mapping_world,
    vanishes,
    words,
)
from tests.integration.operator_line import OperatorLine
from tools.sandbox.vendors.faults import Fault, FaultKind
from tools.sandbox.world.seed_types import Organization

pytestmark = pytest.mark.world(build=mapping_world)


def test_an_organization_is_mapped_by_names_after_a_question(
    stack: LocalStack, operator: OperatorLine
) -> None:
    shown = operator("mappings", "set", "copperfield", "alder finch", answers=["y"])

    text = words(shown.stdout)
    assert shown.exit_code == 0
    assert "organization 'Copperfield' (id 13): unmapped → Alder Finch LLC (301)" in text
    assert "its units (40 edr by Huntress's list now) are billed to Alder Finch LLC (301)." in text
    assert "Its units are added to those of 'Alder Finch'." in text
    assert item(stack, f"ORG#{COPPER_ORG}") == {
        "organization_name": "Copperfield",
        "company_id": ALDER,
        "company_name": "Alder Finch LLC",
    }


def test_mapping_an_organization_anew_keeps_what_a_person_settled_about_its_products(
    stack: LocalStack, operator: OperatorLine
) -> None:
    absent = {"sat": "not used"}
    key = {"pk": "MAPPING", "sk": f"ORG#{COPPER_ORG}"}
    stack.config.put_item(Item={**key, "company_id": 302, "absent": absent})

    shown = operator("mappings", "set", str(COPPER_ORG), str(ALDER), "--yes")

    assert shown.exit_code == 0, shown.output
    assert item(stack, f"ORG#{COPPER_ORG}")["absent"] == absent


def test_moving_the_last_organization_shows_the_consequence_for_the_company(
    stack: LocalStack, operator: OperatorLine
) -> None:
    shown = operator("mappings", "set", str(ALDER_ORG), str(BIRCH), "--yes")

    assert "Alder Finch LLC (301) → Birchleaf Inc. (302)" in words(shown.stdout)
    assert "Nothing else is mapped to Alder Finch LLC (301): an addition" in words(shown.stdout)
    found = item(stack, f"ORG#{ALDER_ORG}")
    assert found and found["company_id"] == BIRCH


def test_saying_no_or_saying_it_again_writes_nothing(
    stack: LocalStack, operator: OperatorLine
) -> None:
    no = operator("mappings", "set", str(COPPER_ORG), str(ALDER), answers=["n"])
    again = operator("mappings", "set", str(ALDER_ORG), str(ALDER))
    unanswered = operator("mappings", "set", str(COPPER_ORG), str(ALDER))

    assert (no.exit_code, again.exit_code, unanswered.exit_code) == (1, 0, 2)
    assert (
        "not confirmed; no changes made" in no.stderr and "No change: already set" in again.stdout
    )
    assert "Use --yes" in unanswered.stderr
    assert item(stack, f"ORG#{COPPER_ORG}") is None


def test_a_pin_belongs_to_the_company(stack: LocalStack, operator: OperatorLine) -> None:
    words_of_it = ("mappings", "set", str(ALDER_ORG), str(ALDER), "--yes")

    other = operator(*words_of_it, "--agreement", "3020")
    kind = operator(*words_of_it, "--agreement-type", "Backup")
    assert (other.exit_code, kind.exit_code) == (1, 1)
    assert "--agreement is 3020, which is no agreement of Alder Finch LLC (301)" in other.stderr
    assert "It has: 3010 'Managed Security - Alder Finch LLC' of type" in other.stderr
    assert "--agreement-type is 'Backup', and no agreement of Alder Finch" in kind.stderr
    both = operator(*words_of_it, "--agreement", "3010", "--agreement-type", "Managed Services")
    assert both.exit_code == 2

    operator(*words_of_it, "--agreement-type", "managed services")
    found = item(stack, f"ORG#{ALDER_ORG}")
    assert found and found["agreement_type"] == "Managed Services"

    operator(*words_of_it, "--agreement", "3010")
    found = item(stack, f"ORG#{ALDER_ORG}")
    assert found and found["agreement_id"] == 3010 and "agreement_type" not in found


def test_a_name_that_several_have_is_answered_with_their_ids(
    stack: LocalStack, operator: OperatorLine
) -> None:
    appears(stack, Organization(21, "Copperfield", {"edr": 2}))

    shown = operator("mappings", "set", "Copperfield", str(ALDER), "--yes")

    assert shown.exit_code == 1 and "'Copperfield' may be several; say the id:" in shown.stderr
    assert "  13  Copperfield\n  21  Copperfield" in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["Copper", "301"], "These have it in their name; say the id:\n  13  Copperfield"),
        (["nobody", "301"], "no organization has the name or id 'nobody'"),
        (["13", "Wealth"], "These have it in their name; say the id:\n  303  Copperfield Wealth"),
        (["13", "999"], "no company has the name or id '999'"),
    ],
)
def test_a_part_of_a_name_is_never_guessed_from(
    stack: LocalStack, operator: OperatorLine, arguments: list[str], message: str
) -> None:
    shown = operator("mappings", "set", *arguments, "--yes")

    assert shown.exit_code == 1 and message in shown.stderr
    assert item(stack, f"ORG#{COPPER_ORG}") is None


def test_a_company_that_is_not_listed_is_refused(stack: LocalStack, operator: OperatorLine) -> None:
    shown = operator("mappings", "set", str(COPPER_ORG), "999", "--yes")

    assert shown.exit_code == 1 and "no company has the name or id '999'" in shown.stderr
    assert item(stack, f"ORG#{COPPER_ORG}") is None


def test_a_company_without_a_usable_agreement_is_warned_of(
    stack: LocalStack, operator: OperatorLine
) -> None:
    shown = operator("mappings", "set", str(COPPER_ORG), "Elm", "--yes")

    warned = "WARNING: no agreement of the company takes a quantity now: 'Managed Security"
    assert warned in words(shown.stdout)


def test_a_pin_into_a_company_with_a_split_is_warned_of(
    stack: LocalStack, operator: OperatorLine
) -> None:
    split = {"edr": {"fixed": [{"agreement_id": 3010, "units": 5}], "remainder": 3011}}
    stack.config.put_item(Item={"pk": "MAPPING", "sk": f"COMPANY#{ALDER}", "split": split})
    pin = ("--agreement", "3010", "--yes")

    shown = operator("mappings", "set", str(ALDER_ORG), str(ALDER), *pin)

    assert "WARNING: the company has a split of edr" in words(shown.stdout)


def test_a_change_by_another_person_during_the_question_is_not_overwritten(
    stack: LocalStack, operator: OperatorLine
) -> None:
    def somebody_else() -> None:
        stack.change_item("MAPPING", f"ORG#{ALDER_ORG}", company_id=777)

    shown = operator(
        "mappings", "set", str(ALDER_ORG), str(BIRCH), answers=["y"], meanwhile=somebody_else
    )

    assert shown.exit_code == 1 and "somebody changed MAPPING / ORG#1 meanwhile" in shown.stderr
    found = item(stack, f"ORG#{ALDER_ORG}")
    assert found and found["company_id"] == 777


def test_an_organization_is_excluded_with_a_reason(
    stack: LocalStack, operator: OperatorLine
) -> None:
    shown = operator("mappings", "exclude", "DESKTOP-4F2K", "--reason", " a trial ", "--yes")

    assert "unmapped → excluded: a trial" in shown.stdout
    assert "(1 edr by Huntress's list now) are billed to nobody" in words(shown.stdout)
    found = {"organization_name": "DESKTOP-4F2K", "excluded": True, "reason": "a trial"}
    assert item(stack, f"ORG#{NOBODY}") == found
    assert operator("mappings", "exclude", str(ELM_ORG), "--reason", " ", "--yes").exit_code == 2
    assert operator("mappings", "exclude", str(ELM_ORG), "--yes").exit_code == 2


def test_an_organization_that_is_gone_is_removed_even_when_huntress_cannot_be_read(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.change_item("MAPPING", f"ORG#{ELM_ORG}", compnay_id=1)
    vanishes(stack, ALDER_ORG)
    stack.huntress.add_fault(Fault(FaultKind.STATUS, path="/v1/organizations", status=403, times=0))

    gone = operator("mappings", "remove", "Alder Finch", "--yes")
    wrong = operator("mappings", "remove", str(ELM_ORG), "--yes")

    assert "Alder Finch LLC (301) → unmapped" in gone.stdout
    assert "a wrong item → unmapped" in wrong.stdout
    assert item(stack, f"ORG#{ALDER_ORG}") is None and item(stack, f"ORG#{ELM_ORG}") is None


def test_what_is_not_mapped_cannot_be_removed(stack: LocalStack, operator: OperatorLine) -> None:
    shown = operator("mappings", "remove", "Copperfield", "--yes")

    assert shown.exit_code == 1 and "has no mapping, so there is none to remove" in shown.stderr


def test_a_wrong_item_is_fixed_by_setting_it_again(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.change_item("MAPPING", f"ORG#{ELM_ORG}", compnay_id=1)

    shown = operator("mappings", "set", str(ELM_ORG), str(BIRCH), "--yes")

    assert "a wrong item → Birchleaf Inc. (302)" in shown.stdout
    found = item(stack, f"ORG#{ELM_ORG}")
    assert found and "compnay_id" not in found and found["company_id"] == BIRCH


def test_why_a_product_has_no_count_is_kept_with_the_mapping_until_it_is_unknown_again(
    stack: LocalStack, operator: OperatorLine
) -> None:
    absent = ("mappings", "absent", "Alder Finch", "sat", "--as")

    shown = words(operator(*absent, "not used", "--yes").stdout)
    assert "Alder Finch LLC (301) → Alder Finch LLC (301), sat not used" in shown
    assert "While Huntress gives no count, the sat units of Alder Finch are 0." in shown
    operator("mappings", "set", "Alder Finch", str(ALDER), "--agreement", "3010", "--yes")
    assert item(stack, f"ORG#{ALDER_ORG}")["absent"] == {"sat": "not used"}

    operator(*absent, "unknown", "--yes")
    assert "absent" not in item(stack, f"ORG#{ALDER_ORG}")


def test_an_unmapped_organization_has_no_product_to_explain(
    stack: LocalStack, operator: OperatorLine
) -> None:
    shown = operator("mappings", "absent", "Copperfield", "sat", "--as", "not used", "--yes")

    assert shown.exit_code == 1
    assert "map it first with 'billing-sync mappings set 13 COMPANY'" in words(shown.output)
