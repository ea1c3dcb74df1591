"""`billing-sync watch`: somebody else's run followed to its end, or left alone."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

import pytest

from tests.integration.aws_endpoint import AwsEndpoint
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import ALDER, XENON
from tests.integration.test_command_line import NOWHERE, PATH, ROOT

pytestmark = pytest.mark.companies(ALDER, XENON)
GOES_ON = "000001-sync: applying, 0 of 2 rows done\n"


@pytest.fixture
def watching(stack: LocalStack, door: AwsEndpoint) -> Iterator[subprocess.Popen[str]]:
    """The program, just started, without naming a run."""
    with subprocess.Popen(
        [sys.executable, "-m", "tools.operator", "watch"],
        cwd=ROOT,
        env={**door.environment(), **NOWHERE, "PYTHONPATH": PATH},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs tests in the background has SIGINT ignored, and hands that on.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as program:
        yield program
        if program.poll() is None:
            program.kill()


def line_of(program: subprocess.Popen[str]) -> str:
    """The next line it says of a run that goes on."""
    assert program.stderr
    return program.stderr.readline()


def test_the_next_run_of_the_schedule_is_followed_to_its_end(
    stack: LocalStack, watching: subprocess.Popen[str]
) -> None:
    stack.plan()
    assert line_of(watching) == GOES_ON

    stack.settle()
    text, more = watching.communicate(timeout=60)

    assert (watching.returncode, more) == (4, "")
    assert text.startswith("WROTE 2 quantities: held, 1 held\nRun 000001-sync, 2 of 2 companies")


def test_interrupted_it_leaves_the_run_alone_and_says_how_to_come_back(
    stack: LocalStack, watching: subprocess.Popen[str]
) -> None:
    stack.plan()
    assert line_of(watching) == GOES_ON

    os.kill(watching.pid, signal.SIGINT)
    text, more = watching.communicate(timeout=60)

    assert (watching.returncode, text) == (130, "")
    assert "run 000001-sync goes on; billing-sync watch 000001-sync follows it" in more
    assert stack.newest().open
