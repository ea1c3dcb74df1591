"""`billing-sync settings`: every change is seen before, agreed to, signed, and can come back."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from billing_sync.adapters.config.table import ConfigTable
from tests.integration.aws_endpoint import CALLER
from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tests.integration.test_settings_versions import kept, settings
from tools.operator.commands.settings import settings as settings_group

EDR = ("products.edr.catalog_item_id", "101")


def test_the_first_setting_makes_version_one_with_sync_off(
    operator: OperatorLine, bare_stack: LocalStack
) -> None:
    assert "no settings yet" in operator("settings", "show").output
    bare_stack.put_connectwise_secret()

    done = operator("settings", "set", *EDR, answers=["y"])

    assert (done.exit_code, "not set → 101" in done.stdout) == (0, True)
    assert "Version 1 is current" in done.stdout
    item = settings(bare_stack)
    assert (item["version"], item["sync_enabled"], item["updated_by"]) == (1, False, CALLER)
    assert ConfigTable(bare_stack.config_table).settings().sync_enabled is False
    assert [each["version"] for each in kept(bare_stack)] == [1]


def test_several_attributes_change_together_and_are_shown_before(
    operator: OperatorLine, stack: LocalStack
) -> None:
    done = operator("settings", "set", "guards.money", "800", "time_zone", "Asia/Tokyo", "--yes")

    assert done.exit_code == 0
    assert "guards.money: 500 (default) → 800" in done.stdout
    in_force = ConfigTable(stack.config_table).settings()
    assert (in_force.guards.money, in_force.time_zone) == ({"USD": 800}, "Asia/Tokyo")


def test_an_attribute_that_is_taken_out_has_its_default_again(
    operator: OperatorLine, stack: LocalStack
) -> None:
    operator("settings", "set", "guards.money", "800", "--yes")

    done = operator("settings", "set", "--unset", "guards.money", "--yes")

    assert "guards.money: 800 → 500 (default)" in done.stdout
    assert "guards" not in settings(stack)


def test_a_plan_with_dots_in_its_name_is_one_name(
    operator: OperatorLine, stack: LocalStack
) -> None:
    done = operator("settings", "set", "invoice_plans.EDR v2.1", '["edr"]', "--yes")

    assert done.exit_code == 0
    assert settings(stack)["invoice_plans"] == {"EDR v2.1": ["edr"]}


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["time_zone", "Mars"], 1, "time_zone is 'Mars': Value error, must be a time zone name"),
        (["zero_polcy", "keep"], 1, "zero_polcy is 'keep': there is no such attribute"),
        (["sync_enabled", "yes"], 1, "sync_enabled is 'yes': must be true or false"),
        (["agreement_types", "Gold"], 1, "agreement_types is 'Gold': must be a list"),
        (["products.edr.minimum", "2.5"], 1, "products.edr.minimum is 2.5"),
        (["--unset", "products"], 1, "products: it is required"),
        (["--unset", "guards.money"], 2, "guards.money is not set"),
        (["guards.money"], 2, "guards.money has no value"),
        (["guards.money", "1e999"], 2, "'1e999' is no number that can be kept"),
        (
            ["guards.money.much", "1"],
            1,
            "guards.money.much is 'much': must be the ISO code of a currency",
        ),
        (["time_zone.x", "1"], 2, "time_zone is 'America/New_York', with nothing below it"),
        (["guards..money", "1"], 2, "'guards..money' is no name"),
        (["version", "9"], 2, "version is written with every change"),
        ([], 2, "Name an attribute"),
    ],
    ids=str,
)
def test_a_wrong_value_is_reported_with_the_fix_and_not_written(
    operator: OperatorLine, stack: LocalStack, words: list[str], status: int, message: str
) -> None:
    before = settings(stack)

    done = operator("settings", "set", *words, "--yes")

    assert (done.exit_code, done.stdout) == (status, "")
    assert message in done.stderr
    assert settings(stack) == before and kept(stack) == []


@pytest.mark.parametrize(
    ("answers", "status", "message"),
    [(["n"], 1, "no changes made"), ([], 2, "--yes")],
    ids=["no", "nobody"],
)
def test_without_a_yes_nothing_is_written(
    operator: OperatorLine, stack: LocalStack, answers: list[str], status: int, message: str
) -> None:
    before = settings(stack)

    done = operator("settings", "set", "guards.money", "800", answers=answers)

    assert done.exit_code == status and message in done.stderr
    assert settings(stack) == before


def test_turning_sync_on_says_what_it_means_and_asks_for_itself(
    operator: OperatorLine, stack: LocalStack
) -> None:
    off = ("--unset", "huntress_sync_off")
    operator("settings", "set", "sync_enabled", "false", *off, "--yes")
    refused = operator("settings", "set", "sync_enabled", "true", answers=["n"])
    assert refused.exit_code == 1 and settings(stack)["sync_enabled"] is False

    done = operator("settings", "set", "sync_enabled", "true", answers=["y"])

    words = " ".join(done.output.split())
    assert "quantities in ConnectWise change by themselves" in words
    assert "Turn sync on?" in words and "settings confirm-huntress-sync-off" in words
    assert settings(stack)["sync_enabled"] is True


def test_setting_the_current_value_makes_no_version(
    operator: OperatorLine, stack: LocalStack
) -> None:
    done = operator("settings", "set", "time_zone", settings(stack)["time_zone"])

    assert done.exit_code == 0 and "Nothing changes" in done.stdout
    assert kept(stack) == []


def test_show_names_the_defaults_and_ends_badly_where_something_is_wrong(
    operator: OperatorLine, stack: LocalStack
) -> None:
    right = operator("settings", "show")
    stack.set_settings(time_zone="Mars")
    wrong = operator("settings", "show")

    lines = [line.split() for line in right.stdout.splitlines()]
    assert ["guards.money", "500", "default"] in lines
    assert ["time_zone", "America/New_York"] in lines
    assert (right.exit_code, wrong.exit_code) == (0, 1)
    assert "time_zone is 'Mars'" in wrong.stdout


def test_settings_in_json_are_the_item_as_it_is(operator: OperatorLine, stack: LocalStack) -> None:
    answer = json.loads(operator("settings", "show", "--json").stdout)
    assert answer == {**settings(stack), "schema_version": 1}


def test_who_saw_huntress_own_sync_off_is_recorded_after_the_click_path(
    operator: OperatorLine, stack: LocalStack
) -> None:
    operator("settings", "set", "--unset", "huntress_sync_off", "--yes")
    words = ("settings", "confirm-huntress-sync-off")
    assert operator(*words, answers=["n"]).exit_code == 1
    assert "huntress_sync_off" not in settings(stack)

    done = operator(*words, answers=["y"])
    assert 'Integrations > ConnectWise > Billing tab: "Sync With' in " ".join(done.stdout.split())
    assert settings(stack)["huntress_sync_off"] == f"{CALLER} on 2026-07-14"

    operator(*words, "--by", "Ann", "--yes")
    assert settings(stack)["huntress_sync_off"] == "Ann on 2026-07-14"


def test_who_saw_a_role_that_connectwise_does_not_show_is_recorded(
    operator: OperatorLine, stack: LocalStack
) -> None:
    words = ("settings", "confirm-connectwise-role")
    assert operator(*words, answers=["n"]).exit_code == 1
    assert "connectwise_role_confirmed" not in settings(stack)

    done = operator(*words, "--by", "Ann", answers=["y"])

    assert "System > Security Roles" in " ".join(done.stdout.split())
    assert settings(stack)["connectwise_role_confirmed"] == "Ann on 2026-07-14"


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """$EDITOR: the n-th time it is opened it leaves the n-th file there, and keeps what it saw."""
    script = tmp_path / "editor"
    script.write_text(
        f'#!/bin/sh\ncd "{tmp_path}"; n=$(($(ls saw* 2>/dev/null | wc -l) + 1))\n'
        'cp "$1" saw$n; [ -e typed$n ] && cp typed$n "$1" || true\n'
    )
    script.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(script))
    monkeypatch.delenv("VISUAL", raising=False)
    return tmp_path


def test_an_editor_shows_the_choices_and_opens_again_with_the_text_until_it_is_right(
    operator: OperatorLine, stack: LocalStack, editor: Path
) -> None:
    chosen = without_signature(settings(stack))
    (editor / "typed1").write_text('{"products": \n')
    (editor / "typed2").write_text(json.dumps({**chosen, "time_zone": "Mars"}))
    (editor / "typed3").write_text(json.dumps({**chosen, "time_zone": "Asia/Tokyo"}))

    done = operator("settings", "edit", answers=["y", "y", "y"])

    assert done.exit_code == 0 and "time_zone: America/New_York → Asia/Tokyo" in done.stdout
    assert "line 2, column 1" in done.stderr and "time_zone is 'Mars'" in done.stderr
    assert json.loads((editor / "saw1").read_text()) == chosen
    assert (editor / "saw2").read_text() == '{"products": \n'
    assert settings(stack)["time_zone"] == "Asia/Tokyo"


def test_after_giving_up_the_text_is_kept_and_can_be_used_later(
    operator: OperatorLine, stack: LocalStack, editor: Path
) -> None:
    (editor / "typed1").write_text(json.dumps({"products": {"edr": {"catalog_item_id": 0}}}))

    done = operator("settings", "edit", answers=["n"])

    output = re.search(r"Your text is in (\S+);", done.stderr)
    assert done.exit_code == 1 and output
    file = Path(output[1])
    text = file.read_text()
    file.unlink()
    assert text == (editor / "typed1").read_text()
    (editor / "mended").write_text(text.replace("0", "102"))
    later = operator("settings", "edit", "--from", str(editor / "mended"), "--yes")
    assert later.exit_code == 0 and kept(stack)[-1]["products"] == {"edr": {"catalog_item_id": 102}}


@pytest.mark.parametrize(
    ("text", "message"),
    [("[1]", "settings are a map"), ('{"version": 5}', "version is written with every change")],
    ids=str,
)
def test_a_file_of_something_else_is_refused(
    operator: OperatorLine, stack: LocalStack, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "settings.json").write_text(text)

    done = operator("settings", "edit", "--from", str(tmp_path / "settings.json"), "--yes")

    assert done.exit_code == 1 and message in done.stderr


@pytest.mark.parametrize("command", sorted(settings_group.commands))
def test_help_teaches_by_an_example(operator: OperatorLine, command: str) -> None:
    shown = operator("settings", command, "--help").stdout

    assert f"billing-sync settings {'revert' if command == 'history' else command}" in shown
    assert "\\b" not in shown


def without_signature(item: dict[str, Any]) -> dict[str, Any]:
    of_the_book = {"pk", "sk", "version", "updated_by", "updated_at"}
    chosen = {name: value for name, value in item.items() if name not in of_the_book}
    return dict(json.loads(json.dumps(chosen, default=int)))
