"""`billing-sync mappings export` and `import`: a file for a spreadsheet, validated as a whole."""

import csv
from pathlib import Path

import pytest

from tests.aws.faults import CutOff
from tests.integration.local_stack import LocalStack
from tests.integration.mapping_world import words
from tests.integration.operator_line import OperatorLine
from tools.operator.mapping.sheet import COLUMNS

NAMES = ('A, "B" & Co', "=1+1", "line\nbreak", "Zoë 東 🙂", "'t Hooft; +44")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mappings.csv"


@pytest.fixture(autouse=True)
def listed(bare_stack: LocalStack) -> None:
    """Huntress and ConnectWise have what these files name."""
    bare_stack.put_huntress_secret()
    bare_stack.put_connectwise_secret()
    organizations = bare_stack.huntress.state.organizations
    agreements = bare_stack.connectwise.state.agreements
    organization, agreement = organizations[101], next(iter(agreements.values()))
    organizations |= {number: {**organization, "id": number} for number in range(1, 261)}
    for number in (250, 251, 252):
        company = {"id": number, "identifier": f"C{number}", "name": f"Company {number}"}
        agreements[number * 10] = {**agreement, "id": number * 10, "company": company}


@pytest.fixture
def several(bare_stack: LocalStack) -> LocalStack:
    """Mappings of every kind, as several people wrote them."""
    put = bare_stack.config.put_item
    for number, name in enumerate(NAMES, start=1):
        by = {"updated_by": "Bo", "updated_at": "2026-07-01T00:00:00Z"}
        put(Item=mapping(number, organization_name=name, company_id=250, company_name=name, **by))
    put(Item=mapping(6, company_id=250, agreement_type="Managed Security", reason=""))
    put(Item=mapping(7, excluded=True, reason="@ours"))
    put(Item=mapping(8, company_id=251, agreement_id=2510, excluded=False))
    rules = {
        "not_billed": {"sat": "in, the price"},
        "guards": {"money": 500},
        "minimum": {"edr": 5},
    }
    put(Item={"pk": "MAPPING", "sk": "COMPANY#250", "company_name": "Acme", **rules})
    return bare_stack


def mapping(number: int, **attributes: object) -> dict[str, object]:
    return {"pk": "MAPPING", "sk": f"ORG#{number}", **attributes}


def edited(file: Path, **changes: dict[str, str]) -> None:
    """Change cells of the lines with these ids, as a person does in a spreadsheet."""
    with file.open(newline="") as read:
        lines = list(csv.DictReader(read))
    for line in lines:
        line.update(changes.get(f"{line['kind'][0]}{line['id']}", {}))
    write(file, *lines)


def write(file: Path, *lines: dict[str, str]) -> None:
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(lines)


def stored(stack: LocalStack) -> list[dict[str, object]]:
    return list(stack.config.scan()["Items"])


def test_a_file_goes_into_another_stack_and_comes_out_as_the_same_bytes(
    several: LocalStack, operator: OperatorLine, file: Path
) -> None:
    assert operator("mappings", "export", str(file)).output.endswith(": mappings written: 9.\n")
    first = file.read_bytes()
    for item in stored(several):
        several.config.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})

    shown = operator("mappings", "import", str(file), "--yes")

    assert shown.exit_code == 0 and "Written: 9." in shown.output
    assert operator("mappings", "export", "-").stdout_bytes == first
    seventh = several.config.get_item(Key={"pk": "MAPPING", "sk": "ORG#7"})["Item"]
    assert seventh["reason"] == "@ours" and seventh["updated_by"].endswith("user/ann")


def test_importing_what_was_exported_changes_nothing(
    several: LocalStack, operator: OperatorLine, file: Path
) -> None:
    operator("mappings", "export", str(file))
    before = stored(several)

    shown = operator("mappings", "import", str(file))

    assert shown.exit_code == 0
    assert "0 added, 0 changed, 9 unchanged; 0 that the file does not name" in shown.output
    assert "the table is as the file says" in shown.output and stored(several) == before


def test_changes_are_shown_and_asked_about_and_what_the_file_does_not_name_stays(
    several: LocalStack, operator: OperatorLine, file: Path
) -> None:
    operator("mappings", "export", str(file))
    several.config.put_item(Item=mapping(99, company_id=9))
    edited(file, o8={"company_id": "252.0", "agreement_id": ""}, o7={"name": "Lab"})
    with file.open("a") as out:
        out.write("organization,12,New,250,Acme,,,,,\n")

    declined = operator("mappings", "import", str(file), answers=["n"])
    assert "1 added, 2 changed, 7 unchanged; 1 that the file does not name stay" in declined.output
    assert "+ organization 'New' (id 12): Acme (250)" in declined.output
    assert "~ organization 8: company 251, agreement 2510 → company 252" in declined.output
    assert "~ organization 7: name '' → 'Lab'" in declined.output
    assert (
        several.config.get_item(Key={"pk": "MAPPING", "sk": "ORG#8"})["Item"]["company_id"] == 251
    )

    assert operator("mappings", "import", str(file), answers=["y"]).exit_code == 0
    now = {str(item["sk"]): item for item in stored(several)}
    assert now["ORG#8"]["company_id"] == 252 and "agreement_id" not in now["ORG#8"]
    assert now["ORG#12"]["company_id"] == 250 and now["ORG#99"] == mapping(99, company_id=9)
    assert now["ORG#1"]["updated_by"] == "Bo"  # what did not change is not signed again


