"""Ten thousand companies: planners that run out of time repeatedly still finish the month."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import pytest

from billing_sync.domain.event_types import FINISHED
from billing_sync.domain.runs.run import Verdict
from functions.invoice_trigger import handler as invoice_trigger
from functions.run_report import handler as run_report
from tests.aws.memory import InMemoryAws
from tests.clock import world_clock
from tests.integration.conftest import START
from tests.integration.local_stack import LambdaContext, LocalStack, local_stack
from tests.integration.run_assertions import ended
from tests.reliability.containers import Containers
from tests.reliability.freezes import CALLS_A_MINUTE, TICK_EVERY, FreezeWithTicks, Frozen
from tests.reliability.without_sockets import answering
from tools.sandbox.world.build import World, world_of
from tools.sandbox.world.seed_types import Addition, Agreement, Company, Organization, addition_id

Record = Callable[[str, object], None]
FIRST = 1001
EVERY_MOVED = 400  # every so many-th company uses one more than it is billed for
OUR_CALLS_A_MINUTE = 57
MOST_CALLS_EACH = 1.02
MOST_TIME = 1.06  # of the least time that Huntress's 60 calls a minute allow; we make 57


@dataclass(frozen=True, slots=True)
class Hurried(LambdaContext):
    """An invocation whose time is spent by looking at the clock: the same on any machine."""

    looks: Iterator[int] = field(kw_only=True)
    all_looks: int = field(kw_only=True)

    def get_remaining_time_in_millis(self) -> int:
        return 900_000 * next(self.looks, 0) // self.all_looks


def hurried(stack: LocalStack, *, looks: int) -> list[str]:
    """The planners' answers, each with time for so many looks at the clock."""
    answers: list[str] = []
    while events := stack.put_events():
        for event in events:
            stack.events.append(event)
            handler = run_report if event["detail-type"] == FINISHED else invoice_trigger
            context = Hurried(looks=iter(range(looks, 0, -1)), all_looks=looks)
            answers.append(str(handler.handler(event, context)))
    return answers


def many_companies(count: int, now: datetime) -> World:
    """Each with one organization, one agreement, one addition that billed ten so far."""
    return world_of(
        tuple(
            Company(
                number,
                f"Company {number}",
                "one of many",
                (Organization(number, f"Company {number}", {"edr": 10 + moved(number)}),),
                (Agreement((Addition("edr", 10.0, wrote=10),)),),
            )
            for number in range(FIRST, FIRST + count)
        ),
        now=now,
    )


def moved(number: int) -> bool:
    """Whether this company uses one more than it is billed for."""
    return (number - FIRST) % EVERY_MOVED == 0


@contextmanager
def stack_of(count: int) -> Iterator[tuple[LocalStack, Containers]]:
    """A configured stack that looked once; Huntress keeps to its limit, and so do we."""
    with (
        world_clock(START, tick=False) as clock,
        local_stack(
            START, partial(many_companies, count), memory=InMemoryAws(validates=False)
        ) as built,
        answering(built.huntress, built.connectwise, before=lambda *_: None),
    ):
        built.configure()
        built.put_huntress_secret(calls_per_minute=OUR_CALLS_A_MINUTE)
        built.tick()
        clock.shift(TICK_EVERY)
        built.huntress.calls_per_minute = CALLS_A_MINUTE
        yield built, Containers(clock)


def frozen_beside_the_schedule(
    stack: LocalStack, containers: Containers, count: int, record: Record
) -> Frozen:
    """The freeze, with a tick every five minutes while it runs; its figures are recorded."""
    frozen = FreezeWithTicks(stack, containers, organizations=count).run(at_most=timedelta(days=1))
    record(f"calls per 1,000 of {count} organizations", round(1_000 * frozen.calls_each))
    record(f"% of the least time for {count} organizations", round(100 * frozen.of_limit))
    assert frozen.done, frozen
    assert frozen.calls_each <= MOST_CALLS_EACH, frozen
    assert frozen.of_limit <= MOST_TIME, frozen
    assert frozen.most_reads == 1, frozen
    return frozen


@pytest.mark.slow("a thousand companies, each read alone")
def test_ticks_during_a_freeze_cost_no_calls_and_no_time(record_property: Record) -> None:
    with stack_of(1_000) as (stack, containers):
        frozen_beside_the_schedule(stack, containers, 1_000, record_property)

        assert ended(stack).verdict is Verdict.COMPLETE


@pytest.mark.slow("ten thousand companies, each read alone")
def test_planners_without_time_hand_over_until_all_is_written(
    record_property: Record, pytestconfig: pytest.Config
) -> None:
    count = 10_000 if pytestconfig.getoption("--whole") else 2_000
    with stack_of(count) as (stack, containers):
        frozen = frozen_beside_the_schedule(stack, containers, count, record_property)
        run = ended(stack)

        handed_over = [one for one in frozen.answers if "organizations are still to be read" in one]
        assert len(handed_over) >= count // 1_000
        changed = [number for number in range(FIRST, FIRST + count) if moved(number)]
        outcomes = {"unchanged": count - len(changed), "updated": len(changed)}
        assert (run.verdict, run.outcomes) == (Verdict.COMPLETE, outcomes)
        assert str(run.coverage) == f"{count} of {count} companies read"
        assert {stack.quantity(addition_id(number * 10, 0)) for number in changed} == {11.0}

        stack.huntress.calls_per_minute = 0
        stack.press({"action": "preview"})
        reading = hurried(stack, looks=300)
        preview = stack.newest()

        assert (
            len([one for one in reading if "ConnectWise's additions of" in one]) >= count // 5_000
        )
        assert (preview.verdict, preview.outcomes) == (Verdict.PREVIEWED, {"unchanged": count})
