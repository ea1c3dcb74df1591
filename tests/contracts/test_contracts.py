"""What other programs read is byte for byte what it was, and states the version of its form."""

import json
from collections.abc import Iterator

import click
import pytest

from billing_sync.adapters.events.bus_events import _DETAILS
from billing_sync.domain.event_types import CHECK_WORSE, NOTIFICATION_TEST
from billing_sync.domain.schema_versions import LEDGER
from tests.contracts.golden_files import Texts, difference, golden, golden_names
from tools.operator.__main__ import billing_sync

pytestmark = [
    pytest.mark.xdist_group("contracts"),  # the texts are made once
    pytest.mark.slow("the first of a story makes all its texts"),
]
VERSIONED = ("answers/", "commands/", "run.json")


@pytest.mark.parametrize("name", golden_names())
def test_a_contract_is_as_it_was_frozen(texts: Texts, name: str) -> None:
    now = texts.get(name, "")
    if now != golden(name):
        pytest.fail(difference(name, now), pytrace=False)


def test_every_contract_has_a_golden_file_and_every_golden_file_a_contract(texts: Texts) -> None:
    assert sorted(texts) == golden_names()


def test_every_document_for_programs_states_its_version(texts: Texts) -> None:
    documents = [json.loads(text) for name, text in texts.items() if name.startswith(VERSIONED)]
    documents += [each["detail"] for each in json.loads(texts["bus_events.json"])]
    documents += [json.loads(each["body"]) for each in json.loads(texts["queue.json"])]
    items = json.loads(texts["ledger_of_one_run.json"])

    assert {each.get("schema_version") for each in documents} == {1}
    assert {item["schema_version"] for item in items if item["sk"] == "META"} == {LEDGER}


def test_every_event_and_every_command_with_json_is_frozen(texts: Texts) -> None:
    events = {each["detail-type"] for each in json.loads(texts["bus_events.json"])}

    assert events == {*_DETAILS, CHECK_WORSE, NOTIFICATION_TEST}
    assert {f"commands/{name}.json" for name in with_json(billing_sync)} <= texts.keys()


def with_json(command: click.Command, name: str = "") -> Iterator[str]:
    """The commands below this one that take `--json`, as their golden files are called."""
    if isinstance(command, click.Group):
        for below, each in command.commands.items():
            yield from with_json(each, f"{name}_{below}".strip("_"))
    elif any("--json" in option.opts for option in command.params):
        yield name
