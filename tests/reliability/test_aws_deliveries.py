"""AWS delivers late, in another order, an earlier version's message, or only after a redrive."""

import json
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from billing_sync.domain.runs.run import Verdict
from tests.aws.faults import refused
from tests.integration.conftest import START
from tests.integration.local_aws import MOST_RECEIVES
from tests.integration.small_world import ALDER, COPPERFIELD
from tests.reliability.aws_troubles import over
from tests.reliability.boundaries import Fate
from tests.reliability.deliveries import HOUR, MINUTE, Deliveries
from tests.reliability.expected_state import Truth
from tests.reliability.faults import two_companies
from tests.reliability.schedules import Habit
from tests.reliability.world import World

# Attributes that a later version may have added; one that a condition compares must be there.
ADDED = {
    "META": {"planning_since", "guard_messages", "warnings", "progress_at", "ending", "note"},
    "ROW#": {"refused", "arithmetic", "billing_cycle", "money"},
    "OPEN#": {"sent", "sent_at"},
    "account#": {"freeze", "freeze_since", "put_at", "lease_until", "lease_run_id"},
}


@pytest.fixture
def world() -> Iterator[World]:
    with two_companies(START) as built:
        yield built


def ends_well(world: World) -> None:
    """All work ends; every quantity is right and written once."""
    Deliveries(world, Habit.ONCE).until_quiet()
    Truth.of(world.stack, kept={}, expected={}).check(world.stack)
    assert world.stack.newest().verdict is Verdict.COMPLETE
    assert len(world.stack.patches()) == 3


def test_an_event_that_waited_hours_for_a_free_function_starts_the_run(world: World) -> None:
    stack = world.stack
    stack.invoice_appears()
    stack.tick()
    (event,) = stack.put_events()
    world.shift(6 * HOUR)

    stack.deliver_event(event)

    ends_well(world)
    assert len(stack.all_runs()) == 1


def test_events_in_another_order_end_every_run(world: World) -> None:
    stack = world.stack
    stack.invoice_appears()
    stack.tick()
    stack.press({"action": "preview", "by": "Ann"})
    stack.press({"by": "Bob"})
    events = stack.put_events()
    assert len(events) == 3

    for event in reversed(events):
        stack.deliver_event(event)

    Deliveries(world, Habit.ONCE).until_quiet()
    Truth.of(stack, kept={}, expected={}).check(stack)
    verdicts = sorted(str(run.verdict) for run in stack.all_runs())
    assert verdicts == [Verdict.COMPLETE, Verdict.PREVIEWED] and len(stack.patches()) == 3


@pytest.mark.parametrize("clocks", [(90, -90), (-90, 90)], ids=["ahead", "behind"])
def test_functions_whose_clocks_differ_by_three_minutes_change_each_quantity_once(
    world: World, clocks: tuple[int, int]
) -> None:
    stack = world.stack
    trigger, company_sync = clocks
    stack.invoice_appears()
    world.shift(trigger)
    stack.tick()
    stack.deliver_events()
    world.shift(company_sync - trigger)
    world.spoil(Fate.LATE, "PATCH", "")
    while stack.deliver_messages():
        pass
    world.shift(-company_sync)

    ends_well(world)


@pytest.mark.parametrize(
    "old",
    [{"schema_version": 0}, {"schema_version": 1, "company": "Alder"}],
    ids=["version", "field"],
)
def test_messages_of_an_earlier_version_become_dead_letters_and_are_sent_anew(
    world: World, old: dict[str, object]
) -> None:
    stack = world.stack
    stack.plan()
    stack.taken(stack.aws.companies)
    stack.send(json.dumps({"run_id": stack.newest().id, **old}))
    for message in iter(lambda: next(iter(stack.messages()), None), None):
        stack.deliver_message(message)

    assert len(stack.taken(stack.aws.dead)) == 1 and stack.untouched()
    ends_well(world)


@pytest.mark.parametrize("begins", ADDED)
def test_items_of_an_earlier_version_are_read_with_the_defaults_of_what_was_added(
    world: World, begins: str
) -> None:
    stack = world.stack
    stack.plan()
    old = [item for item in stack.ledger.scan()["Items"] if item["sk"].startswith(begins)]
    for item in old:
        assert ADDED[begins] <= item.keys()
        left = {name: value for name, value in item.items() if name not in ADDED[begins]}
        stack.ledger.put_item(Item=left)

    assert old
    ends_well(world)


def test_a_message_that_failed_twenty_times_is_a_dead_letter_and_writes_once_after_a_redrive(
    world: World,
) -> None:
    stack = world.stack
    stack.plan()
    denied = refused("ledger", "AccessDeniedException", "Query")
    stack.memory.listen(denied)
    received = 0
    while messages := stack.messages():
        for message in messages:
            received += 1
            with pytest.raises(ClientError, match="AccessDenied"):
                stack.deliver_message(message)
        world.shift(31 * MINUTE)
    over(stack, denied)
    dead = stack.taken(stack.aws.dead)
    assert received == 2 * MOST_RECEIVES and stack.untouched()

    for body in dead:
        stack.send(body)

    assert sorted(json.loads(body)["company_id"] for body in dead) == [ALDER, COPPERFIELD]
    ends_well(world)
