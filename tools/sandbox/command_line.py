"""`billing-sync` at a sandbox, as an operator types it."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.sandbox.errors import SandboxError
from tools.sandbox.programs import ROOT, group_that_ends_with_us

PROGRAM = ROOT / "tools" / "operator" / "billing-sync"
WIDTH = "100"


def billing_sync(
    folder: Path,
    *words: str,
    may_end: Sequence[int] = (0,),
    colour: bool = False,
    seconds: float = 300,
) -> str:
    """What the command prints; `folder` has `sandbox.json`.

    Raises SandboxError with its words when it ends otherwise than with one of `may_end`.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    no_account = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    typed = " ".join(words)
    try:
        with group_that_ends_with_us() as group:
            done = subprocess.run(
                [PROGRAM, *words, "--sandbox", folder],
                env={
                    **kept,
                    **no_account,
                    "COLUMNS": WIDTH,
                    **({"FORCE_COLOR": "1"} if colour else {}),
                },
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=seconds,
                check=False,
                process_group=group,
            )
    except subprocess.TimeoutExpired as late:
        raise SandboxError(f"`billing-sync {typed}` took more than {seconds:.0f} s.") from late
    if done.returncode not in may_end:
        raise SandboxError(
            f"`billing-sync {typed}` ended with {done.returncode}: {done.stderr}{done.stdout}"
        )
    return done.stdout
