"""Many workers write at the same time: none is in another's way, by DynamoDB's own rules."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from billing_sync.domain.apply.row_state import Permit
from billing_sync.domain.runs.run import Verdict
from tests.aws.memory import InMemoryAws
from tests.clock import world_clock
from tests.integration.conftest import START
from tests.integration.local_stack import Event, LocalStack, local_stack
from tests.integration.run_assertions import ended
from tests.reliability.without_sockets import answering
from tests.reliability.workers import Simulation
from tools.sandbox.world.build import World, world_of
from tools.sandbox.world.seed_types import Addition, Agreement, Company, Organization

COMPANIES = range(1001, 1601)
MOVED = COMPANIES[:465:3]  # 155 companies that use one more than they are billed for
Record = Callable[[str, object], None]


def six_hundred(now: datetime) -> World:
    """Companies with one organization and one addition each that billed ten so far."""
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
def standing() -> Iterator[time_machine.Traveller]:
    with world_clock(START, tick=False) as clock:
        yield clock


@pytest.fixture
def stack(standing: time_machine.Traveller) -> Iterator[LocalStack]:
    """A planned run with a message for each company that moved."""
    memory = InMemoryAws(validates=False)
    with local_stack(START, six_hundred, memory=memory) as built:
        with answering(built.huntress, built.connectwise, before=lambda *_: None):
            built.configure()
            built.tick()
            standing.shift(60)
            built.plan()
        yield built


def taken(stack: LocalStack) -> list[Event]:
    """Every visible message, in flight from now on."""
    found = []
    while some := stack.messages():
        found += some
    return found


def delivered(stack: LocalStack, simulation: Simulation, *, workers: int) -> Counter[str]:
    """Deliver every message once, by so many workers; what became of the deliveries."""
    waiting, became = taken(stack), Counter[str](messages=0)

    def work() -> None:
        while waiting:
            message = waiting.pop(0)
            became["messages"] += 1
            try:
                reply = stack.deliver_message(message)
            except Exception as error:  # noqa: BLE001 - Lambda sees a failed invocation, no more
                became["raised"] += 1
                became[f"raised {type(error).__name__}"] += 1
            else:
                became["handed back"] += bool(reply["batchItemFailures"])

    for number in range(workers):
        simulation.start(work, after=number / 10)
    with simulation.listening(stack):
        simulation.run()
    return became


@pytest.mark.parametrize("workers", [4, 10])
def test_workers_at_the_same_time_hand_nothing_back_and_raise_nothing(
    stack: LocalStack, standing: time_machine.Traveller, workers: int, record_property: Record
) -> None:
    simulation = Simulation(standing, stack.memory, seed=workers)

    became = delivered(stack, simulation, workers=workers)

    record_property(f"conflicts of {workers} workers", stack.memory.dynamodb.conflicts)
    assert (became["messages"], became["handed back"], became["raised"]) == (len(MOVED), 0, 0)
    with answering(stack.huntress, stack.connectwise, before=lambda *_: None):
        run = ended(stack)
    assert (run.verdict, run.wrote) == (Verdict.COMPLETE, len(MOVED))


def test_after_a_stop_is_answered_none_of_ten_workers_writes(
    stack: LocalStack, standing: time_machine.Traveller
) -> None:
    simulation = Simulation(standing, stack.memory, seed=1)
    run, answered = stack.newest(), list[datetime]()

    def stop() -> None:
        stack.press({"action": "stop", "run_id": run.id, "by": "Ann"})
        assert not any(c.permit is Permit.OPEN for c in stack.runs.open_companies(run))
        answered.append(datetime.now(UTC))

    simulation.start(stop, after=4.0)
    became = delivered(stack, simulation, workers=10)

    intents = [at for at in intended(stack) if at > answered[0]]
    assert (became["handed back"], became["raised"], intents) == (0, 0, [])
    with answering(stack.huntress, stack.connectwise, before=lambda *_: None):
        closed = ended(stack)
    assert closed.verdict is Verdict.STOPPED
    assert 0 < closed.wrote < len(MOVED) and closed.wrote == len(stack.patches())


def intended(stack: LocalStack) -> list[datetime]:
    """When each intent was taken."""
    states = stack.runs.rows(stack.newest())
    return [state.intent.at for state in states if state.intent]
