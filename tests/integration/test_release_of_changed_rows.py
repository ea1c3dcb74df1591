"""What changed since a row was held: its release, or its undo, writes nothing and says why."""

from collections.abc import Callable
from typing import Any

import pytest

from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import Event, LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    ALDER_ORGANIZATION,
    TREFOIL,
    TREFOIL_FLAT,
    TREFOIL_REST,
    XENON,
    XENON_EDR,
    XENON_ORGANIZATION,
)

pytestmark = pytest.mark.companies(ALDER, XENON)
AGREEMENT = 2620  # of Xenon Labs
AHEAD = "2026-08-20T00:00:00Z"


def release_of(seen: Event, **changes: object) -> Event:
    event = {"action": "release", "run_id": seen["run_id"], "plan_hash": seen["plan_hash"]}
    return {**event, "by": "Ann", **changes}


def held(stack: LocalStack) -> Event:
    """Sync the invoice; Xenon's jump from 20 to 200 is held."""
    stack.sync()
    return release_of(stack.press({"action": "show", "run_id": ended(stack).id}))


def agreement(**fields: object) -> Callable[[LocalStack], None]:
    return lambda stack: stack.connectwise.state.agreements[AGREEMENT].update(fields)


def addition(**fields: object) -> Callable[[LocalStack], None]:
    return lambda stack: stack.connectwise.edit_addition(XENON_EDR, **fields)


def mapped(**fields: object) -> Callable[[LocalStack], None]:
    return lambda stack: stack.change_item("MAPPING", f"ORG#{XENON_ORGANIZATION}", **fields)


def settings(**fields: object) -> Callable[[LocalStack], None]:
    return lambda stack: stack.set_settings(**fields)


def unmapped(stack: LocalStack) -> None:
    stack.config.delete_item(Key={"pk": "MAPPING", "sk": f"ORG#{XENON_ORGANIZATION}"})


def excluded(stack: LocalStack) -> None:
    unmapped(stack)
    key = {"pk": "MAPPING", "sk": f"ORG#{XENON_ORGANIZATION}"}
    stack.config.put_item(Item={**key, "excluded": True, "reason": "our own laboratory"})


def company(**rules: object) -> Callable[[LocalStack], None]:
    key = {"pk": "MAPPING", "sk": f"COMPANY#{XENON}"}
    return lambda stack: stack.config.put_item(Item={**key, **rules})


CHANGED: dict[str, tuple[Callable[[LocalStack], None], Reason, str]] = {
    "agreement of another company": (
        agreement(company={"id": ALDER, "identifier": "Alder", "name": "Alder Finch"}),
        Reason.AGREEMENT_MOVED,
        "belongs to Alder Finch (id 301)",
    ),
    "effective date ahead": (
        addition(effectiveDate=AHEAD),
        Reason.ADDITION_FUTURE,
        "takes effect on 2026-08-20",
    ),
    "bill start ahead": (
        agreement(billStartDate=AHEAD),
        Reason.AGREEMENT_FUTURE,
        "is not active before 2026-08-20",
    ),
    "type not allowed": (
        settings(agreement_types=["Backup"]),
        Reason.AGREEMENT_TYPE,
        "which the settings do not allow",
    ),
    "remapped": (
        mapped(company_id=ALDER),
        Reason.MAPPING_CHANGED,
        "is mapped to Alder & Finch Accountants (id 301)",
    ),
    "unmapped": (unmapped, Reason.MAPPING_CHANGED, "is no longer mapped"),
    "excluded": (excluded, Reason.MAPPING_CHANGED, "is excluded: our own laboratory"),
    "not billed": (
        company(not_billed={"edr": "in the seat price"}),
        Reason.MAPPING_CHANGED,
        "edr is not billed: in the seat price",
    ),
    "another catalog item": (
        company(catalog_items={"edr": 105}),
        Reason.SETTINGS_CHANGED,
        "edr is billed through catalog item 105",
    ),
    "another quantity rule": (
        company(minimum={"edr": 250}),
        Reason.SETTINGS_CHANGED,
        "the quantity would be 250, not 200",
    ),
    "pinned elsewhere": (
        mapped(agreement_id=3010),
        Reason.MAPPING_CHANGED,
        "is pinned to agreement 3010",
    ),
    "pinned to another addition": (
        company(additions={"edr": ALDER_EDR}),
        Reason.MAPPING_CHANGED,
        f"is pinned to addition {ALDER_EDR}",
    ),
}
UNDOABLE = {
    name: case
    for name, case in CHANGED.items()
    if name not in ("another quantity rule", "pinned elsewhere", "pinned to another addition")
}


