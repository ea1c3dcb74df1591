"""An invoice moves the products its plan names, and no other invoice's."""

from dataclasses import replace

import pytest

from billing_sync.domain.invoices.product_scope import (
    covered_rows,
    overlap,
    plan_key,
    products_of,
    unknown_plan,
)
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import a_part, a_row, an_invoice, some_settings

EDR, SAT = Product.EDR, Product.SAT
PLANS = some_settings(invoice_plans={"managed sat": (SAT,), "managed edr": (EDR,)})


@pytest.mark.parametrize("text", ["Managed SAT", "  managed\tSAT ", "MANAGED   sat", "managed sat"])
def test_a_plan_is_compared_without_case_and_gaps(text):
    assert plan_key(text) == "managed sat"
    assert products_of(an_invoice(plan=text), PLANS) == (SAT,)
    assert unknown_plan(an_invoice(plan=text), PLANS) == ""


@pytest.mark.parametrize("text", ["", "Managed SAT (annual)"])
def test_where_plans_are_configured_an_unknown_one_is_shown_by_its_text(text):
    reason = unknown_plan(an_invoice(plan=text), PLANS)

    assert f"plan '{text}'" in reason
    assert "invoice_plans" in reason
    assert unknown_plan(an_invoice(plan=text), some_settings()) == ""


def test_without_an_invoice_every_product_is_covered():
    assert products_of(None, PLANS) == ()
    assert unknown_plan(None, PLANS) == ""


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ((), (), True),
        ((), (SAT,), True),
        ((SAT,), (), True),
        ((SAT,), (EDR,), False),
        ((SAT, EDR), (EDR,), True),
    ],
)
def test_two_invoices_are_one_billing_event_where_they_share_a_product(one, other, both):
    assert overlap(one, other) is both


def test_an_addition_that_bills_another_invoices_product_too_is_not_moved():
    both = a_row(parts=(a_part(3), a_part(4, product=SAT)))

    (row,) = covered_rows([both, a_row()], (SAT,))

    assert (row.outcome, row.reason) == (Outcome.BLOCKED, Reason.OTHER_INVOICE)
    assert "edr+sat are billed through one addition" in row.message
    assert row.parts == both.parts[1:]
    assert covered_rows([both], (EDR, SAT)) == (both,)
    blocked = replace(both, outcome=Outcome.BLOCKED, reason=Reason.SHARED_ITEM, message="as it was")
    assert covered_rows([blocked], (SAT,)) == (replace(blocked, parts=both.parts[1:]),)


def test_an_orphan_of_no_known_product_is_shown_by_every_invoice():
    orphan = a_row(parts=(), outcome=Outcome.HELD, reason=Reason.ORPHANED)

    assert covered_rows([orphan], (SAT,)) == (orphan,)
