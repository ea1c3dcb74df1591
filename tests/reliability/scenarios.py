"""Where schedules begin: small worlds, each with the quantities that ConnectWise has at the end."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from botocore.exceptions import EndpointConnectionError

from billing_sync.domain.apply.row_state import Permit
from billing_sync.domain.runs.run import Status, Verdict
from tests.integration.crashes import ledger_down
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    ALDER_ORGANIZATION,
    COPPERFIELD,
    COPPERFIELD_EDR,
    COPPERFIELD_SAT,
    TREFOIL,
    TREFOIL_FLAT,
    TREFOIL_REST,
    XENON,
    XENON_EDR,
    XENON_ITDR,
)
from tools.sandbox.vendors.faults import Fault, FaultKind

HARDLY_ANY_TIME = 119  # seconds: less than a planner keeps for what follows reading
DAY = 24 * 3600
LEASE = timedelta(minutes=16)


@dataclass(frozen=True, slots=True)
class Scenario:
    """`prepare` brings a configured stack to the beginning; the rest is how it ends undisturbed.

    `writes` are the quantities (before, target) of the additions that the run under test writes,
    `held` those of the additions that it must leave alone.
    `begins_with_tick` when nothing is on its way yet. `prepare` gives bodies of old messages.
    `whole` where every commit tries every interference at every boundary, `cuts_off_aws` where
    `prepare` cuts off the AWS in memory.
    """

    name: str
    companies: tuple[int, ...]
    prepare: Callable[[LocalStack], tuple[str, ...]]
    writes: Mapping[int, tuple[float, float]]
    verdict: Verdict = Verdict.COMPLETE
    begins_with_tick: bool = False
    cuts_off_aws: bool = False
    held: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    whole: bool = False


def _appeared(stack: LocalStack) -> tuple[str, ...]:
    stack.invoice_appears()
    return ()


def _appeared_for_approval(stack: LocalStack) -> tuple[str, ...]:
    stack.set_settings(approval="required")
    return _appeared(stack)


def _handed_over(stack: LocalStack) -> tuple[str, ...]:
    """A planner ran out of time; "Billing Sync Continued" is on the bus."""
    stack.invoice_appears()
    stack.tick()
    stack.deliver_events(seconds=HARDLY_ANY_TIME)
    return ()


def _lease_of_the_dead(stack: LocalStack) -> tuple[str, ...]:
    """A planner took the lease and died; its event is put again in an hour at the earliest."""
    stack.invoice_appears()
    stack.tick()
    stack.put_events()
    now = datetime.now(UTC)
    dead = {"lease_owner": "dead", "lease_until": now + LEASE, "puts": 4, "put_at": now}
    assert stack.invoices.save(replace(stack.invoice, **dead), previous=stack.invoice)
    return ()


def _planned(stack: LocalStack) -> tuple[str, ...]:
    stack.plan()
    return ()


def _stopped_then_synced(stack: LocalStack) -> tuple[str, ...]:
    """The message of a stopped run is delivered again while the next run is applied."""
    stack.plan()
    (old,) = stack.taken(stack.aws.companies)
    stack.ask({"action": "stop", "run_id": stack.newest().id, "by": "Ann"})
    stack.ask_now({"by": "Ann"})
    return (old,)


def _stopped_between_permits_then_synced(stack: LocalStack) -> tuple[str, ...]:
    """test-sync died after the first of two permits; the next run starts once no marker is left."""
    stack.plan()
    old = stack.taken(stack.aws.companies)
    stop = {"action": "stop", "run_id": stack.newest().id, "by": "Ann"}
    with suppress(EndpointConnectionError), ledger_down(stack.memory, "UpdateItem", at=3):
        stack.press(stop)
    permits = Counter(c.permit for c in stack.runs.open_companies(stack.newest()))
    assert permits == {Permit.OPEN: 1, Permit.REVOKED: 1}
    stack.deliver_events()
    stack.ask_now({"by": "Ann"})
    return tuple(old)


def _stopped_with_a_young_intent(stack: LocalStack) -> tuple[str, ...]:
    """The answer of a write was lost, and nobody knows yet whether it will land."""
    stack.plan()
    (message,) = stack.messages()
    stack.connectwise.add_fault(Fault(FaultKind.DROP_BEFORE, method="PATCH"))
    stack.deliver_message(message)
    stack.ask({"action": "stop", "run_id": stack.newest().id, "by": "Ann"})
    assert stack.newest().status is Status.ENDING
    return (str(message["Body"]),)


def _release_asked(stack: LocalStack) -> tuple[str, ...]:
    """A run held a row; its message is delivered again when a person releases the row."""
    stack.plan()
    (message,) = stack.messages()
    stack.deliver_message(message)
    stack.settle()
    answer = stack.press({"action": "show", "run_id": stack.newest().id})
    reviewed = {"run_id": answer["run_id"], "plan_hash": answer["plan_hash"]}
    stack.press({"action": "release", "by": "Ann", **reviewed})
    return (str(message["Body"]),)


def _release_planned(stack: LocalStack) -> tuple[str, ...]:
    old = _release_asked(stack)
    stack.deliver_events()
    return old


def _undo_asked(stack: LocalStack) -> tuple[str, ...]:
    """A run wrote; its message is delivered again when a person undoes it."""
    stack.plan()
    (message,) = stack.messages()
    stack.deliver_message(message)
    stack.settle()
    stack.press({"action": "undo", "run_id": stack.newest().id, "by": "Ann"})
    return (str(message["Body"]),)


def _undo_planned(stack: LocalStack) -> tuple[str, ...]:
    old = _undo_asked(stack)
    stack.deliver_events()
    return old


def _release_then_sync_asked(stack: LocalStack) -> tuple[str, ...]:
    """A sync follows a release; the release's message is delivered again."""
    _release_asked(stack)
    return _sync_asked_after(stack)


