"""What every version since the first has stored is read by today's code, which goes on from it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine

from billing_sync.domain.runs.run import Verdict
from billing_sync.domain.schema_versions import LEDGER
from tests.clock import world_clock
from tests.integration.conftest import START
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import assert_one_effect
from tests.kept.stored import kept_stack
from tests.kept.story import APPLYING, QUANTITIES, WAITING, keep_the_state

HERE = Path(__file__).parent
CURRENT = HERE / f"v{LEDGER}"
FOLDERS = sorted({*HERE.glob("v*"), CURRENT})
ANSWERS = "answers.json"
MINUTE = 60
PAUSES = (4, 11, 31, 65, 65, 65, 180, 180, 180)  # minutes
Kept = tuple[LocalStack, time_machine.Traveller]
pytestmark = pytest.mark.xdist_group("kept")  # a missing folder is made once


@pytest.fixture(scope="session", autouse=True)
def _made(tmp_path_factory: pytest.TempPathFactory, *, regenerate: bool) -> None:
    """`--regenerate` makes the current version's folder if it is missing, and all answers."""
    if regenerate and not CURRENT.exists():
        with world_clock(START, tick=False) as clock:
            keep_the_state(CURRENT, clock, tmp_path_factory.mktemp("operator"))


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    """What one version kept."""
    if not request.param.exists():
        pytest.fail(f"no state of layout {LEDGER} is kept: see {HERE / 'README.md'}", pytrace=False)
    return Path(request.param)


@pytest.fixture
def kept(folder: Path) -> Iterator[Kept]:
    """A stack that goes on from there."""
    with kept_stack(folder) as ready:
        yield ready


def test_runs_and_invoices_are_shown_as_they_were(
    folder: Path, kept: Kept, *, regenerate: bool
) -> None:
    stack, _ = kept
    shown = [run.id for run in stack.all_runs() if run.request.mode.writes]
    answers = {run_id: stack.press({"action": "show", "run_id": run_id}) for run_id in shown}
    answers["runs"] = stack.press({"action": "show"})
    answers["invoices"] = stack.press({"action": "invoices"})
    answers["invoice 5003"] = stack.press({"action": "invoices", "invoice_id": 5003})
    text = json.dumps(answers, indent=1, ensure_ascii=False) + "\n"
    if regenerate:
        (folder / ANSWERS).write_text(text)

    assert text == (folder / ANSWERS).read_text()


def test_what_was_in_flight_goes_on_and_ends_with_the_right_quantities(kept: Kept) -> None:
    stack, clock = kept
    before = stack.runs.get(APPLYING), stack.invoices.get(WAITING)
    assert before[0] and before[0].open and before[1] and before[1].state == "waiting"

    for minutes in PAUSES:
        stack.settle()
        clock.shift(MINUTE * minutes)
        stack.tick()

    applying = stack.runs.get(APPLYING)
    assert applying and applying.verdict is Verdict.ATTENTION
    assert {key: stack.quantity(key) for key in QUANTITIES} == QUANTITIES
    for addition_id in QUANTITIES:
        assert_one_effect(stack, applying, addition_id)
    waiting = stack.invoices.get(WAITING)
    assert waiting and waiting.state == "run" and stack.runs.active() is None
    own = stack.runs.get(waiting.run_id)
    assert own and not own.open and own.wrote == 0
    assert all(not run.open and run.announced_at for run in stack.all_runs())
