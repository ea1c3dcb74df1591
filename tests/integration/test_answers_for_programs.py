"""`--json` of commands that write: one document on standard output, and never without `--yes`."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.small_world import ALDER, ALDER_ORGANIZATION

ORGANIZATION, COMPANY = str(ALDER_ORGANIZATION), str(ALDER)
WRITES: list[tuple[list[str], dict[str, Any]]] = [
    (["settings", "set", "guards.money", "800"], {"changed": True, "version": 2}),
    (["settings", "set", "approval", "automatic"], {"changed": True, "version": 2}),
    (["settings", "choose", "edr", "--item", "106"], {"changed": True, "version": 2}),
    (["settings", "confirm-huntress-sync-off"], {"changed": True, "version": 2}),
    (["mappings", "exclude", ORGANIZATION, "--reason", "ours"], {"written": True}),
    (["mappings", "set", ORGANIZATION, COMPANY, "--agreement", "3010"], {"written": True}),
    (["mappings", "not-billed", COMPANY, "sat", "--reason", "in the seat"], {"written": True}),
    (["mappings", "remove", ORGANIZATION], {"written": True, "after": "unmapped"}),
]


@pytest.mark.parametrize(("words", "message"), WRITES, ids=" ".join)
def test_a_write_is_answered_with_one_document(
    stack: LocalStack, operator: OperatorLine, words: list[str], message: dict[str, Any]
) -> None:
    shown = operator(*words, "--yes", "--json")

    assert shown.exit_code == 0, shown.output
    answer = json.loads(shown.stdout)
    assert {name: answer[name] for name in message} == message


@pytest.mark.parametrize("words", [words for words, _ in WRITES], ids=" ".join)
def test_nothing_is_written_where_nobody_said_yes(
    stack: LocalStack, operator: OperatorLine, words: list[str]
) -> None:
    before = stack.config.scan()["Items"]

    shown = operator(*words, "--json", answers=["y"])

    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "--json shows nothing to agree to; give --yes with it." in shown.stderr
    assert stack.config.scan()["Items"] == before


def test_a_write_that_changes_nothing_says_so(stack: LocalStack, operator: OperatorLine) -> None:
    words = ("settings", "set", "guards.money", "800", "--yes", "--json")
    operator(*words)

    again = json.loads(operator(*words).stdout)

    assert (again["changed"], again["version"], again["guards"]) == (False, 2, {"money": 800})


def test_an_import_and_its_dry_run_show_the_same_changes(
    stack: LocalStack, operator: OperatorLine, tmp_path: Path
) -> None:
    file = tmp_path / "mappings.csv"
    operator("mappings", "export", str(file))
    file.write_bytes(file.read_bytes().replace(b",301,", b",303,"))

    tried = json.loads(operator("mappings", "import", str(file), "--dry-run", "--json").stdout)
    done = json.loads(operator("mappings", "import", str(file), "--yes", "--json").stdout)

    assert tried["written"] is False and done["written"] is True
    assert tried["changes"] == done["changes"] != []
    assert "(301) → " in done["changes"][0]
