"""Every command that writes an id checks that Huntress or ConnectWise has it."""

import csv
from pathlib import Path

import pytest

from tests.integration.check_lines import refused
from tests.integration.local_stack import LocalStack
from tests.integration.mapping_world import ALDER, ALDER_ORG, BIRCH, BIRCH_ORG, mapping_world, words
from tests.integration.operator_line import OperatorLine
from tools.operator.mapping.sheet import COLUMNS

pytestmark = pytest.mark.world(build=mapping_world)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mappings.csv"


def write(file: Path, **cells: str) -> None:
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        writer.writerow(cells)


def stored(stack: LocalStack) -> list[dict[str, object]]:
    return sorted(stack.config.scan()["Items"], key=lambda item: (item["pk"], item["sk"]))


SETTINGS: dict[str, tuple[list[str], str]] = {
    "missing": (["products.edr.catalog_item_id", "999"], "ConnectWise has no catalog item 999"),
    "a bundle": (["products.edr.catalog_item_id", "203"], "a bundle"),
    "combined": (["combined_catalog_items", "[101, 998]"], "ConnectWise has no catalog item 998"),
}


@pytest.mark.parametrize(("change", "message"), SETTINGS.values(), ids=SETTINGS)
def test_settings_with_a_catalog_item_that_is_not_there_are_refused(
    stack: LocalStack, operator: OperatorLine, change: list[str], message: str
) -> None:
    before = stored(stack)

    done = operator("settings", "set", *change, "--yes")

    assert done.exit_code == 1 and message in words(done.stderr)
    assert stored(stack) == before


def test_settings_from_a_file_are_checked_too(
    stack: LocalStack, operator: OperatorLine, tmp_path: Path
) -> None:
    before, chosen = stored(stack), tmp_path / "settings.json"
    chosen.write_text('{"products": {"edr": {"catalog_item_id": 999}}}')

    done = operator("settings", "edit", "--from", str(chosen), "--yes")

    assert done.exit_code == 1 and "no catalog item 999" in words(done.stderr)
    assert stored(stack) == before


def test_an_old_version_whose_item_is_gone_by_now_is_not_made_current(
    stack: LocalStack, operator: OperatorLine
) -> None:
    old = int(stack.config.get_item(Key={"pk": "SETTINGS", "sk": "CURRENT"})["Item"]["version"])
    item = ("products.edr.catalog_item_id", "106")
    assert operator("settings", "set", *item, "--yes").exit_code == 0
    del stack.connectwise.state.catalog[101]

    done = operator("settings", "revert", str(old), "--yes")

    assert done.exit_code == 1 and "no catalog item 101" in words(done.stderr)


def test_what_else_the_settings_say_needs_no_look_at_connectwise(
    stack: LocalStack, operator: OperatorLine
) -> None:
    stack.put_connectwise_secret(private_key="wrong")

    assert operator("settings", "set", "guards.money", "800", "--yes").exit_code == 0
    done = operator("settings", "set", "products.edr.catalog_item_id", "106", "--yes")
    assert done.exit_code == 1 and "could not be checked" in words(done.stderr)


def test_an_inactive_item_whose_additions_are_billed_is_taken(
    stack: LocalStack, operator: OperatorLine
) -> None:
    done = operator("settings", "set", "products.edr.catalog_item_id", "204", "--yes")

    assert done.exit_code == 0, done.output


ORG, BIRCHLEAF = {"kind": "organization"}, {"kind": "organization", "id": str(BIRCH_ORG)}
COMPANY = {"kind": "company", "id": str(BIRCH)}
LINES: dict[str, tuple[dict[str, str], str]] = {
    "company": ({**BIRCHLEAF, "company_id": "99999"}, "company 99999"),
    "organization": ({**ORG, "id": "777", "company_id": str(BIRCH)}, "organization 777"),
    "excluded organization": ({**ORG, "id": "777", "excluded": "a trial"}, "organization 777"),
    "agreement": (
        {**BIRCHLEAF, "company_id": str(BIRCH), "agreement_id": "3010"},
        "agreement 3010",
    ),
    "rules of a company": (
        {"kind": "company", "id": "99999", "rules": '{"not_billed": {"sat": "no"}}'},
        "company 99999",
    ),
    "catalog item": ({**COMPANY, "rules": '{"catalog_items": {"edr": 999}}'}, "catalog item 999"),
    "pinned addition of a company": (
        {**COMPANY, "rules": '{"additions": {"edr": 999}}'},
        "addition 999",
    ),
    "named addition of a split": (
        {
            **COMPANY,
            "rules": '{"split": {"edr": {"fixed": [{"agreement_id": 3010, "units": 5}],'
            ' "remainder": 3011, "additions": [999]}}}',
        },
        "addition 999",
    ),
    "pinned addition of an organization": (
        {**BIRCHLEAF, "company_id": str(BIRCH), "rules": '{"additions": {"edr": 301001}}'},
        "addition 301001",
    ),
    "split": (
        {
            **COMPANY,
            "rules": '{"split": {"edr": {"fixed": [{"agreement_id": 3020, "units": 5}],'
            ' "remainder": 3010}}}',
        },
        "agreement 3010",
    ),
}


