"""`billing-sync` as a program: what it asks, what it shows, how it ends."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.integration.aws_endpoint import CALLER, AwsEndpoint
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import ALDER, ALDER_ORGANIZATION
from tools.operator.__main__ import billing_sync as command
from tools.sandbox.vendors.faults import Fault, FaultKind

ROOT = Path(__file__).parents[2]
PATH = os.pathsep.join([str(ROOT / "layers" / "billing_sync" / "python"), str(ROOT)])
NOWHERE = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
CLOSED_DOOR = {**KEYS, "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}


def billing_sync(*words: str, environment: Mapping[str, str]) -> Result:
    """The program in this process; it never sees the tests' own AWS settings."""
    hidden = {name: None for name in os.environ if name.startswith("AWS_")}
    return CliRunner().invoke(
        command, words, env={**hidden, **NOWHERE, **environment}, prog_name="billing-sync"
    )


def test_as_a_program_in_a_pipe_it_answers_as_in_this_process(
    stack: LocalStack, door: AwsEndpoint
) -> None:
    here = billing_sync("runs", environment=door.environment())

    program = subprocess.run(
        [sys.executable, "-m", "tools.operator", "runs"],
        cwd=ROOT,
        env={**NOWHERE, **door.environment(), "PYTHONPATH": PATH},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (program.returncode, program.stdout, program.stderr) == (
        here.exit_code,
        here.stdout,
        here.stderr,
    )


def test_a_forecast_is_a_table_of_a_hundred_columns_with_what_moves(
    stack: LocalStack, door: AwsEndpoint
) -> None:
    stack.sync()
    usage = {"billable_agents_count": 31, "unresponsive_agents_count": 2}
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": usage})

    shown = billing_sync("forecast", environment=door.environment())

    assert (shown.exit_code, shown.stderr) == (0, "")
    assert max(len(line) for line in shown.stdout.splitlines()) <= 100
    words = " ".join(shown.stdout.split())
    assert words.startswith("WROTE NOTHING: forecast, 1 to update Run 000002-preview")
    assert "Alder & Finch Accountants edr 25 31 +6 25 → 31 +21.00" in words
    assert "Next invoice: about 2026-08-14, inferred from 3 past cycles" in words
    assert "Without a change: 7 lines." in words and "Monthly: +21.00" in words
    assert "edr 90 96 +6 0" in words
    assert "Not responding: 5 agents of 2 organizations." in words


def test_the_event_is_the_buttons_own_and_names_the_caller(door: AwsEndpoint) -> None:
    billing_sync("forecast", "--companies", f"{ALDER}, {ALDER}", environment=door.environment())

    (event,) = door.events
    assert event == {"action": "forecast", "by": CALLER, "companies": [ALDER], "wait": False}


def test_json_is_the_whole_answer_and_nothing_else(stack: LocalStack, door: AwsEndpoint) -> None:
    shown = billing_sync("forecast", "--json", environment=door.environment())

    assert (shown.exit_code, shown.stderr) == (0, "")
    run_id = stack.newest().id
    assert json.loads(shown.stdout) == stack.press({"action": "show", "run_id": run_id})


def test_a_refusal_is_shown_in_the_words_of_the_stack(door: AwsEndpoint) -> None:
    shown = billing_sync("forecast", "--companies", "9999", environment=door.environment())

    assert (shown.exit_code, shown.stdout) == (1, "")
    assert "no organization is mapped to 9999" in shown.stderr


def test_a_forecast_that_could_not_read_everything_is_shown_and_no_success(
    stack: LocalStack, door: AwsEndpoint
) -> None:
    path = "/finance/agreements$"
    stack.connectwise.add_fault(Fault(FaultKind.SHORT_PAGE, path=path, times=0))

    shown = billing_sync("forecast", environment=door.environment())

    words = " ".join(shown.stdout.split())
    assert (shown.exit_code, shown.stderr) == (1, "")
    assert words.startswith("WROTE NOTHING: incomplete") and "is incomplete: 1 of 2 came" in words
    assert "Not everything was read; ask again later." in words


def test_a_function_that_fails_is_reported_without_a_traceback(door: AwsEndpoint) -> None:
    door.fails = True

    shown = billing_sync("forecast", environment=door.environment())

    assert shown.exit_code == 1
    assert shown.stderr == (
        "Error: sync-preview failed: AccessDenied: no right to the ledger. See its log.\n"
    )


def test_a_stack_of_another_name_is_not_found_and_says_how_to_name_it(door: AwsEndpoint) -> None:
    shown = billing_sync("forecast", "--stack", "Nobody", environment=door.environment())

    assert shown.exit_code == 3
    assert "stack is 'Nobody', and region us-east-1 of this account has none" in shown.stderr
    assert "--stack" in shown.stderr and "Traceback" not in shown.stderr


@pytest.mark.parametrize(
    ("words", "environment", "status", "message"),
    [
        (["forecast", "--companies", "250,x"], {}, 2, "'x' is no ConnectWise company id"),
        (["forecast", "--companies", "0"], {}, 2, "'0' is no ConnectWise company id"),
        (["forecast", "--companies", ""], {}, 2, "'' is no ConnectWise company id"),
        (["forecast", "250"], {}, 2, "unexpected extra argument"),
        (["foretell"], {}, 2, "No such command 'foretell'"),
        (["forecast"], {}, 3, "no AWS region is set"),
        (["forecast", "--region", "us-east-1"], {}, 3, "Unable to locate credentials"),
        (["forecast"], CLOSED_DOOR, 3, "stack BillingSync in us-east-1 cannot be reached"),
        (["forecast"], {"AWS_PROFILE": "nobody"}, 3, "Check AWS_PROFILE"),
        (["forecast", "--sandbox", "/nowhere"], {}, 3, "no sandbox runs"),
    ],
    ids=str,
)
@pytest.mark.usefixtures("clock")  # AWS's SDK waits before it tries again
def test_what_cannot_be_done_ends_with_its_own_status_and_a_way_out(
    words: list[str], environment: dict[str, str], status: int, message: str
) -> None:
    shown = billing_sync(*words, environment=environment)

    assert (shown.exit_code, shown.stdout) == (status, "")
    assert message in shown.stderr and "Traceback" not in shown.stderr


def test_the_program_that_setup_links_finds_its_own_checkout(tmp_path: Path) -> None:
    linked = tmp_path / "billing-sync"
    linked.symlink_to(ROOT / "tools" / "operator" / "billing-sync")

    shown = subprocess.run([linked, "--help"], capture_output=True, text=True, check=True)

    assert "forecast" in shown.stdout
    assert "\n  Exit status:\n    0  done; nothing waits for a person\n" in shown.stdout
