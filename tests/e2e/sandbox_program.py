"""`python -m tools.sandbox` as a program, and what it leaves behind."""

import os
import subprocess
import sys
from contextlib import contextmanager

from tools.sandbox.description import Description
from tools.sandbox.programs import ROOT, running
from tools.sandbox.running import DESCRIPTION
from tools.sandbox.waiting import wait_for

PATH = [str(ROOT / "layers" / "billing_sync" / "python"), str(ROOT)]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(PATH)}


@contextmanager
def started(folder):
    """The description of a sandbox whose files are in `folder`."""
    with starting(folder, until=folder / DESCRIPTION):
        yield Description.read(folder / DESCRIPTION)


@contextmanager
def starting(folder, *, until, **environment):
    """The program of a sandbox that has come as far as to write the file `until`."""
    with running(
        "The sandbox",
        command(folder),
        environment={**ENVIRONMENT, **environment},
        log=folder / "program.log",
    ) as program:

        def look():
            program.require_running()
            return until.exists()

        wait_for(f"{until.name} of the sandbox", look, seconds=300)
        yield program


def command(folder, *action):
    return [sys.executable, "-m", "tools.sandbox", *action, "--folder", str(folder)]


def told(folder, *action):
    """What the program says and its exit status, when it ends at once."""
    done = subprocess.run(
        command(folder, *action),
        cwd=ROOT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr, done.returncode


def descendants(pid):
    """Every process below this one that still does something."""
    return _below(pid, _alive())


def still_there(pids):
    return sorted(set(pids) & _alive().keys())


def _below(pid, parents):
    children = [child for child, parent in parents.items() if parent == pid]
    return [*children, *(each for child in children for each in _below(child, parents))]


def _alive():
    """By process id its parent's; a zombie does nothing any more."""
    listed = subprocess.check_output(["ps", "-axo", "pid=,ppid=,stat="], text=True)
    lines = [line.split() for line in listed.splitlines()]
    return {int(pid): int(parent) for pid, parent, state in lines if state[0] != "Z"}
