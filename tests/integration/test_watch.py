"""The watch is level-triggered: whatever is lost or fails delays an invoice and never loses it."""

from collections.abc import Callable
from typing import Any

import pytest

from billing_sync.domain.errors import NotFound
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR, ALDER_ORGANIZATION
from tools.sandbox.vendors.faults import Fault, FaultKind

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
DOWN = {"status": 503, "headers": {"Retry-After": "3600"}, "times": 0}


def test_a_lost_event_is_put_again_later_and_later(stack: LocalStack, clock: Any) -> None:
    stack.invoice_appears()
    put_after = []
    for minute in range(0, 180, 5):
        stack.tick()
        put_after += [minute] * len(stack.put_events())
        clock.shift(5 * MINUTE)

    assert put_after == [0, 5, 15, 45, 105, 165]
    clock.shift(HOUR)
    stack.tick()
    assert ended(stack).verdict is Verdict.COMPLETE


def test_two_identical_events_make_one_run(stack: LocalStack) -> None:
    stack.invoice_appears()
    stack.tick()
    (event,) = stack.put_events()

    stack.deliver_event(event)
    stack.deliver_event(event)
    ended(stack)
    stack.deliver_event(event)

    assert len(stack.all_runs()) == 1
    assert len(stack.patches()) == 3


def test_two_events_at_the_same_moment_make_one_run(stack: LocalStack) -> None:
    stack.invoice_appears()
    stack.tick()
    (event,) = stack.put_events()
    others = [event]

    def deliver_the_other(_: object) -> None:
        if others:
            stack.deliver_event(others.pop())

    stack.connectwise.before("GET", "/procurement/catalog/101", deliver_the_other)
    stack.deliver_event(event)

    run = ended(stack)
    assert [r.id for r in stack.all_runs()] == [run.id]
    assert len(stack.patches()) == run.wrote == 3


def test_an_event_for_an_invoice_that_does_not_exist_is_refused_by_name(stack: LocalStack) -> None:
    detail = {"source": "account", "invoice_id": 777}
    event = {"detail-type": "Huntress Invoice Created", "detail": detail}

    with pytest.raises(NotFound, match="v1/invoices/777 answered 404"):
        stack.deliver_event(event)

    assert stack.all_runs() == () and stack.untouched()


def test_an_event_is_only_a_hint_and_the_invoice_is_read_from_huntress(stack: LocalStack) -> None:
    stack.invoice_appears(status="draft")
    detail = {"source": "account", "invoice_id": 5003}
    stack.deliver_event({"detail-type": "Huntress Invoice Created", "detail": detail})

    assert stack.all_runs() == ()
    assert "its status is draft" in stack.invoice.reason


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"status": "draft"}, "unclassified"),
        ({"status": "voided"}, "waiting"),
        ({"has_usage": False}, "waiting"),
    ],
)
def test_what_does_not_count_starts_nothing_until_it_counts(
    stack: LocalStack, clock: Any, fields: dict[str, Any], state: str
) -> None:
    stack.sync(**fields)
    clock.shift(DAY)
    stack.tick()
    stack.settle()
    assert stack.all_runs() == () and stack.invoice.state == state

    stack.huntress.edit_invoice(5003, {"status": "open", "has_usage": True})
    clock.shift(5 * MINUTE)
    stack.tick()

    assert ended(stack).invoice == stack.invoice.invoice


def test_a_draft_of_the_first_look_is_billed_once_huntress_has_finalised_it(
    bare_stack: LocalStack, clock: Any
) -> None:
    stack = bare_stack
    stack.configure()
    stack.invoice_appears(status="draft")
    stack.tick()
    assert (stack.invoice.state, stack.invoice.reason) == ("unclassified", "its status is draft")
    clock.shift(HOUR)
    stack.huntress.edit_invoice(5003, {"status": "open"})
    stack.tick()

    assert (ended(stack).verdict, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 25.0)


@pytest.mark.parametrize("finalised_while_off", [False, True])
def test_a_draft_seen_while_sync_is_off_is_classified_when_huntress_has_finalised_it(
    stack: LocalStack, clock: Any, *, finalised_while_off: bool
) -> None:
    stack.set_settings(sync_enabled=False)
    stack.sync(status="draft")
    assert stack.invoice.state == "unclassified"
    stack.set_settings(sync_enabled=not finalised_while_off)
    clock.shift(HOUR)
    stack.huntress.edit_invoice(5003, {"status": "open"})
    stack.tick()
    stack.settle()

    assert stack.invoice.state == ("baseline" if finalised_while_off else "run")
    assert stack.untouched() is finalised_while_off


def test_an_invoice_voided_while_it_waits_never_starts(stack: LocalStack, clock: Any) -> None:
    stack.put_connectwise_secret(private_key="wrong")
    stack.sync()
    stack.huntress.edit_invoice(5003, {"status": "voided"})
    stack.put_connectwise_secret()
    for _ in range(10):
        clock.shift(DAY)
        stack.tick()
        stack.settle()

    assert stack.untouched() and "its status is voided" in stack.invoice.reason


