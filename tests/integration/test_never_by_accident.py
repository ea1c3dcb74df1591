"""Installing, deploying, importing, looking: none of it writes to anybody's billing."""

from typing import Any

import pytest

from tests.integration.installed_stack import NEW_INVOICE
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER_EDR

MONTH = 30 * 24 * 3600
CREATED = {"detail-type": "Huntress Invoice Created", "source": "billing-sync"}


def nothing_starts(stack: LocalStack, clock: Any) -> bool:
    """Whether a month of ticks starts nothing and leaves ConnectWise as it was."""
    for _ in range(6):
        clock.shift(MONTH / 6)
        stack.tick()
        stack.settle()
    return stack.all_runs() == () and stack.untouched()


def test_a_stack_just_deployed_asks_nobody_and_starts_nothing(
    bare_stack: LocalStack, clock: Any
) -> None:
    assert "Secret huntress" in bare_stack.tick()
    assert nothing_starts(bare_stack, clock)
    assert bare_stack.huntress.requests == bare_stack.connectwise.requests == []


def test_without_settings_usage_is_frozen_and_nothing_starts(
    bare_stack: LocalStack, clock: Any
) -> None:
    stack = bare_stack
    stack.put_huntress_secret()
    stack.put_connectwise_secret()
    stack.tick()
    stack.invoice_appears()

    assert nothing_starts(stack, clock)
    assert (stack.invoice.state, bool(stack.invoice.frozen_at)) == ("baseline", True)


def test_sync_is_off_until_somebody_turns_it_on(bare_stack: LocalStack, clock: Any) -> None:
    stack = bare_stack
    stack.configure()
    item = {k: v for k, v in stack.world.settings.items() if k != "sync_enabled"}
    stack.config.put_item(Item=item)
    stack.tick()
    stack.invoice_appears()

    assert nothing_starts(stack, clock)


def test_the_first_look_records_what_is_there_and_starts_nothing_even_with_sync_on(
    bare_stack: LocalStack, clock: Any
) -> None:
    stack = bare_stack
    stack.configure(sync_enabled=True)
    stack.invoice_appears()
    stack.tick()

    records = stack.invoices.all()
    assert [(r.invoice.id, r.state) for r in records] == [
        (number, "baseline") for number in (5001, 5002, 5003)
    ]
    assert nothing_starts(stack, clock)


def test_an_event_before_the_first_look_starts_nothing(bare_stack: LocalStack, clock: Any) -> None:
    stack = bare_stack
    stack.configure(sync_enabled=True)
    stack.invoice_appears()
    detail = {"source": "account", "invoice_id": 5003}
    stack.deliver_event({**CREATED, "detail": detail})

    assert stack.invoice.state == "baseline"
    assert nothing_starts(stack, clock)


def test_while_sync_is_off_invoices_are_recorded_and_frozen_but_never_start(
    bare_stack: LocalStack, clock: Any
) -> None:
    stack = bare_stack
    stack.configure(sync_enabled=False)
    stack.tick()
    stack.invoice_appears()
    stack.tick()
    stack.settle()

    assert len(stack.usage.of(NEW_INVOICE)) == 2
    assert (stack.invoice.state, bool(stack.invoice.frozen_at)) == ("baseline", True)
    assert stack.all_runs() == ()
    stack.set_settings(sync_enabled=True)
    assert nothing_starts(stack, clock)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"sync_enabled": "true"}, "sync_enabled is 'true'"),
        ({"products": {}}, "products"),
        ({"version": 0}, "version"),
        ({"time_zone": "Mars"}, "time_zone is 'Mars'"),
        ({"misspelt": 1}, "misspelt"),
    ],
    ids=str,
)
def test_without_valid_settings_nothing_starts_and_the_invoice_says_why(
    stack: LocalStack, clock: Any, wrong: dict[str, Any], told: str
) -> None:
    stack.set_settings(**wrong)
    stack.invoice_appears()

    assert nothing_starts(stack, clock)
    assert stack.invoice.state == "waiting"
    assert "SETTINGS / CURRENT" in stack.invoice.reason and told in stack.invoice.reason


def test_an_invoice_that_appears_while_sync_is_off_never_starts_whatever_else_is_wrong(
    stack: LocalStack, clock: Any
) -> None:
    stack.set_settings(sync_enabled=False, time_zone="Mars")
    stack.invoice_appears()

    assert nothing_starts(stack, clock)
    assert stack.invoice.state == "baseline"


def test_the_button_with_sync_off_refuses_and_writes_nothing(bare_stack: LocalStack) -> None:
    stack = bare_stack
    stack.configure(sync_enabled=False)
    stack.tick()

    told = stack.ask({})

    assert told["result"].startswith("WROTE NOTHING: sync is off")
    assert '{"action": "preview"}' in told["result"]
    assert stack.untouched() and stack.runs.active() is None


def test_a_plan_reviewed_while_sync_is_off_cannot_be_released(bare_stack: LocalStack) -> None:
    stack = bare_stack
    stack.configure(sync_enabled=False)
    stack.invoice_appears()
    stack.tick()
    seen = stack.ask({"action": "preview"})

    release = {"action": "release", "run_id": seen["run_id"], "plan_hash": seen["plan_hash"]}
    told = stack.ask({**release, "by": "Ann"})

    assert told["result"].startswith("WROTE NOTHING: sync is off")
    assert stack.untouched() and stack.runs.active() is None


def test_an_invoice_that_waits_starts_neither_while_sync_is_off_nor_twice_after(
    stack: LocalStack, clock: Any
) -> None:
    stack.put_connectwise_secret(private_key="wrong")
    stack.sync()
    stack.set_settings(sync_enabled=False)
    stack.put_connectwise_secret()
    clock.shift(3600)
    stack.tick()
    stack.settle()
    assert "sync is off" in stack.invoice.reason and stack.untouched()
    stack.set_settings(sync_enabled=True)
    clock.shift(3600)
    stack.tick()

    assert (ended(stack).wrote, stack.quantity(ALDER_EDR)) == (3, 25.0)
