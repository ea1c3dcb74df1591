"""The invoice's quantity against the count: a difference is shown and explained, never judged."""

from datetime import timedelta

import pytest

from billing_sync.domain.statement.invoice_total import against_invoice, explained
from billing_sync.domain.vendors.usage import VANISHED, OrganizationUsage, Product
from tests.unit.builders import INVOICED, a_usage, an_invoice

DAY = timedelta(hours=24)


def told(quantity: int, *usage: OrganizationUsage) -> list[str]:
    compared = against_invoice(an_invoice(quantity=quantity), usage)
    assert compared is not None
    return explained(compared)


def test_more_invoiced_than_counted_is_shown_with_possible_causes():
    fact, possible = told(46, a_usage(101), a_usage(102))

    assert fact == (
        "Huntress invoiced 46 agents; the organizations count 24 now frozen: 22 more are invoiced"
        " than counted."
    )
    assert possible.startswith("Possible, and not to be seen from here: a minimum of the subscr")


def test_fewer_invoiced_than_counted_has_other_causes():
    fact, possible = told(20, a_usage(101), a_usage(102))

    assert fact.endswith("4 fewer are invoiced than counted.")
    assert "free seats" in possible and "minimum" not in possible


def test_the_same_number_needs_no_cause_and_proves_little():
    (fact,) = told(24, a_usage(101), a_usage(102))

    assert fact.endswith("24 now frozen: the same. It does not prove each organization's count.")


def test_what_was_not_counted_is_named():
    gone = a_usage(103, {"edr": VANISHED}, name="Old Co")
    silent = a_usage(104, {"edr": "no answer"}, name="Silent Co")

    _, left, unknown, _ = told(46, a_usage(101), gone, silent)

    assert left == "Gone from Huntress since, so in no count: Old Co."
    assert unknown == "Counts not known, so in no sum: Silent Co."


@pytest.mark.parametrize(("after", "late"), [(DAY, 0), (DAY + timedelta(seconds=1), 1)])
def test_late_counts_are_evidence(after, late):
    usage = a_usage(101, read_at=INVOICED + after)

    compared = against_invoice(an_invoice(quantity=20), [usage])

    assert compared is not None and compared.late == late
    assert (
        "1 organization was counted more than a day after the invoice." in explained(compared)
    ) is bool(late)


def test_other_products_may_or_may_not_be_in_the_invoices_number():
    told_of = told(40, a_usage(101, {"edr": 12, "sat": 25, "siem": 0}))

    assert "whether or not that number has them: sat 25." in told_of[1]


def test_a_thousand_names_are_cut_short():
    silent = [a_usage(n, {"edr": "no answer"}) for n in range(1000)]

    compared = against_invoice(an_invoice(), silent)

    assert compared is not None and len(compared.unknown) == 51
    assert compared.unknown[-1] == "and 950 more"


@pytest.mark.parametrize("invoice", [None, an_invoice(quantity=None)])
def test_without_a_number_there_is_nothing_to_compare(invoice):
    assert against_invoice(invoice, [a_usage()]) is None


def test_zero_is_a_number():
    compared = against_invoice(an_invoice(quantity=0), [a_usage()])

    assert compared is not None and compared.difference == -12
    assert compared.others == {} and Product.EDR not in compared.others


def test_an_invoice_of_another_product_is_compared_with_that_product():
    usage = [a_usage(101, {"edr": 12, "sat": 30})]
    invoice = an_invoice(quantity=30)

    compared = against_invoice(invoice, usage, products=(Product.SAT,))

    assert compared is not None and explained(compared)[0].startswith(
        "Huntress invoiced 30 learners; the organizations count 30 now frozen: the same."
    )
    several = (Product.SAT, Product.SIEM)
    assert against_invoice(invoice, usage, products=several) is None