def test_a_file_older_than_the_table_is_refused_with_every_name(
    several: LocalStack, operator: OperatorLine, file: Path
) -> None:
    operator("mappings", "export", str(file))
    edited(file, o8={"company_id": "252"}, o3={"company_id": "252"})
    several.change_item("MAPPING", "ORG#8", company_id=253)
    several.config.delete_item(Key={"pk": "MAPPING", "sk": "ORG#7"})
    before = stored(several)

    shown = operator("mappings", "import", str(file), "--yes")

    assert shown.exit_code == 1 and stored(several) == before
    assert "line 10: organization 7 was removed from the table since" in shown.output
    assert (
        "organization 8 was changed since the export, now company 253, agreement 2510"
        in shown.output
    )
    assert "organization 'line" not in shown.output  # only that line of the file is newer


def test_who_wrote_it_and_when_does_not_make_a_file_older(
    several: LocalStack, operator: OperatorLine, file: Path
) -> None:
    operator("mappings", "export", str(file))
    edited(file, o8={"company_id": "252", "agreement_id": ""})
    several.change_item("MAPPING", "ORG#8", updated_by="Cy", updated_at="2026-07-02T00:00:00Z")

    assert operator("mappings", "import", str(file), "--yes").exit_code == 0


def test_a_line_without_seen_for_what_is_mapped_already_is_as_old(
    several: LocalStack, operator: OperatorLine, file: Path
) -> None:
    write(
        file,
        {"kind": "organization", "id": "8", "company_id": "252"},
        {"kind": "organization", "id": "12", "company_id": "252"},
    )

    shown = operator("mappings", "import", str(file), "--yes")

    assert shown.exit_code == 1 and "the line has no 'seen'" in shown.output
    assert "organization 12" not in shown.output and several.config.scan()["Count"] == 9


def test_one_wrong_line_keeps_the_whole_file_out(
    several: LocalStack, operator: OperatorLine, file: Path
) -> None:
    write(
        file,
        {"kind": "organization", "id": "12", "company_id": "252"},
        {"kind": "organization", "id": "13", "company_id": "two"},
        {"kind": "company", "id": "14", "rules": '{"maximum": {"edr": 1}, "minimum": {"edr": 2}}'},
    )

    shown = operator("mappings", "import", str(file), "--yes")

    assert shown.exit_code == 1 and several.config.scan()["Count"] == 9
    assert "- line 3: company_id is 'two': give a whole number, such as 250" in shown.output
    assert (
        "- line 4: rules: the item: Value error, maximum of edr 1 is below minimum" in shown.output
    )


def test_an_import_of_more_than_a_hundred_changes_that_is_cut_off_is_finished_by_repeating_it(
    bare_stack: LocalStack, operator: OperatorLine, file: Path
) -> None:
    ids = range(1, 261)
    write(file, *({"kind": "organization", "id": f"{n}", "company_id": "250"} for n in ids))

    with bare_stack.memory.listening(CutOff("config", "TransactWriteItems", at=2, once=True)):
        cut_off = operator("mappings", "import", str(file), "--yes")
    again = operator("mappings", "import", str(file), "--yes")

    assert cut_off.exit_code == 3
    assert "More than 100 changes are made 100 at a time" in words(cut_off.stdout)
    assert "100 of 260 changes were made, 160 were not. Repeat" in words(cut_off.stderr)
    assert "160 added, 0 changed, 100 unchanged" in words(again.stdout)
    assert again.exit_code == 0 and "Written: 160." in again.stdout
    assert bare_stack.config.scan()["Count"] == 260


def test_a_wrong_item_in_the_table_stops_an_export_and_is_reported(
    several: LocalStack, operator: OperatorLine, file: Path
) -> None:
    several.config.put_item(Item=mapping(8, compnay_id=251))

    shown = operator("mappings", "export", str(file))

    assert shown.exit_code == 1 and not file.exists()
    assert "MAPPING / ORG#8: compnay_id is 251: there is no such attribute" in " ".join(
        shown.output.replace("Decimal('251')", "251").split()
    )


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["import", "nowhere.csv"], 1, "nowhere.csv cannot be read: No such file"),
        (["import", "-"], 2, "give --yes"),
        (["export", "/nowhere/a.csv"], 1, "/nowhere/a.csv cannot be written: No such file"),
    ],
)
def test_a_missing_file_is_reported(
    operator: OperatorLine, words: list[str], status: int, message: str
) -> None:
    shown = operator("mappings", *words)

    assert shown.exit_code == status and message in shown.output


def test_without_anybody_to_ask_nothing_is_written_and_the_option_is_named(
    bare_stack: LocalStack, operator: OperatorLine, file: Path
) -> None:
    write(file, {"kind": "organization", "id": "12", "company_id": "252"})

    shown = operator("mappings", "import", str(file))
    tried = operator("mappings", "import", str(file), "--dry-run")

    assert shown.exit_code == 2 and "Use --yes" in shown.output
    assert tried.exit_code == 0 and "Nothing was written: dry run." in tried.output
    assert bare_stack.config.scan()["Count"] == 0
    assert operator("mappings", "import", str(file), answers=["y"]).exit_code == 0
    assert bare_stack.config.scan()["Count"] == 1