def settings(stack: LocalStack, *, right: bool) -> None:
    stack.set_settings(time_zone="America/New_York" if right else "Mars")


def mapping(stack: LocalStack, *, right: bool) -> None:
    stack.change_item("MAPPING", f"ORG#{ALDER_ORGANIZATION}", company_id=ALDER if right else -1)


def huntress_down(stack: LocalStack, *, right: bool) -> None:
    path = f"/v1/organizations/{ALDER_ORGANIZATION}"
    stack.huntress.clear_faults() if right else stack.huntress.add_fault(
        Fault(FaultKind.STATUS, path=path, **DOWN)
    )


def connectwise_down(stack: LocalStack, *, right: bool) -> None:
    stack.connectwise.clear_faults() if right else stack.connectwise.add_fault(
        Fault(FaultKind.STATUS, path="/finance/agreements", **DOWN)
    )


def connectwise_secret(stack: LocalStack, *, right: bool) -> None:
    stack.put_connectwise_secret() if right else stack.put_secret("connectwise", "{}")


def catalog_item(stack: LocalStack, *, right: bool) -> None:
    products = {"edr": 101 if right else 999, "itdr": 102, "sat": 103, "siem": 104}
    chosen = {name: {"catalog_item_id": number} for name, number in products.items()}
    stack.set_settings(products=chosen)


TROUBLES = {
    "bad settings": (settings, "SETTINGS / CURRENT: time_zone is 'Mars'"),
    "a bad mapping": (mapping, "MAPPING / ORG#101: company_id is"),
    "Huntress down": (huntress_down, "1 of 2 organizations were not read: Alder & Finch"),
    "ConnectWise down": (connectwise_down, "/finance/agreements/count answered 503"),
    "a broken secret": (connectwise_secret, "Secret connectwise is wrong or missing: client_id"),
    "no catalog item": (catalog_item, "products.edr.catalog_item_id is 999"),
}


@pytest.mark.parametrize(("trouble", "told"), TROUBLES.values(), ids=TROUBLES)
def test_trouble_delays_an_invoice_says_why_and_never_loses_it(
    stack: LocalStack, clock: Any, trouble: Callable[..., None], told: str
) -> None:
    trouble(stack, right=False)
    stack.sync()
    assert stack.invoice.state == "waiting" and told in stack.invoice.reason
    assert stack.untouched() and stack.runs.active() is None
    trouble(stack, right=True)
    clock.shift(6 * MINUTE)
    stack.tick()

    run = ended(stack)

    assert (run.verdict, run.wrote) == (Verdict.COMPLETE, 3)
    assert (stack.invoice.state, stack.invoice.run_id) == ("run", run.id)


def test_an_invoice_waits_while_another_run_is_writing(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    busy = stack.newest()
    stack.invoice_appears(id=5004)
    for _ in range(10):
        stack.tick()
        stack.deliver_events()
        clock.shift(20 * MINUTE)
    waiting = stack.invoices.get("account#5004")
    assert waiting and f"run {busy.id} is writing" in waiting.reason
    assert stack.all_runs() == (stack.runs.get(busy.id),)
    stack.settle()
    clock.shift(HOUR)
    stack.tick()

    run = ended(stack)

    assert run.invoice and run.invoice.id == 5004


def test_a_second_invoice_within_twenty_days_is_planned_and_held(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    ended(stack)
    clock.shift(19 * DAY)
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 26}})
    stack.sync(id=5004)

    run = ended(stack)

    assert (run.verdict, run.outcomes["held"]) == (Verdict.HELD, 1)
    message = stack.row(ALDER_EDR).row.message
    assert "invoice 5003 of 2026-07-14 already started run 000001-sync" in message
    assert "counts 25 edr of Alder & Finch Accountants, this one 26" in message
    assert stack.quantity(ALDER_EDR) == 25.0


def test_the_next_cycle_starts_by_itself(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    ended(stack)
    clock.shift(30 * DAY)
    stack.huntress.set_usages(ALDER_ORGANIZATION, {"edr": {"billable_agents_count": 26}})
    stack.sync(id=5004)

    assert ended(stack).verdict is Verdict.COMPLETE
    assert stack.quantity(ALDER_EDR) == 26.0


def test_waiting_for_three_days_raises_the_alarm(
    stack: LocalStack, clock: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(stack, right=False)
    stack.sync()
    clock.shift(71 * HOUR)
    stack.tick()
    assert "InvoiceWaitingTooLong" not in capsys.readouterr().out
    clock.shift(2 * HOUR)
    stack.tick()

    assert "InvoiceWaitingTooLong" in capsys.readouterr().out


def test_a_failed_look_is_told_and_keeps_the_sweep_going(stack: LocalStack, clock: Any) -> None:
    stack.plan()
    stack.taken(stack.aws.companies)
    stack.huntress.credentials = ("rotated", "keys")
    clock.shift(2 * HOUR)

    told = stack.tick()

    assert "answered 401" in told and "stalled: 2 companies sent again" in told
