"""`billing-sync test-events`: samples in the Lambda console, and saved events kept."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.aws_endpoint import AwsEndpoint
from tests.integration.operator_line import OperatorLine
from tests.integration.schema_registry import SchemaRegistry
from tools.operator.shareable_events import FUNCTIONS, REGISTRY, document, samples
from tools.sandbox.vendors.faults import Fault, FaultKind

BUTTON = "_test-sync-schema"
# The console takes no other names (Lambda Developer Guide).
NAME = re.compile(r"[A-Za-z0-9._-]{1,25}")


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[SchemaRegistry]:
    with SchemaRegistry() as served:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SCHEMAS", served.url)
        yield served


def shared(registry: SchemaRegistry, schema: str = BUTTON) -> dict[str, Any]:
    """The newest version's events by name, in the order in which the console lists them."""
    examples = json.loads(registry.registries[REGISTRY][schema][-1])["components"]["examples"]
    return {name: examples[name]["value"] for name in sorted(examples)}


def test_every_sample_is_published_preview_first(
    operator: OperatorLine, registry: SchemaRegistry
) -> None:
    done = operator("test-events")

    assert (done.exit_code, done.stderr) == (0, "")
    assert "test-sync: test events created" in done.stdout
    assert registry.registries[REGISTRY].keys() == {f"_{name}-schema" for name in FUNCTIONS}
    for function in FUNCTIONS:
        assert shared(registry, f"_{function}-schema") == samples(function) != {}
    assert next(iter(shared(registry).values())) == {"action": "preview"}
    assert shared(registry)["03_sync_last_invoice"] == {}


def test_publishing_again_changes_nothing(operator: OperatorLine, registry: SchemaRegistry) -> None:
    operator("test-events")
    registry.calls.clear()

    done = operator("test-events")

    assert done.exit_code == 0 and done.stdout.count("unchanged") == len(FUNCTIONS)
    assert set(registry.calls) == {"DescribeRegistry", "DescribeSchema"}


def test_what_people_saved_and_other_functions_schemas_stay(
    operator: OperatorLine, registry: SchemaRegistry
) -> None:
    theirs = document({"theirs": {"key1": "value1"}})
    ours = document({"mine": {"action": "show"}, "01_preview": {"action": "outdated"}})
    registry.registries[REGISTRY] = {"_other-schema": [theirs], BUTTON: [ours]}

    done = operator("test-events")

    assert "test-sync: test events updated" in done.stdout
    assert registry.registries[REGISTRY]["_other-schema"] == [theirs]
    assert shared(registry) == {**samples("test-sync"), "mine": {"action": "show"}}


@pytest.mark.parametrize("content", ["no json", "[]", '{"components": {"examples": []}}'], ids=str)
def test_a_schema_that_is_no_document_is_replaced(
    operator: OperatorLine, registry: SchemaRegistry, content: str
) -> None:
    registry.registries[REGISTRY] = {BUTTON: [content]}

    assert operator("test-events").exit_code == 0

    assert shared(registry) == samples("test-sync")


@pytest.mark.parametrize("hidden", [f"{REGISTRY}$", f"schemas/name/{BUTTON}$"])
def test_somebody_who_is_quicker_is_no_trouble(
    operator: OperatorLine, registry: SchemaRegistry, hidden: str
) -> None:
    operator("test-events")
    missing = {"status": 404, "headers": {"x-amzn-ErrorType": "NotFoundException"}, "times": 1}
    registry.add_fault(Fault(FaultKind.STATUS, method="GET", path=hidden, **missing))

    done = operator("test-events")

    assert done.exit_code == 0 and done.stdout.count("unchanged") == len(FUNCTIONS)


def test_without_the_right_to_publish_the_error_of_aws_is_shown(
    operator: OperatorLine, registry: SchemaRegistry
) -> None:
    forbidden = {"status": 403, "headers": {"x-amzn-ErrorType": "ForbiddenException"}, "times": 0}
    registry.add_fault(Fault(FaultKind.STATUS, path="/v1/", **forbidden))

    done = operator("test-events")

    assert done.exit_code == 3 and "AWS says ForbiddenException" in done.stderr


def test_the_stack_is_the_one_that_was_just_deployed(
    operator: OperatorLine, registry: SchemaRegistry, door: AwsEndpoint, tmp_path: Path
) -> None:
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({"Nobody": door.outputs()}))
    other = operator("test-events", "--outputs", str(outputs))
    outputs.write_text(json.dumps({"BillingSync": door.outputs()}))
    named = operator("test-events", "--stack", "Nobody", "--outputs", str(outputs))
    outputs.write_text("{}")
    none = operator("test-events", "--outputs", str(outputs))

    assert other.exit_code == 3 and "stack is 'Nobody'" in other.stderr
    assert named.exit_code == 0 and "created" in named.stdout
    assert none.exit_code == 1 and "names no stack" in none.stderr


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_console_can_take_every_name_and_nothing_real_is_in_a_sample(function: str) -> None:
    for name, event in samples(function).items():
        assert NAME.fullmatch(name)
        assert event.get("by", "your name") == "your name"
        assert set(event.get("plan_hash", "0")) == {"0"}
