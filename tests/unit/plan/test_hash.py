"""The hash a release asks for: the same for the same plan, another for any other."""

from dataclasses import replace
from decimal import Decimal

import pytest

from billing_sync.domain.plan.guards import Guarded, hold, hold_all
from billing_sync.domain.plan.hash import plan_hash
from billing_sync.domain.plan.plan import Part, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import a_part, a_row

ROW = a_row(12, 14)
OTHER = a_row(3, 4, company_id=2, addition_id=702)


def the_hash(*rows: Row, run_id: str = "000001-sync", invoice: str = "account#5003") -> str:
    return plan_hash(rows, run_id=run_id, invoice=invoice)


def test_the_order_of_rows_and_of_their_parts_does_not_matter():
    edr, sat = a_part(5), a_part(7, product=Product.SAT)
    first, second = replace(ROW, parts=(edr, sat)), replace(ROW, parts=(sat, edr))

    assert the_hash(first, OTHER) == the_hash(OTHER, second)


def test_the_order_of_organizations_in_a_part_does_not_matter():
    first, second = a_part(5).sources[0], a_part(7, organization=102).sources[0]
    one = replace(ROW, parts=(Part(Product.EDR, (first, second)),))
    two = replace(ROW, parts=(Part(Product.EDR, (second, first)),))

    assert the_hash(one) == the_hash(two)


@pytest.mark.parametrize(
    "changes",
    [
        {"company_name": "Acme (renamed)"},
        {"agreement_name": "Renamed"},
        {"money": Decimal("99.99")},
        {"money": None},
        {"message": "in other words"},
        {"arithmetic": "in other words"},
        {"before": Decimal("12.0")},
        {"target": Decimal("14.00")},
    ],
)
def test_names_money_words_and_trailing_zeros_do_not_matter(changes):
    assert the_hash(replace(ROW, **changes), OTHER) == the_hash(ROW, OTHER)


@pytest.mark.parametrize(
    "changes",
    [
        {"company_id": 2},
        {"agreement_id": 21},
        {"addition_id": 702},
        {"addition_id": None},
        {"before": Decimal("12.5")},
        {"before": Decimal(120)},
        {"before": None},
        {"target": Decimal(15)},
        {"outcome": Outcome.HELD},
        {"reason": Reason.RISE},
        {"further_reasons": (Reason.MONEY,)},
        {"parts": (a_part(13),)},
        {"parts": (a_part(None),)},
        {"parts": (a_part(14, organization=102),)},
        {"parts": (a_part(14, product=Product.SIEM),)},
        {"parts": ()},
    ],
)
def test_every_planned_field_matters(changes):
    assert the_hash(replace(ROW, **changes), OTHER) != the_hash(ROW, OTHER)


def test_the_run_the_invoice_and_each_row_matter():
    hashes = {
        the_hash(ROW),
        the_hash(ROW, run_id="000002-sync"),
        the_hash(ROW, invoice="account#5004"),
        the_hash(ROW, OTHER),
        the_hash(ROW, ROW),
        the_hash(),
    }

    assert len(hashes) == 6


def test_every_reason_of_a_row_matters_and_the_order_of_further_ones_does_not():
    rise, money, late = (Guarded(r, r) for r in (Reason.RISE, Reason.MONEY, Reason.LATE))
    held = hold(ROW, [rise, money, late])

    assert held.reasons == (Reason.RISE, Reason.MONEY, Reason.LATE)
    assert the_hash(held) == the_hash(hold(ROW, [rise, late, money]))
    assert the_hash(held) != the_hash(hold(ROW, [rise, money]))
    assert the_hash(held) != the_hash(*hold_all([held], (Guarded(Reason.APPROVAL, "asked"),)))
