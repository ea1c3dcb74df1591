"""A run is one item of the ledger, and DynamoDB takes items of 400 KB: a plan tells it in short."""

from dataclasses import replace

from billing_sync.domain.planning.make_plan import make_plan
from tests.unit.builders import a_usage, an_agreement, some_inputs

MANY = range(1001, 2001)


def test_of_a_thousand_agreements_that_were_not_read_fifty_are_named_and_the_others_counted():
    agreements = tuple(an_agreement(number, company_id=number) for number in MANY)
    unread = dict.fromkeys(MANY, "ConnectWise answered 503")

    coverage = make_plan(some_inputs(agreements=agreements, additions=(), unread=unread)).coverage

    assert coverage.companies - coverage.companies_read == len(MANY)
    assert (len(coverage.unread), coverage.unread[-1]) == (51, "and 950 more")
    assert "(id 1001) was not read: ConnectWise answered 503" in coverage.unread[0]


def test_of_a_thousand_users_of_an_unknown_product_fifty_are_named_and_the_others_counted():
    usage = tuple(replace(a_usage(number), unrecognized=("xdr",)) for number in MANY)

    (warning,) = make_plan(some_inputs(usage=usage)).warnings

    assert "Organization 1050, and 950 more, which this version does not know" in warning
