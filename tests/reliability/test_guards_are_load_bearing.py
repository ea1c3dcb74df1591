"""Each guard of the protocol is removed from the shared code, and its test must fail."""

import re
from collections.abc import Iterator

import pytest

from tests.reliability.forking import NOT_MUTATED, Forks
from tests.reliability.guards import of_a_run, of_a_write, of_an_invoice, of_places
from tests.reliability.mutants import REPOSITORY, Guard, markers

CATALOGUE = REPOSITORY / "docs" / "faults.md"
GUARDS = (*of_a_write.GUARDS, *of_a_run.GUARDS, *of_an_invoice.GUARDS, *of_places.GUARDS)
TEST_FILES = sorted({guard.shown_by.partition("::")[0] for guard in GUARDS})


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    started = Forks()
    yield started
    started.close()


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_without_the_guard_its_test_fails(guard: Guard, forks: Forks) -> None:
    ran = forks.run([guard.shown_by], without=guard)

    assert ran.code == pytest.ExitCode.TESTS_FAILED, ran.output


@pytest.mark.parametrize("file", TEST_FILES)
def test_with_every_guard_in_place_the_same_tests_pass(file: str, forks: Forks) -> None:
    tests = sorted({guard.shown_by for guard in GUARDS if guard.shown_by.startswith(f"{file}::")})

    ran = forks.run(tests)

    assert ran.code == pytest.ExitCode.OK, ran.output


def test_a_test_that_does_not_load_the_marked_code_shows_nothing(forks: Forks) -> None:
    guard = next(guard for guard in GUARDS if guard.slug == "patch-once")

    assert forks.run(["unit/apply/test_protocol.py"], without=guard).code == NOT_MUTATED


def test_every_marker_in_the_code_has_one_guard_and_every_guard_one_marker() -> None:
    slugs = sorted(guard.slug for guard in GUARDS)

    assert sorted(marker.slug for marker in markers()) == slugs
    assert len(set(slugs)) == len(slugs)


def test_the_catalogue_names_each_guard_and_its_test() -> None:
    _, _, section = CATALOGUE.read_text().partition("## Guards of the protocol\n")
    rows = re.findall(r"^\| (.+?) \| .+ \| `(.+?)` \|$", section, flags=re.MULTILINE)

    assert [(name.casefold(), test) for name, test in rows] == [
        (guard.name.casefold(), guard.shown_by) for guard in GUARDS
    ]
