"""Ten thousand companies: planners that run out of time repeatedly still finish the month."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

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
from tests.reliability.without_sockets import answering
from tools.sandbox.world.build import World, world_of
from tools.sandbox.world.seed_types import Addition, Agreement, Company, Organization, addition_id

COMPANIES = range(1001, 11001)
MOVED = COMPANIES[::400]  # those that use one more than they are billed for


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


def many_companies(now: datetime) -> World:
    """Each with one organization, one agreement, one addition that billed ten so far."""
    return world_of(
        tuple(
            Company(
                number,
                f"Company {number}",
                "one of many",
                (Organization(number, f"Company {number}", {"edr": 10 + (number in MOVED)}),),
                (Agreement((Addition("edr", 10.0, wrote=10),)),),
            )
            for number in COMPANIES
        ),
        now=now,
    )


@pytest.fixture
def stack() -> Iterator[LocalStack]:
    with (
        world_clock(START),
        local_stack(START, many_companies, memory=InMemoryAws(validates=False)) as built,
        answering(built.huntress, built.connectwise, before=lambda *_: None),
    ):
        built.configure()
        built.tick()
        yield built


@pytest.mark.slow("ten thousand companies, each read alone")
def test_planners_without_time_hand_over_until_all_is_written(stack: LocalStack) -> None:
    stack.invoice_appears()
    stack.tick()
    freezing = hurried(stack, looks=3_000)
    run = ended(stack)

    assert (
        len([answer for answer in freezing if "organizations are still to be read" in answer]) > 10
    )
    assert (run.verdict, run.outcomes) == (
        Verdict.COMPLETE,
        {"unchanged": len(COMPANIES) - len(MOVED), "updated": len(MOVED)},
    )
    assert str(run.coverage) == "10000 of 10000 companies read"
    assert {stack.quantity(addition_id(number * 10, 0)) for number in MOVED} == {11.0}
    asked = Counter(request.path for request in stack.huntress.requests)
    details = {n for path, n in asked.items() if path.startswith("/v1/organizations/")}
    assert details == {1}, "an organization was read twice"

    stack.press({"action": "preview"})
    reading = hurried(stack, looks=300)
    preview = stack.newest()

    assert len([answer for answer in reading if "ConnectWise's additions of" in answer]) > 1
    assert (preview.verdict, preview.outcomes) == (
        Verdict.PREVIEWED,
        {"unchanged": len(COMPANIES)},
    )
