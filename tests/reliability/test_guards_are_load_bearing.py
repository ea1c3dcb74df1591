"""Each guard of the protocol is taken out of a copy of our code: a test must notice."""

import re
from pathlib import Path

import pytest

from tests.reliability.guards import of_a_run, of_a_write, of_an_invoice, of_places
from tests.reliability.mutants import REPOSITORY, Guard, copied, run_tests, take_out

CATALOGUE = REPOSITORY / "docs" / "faults.md"
GUARDS = (*of_a_write.GUARDS, *of_a_run.GUARDS, *of_an_invoice.GUARDS, *of_places.GUARDS)
TEST_FILES = sorted({guard.shown_by.partition("::")[0] for guard in GUARDS})


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_without_the_guard_its_test_fails(guard: Guard, tmp_path: Path) -> None:
    copy = copied(tmp_path)
    take_out(guard, copy)

    ran = run_tests(copy, [guard.shown_by])

    assert ran.returncode == pytest.ExitCode.TESTS_FAILED, ran.stdout + ran.stderr


@pytest.mark.parametrize("file", TEST_FILES)
def test_with_every_guard_in_place_the_same_tests_pass(file: str, tmp_path: Path) -> None:
    tests = sorted({guard.shown_by for guard in GUARDS if guard.shown_by.startswith(file)})

    ran = run_tests(copied(tmp_path), tests)

    assert ran.returncode == pytest.ExitCode.OK, ran.stdout + ran.stderr


def test_the_catalogue_names_each_guard_and_its_test() -> None:
    _, _, section = CATALOGUE.read_text().partition("## Guards of the protocol\n")
    rows = re.findall(r"^\| (.+?) \| .+ \| `(.+?)` \|$", section, flags=re.MULTILINE)

    assert [(name.casefold(), test) for name, test in rows] == [
        (guard.name.casefold(), guard.shown_by) for guard in GUARDS
    ]