@pytest.mark.parametrize(("change", "reason", "text"), CHANGED.values(), ids=CHANGED)
def test_a_held_row_that_changed_since_is_blocked_by_its_release(
    stack: LocalStack, change: Callable[[LocalStack], None], reason: Reason, text: str
) -> None:
    event = held(stack)
    change(stack)

    stack.ask(event)

    run, row = ended(stack), stack.row(XENON_EDR).row
    assert (row.outcome, row.reason) == (Outcome.BLOCKED, reason)
    assert text in row.message and row.message.endswith("Preview again.")
    assert (run.verdict, stack.quantity(XENON_EDR)) == (Verdict.ATTENTION, 20.0)


@pytest.mark.parametrize(("change", "reason", "text"), UNDOABLE.values(), ids=UNDOABLE)
def test_a_written_row_that_changed_since_is_blocked_by_its_undo(
    stack: LocalStack, change: Callable[[LocalStack], None], reason: Reason, text: str
) -> None:
    written = stack.ask(held(stack))
    change(stack)

    stack.ask({"action": "undo", "run_id": written["run_id"], "by": "Ann"})

    row = stack.row(XENON_EDR).row
    assert (row.outcome, row.reason) == (Outcome.BLOCKED, reason)
    assert text in row.message and stack.quantity(XENON_EDR) == 200.0


def test_a_previewed_undo_is_checked_again_when_it_is_released(stack: LocalStack) -> None:
    written = stack.ask(held(stack))
    undo = {"action": "undo", "run_id": written["run_id"], "by": "Ann", "preview": True}
    seen = stack.ask(undo)
    mapped(company_id=ALDER)(stack)

    stack.ask(release_of(seen))

    row = stack.row(XENON_EDR).row
    assert (row.outcome, row.reason) == (Outcome.BLOCKED, Reason.MAPPING_CHANGED)
    assert stack.quantity(XENON_EDR) == 200.0


def test_a_row_that_changed_stops_no_other_row_of_the_release(stack: LocalStack) -> None:
    stack.set_settings(approval="required")
    event = held(stack)
    mapped(company_id=ALDER)(stack)

    stack.ask(event)

    assert (stack.quantity(ALDER_EDR), stack.quantity(XENON_EDR)) == (25.0, 20.0)


def test_late_counts_are_checked_like_others_when_they_are_released(
    stack: LocalStack, clock: Any
) -> None:
    stack.invoice_appears()
    clock.shift(25 * 3600)
    stack.tick()
    stack.settle()
    source = ended(stack)
    event = release_of(stack.press({"action": "show", "run_id": source.id}))
    assert stack.row(ALDER_EDR).row.reason is Reason.LATE
    stack.change_item("MAPPING", f"ORG#{ALDER_ORGANIZATION}", company_id=XENON)

    stack.ask(event)

    row = stack.row(ALDER_EDR).row
    assert (row.outcome, row.reason) == (Outcome.BLOCKED, Reason.MAPPING_CHANGED)
    assert stack.quantity(ALDER_EDR) == 24.0


@pytest.mark.companies(TREFOIL)
def test_a_split_that_was_divided_anew_is_blocked_by_the_release_of_the_old_one(
    stack: LocalStack,
) -> None:
    stack.set_settings(approval="required")
    event = held(stack)
    item = stack.config.get_item(Key={"pk": "MAPPING", "sk": f"COMPANY#{TREFOIL}"})["Item"]
    split = item["split"]["edr"]
    fixed = [{**split["fixed"][0], "units": 12}]
    stack.change_item("MAPPING", f"COMPANY#{TREFOIL}", split={"edr": {**split, "fixed": fixed}})
    before = (stack.quantity(TREFOIL_FLAT), stack.quantity(TREFOIL_REST))

    stack.ask(event)

    rows = [stack.row(each).row for each in (TREFOIL_FLAT, TREFOIL_REST)]
    assert {row.reason for row in rows} == {Reason.MAPPING_CHANGED}
    assert (stack.quantity(TREFOIL_FLAT), stack.quantity(TREFOIL_REST)) == before
