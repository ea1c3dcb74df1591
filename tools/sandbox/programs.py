"""Programs of this machine that the sandbox runs; none outlives it."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tools.sandbox.errors import SandboxError

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 10  # seconds a program gets to end by itself
_TOLD_LINES = 15
# Reads until the other end of the pipe is closed, then kills its process group.
_WATCH = "while read -r _; do :; done; kill -KILL 0"


@dataclass(frozen=True, slots=True)
class Program:
    """A program under way; its output is in `log`."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    def require_running(self) -> None:
        """Raises SandboxError with the end of the log when it is not."""
        if self.process.poll() is not None:
            raise SandboxError(f"{self.name} ended by itself. {self.last_words()}")

    def last_words(self) -> str:
        """The end of the log, and where the rest is."""
        lines = self.log.read_text(errors="replace").splitlines()[-_TOLD_LINES:]
        return "\n  ".join([f"From {self.log}:", *lines])

    def stop(self) -> None:
        """Ask it to end and wait, but not for ever."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def group_that_ends_with_us() -> Iterator[int]:
    """A process group whose members outlive neither the `with` nor this process.

    Its first member reads a pipe from this process. However this process ends, by SIGKILL too, the
    pipe closes and the whole group is killed. Ctrl-C in a terminal does not reach the group.
    """
    with subprocess.Popen(
        ["/bin/sh", "-c", _WATCH],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    ) as watcher:
        try:
            yield watcher.pid
        finally:
            with suppress(ProcessLookupError, PermissionError):  # nobody is left in it
                os.killpg(watcher.pid, signal.SIGKILL)


@contextmanager
def running(
    name: str, command: Sequence[str | Path], *, environment: Mapping[str, str], log: Path
) -> Iterator[Program]:
    """The program runs inside the `with`, in the checkout's folder.

    It is in a process group of its own: Ctrl-C reaches us alone, and we stop it in the right order.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with group_that_ends_with_us() as group:
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=group,
            )
        program = Program(name, log, process)
        try:
            yield program
        finally:
            program.stop()


def run(
    name: str,
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    log: Path,
    seconds: float,
) -> None:
    """Run it to its end; raises SandboxError with the end of its log when it fails."""
    with running(name, command, environment=environment, log=log) as program:
        try:
            status = program.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise SandboxError(
                f"{name} was not done after {seconds:.0f} seconds. {program.last_words()}"
            ) from None
    if status != 0:
        raise SandboxError(f"{name} failed. {program.last_words()}")
