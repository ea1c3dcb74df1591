"""`billing-sync forecast` in the deployed sandbox: the command, Lambda, both vendors, and back."""

import json
import os
import subprocess
from pathlib import Path

from billing_sync.domain.runs.run import Verdict
from tests.e2e.sandbox_program import ENVIRONMENT
from tools.sandbox.programs import ROOT
from tools.sandbox.running import DESCRIPTION

PROGRAM = ROOT / "tools" / "operator" / "billing-sync"
ALDER, ALDER_ORGANIZATION = 301, 101


def billing_sync(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The program as an operator starts it, with no AWS settings but the sandbox's own."""
    kept = {name: value for name, value in ENVIRONMENT.items() if not name.startswith("AWS_")}
    return subprocess.run(
        [PROGRAM, *words, "--sandbox", folder],
        env={**kept, "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_the_command_tells_what_moved_and_nothing_is_written(sandbox_folder, stack, stand_ins):
    before = stand_ins.quantity_changes()
    usage = {"billable_agents_count": 34, "unresponsive_agents_count": 6}
    stand_ins.use(ALDER_ORGANIZATION, {"edr": usage})

    shown = billing_sync("forecast", folder=sandbox_folder)
    asked = billing_sync("forecast", "--companies", f"{ALDER}", "--json", folder=sandbox_folder)

    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Alder & Finch Accountants" in shown.stdout and "(inferred)" in shown.stdout
    assert asked.returncode == 0
    told = json.loads(asked.stdout)
    edr = next(line for line in told["forecast"]["lines"] if line["products"] == "edr")
    assert (edr["now"], edr["would_bill"]) == (34, "34")
    assert told["forecast"]["agents_to_look_at"][0]["unresponsive"] == 6
    assert stack.test_sync(action="show", run_id=told["run_id"]) == told
    run = stack.runs.get(told["run_id"])
    assert run.verdict is Verdict.PREVIEWED and "arn:aws" in run.request.by
    assert stand_ins.quantity_changes() == before


def test_the_sandbox_folder_named_wrongly_is_told(tmp_path):
    shown = billing_sync("forecast", folder=tmp_path)

    assert shown.returncode == 3
    assert f"there is no {tmp_path / DESCRIPTION}" in shown.stderr
