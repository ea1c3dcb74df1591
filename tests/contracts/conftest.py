"""Shared by the contract tests: every text as the product makes it today, made once."""

import pytest

from tests.clock import world_clock
from tests.contracts.commands_story import keep_commands
from tests.contracts.functions_story import keep_functions
from tests.contracts.golden_files import Texts, write
from tests.integration.conftest import START


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory, *, regenerate: bool) -> Texts:
    """Each contract's text by the name of its golden file."""
    made = Texts()
    with world_clock(START, tick=False) as clock:
        keep_functions(made, clock)
    with world_clock(START, tick=False) as clock:
        keep_commands(made, clock, folder=tmp_path_factory.mktemp("commands"))
    if regenerate:
        write(made)
    return made
