"""Each function through the whole of boto3 and HTTP, on moto: one path, from invoice to report."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.clock import world_clock
from tests.integration.aws_over_http import AwsOverHttp, stack_on_moto
from tests.integration.conftest import START
from tests.integration.local_stack import LocalStack, queue_event
from tests.integration.run_assertions import OURS
from tests.integration.small_world import ALDER, ALDER_EDR, small_world


@dataclass(frozen=True, slots=True)
class Functions:
    """Functions of a process of their own, which reaches AWS and the vendors by HTTP only."""

    process: subprocess.Popen[str]

    def invoke(self, function: str, event: object, *, seconds: float = 300) -> Any:
        """The function's answer."""
        assert self.process.stdin and self.process.stdout
        asked = {"function": function, "event": event, "seconds": seconds}
        at = {"at": datetime.now(UTC).isoformat()}
        self.process.stdin.write(json.dumps({**asked, **at}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def functions() -> Iterator[Functions]:
    with (
        AwsOverHttp() as aws,
        subprocess.Popen(
            [sys.executable, "-m", "tests.integration.function_process"],
            env={**os.environ, **aws.environment(), "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process,
    ):
        yield Functions(process)
        assert process.stdin
        process.stdin.close()


def the_invoice_is_billed(stack: LocalStack, there: Functions) -> None:
    stack.invoice_appears()
    there.invoke("invoice_trigger", {"action": "tick"})
    (created,) = stack.put_events()
    planned = there.invoke("invoice_trigger", created)
    (message,) = stack.messages()
    applied = there.invoke("company_sync", queue_event(message))
    (finished,) = stack.put_events()
    reported = there.invoke("run_report", finished)

    assert planned.startswith("run 000001-sync: applying")
    assert applied == {"batchItemFailures": []} and reported == "run 000001-sync: complete"
    assert (stack.quantity(ALDER_EDR), stack.newest().wrote) == (25.0, 1)
    assert [change.by for change in stack.connectwise.quantity_changes] == [OURS]
    assert "complete" in stack.report("000001-sync") and len(stack.notices()) == 1


@pytest.mark.slow("moto answers, and another process imports every function")
def test_every_function_works_over_the_wire() -> None:
    with (
        world_clock(START),
        stack_on_moto(START, small_world(ALDER)) as stack,
        functions() as there,
    ):
        stack.configure()
        there.invoke("invoice_trigger", {"action": "tick"})
        checked = there.invoke("permission_check", {})
        the_invoice_is_billed(stack, there)
        shown = there.invoke("test_sync", {"action": "show"}, seconds=1)
        asked = there.invoke("sync_preview", {"action": "preview"}, seconds=1)

    assert {line["status"] for line in checked["checks"]} <= {"pass", "warn"}
    assert shown["result"] == "runs, newest first: 1"
    assert asked["result"] == "IN PROGRESS: requested"
