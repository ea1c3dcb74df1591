"""`python -m tools.sandbox.demo`: a billing cycle from deployment to report.

Exit status 1, with the differences listed, when the quantities in ConnectWise are not those of an
independent computation.
"""

import sys
import time
from pathlib import Path

from rich.console import Console

from tools.sandbox.check import disagreements
from tools.sandbox.demo.story import Story
from tools.sandbox.demo.typing import Keyboard
from tools.sandbox.description import Description
from tools.sandbox.ending import end_in_good_order
from tools.sandbox.errors import SandboxError
from tools.sandbox.programs import ROOT
from tools.sandbox.running import running_sandbox
from tools.sandbox.stack import DeployedStack

FOLDER = ROOT / "build" / "demo"
WIDTH = 100


def main() -> int:
    """The exit status."""
    console = Console(emoji=False)
    if not console.is_terminal or console.width > WIDTH:
        console = Console(emoji=False, width=WIDTH)
    end_in_good_order()
    try:
        return _play(console)
    except SandboxError as error:
        console.print(f"\n[red]{error}[/]", highlight=False)
    except KeyboardInterrupt:
        console.print("\nStopped; nothing is left running.")
    return 1


def _play(console: Console) -> int:
    started = time.monotonic()
    console.rule("A Huntress invoice becomes ConnectWise quantities", align="left")
    with running_sandbox(FOLDER, vendors=None, report=console.print, empty=True) as sandbox:
        console.print(f"Deployed in {time.monotonic() - started:.0f} seconds.", highlight=False)
        wrong = _play_story(console, sandbox, folder=FOLDER / "report")
    seconds = time.monotonic() - started
    if wrong:
        console.print("[red]The independent computation disagrees:[/]", *wrong, sep="\n  ")
        return 1
    console.print(
        "[green]The independent computation agrees on every quantity; each changed once at most,"
        " the undone one there and back, and nothing else did.[/]"
        f" {seconds:.0f} seconds in all.",
        highlight=False,
    )
    return 0


def _play_story(console: Console, sandbox: Description, *, folder: Path) -> list[str]:
    stand_ins = sandbox.stand_ins()
    story = Story(console, Keyboard(console, FOLDER), DeployedStack(sandbox), stand_ins)
    story.set_up(FOLDER / "sandbox")
    story.preview()
    run = story.bill()
    release, released = story.release_one(run)
    story.read_report(run, folder=folder)
    story.bill_again()
    story.undo(release)
    story.look_ahead()
    story.is_it_done(run)
    console.print()
    console.rule("Checked by somebody else", align="left")
    return disagreements(stand_ins, released=released, undone=released)


if __name__ == "__main__":
    sys.exit(main())
