"""Agreements in bulk: whole lists or none, in as few calls as they take."""

from urllib.parse import unquote_plus

import pytest

from billing_sync.adapters.connectwise.client import ConnectWiseClient
from billing_sync.domain.errors import Blocked, Retryable
from tests.integration.connectwise_script import (
    AGREEMENTS,
    API,
    agreement,
)
from tests.integration.scripted_server import Reply, ScriptedServer

LIST, COUNT = f"{API}/finance/agreements", f"{API}/finance/agreements/count"


def test_active_agreements_are_those_of_the_companies_asked_for(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    rows = [
        agreement(2, company=11),
        agreement(1, company=12),
        agreement(3, company=99),
        agreement(4, company=11, agreementStatus="Expired"),
    ]
    server.on(f"{AGREEMENTS}/count", Reply({"count": 4}))
    server.on(AGREEMENTS, Reply(rows))

    assert [each.id for each in connectwise.active_agreements([12, 11, 11])] == [1, 2]
    asked = server.calls(LIST)[0].query
    assert asked["conditions"] == 'agreementStatus="Active" and company/id in (11,12)'
    assert (asked["orderBy"], asked["pageSize"], asked["page"]) == ("id asc", "1000", "1")
    assert server.calls(COUNT)[0].query == {"conditions": asked["conditions"]}


def test_no_companies_need_no_call(server: ScriptedServer, connectwise: ConnectWiseClient) -> None:
    assert connectwise.active_agreements([]) == ()
    assert (server.calls(LIST), server.calls(COUNT)) == ([], [])


def test_agreements_of_any_status_name_the_reason(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(f"{AGREEMENTS}/count", Reply({"count": 1}))
    server.on(AGREEMENTS, Reply([agreement(4, company=11, agreementStatus="Expired")]))

    assert [each.status for each in connectwise.agreements_of([11])] == ["Expired"]
    assert server.calls(LIST)[0].query["conditions"] == "company/id in (11)"


@pytest.mark.parametrize("pages", [[[agreement(1)]], [[agreement(1)], [agreement(1)]], [[]]])
def test_fewer_agreements_than_counted_are_not_a_list(
    server: ScriptedServer, connectwise: ConnectWiseClient, pages: list[list[object]]
) -> None:
    server.on(f"{AGREEMENTS}/count", Reply({"count": 2}))
    server.on(AGREEMENTS, *[Reply(page) for page in pages])

    with pytest.raises(Retryable, match="incomplete"):
        connectwise.active_agreements([1207])


def test_pages_shorter_than_asked_for_are_read_on(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(f"{AGREEMENTS}/count", Reply({"count": 3}))
    server.on(AGREEMENTS, Reply([agreement(1), agreement(2)]), Reply([agreement(2), agreement(3)]))

    assert [each.id for each in connectwise.active_agreements([1207])] == [1, 2, 3]


def test_addresses_stay_below_two_thousand_characters_and_name_each_company_once(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    companies = range(100_000, 100_900)
    server.on(f"{AGREEMENTS}/count", Reply({"count": 50_000}), Reply({"count": 0}))
    server.on(AGREEMENTS, Reply([]))

    connectwise.active_agreements(companies)

    asked = server.calls(LIST)
    named = [unquote_plus(each.query["conditions"]).split("(")[1].rstrip(")") for each in asked]
    assert [int(number) for chunk in named for number in chunk.split(",")] == list(companies)
    assert max(len(server.url + each.target) for each in asked) <= 2000
    assert 4 < len(asked) < 9


def test_everything_is_read_where_that_takes_fewer_calls(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    companies = range(100_000, 100_900)
    server.on(f"{AGREEMENTS}/count", Reply({"count": 2}))
    server.on(AGREEMENTS, Reply([agreement(1, company=100_001), agreement(2, company=5)]))

    assert [each.id for each in connectwise.active_agreements(companies)] == [1]
    assert [asked.query["conditions"] for asked in server.calls(LIST)] == [
        'agreementStatus="Active"'
    ]


def test_an_agreement_without_a_company_is_not_dropped_in_silence(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(f"{AGREEMENTS}/count", Reply({"count": 1}), Reply({"count": 1}))
    rows = [{**agreement(1), "company": None}]
    server.on(AGREEMENTS, Reply(rows), Reply(rows))

    (found,) = connectwise.active_agreements([1207])

    assert (found.id, found.company_id, found.problem) == (1, 0, "company has no value")
    with pytest.raises(Blocked, match="agreement 1 cannot be used: company has no value"):
        connectwise.all_active_agreements()
