"""What an invoice does not show is unknown or held; it is never billed on in silence."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.runs.run import Verdict
from tests.integration.conftest import START
from tests.integration.local_stack import LocalStack, local_stack
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    ALDER_ORGANIZATION,
    COPPERFIELD,
    COPPERFIELD_EDR,
    COPPERFIELD_ORGANIZATION,
    COPPERFIELD_SAT,
)
from tools.sandbox.world.build import World, world_of
from tools.sandbox.world.seed_types import Addition, Agreement, Company, Organization

MONTH = 30 * 24 * 3600
OPEN_GUARDS = {"rise_percent": 1000, "fall_percent": 100, "fall_units": 1000, "money": 10**6}
NO_GUARDS = {**OPEN_GUARDS, "product_total_percent": 1000, "run_guarded_percent": 100}
ALDER_USES = {"edr": 25, "itdr": 31, "sat": 28, "siem": 3}
COPPERFIELD_USES = {"edr": 65, "sat": 44}
Lines = Mapping[int, Mapping[str, int]]


@pytest.fixture
def reseller(reseller_stack: LocalStack) -> LocalStack:
    """A reseller's stack with all guards wide open."""
    reseller_stack.set_settings(guards=NO_GUARDS, zero_policy="write")
    return reseller_stack


def invoiced(stack: LocalStack, invoice_id: int, lines: Lines) -> None:
    """An invoice with these units by organization and product appears, and is synced."""
    invoices_at_once(stack, {invoice_id: lines})


def invoices_at_once(stack: LocalStack, invoices: Mapping[int, Lines]) -> None:
    """Several such invoices appear together, and all are synced."""
    now = datetime.now(UTC)
    for invoice_id, lines in invoices.items():
        stack.huntress.state.organization_lines[invoice_id] = [
            {
                "id": 40_000 + organization_id,
                "period_start": f"{now - timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}",
                "period_end": f"{now:%Y-%m-%dT%H:%M:%SZ}",
                "organization": {"id": organization_id, "name": f"Organization {organization_id}"},
                "actual_usage": dict(uses),
            }
            for organization_id, uses in lines.items()
        ]
        stack.invoice_appears(id=invoice_id)
    stack.tick()
    stack.settle()


def rows(stack: LocalStack, run: Any) -> dict[tuple[int, str], Row]:
    return {(s.row.company_id, s.row.products): s.row for s in stack.runs.rows(run)}


def test_an_organization_that_the_invoice_leaves_out_blocks_its_company(
    reseller: LocalStack, clock: Any
) -> None:
    stack = reseller
    stack.change_item("MAPPING", f"ORG#{COPPERFIELD_ORGANIZATION}", company_id=ALDER)
    both = {ALDER_ORGANIZATION: ALDER_USES, COPPERFIELD_ORGANIZATION: {"edr": 4}}
    invoiced(stack, 5003, both)
    assert stack.quantity(ALDER_EDR) == 29.0
    clock.shift(MONTH)

    invoiced(stack, 5004, {ALDER_ORGANIZATION: ALDER_USES})

    run = ended(stack)
    row = rows(stack, run)[ALDER, "edr"]
    assert (row.outcome, row.reason) == (Outcome.BLOCKED, Reason.UNKNOWN_USAGE)
    assert "not on invoice 5004" in row.message
    assert run.verdict is Verdict.ATTENTION and stack.quantity(ALDER_EDR) == 29.0


def test_a_product_that_the_invoice_leaves_out_keeps_its_quantity(
    reseller: LocalStack, clock: Any
) -> None:
    stack = reseller
    lines = {ALDER_ORGANIZATION: ALDER_USES, COPPERFIELD_ORGANIZATION: COPPERFIELD_USES}
    invoiced(stack, 5003, lines)
    clock.shift(MONTH)

    invoiced(stack, 5004, {**lines, COPPERFIELD_ORGANIZATION: {"edr": 65}})

    run = ended(stack)
    sat = rows(stack, run)[COPPERFIELD, "sat"]
    assert (sat.outcome, sat.reason) == (Outcome.BLOCKED, Reason.UNKNOWN_USAGE)
    assert run.verdict is Verdict.ATTENTION and stack.quantity(COPPERFIELD_SAT) == 44.0


def test_a_company_on_no_line_any_more_is_blocked_and_reported(
    reseller: LocalStack, clock: Any
) -> None:
    stack = reseller
    lines = {ALDER_ORGANIZATION: ALDER_USES, COPPERFIELD_ORGANIZATION: COPPERFIELD_USES}
    invoiced(stack, 5003, lines)
    for month in (1, 2):
        clock.shift(MONTH)
        invoiced(stack, 5003 + month, {ALDER_ORGANIZATION: ALDER_USES})

        run = ended(stack)
        blocked = [r for (company, _), r in rows(stack, run).items() if company != ALDER]
        assert {row.products for row in blocked} == {"edr", "itdr", "sat", "siem"}
        assert {row.reason for row in blocked} == {Reason.UNKNOWN_USAGE}
        assert run.verdict is Verdict.ATTENTION
    assert stack.quantity(COPPERFIELD_EDR) == 65.0


def one_product(now: datetime, *, reseller: bool) -> World:
    """A hundred companies that use EDR and are billed for nothing else."""
    return world_of(
        tuple(
            Company(
                number,
                f"Company {number}",
                "one of many",
                (Organization(number, f"Company {number}", {"edr": 11}),),
                (Agreement((Addition("edr", 10.0),)),),
            )
            for number in range(1001, 1101)
        ),
        now=now,
        reseller=reseller,
    )


@pytest.mark.parametrize("reseller", [False, True])
def test_a_hundred_companies_with_one_product_of_five_are_all_billed(
    clock: Any, *, reseller: bool
) -> None:
    with local_stack(START, lambda now: one_product(now, reseller=reseller)) as stack:
        stack.configure()
        stack.set_settings(guards=NO_GUARDS)
        stack.tick()

        stack.sync()

        run = ended(stack)
        assert (run.verdict, run.outcomes) == (Verdict.COMPLETE, {"updated": 100})
