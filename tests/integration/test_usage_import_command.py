"""What `billing-sync usage` asks, shows, remembers and refuses."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.aws_endpoint import CALLER
from tests.integration.installed_stack import NEW_INVOICE
from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.small_world import (
    ALDER_ORGANIZATION,
    COPPERFIELD_ORGANIZATION,
)
from tests.integration.usage_reports import (
    ALDER_NAME,
    COLUMNS,
    KEY,
    importing,
    in_force,
    usage_name,
)


def test_the_columns_are_asked_once_and_remembered(
    late_stack: LocalStack, operator: OperatorLine, report: Any
) -> None:
    heading = "Client,Seats,Servers,Learners"
    file = report(f"{ALDER_NAME},20,6,28", heading=heading)
    no_itdr, no_siem, no_ispm = "-", "-", "-"

    shown = operator(
        *("usage", "import", "5003", file),
        answers=["No such", "1", "Seats,3", no_itdr, "Learners", no_siem, no_ispm, "y"],
    )
    again = operator(
        "usage", "import", "5003", report(f"{ALDER_NAME},21,6,28", heading=heading), "--yes"
    )

    assert shown.exit_code == 0, shown.output
    assert "'No such' is no column of a.csv" in shown.stderr
    assert again.exit_code == 0, again.output
    assert in_force(late_stack, version=1)[ALDER_ORGANIZATION, "edr"] == 26
    assert in_force(late_stack, version=2)[ALDER_ORGANIZATION, "edr"] == 27
    item = late_stack.config.get_item(Key=KEY)["Item"]
    assert item["organization"] == "Client" and item["updated_by"] == CALLER
    assert item["units"] == {"Seats": "edr", "Servers": "edr", "Learners": "sat"}
    assert (
        late_stack.ask({"action": "preview"})["verdict"] == "previewed"
    )  # settings and mappings read on


def test_a_name_that_is_not_exact_is_asked_with_suggestions_and_may_be_left_out(
    late_stack: LocalStack, operator: OperatorLine, report: Any
) -> None:
    file = report("Alder Finch Accountants LLC,26", "Nobody Ltd,3")
    command = ("usage", "import", "5003", file, *COLUMNS)

    refused = operator(*command, "--yes")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "'Alder Finch Accountants LLC', 'Nobody Ltd'" in refused.stderr
    assert f"1  {ALDER_NAME} (id {ALDER_ORGANIZATION})" in refused.stderr
    shown = operator(*command, answers=["1", "9999", "skip", "y"])
    scripted = operator(
        *command,
        *("--match", f"Alder Finch Accountants LLC={ALDER_ORGANIZATION}"),
        *("--skip", "Nobody Ltd", "--yes", "--json"),
    )

    assert shown.exit_code == 0, shown.output
    assert "'9999' is no number above" in shown.stderr
    assert in_force(late_stack)[ALDER_ORGANIZATION, "edr"] == 26
    assert importing(late_stack).imports.all(NEW_INVOICE)[0].skipped == ("Nobody Ltd",)
    answer = json.loads(scripted.stdout)
    assert answer["version"] == 1 and answer["changes"] == []  # the same file again changes nothing


def test_saying_no_stores_nothing(
    late_stack: LocalStack, operator: OperatorLine, report: Any
) -> None:
    shown = operator("usage", "import", "5003", report(f"{ALDER_NAME},26"), *COLUMNS, answers=["n"])

    assert shown.exit_code == 1 and "not confirmed; no changes made" in shown.stderr
    assert late_stack.usage.version(NEW_INVOICE) == 0
    assert "Item" not in late_stack.config.get_item(Key=KEY)


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        (["5004", *COLUMNS, "--yes"], (1, "INVOICE is '5004', and no such invoice was seen")),
        (["5003", "--yes"], (2, "no columns are remembered. It has Organization Name, Agents")),
        (["5003"], (2, "nobody answers 'Which column is the organization")),
        (["5003", *COLUMNS], (2, "Use --yes")),
        (["5003", *COLUMNS, "--json"], (2, "--json shows nothing to agree to")),
        (["5003", "--columns", "Name=organization,A=edr", "--yes"], (2, "once the column Name, A")),
        (["5003", "--columns", "A=edr"], (2, "needs one organization and at least one product")),
        (["5003", "--columns", "A=agents"], (2, "'A=agents' is not <column>=organization")),
        (["5003", *COLUMNS, "--skip", "Nobody", "--yes"], (2, "the file has no line of 'Nobody'")),
        (["5003", *COLUMNS, "--match", "Nobody"], (2, "'Nobody' is not NAME=ID")),
        (
            ["5003", *COLUMNS, "--match", f"{ALDER_NAME}=9", "--yes"],
            (2, "no organization has this"),
        ),
        (["5003", *COLUMNS, "--skip", ALDER_NAME, "--yes"], (1, "every line was left out")),
    ],
    ids=str,
)
def test_what_is_missing_or_wrong_is_named_with_the_way_out(
    late_stack: LocalStack,
    operator: OperatorLine,
    report: Any,
    words: list[str],
    ends: tuple[int, str],
) -> None:
    invoice, *more = words
    status, text = ends

    shown = operator("usage", "import", invoice, report(f"{ALDER_NAME},26"), *more)

    assert shown.exit_code == status, shown.output
    assert text in " ".join(shown.stderr.split()) and "Traceback" not in shown.output
    assert late_stack.usage.version(NEW_INVOICE) == 0


def test_the_person_the_time_and_the_file_are_kept_and_shown(
    late_stack: LocalStack, operator: OperatorLine, report: Any
) -> None:
    file = report(f"{ALDER_NAME},26", f"{usage_name(late_stack, COPPERFIELD_ORGANIZATION)},66")
    operator("usage", "import", "5003", file, *COLUMNS, "--yes")
    operator("usage", "import", "5003", report(f"{ALDER_NAME},27", name="b.csv"), "--yes")

    shown = operator("usage", "show", "5003", "--json")

    answer = json.loads(shown.stdout)
    assert [each["number"] for each in answer["versions"]] == [2, 1] and answer["version"] == 2
    newest, first = answer["versions"]
    assert (first["file"], first["by"]) == ("a.csv", CALLER)
    assert first["sha256"] == hashlib.sha256(Path(file).read_bytes()).hexdigest()
    assert first["at"].startswith("2026-07-15T") and first["columns"]["Agents"] == "edr"
    assert (newest["file"], newest["previous"]) == ("b.csv", 1)
    edr = {u["organization_id"]: u for u in answer["usage"] if u["product"] == "edr"}
    alder, copperfield = edr[ALDER_ORGANIZATION], edr[COPPERFIELD_ORGANIZATION]
    assert (alder["units"], alder["frozen"], alder["source"]) == (27, 25, "imported")
    assert (copperfield["units"], copperfield["source"]) == (66, "imported")
    assert in_force(late_stack, version=1)[ALDER_ORGANIZATION, "edr"] == 26
    plain = " ".join(operator("usage", "show", "account#5003").stdout.split())
    assert f"{ALDER_NAME} edr 27 25 imported" in plain and "b.csv" in plain


def test_what_is_not_in_the_file_stays_and_is_said_to(
    late_stack: LocalStack, operator: OperatorLine, report: Any
) -> None:
    name = usage_name(late_stack, COPPERFIELD_ORGANIZATION)
    before = in_force(late_stack)
    file = report(f"{ALDER_NAME},26", f"{name},-")

    shown = operator("usage", "import", "5003", file, *COLUMNS, "--yes")

    words = " ".join(shown.stdout.split())
    assert "Not in the file, which is not zero" in words
    assert f"{name} edr 65 late" in words.split("which is not zero")[1]
    assert in_force(late_stack) == before | {(ALDER_ORGANIZATION, "edr"): 26}


def test_an_import_that_no_run_will_use_says_so(
    late_stack: LocalStack, operator: OperatorLine, report: Any
) -> None:
    late_stack.change_item("MAPPING", f"ORG#{ALDER_ORGANIZATION}", organization_name=ALDER_NAME)
    file = report(f"{ALDER_NAME},26")

    older = operator("usage", "import", "5002", file, *COLUMNS, "--yes")
    last = operator("usage", "import", "5003", file, *COLUMNS, "--yes")

    assert (older.exit_code, last.exit_code) == (0, 0)
    assert "Is this the right invoice?" in older.stdout
    assert "right invoice" not in last.stdout and "billing-sync preview" in last.stdout