@pytest.mark.parametrize(("line", "message"), LINES.values(), ids=LINES)
def test_a_file_that_names_what_is_not_there_is_refused_as_a_whole(
    stack: LocalStack, operator: OperatorLine, file: Path, line: dict[str, str], message: str
) -> None:
    before = stored(stack)
    write(file, **line)

    done = operator("mappings", "import", str(file), "--yes")

    assert done.exit_code == 1 and message in words(done.stderr)
    assert stored(stack) == before


def test_a_file_whose_ids_are_all_there_is_taken(
    stack: LocalStack, operator: OperatorLine, file: Path
) -> None:
    write(file, **BIRCHLEAF, company_id=str(BIRCH), agreement_id="3020")

    assert operator("mappings", "import", str(file), "--yes").exit_code == 0


def test_a_file_with_a_pinned_addition_that_is_there_is_taken(
    stack: LocalStack, operator: OperatorLine, file: Path
) -> None:
    pins = '{"additions": {"edr": 302001}}'
    write(file, **BIRCHLEAF, company_id=str(BIRCH), rules=pins)

    done = operator("mappings", "import", str(file), "--yes")

    assert done.exit_code == 0, done.output
    item = next(each for each in stored(stack) if each["sk"] == f"ORG#{BIRCH_ORG}")
    assert item["additions"] == {"edr": 302001}


def test_a_mapping_whose_organization_left_huntress_can_still_be_changed(
    stack: LocalStack, operator: OperatorLine, file: Path
) -> None:
    operator("mappings", "export", str(file))
    del stack.huntress.state.organizations[ALDER_ORG]
    with file.open(newline="") as read:
        (line,) = (each for each in csv.DictReader(read) if each["id"] == str(ALDER_ORG))
    write(file, **{**line, "company_id": "", "company_name": "", "excluded": "it left"})

    assert operator("mappings", "import", str(file), "--yes").exit_code == 0


def test_a_file_is_refused_while_its_ids_cannot_be_checked(
    stack: LocalStack, operator: OperatorLine, file: Path
) -> None:
    stack.connectwise.add_fault(refused("/finance/agreements"))
    write(file, **BIRCHLEAF, company_id=str(BIRCH))

    done = operator("mappings", "import", str(file), "--yes")

    assert done.exit_code == 1 and "the companies cannot be read" in words(done.stderr)


def test_a_pin_of_another_company_is_refused_by_set(
    stack: LocalStack, operator: OperatorLine
) -> None:
    words_ = ("mappings", "set", str(BIRCH_ORG), str(BIRCH), "--agreement", f"{ALDER}0", "--yes")
    done = operator(*words_)

    assert done.exit_code == 1 and "no agreement of" in words(done.stderr)


def test_not_billed_refuses_a_company_that_is_not_there(
    stack: LocalStack, operator: OperatorLine
) -> None:
    done = operator("mappings", "not-billed", "99999", "edr", "--reason", "no", "--yes")

    assert done.exit_code == 1 and "99999" in words(done.stderr)


@pytest.mark.parametrize("words_", [("setup",), ("settings", "choose", "edr")], ids=str)
def test_setup_and_choose_refuse_an_item_that_is_not_there(
    stack: LocalStack, operator: OperatorLine, words_: tuple[str, ...]
) -> None:
    item = ("--item", "edr=999") if words_ == ("setup",) else ("--item", "999")

    done = operator(*words_, *item, *([] if words_ == ("setup",) else ["--yes"]))

    assert done.exit_code == 1 and "999" in words(done.output)
    current = stack.config.get_item(Key={"pk": "SETTINGS", "sk": "CURRENT"})["Item"]
    assert current["products"]["edr"]["catalog_item_id"] == 101
