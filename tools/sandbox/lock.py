"""One sandbox at a time in a folder, and how to end the one that runs."""

import fcntl
import os
import signal
from pathlib import Path

from tools.sandbox.errors import SandboxError
from tools.sandbox.waiting import wait_for

STOP_SECONDS = 60


def claim(folder: Path) -> None:
    """This process owns the folder until it ends, however it ends; no clean-up is needed.

    Raises SandboxError when another process has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = _open(folder)
    if not _locked(lock):
        raise SandboxError(
            f"A sandbox runs already (process {_holder(folder)}). `make sandbox-stop` ends it."
        )
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())


def stop(folder: Path) -> bool:
    """End the sandbox of this folder and wait until all of it is gone; False when none runs."""
    if _free(folder):
        return False
    os.kill(_holder(folder), signal.SIGTERM)
    wait_for("the sandbox to end", lambda: _free(folder), seconds=STOP_SECONDS)
    return True


def _free(folder: Path) -> bool:
    if not _path(folder).exists():
        return True
    lock = _open(folder)
    try:
        return _locked(lock)
    finally:
        os.close(lock)


def _open(folder: Path) -> int:
    return os.open(_path(folder), os.O_RDWR | os.O_CREAT, 0o600)


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(folder: Path) -> int:
    return int(_path(folder).read_text())


def _path(folder: Path) -> Path:
    return folder / "sandbox.lock"
