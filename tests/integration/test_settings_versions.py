"""No version of the settings is lost, whoever wrote it, and each can come back."""

from collections.abc import Collection
from typing import Any

import pytest
from boto3.dynamodb.conditions import Key

from tests.integration.installed_stack import Installed
from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import OperatorLine
from tools.operator.config_book import ConfigBook
from tools.operator.errors import Refused
from tools.operator.settings.reader import SettingsBook


def settings(stack: Installed) -> dict[str, Any]:
    item = stack.config.get_item(Key={"pk": "SETTINGS", "sk": "CURRENT"})["Item"]
    return dict(item)


def kept(stack: Installed) -> list[dict[str, Any]]:
    key = Key("pk").eq("SETTINGS") & Key("sk").begins_with("V#")
    return list(stack.config.query(KeyConditionExpression=key)["Items"])


def chosen_in(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "sk"}


def test_what_was_written_by_hand_is_kept_beside_the_first_change(
    operator: OperatorLine, stack: LocalStack
) -> None:
    by_hand = settings(stack)

    operator("settings", "set", "guards.money", "800", "--yes")

    before, after = kept(stack)
    assert chosen_in(before) == chosen_in(by_hand)
    assert chosen_in(after) == chosen_in(settings(stack))
    assert after["version"] == by_hand["version"] + 1
    assert after["sk"] == f"V#{int(after['version']):06d}"


def test_what_was_changed_by_hand_between_two_versions_gets_a_number_of_its_own(
    operator: OperatorLine, stack: LocalStack
) -> None:
    operator("settings", "set", "guards.money", "800", "--yes")
    number = int(settings(stack)["version"])
    stack.set_settings(time_zone="Asia/Tokyo")

    assert "Changed by hand" in operator("settings", "show").stdout
    operator("settings", "set", "guards.money", "900", "--yes")

    versions = [(int(i["version"]), i["guards"]["money"], i["time_zone"]) for i in kept(stack)[1:]]
    assert versions == [
        (number, 800, "America/New_York"),
        (number + 1, 800, "Asia/Tokyo"),
        (number + 2, 900, "Asia/Tokyo"),
    ]


@pytest.mark.parametrize("version", [None, 0, "one"], ids=str)
def test_settings_without_a_valid_number_can_be_fixed_and_are_kept(
    operator: OperatorLine, stack: LocalStack, version: object
) -> None:
    item = {**settings(stack), "version": version}
    stack.config.put_item(Item={name: it for name, it in item.items() if it is not None})

    done = operator("settings", "set", "guards.money", "800", "--yes")

    assert done.exit_code == 0
    assert [int(each["version"]) for each in kept(stack)] == [1, 2]
    assert settings(stack)["version"] == 2


def nothing_wrong(item_ids: Collection[int]) -> dict[int, str]:
    return {}


def test_of_two_people_who_read_the_same_settings_the_second_must_read_them_again(
    stack: LocalStack,
) -> None:
    ann, bob = (
        SettingsBook(ConfigBook(stack.config_table, by=name), item_problems=nothing_wrong)
        for name in ("Ann", "Bob")
    )
    read, same = ann.read(), bob.read()
    products = {"products": {"edr": {"catalog_item_id": 101}}}
    ann.write(read, ann.proposal(read, products))

    with pytest.raises(Refused, match="somebody changed"):
        bob.write(same, bob.proposal(same, {**products, "time_zone": "Asia/Tokyo"}))

    assert settings(stack)["updated_by"] == "Ann" and "time_zone" not in settings(stack)
    assert len(kept(stack)) == 2


def test_what_somebody_changes_by_hand_meanwhile_is_not_overwritten(stack: LocalStack) -> None:
    book = SettingsBook(ConfigBook(stack.config_table, by="Ann"), item_problems=nothing_wrong)
    read = book.read()
    stack.set_settings(time_zone="Asia/Tokyo")

    with pytest.raises(Refused, match="somebody changed"):
        book.write(read, book.proposal(read, {"products": {"edr": {"catalog_item_id": 101}}}))

    assert settings(stack)["time_zone"] == "Asia/Tokyo" and kept(stack) == []


def test_history_shows_who_changed_which_attribute_newest_first(
    operator: OperatorLine, stack: LocalStack
) -> None:
    operator("settings", "set", "guards.money", "800", "--yes")
    operator("settings", "set", "guards.money", "900", "--yes")

    words = " ".join(operator("settings", "history").stdout.split())

    newest, oldest = words.index("guards.money: 800 → 900"), words.index("not set → 800")
    assert newest < oldest and words.count("(current)") == 1
    assert words.index("(current)") < newest


def test_an_old_version_comes_back_as_the_newest(operator: OperatorLine, stack: LocalStack) -> None:
    first = int(settings(stack)["version"])
    operator("settings", "set", "guards.money", "800", "time_zone", "Asia/Tokyo", "--yes")

    done = operator("settings", "revert", str(first), "--yes")

    assert done.exit_code == 0
    now = settings(stack)
    assert (now["version"], now["time_zone"], "guards" in now) == (
        first + 2,
        "America/New_York",
        False,
    )


def test_an_old_version_turns_sync_neither_on_nor_off_and_confirms_nothing(
    operator: OperatorLine, stack: LocalStack
) -> None:
    on = int(settings(stack)["version"])
    operator("settings", "confirm-huntress-sync-off", "--by", "Ann", "--yes")
    operator("settings", "set", "sync_enabled", "false", "time_zone", "Asia/Tokyo", "--yes")

    done = operator("settings", "revert", str(on), "--yes")

    assert "sync_enabled stays as it is" in done.stdout
    assert "huntress_sync_off stays as it is" in done.stdout
    now = settings(stack)
    assert (now["sync_enabled"], now["huntress_sync_off"], now["time_zone"]) == (
        False,
        "Ann on 2026-07-14",
        "America/New_York",
    )


def test_a_version_that_never_was_is_refused_with_those_there_are(
    operator: OperatorLine, stack: LocalStack
) -> None:
    operator("settings", "set", "guards.money", "800", "--yes")

    done = operator("settings", "revert", "77", "--yes")

    numbers = ", ".join(str(each["version"]) for each in kept(stack))
    assert done.exit_code == 1 and f"There are: {numbers}." in done.stderr