def _undo_then_sync_asked(stack: LocalStack) -> tuple[str, ...]:
    """A sync follows an undo; the undo's message is delivered again."""
    _undo_asked(stack)
    return _sync_asked_after(stack)


def _sync_asked_after(stack: LocalStack) -> tuple[str, ...]:
    stack.deliver_events()
    (message,) = stack.messages()
    stack.deliver_message(message)
    stack.settle()
    stack.press({"by": "Ann"})
    return (str(message["Body"]),)


def _second_invoice(stack: LocalStack) -> tuple[str, ...]:
    """Five days after the cycle's first invoice was synced, another one bills one more agent."""
    stack.sync()
    _later(stack, 5 * DAY)
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 26}})
    stack.invoice_appears(id=5004)
    return ()


def _unreadable_with_a_release_in_between(stack: LocalStack) -> tuple[str, ...]:
    """The next cycle's run waits for ConnectWise while a row of the last one is released."""
    stack.set_settings(release_valid_days=60)
    stack.sync()
    _later(stack, 30 * DAY)
    down = {"status": 503, "headers": {"Retry-After": "3600"}, "times": 0}
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, path="/finance/agreements$", **down))
    stack.invoice_appears(id=5004)
    for minutes in (0, 6, 31, 65, 78):
        _later(stack, 60 * minutes)
    (waiting, held) = stack.all_runs()
    assert waiting.waits_for_retry
    reviewed = {"run_id": held.id, "plan_hash": held.plan_hash}
    stack.press({"action": "release", "by": "Ann", **reviewed})
    stack.deliver_events()
    stack.connectwise.clear_faults()
    return ()


def _later(stack: LocalStack, seconds: float) -> None:
    time.sleep(seconds)  # moves the world's clock
    stack.tick()
    stack.settle()


_ALDER = {ALDER_EDR: (24.0, 25.0)}
_COPPERFIELD = {COPPERFIELD_EDR: (63.0, 65.0), COPPERFIELD_SAT: (45.0, 44.0)}
_SPLIT = {TREFOIL_FLAT: (29.0, 30.0), TREFOIL_REST: (11.0, 12.0)}
_RELEASED = {XENON_EDR: (20.0, 200.0)}
_UNDONE = {ALDER_EDR: (25.0, 24.0)}

SCENARIOS = (
    Scenario("sync", (ALDER,), _appeared, _ALDER, begins_with_tick=True, whole=True),
    Scenario("handed-over", (ALDER,), _handed_over, _ALDER),
    Scenario("lease-of-the-dead", (ALDER,), _lease_of_the_dead, _ALDER, begins_with_tick=True),
    Scenario(
        "held",
        (ALDER,),
        _appeared_for_approval,
        {},
        Verdict.HELD,
        begins_with_tick=True,
        held=_ALDER,
    ),
    Scenario("apply", (ALDER,), _planned, _ALDER, whole=True),
    Scenario("apply-two-rows", (COPPERFIELD,), _planned, _COPPERFIELD),
    Scenario("apply-split", (TREFOIL,), _planned, _SPLIT),
    Scenario(
        "apply-two-companies",
        (ALDER, XENON),
        _planned,
        {**_ALDER, XENON_ITDR: (21.0, 22.0)},
        Verdict.HELD,
    ),
    Scenario("apply-after-stop", (ALDER,), _stopped_then_synced, _ALDER),
    Scenario(
        "apply-after-half-a-stop",
        (ALDER, COPPERFIELD),
        _stopped_between_permits_then_synced,
        {**_ALDER, **_COPPERFIELD},
        cuts_off_aws=True,
    ),
    Scenario(
        "stop-young-write",
        (ALDER,),
        _stopped_with_a_young_intent,
        {},
        Verdict.STOPPED,
        held=_ALDER,
    ),
    Scenario("release", (XENON,), _release_asked, _RELEASED),
    Scenario("apply-release", (XENON,), _release_planned, _RELEASED),
    Scenario("undo", (ALDER,), _undo_asked, _UNDONE),
    Scenario("apply-undo", (ALDER,), _undo_planned, _UNDONE),
    Scenario(
        "second-invoice",
        (ALDER,),
        _second_invoice,
        {},
        Verdict.HELD,
        begins_with_tick=True,
        held={ALDER_EDR: (25.0, 26.0)},
    ),
    Scenario("unreadable-then-release", (XENON,), _unreadable_with_a_release_in_between, _RELEASED),
    Scenario(
        "release-then-sync",
        (XENON,),
        _release_then_sync_asked,
        {},
        held={XENON_EDR: (200.0, 200.0)},
    ),
    Scenario(
        "undo-then-sync",
        (ALDER,),
        _undo_then_sync_asked,
        {},
        Verdict.HELD,
        held=_ALDER,
    ),
)
