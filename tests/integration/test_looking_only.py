"""sync-preview, for those who may look: it plans, shows and tells, and never writes."""

from typing import Any

import pytest

from tests.integration.aws_endpoint import AwsEndpoint
from tests.integration.local_stack import LocalStack
from tests.integration.operator_line import THROUGH_THE_DOOR
from tests.integration.run_assertions import ended
from tools.operator.stack import find_stack

RUN = {"run_id": "000001-sync", "by": "Ann"}
WRITING = [
    {},
    {"action": "sync"},
    {"companies": [301]},
    {"action": "release", "plan_hash": "0" * 64, **RUN},
    {"action": "undo", **RUN},
    {"action": "undo", "preview": False, **RUN},
    {"action": "stop", **RUN},
    {"action": "decline", "companies": [250], "reason": "why", **RUN},
]


@pytest.mark.parametrize("event", WRITING, ids=str)
def test_what_would_write_is_refused_and_starts_nothing(
    stack: LocalStack, event: dict[str, Any]
) -> None:
    stack.invoice_appears()

    answer = stack.look(event)

    assert answer["result"].startswith("NOTHING WAS DONE: this function only looks.")
    assert {"action": "preview"} in answer["valid_events"].values()
    assert {} not in answer["valid_events"].values()
    assert stack.all_runs() == () and stack.put_events() == []


def test_a_run_that_is_writing_is_not_stopped_by_those_who_only_look(stack: LocalStack) -> None:
    stack.plan()
    assert stack.look({"action": "stop", **RUN})["result"].startswith("NOTHING WAS DONE")

    assert ended(stack).wrote == 3


def test_a_preview_an_undo_preview_and_a_run_are_shown(stack: LocalStack) -> None:
    stack.sync()
    ended(stack)
    written = len(stack.patches())
    for event in ({"action": "preview"}, {"action": "undo", "preview": True, **RUN}):
        answer = stack.look(event)
        stack.settle()
        shown = stack.look({"action": "show", "run_id": answer["run_id"]})
        assert shown["result"].startswith("WROTE NOTHING"), event
    assert len(stack.patches()) == written


def test_an_event_that_is_none_is_told_what_it_may_be(stack: LocalStack) -> None:
    answer = stack.look({"key1": "value1"})

    assert "key1 is 'value1'" in answer["result"] and "release" not in str(answer)


@pytest.mark.parametrize(
    ("event", "function"),
    [
        ({"action": "preview"}, "sync-preview"),
        ({"action": "forecast"}, "sync-preview"),
        ({"action": "show"}, "sync-preview"),
        ({"action": "undo", "preview": True, **RUN}, "sync-preview"),
        *((event, "test-sync") for event in WRITING),
    ],
    ids=str,
)
def test_the_command_line_asks_who_may_answer_a_reader(
    stack: LocalStack,
    door: AwsEndpoint,
    monkeypatch: pytest.MonkeyPatch,
    event: dict[str, Any],
    function: str,
) -> None:
    for service in THROUGH_THE_DOOR:
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", door.url)

    find_stack("BillingSync", region="us-east-1", sandbox=None).test_sync(event)

    assert door.invoked == [function]
