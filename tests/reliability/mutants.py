"""Tests run against a copy of the shared code from which one guard was taken out."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
TESTS = REPOSITORY / "tests"
SHARED_CODE = REPOSITORY / "layers" / "billing_sync" / "python"
NOT_THE_COPY = 99


@dataclass(frozen=True, slots=True)
class Guard:
    """What must hold, the text in our code that sees to it, and the test that needs it.

    `without` stands in its place to take the guard out; `shown_by` is a test under `tests/`.
    """

    name: str
    file: str
    text: str
    without: str
    shown_by: str


def copied(folder: Path) -> Path:
    """A copy of the shared code; the folder to import it from."""
    return Path(shutil.copytree(SHARED_CODE, folder / "python"))


def take_out(guard: Guard, copy: Path) -> None:
    """Replace the guard's text, which must stand there exactly once."""
    file = copy / "billing_sync" / guard.file
    source = file.read_text()
    assert source.count(guard.text) == 1, f"{guard.file} has {source.count(guard.text)} of its text"
    file.write_text(source.replace(guard.text, guard.without))


def run_tests(copy: Path, tests: Iterable[str]) -> subprocess.CompletedProcess[str]:
    """Run tests with the copy in place of our code; pytest's exit code, or that it was not used."""
    return subprocess.run(
        [sys.executable, "-m", "tests.reliability.mutants", str(copy), *tests],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(copy), str(REPOSITORY)))},
        capture_output=True,
        text=True,
        check=False,
    )


def main(copy: str, *tests: str) -> int:
    """Run these tests here; the code that was tested is proven to be the copy."""
    import pytest  # noqa: PLC0415 - only the process that runs the tests

    import billing_sync  # noqa: PLC0415 - found on this process's path

    paths = [str(TESTS / test) for test in tests]
    only_the_copy = f"pythonpath={copy} {REPOSITORY}"
    code = pytest.main(["-x", "-p", "no:cacheprovider", "-o", only_the_copy, *paths])
    tested = Path(str(billing_sync.__file__)).is_relative_to(copy)
    return int(code) if tested else NOT_THE_COPY


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
