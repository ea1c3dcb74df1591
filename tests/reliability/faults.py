"""Runs one trouble from start to end: no false report while it lasts, a correct state after it.

A trouble strikes a stack of two companies at a moment of its choice, stays for some hours of the
world's clock, passes, and everything runs on until it is quiet. The truth is checked twice.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.runs.run import Run, Verdict
from tests.clock import world_clock
from tests.integration.conftest import START
from tests.integration.local_stack import LocalStack, local_stack
from tests.integration.small_world import ALDER, COPPERFIELD, small_world
from tests.reliability.deliveries import HOUR, MINUTE, Deliveries
from tests.reliability.expected_state import Truth, words
from tests.reliability.schedules import Habit
from tests.reliability.world import World

A_MORNING = (6 * MINUTE, 31 * MINUTE, 3 * HOUR)
FOUR_DAYS = (6 * MINUTE, HOUR, 12 * HOUR, 15 * HOUR, 24 * HOUR, 24 * HOUR, 20 * HOUR)
Strike = Callable[[LocalStack], object]


class When(StrEnum):
    """The moment a trouble strikes."""

    BEFORE_THE_INVOICE = "before the invoice"
    BEFORE_PLANNING = "before planning"  # the invoice was seen, its event is on the bus
    BEFORE_APPLYING = "before applying"  # the plan is committed, its messages are in the queue


def all_clear(stack: LocalStack) -> None:
    """Both vendors behave again."""
    stack.huntress.clear_faults()
    stack.connectwise.clear_faults()


@dataclass(frozen=True, slots=True)
class Trouble:
    """What goes wrong, and how it ends.

    `begins` is when the story starts; `lasts` are the pauses between ticks until the trouble is
    over. `message` is a text that people can read until then, and no run is green; "" where
    the sync completes without waiting for the end. `verdict` is the newest run's at the end.
    `reasons` are those of the additions that are not written then, `expected` the quantities other
    than those of an undisturbed sync.
    """

    name: str
    strikes: Strike
    passes: Strike = all_clear
    when: When = When.BEFORE_THE_INVOICE
    begins: datetime = START
    lasts: tuple[float, ...] = A_MORNING
    message: str = ""
    verdict: Verdict = Verdict.COMPLETE
    reasons: Mapping[int, Reason] = field(default_factory=dict)
    expected: Mapping[int, float] = field(default_factory=dict)


@contextmanager
def two_companies(begins: datetime) -> Iterator[World]:
    """A configured stack that has looked once."""
    with (
        world_clock(begins) as clock,
        local_stack(begins, small_world(ALDER, COPPERFIELD)) as stack,
    ):
        stack.configure()
        stack.tick()
        yield World(stack, clock)


def live_through(trouble: Trouble) -> None:
    """Raise AssertionError for a false report, or a quantity that is lost, doubled or wrong."""
    with two_companies(trouble.begins) as world:
        stack, deliveries = world.stack, Deliveries(world, Habit.ONCE)
        truth = Truth.of(stack, kept=trouble.reasons, expected=trouble.expected)
        _meet(trouble, stack, deliveries)
        deliveries.live(trouble.lasts)
        truth.check(stack)
        left = [*stack.huntress.faults, *stack.connectwise.faults]
        assert all(fault.times == 0 for fault in left), "the trouble never struck"
        if trouble.message:
            assert trouble.message in words(stack), words(stack)
            assert not any(run.green for run in stack.all_runs()), "green in the midst of trouble"
        trouble.passes(stack)
        deliveries.until_quiet()
        truth.check(stack)
        _check_end(trouble, stack)


def _meet(trouble: Trouble, stack: LocalStack, deliveries: Deliveries) -> None:
    """Bring the stack to the moment of the trouble, let it strike, and tick."""
    stack.invoice_appears()
    if trouble.when is not When.BEFORE_THE_INVOICE:
        deliveries.tick()
    if trouble.when is When.BEFORE_APPLYING:
        stack.deliver_events()
    trouble.strikes(stack)
    deliveries.tick()


def _check_end(trouble: Trouble, stack: LocalStack) -> None:
    run = stack.newest()
    assert run.verdict is trouble.verdict, f"{run.verdict}: {words(stack)}"
    assert stack.invoice.state == "run" and stack.runs.active() is None
    reasons = {
        addition_id: _row_of(addition_id, stack, run).reason for addition_id in trouble.reasons
    }
    assert reasons == trouble.reasons, words(stack)


def _row_of(addition_id: int, stack: LocalStack, run: Run) -> Row:
    """The row of an addition, or that of its company and product where none could be found."""
    addition = stack.before.additions[addition_id]
    company = stack.before.agreements[addition["agreementId"]]["company"]["id"]
    item = addition["product"]["id"]
    rows = [state.row for state in stack.runs.rows(run)]
    own = [row for row in rows if row.addition_id == addition_id]
    return (own or [r for r in rows if (r.company_id, r.catalog_item_id) == (company, item)])[0]
