"""Shared by the contract tests: every text as the product makes it today, made once."""

import pytest

from tests.clock import world_clock
from tests.contracts.commands_story import keep_commands
from tests.contracts.functions_story import keep_functions
from tests.contracts.golden_files import Texts, write
from tests.integration.conftest import START

REGENERATE = "--regenerate"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The way to change a contract on purpose."""
    parser.addoption(REGENERATE, action="store_true", help="Write the golden files anew.")


@pytest.fixture(scope="session")
def texts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Texts:
    """Each contract's text by the name of its golden file."""
    made = Texts()
    with world_clock(START, tick=False) as clock:
        keep_functions(made, clock)
    with world_clock(START, tick=False) as clock:
        keep_commands(made, clock, folder=tmp_path_factory.mktemp("commands"))
    if request.config.getoption(REGENERATE, default=False):
        write(made)
    return made
