"""company-sync in its own process, killed by the system (SIGKILL) around its writes."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from billing_sync.domain.runs.run import Verdict
from tests.clock import world_clock
from tests.integration.aws_over_http import AwsOverHttp, operation, stack_on_moto
from tests.integration.conftest import START
from tests.integration.local_stack import LocalStack, queue_event
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, small_world
from tools.sandbox.vendors.messages import Call

HALF_AN_HOUR = 31 * 60
Process = subprocess.Popen[str]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with world_clock(START) as traveller:
        yield traveller


@pytest.fixture
def stack(clock: time_machine.Traveller) -> Iterator[LocalStack]:
    with stack_on_moto(START, small_world(ALDER)) as built:
        built.configure()
        built.tick()
        built.plan()
        yield built


def killed_at(stack: LocalStack, name: str, nth: int, *, before: bool) -> int:
    """The exit code of a process that gets the message and is killed at its nth call of a name."""
    started: list[Process] = []
    calls: list[str] = []

    def kill(call: Call, *_: object) -> None:
        calls.append(operation(call))
        if started[0].poll() is None and calls[-1] == name and calls.count(name) == nth:
            started[0].kill()
            started[0].wait()
            if before:
                raise ConnectionAbortedError("it died before it could send this")

    with AwsOverHttp() as aws:
        for server in (aws, stack.connectwise):
            (server.before if before else server.after)("", "", kill)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.company_sync_process"],
            env={**os.environ, **aws.environment(), "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        started.append(process)
        (message,) = stack.messages()
        asked = {"at": datetime.now(UTC).isoformat(), "event": queue_event(message)}
        process.communicate(json.dumps(asked))
    return process.returncode


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(
    ("name", "nth"),
    [
        ("TransactWriteItems", 1),  # the intent
        ("PATCH", 1),
        ("TransactWriteItems", 2),  # the result
        ("DeleteItem", 1),  # the company's marker
        ("TransactWriteItems", 3),  # the run closes
        ("PutEvents", 1),
    ],
)
def test_a_killed_process_leaves_one_effect_and_a_run_that_closes(
    stack: LocalStack, clock: time_machine.Traveller, name: str, nth: int, before: bool
) -> None:
    assert killed_at(stack, name, nth, before=before) == -signal.SIGKILL

    stack.deliver_events()
    while stack.newest().open or not stack.newest().announced_at:
        clock.shift(HALF_AN_HOUR)
        stack.tick()
        stack.settle()

    run = ended(stack)
    assert (run.verdict, run.wrote, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 1, 25.0)
    assert len(stack.connectwise.quantity_changes) == 1
    assert stack.audit(ALDER_EDR)[-1][2] == "updated"
