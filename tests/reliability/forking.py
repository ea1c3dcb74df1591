"""Tests in forks of one process, which has every library loaded and none of our code."""

import gc
import json
import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
import traceback
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from tests.reliability.mutants import REPOSITORY, Guard, Mutant, markers

TESTS = REPOSITORY / "tests"
NOT_MUTATED, BROKEN = 99, 98
LONGEST = 300  # seconds until a fork that does not end is stopped
OPTIONS = (
    "-x",
    "-n0",
    "-pno:cacheprovider",
    "-pno:unraisableexception",  # collecting garbage costs more than most tests
    "-Wignore::pytest.PytestAssertRewriteWarning",  # plugins of pytest are loaded beforehand
)
OURS = {"billing_sync", "functions", "tools", "infra"}
LIBRARIES = tuple(
    sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")
)


@dataclass(frozen=True, slots=True)
class Ran:
    """Pytest's exit code (or `NOT_MUTATED`, `BROKEN`, minus a signal's number), and its output."""

    code: int
    output: str


class Forks:
    """The process that forks, seen from a test: it takes one job at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.forking"],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, tests: Iterable[str], *, without: Guard | None = None) -> Ran:
        """Run these tests, with every guard in place or without this one."""
        assert self._process.stdin and self._process.stdout
        mutation = [without.slug, without.operator] if without else None
        print(json.dumps([list(tests), mutation]), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, "the process that forks has ended; its error is above"
        return Ran(**json.loads(answer))

    def close(self) -> None:
        """End the process: it reads no more jobs."""
        self._process.communicate()


def main() -> None:
    """Answer each job on standard input with a line on standard output."""
    markers()
    with tempfile.TemporaryDirectory() as bytecode:
        if sys.dont_write_bytecode:  # else each fork would compile our code again
            sys.pycache_prefix, sys.dont_write_bytecode = bytecode, False
        for line in sys.stdin:
            with tempfile.TemporaryDirectory() as folder:
                ran = _forked(*json.loads(line), Path(folder))
            sys.stdout.write(json.dumps(asdict(ran)) + "\n")
            sys.stdout.flush()


def _forked(tests: list[str], mutation: list[str] | None, folder: Path) -> Ran:
    assert threading.active_count() == 1, threading.enumerate()  # a fork has no other threads
    assert not OURS & {name.partition(".")[0] for name in sys.modules}
    gc.freeze()
    child = os.fork()
    if child == 0:
        _in_the_fork(tests, mutation, folder)
    _, status = os.waitpid(child, 0)
    with suppress(FileNotFoundError):
        _load((folder / "libraries").read_text().split())
    return Ran(os.waitstatus_to_exitcode(status), (folder / "output").read_text())


def _load(libraries: Iterable[str]) -> None:
    """Load what the last test loaded, so that the next one finds it loaded."""
    for name in libraries:
        with suppress(ImportError):
            import_module(name)


def _in_the_fork(tests: list[str], mutation: list[str] | None, folder: Path) -> NoReturn:
    code = BROKEN
    try:
        signal.alarm(LONGEST)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        output = os.open(folder / "output", os.O_WRONLY | os.O_CREAT)
        os.dup2(output, 1)
        os.dup2(output, 2)
        code = _tested(tests, Mutant(*mutation) if mutation else None, folder)
        (folder / "libraries").write_text("\n".join(_libraries()))
    except BaseException:  # noqa: BLE001 - whatever it is, the fork ends here and shows it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _tested(tests: list[str], mutant: Mutant | None, folder: Path) -> int:
    """Pytest's exit code; the module that was tested is proven to be the mutant."""
    import pytest  # noqa: PLC0415 - after its output goes to the file

    if mutant:
        sys.meta_path.insert(0, mutant)
    paths = [str(TESTS / test) for test in tests]
    code = pytest.main([*OPTIONS, f"--basetemp={folder / 'tmp'}", *paths])
    return NOT_MUTATED if mutant and not mutant.loaded(sys.modules) else int(code)


def _libraries() -> list[str]:
    origins = {name: getattr(module, "__file__", "") for name, module in sys.modules.items()}
    return [name for name, origin in origins.items() if (origin or "").startswith(LIBRARIES)]


if __name__ == "__main__":
    main()
