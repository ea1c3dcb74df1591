"""Additions in bulk: in bundles where that works, one by one where not, unread where neither."""

import json

import pytest

from billing_sync.adapters.connectwise.client import ConnectWiseClient
from billing_sync.domain.errors import CredentialsRejected, PermissionDenied, Retryable
from tests.integration.connectwise_script import (
    AGREEMENTS,
    API,
    BUNDLES,
    Row,
    addition,
    bundled,
    client_of,
)
from tests.integration.scripted_server import Reply, ScriptedServer


def alone(server: ScriptedServer, agreement_id: int, *pages: list[Row], count: int = -1) -> None:
    """An agreement whose additions can be read alone, and counted."""
    path = f"{AGREEMENTS}/{agreement_id}/additions"
    server.on(path, *(Reply(rows) for rows in pages))
    server.on(f"{path}/count", Reply({"count": sum(map(len, pages)) if count < 0 else count}))


def refused(server: ScriptedServer, agreement_id: int, refusal: Reply) -> None:
    """An agreement whose additions cannot be read alone either."""
    for path in ("additions", "additions/count"):
        server.on(f"{AGREEMENTS}/{agreement_id}/{path}", refusal)


def test_additions_come_in_bundles_of_fifty(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    lists = {number: [addition(number * 10, agreement=number)] for number in range(1, 61)}
    first = {number: lists[number] for number in range(1, 51)}
    server.on(BUNDLES, bundled(first), bundled({n: lists[n] for n in range(51, 61)}))

    read = connectwise.additions(list(lists), [518])

    assert [each.id for each in read.additions] == list(range(10, 610, 10))
    assert read.unread == {}
    requests = server.asked[1].json()["requests"]
    assert len(requests) == 50
    assert requests[0] == {
        "version": "2020.1",
        "sequenceNumber": 1,
        "resourceType": "addition",
        "apiRequest": {"parentId": 1, "page": {"page": 1, "pageSize": 1000}},
    }


def test_only_our_catalog_items_are_kept_and_lines_without_an_id(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    ours, other = addition(1), addition(2, product={"id": 77}, quantity=None)
    nameless = addition(3, product={"id": None, "identifier": "SEC-EDR-SEAT "})
    server.on(BUNDLES, bundled({214: [ours, other, nameless]}))

    read = connectwise.additions([214], [518])

    assert [each.id for each in read.additions] == [1, 3]
    assert read.unread == {}


def test_an_addition_shown_under_parent_and_child_counts_once_where_it_belongs(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    child = addition(7, agreement=215)
    server.on(BUNDLES, bundled({214: [child, addition(6, agreement=None)], 215: [child]}))

    read = connectwise.additions([214, 215], [518])

    assert [(each.id, each.agreement_id) for each in read.additions] == [(6, 214), (7, 215)]


@pytest.mark.parametrize(
    "refusal",
    [Reply({}, 400), Reply({}, 403), Reply({}, 404), Reply({}, 405), Reply([]), Reply({}, 500)],
)
def test_without_bundles_agreements_are_read_one_by_one(
    server: ScriptedServer, connectwise: ConnectWiseClient, refusal: Reply
) -> None:
    server.on(BUNDLES, refusal)
    for number in (1, 2, 3):
        alone(server, number, [addition(number * 10, agreement=number)])

    read = connectwise.additions([1, 2, 3], [518])

    assert ([each.id for each in read.additions], read.unread) == ([10, 20, 30], {})


def test_refused_bundles_are_not_asked_for_again(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(BUNDLES, Reply({}, 405))
    for number in range(1, 61):
        alone(server, number, [])

    connectwise.additions(range(1, 61), [518])

    assert len(server.calls(f"{API}/system/bundles")) == 1


def test_parts_a_bundle_failed_cut_or_forgot_are_read_alone(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    many = [addition(number, agreement=2) for number in range(1000, 2000)]
    server.on(BUNDLES, bundled({1: 500, 2: many}))
    alone(server, 1, [addition(10, agreement=1)])
    alone(server, 2, many, [addition(2000, agreement=2)])
    alone(server, 3, [addition(30, agreement=3)])

    read = connectwise.additions([1, 2, 3], [518])

    assert (len(read.additions), read.unread) == (1003, {})


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    odd = addition(40, agreement=4, billCustomer=None)
    server.on(BUNDLES, bundled({1: [addition(10, agreement=1)], 2: 404, 3: 500, 4: [odd]}))
    refused(server, 2, Reply({"message": "gone"}, 404))
    refused(server, 3, Reply({"message": "SQL timeout"}, 500))

    read = connectwise.additions([1, 2, 3, 4], [518])

    assert [each.id for each in read.additions] == [10]
    assert sorted(read.unread) == [2, 3]
    assert "gone" in read.unread[2]
    assert "SQL timeout" in read.unread[3]
    (unusable,) = read.unusable
    assert (unusable.id, unusable.agreement_id) == (40, 4)
    assert unusable.problem == "billCustomer has no value"


def test_a_number_that_no_arithmetic_takes_makes_only_its_addition_unusable(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(BUNDLES, Reply({}, 404))
    odd, right = addition(70, agreement=7, quantity="LARGE"), addition(71, agreement=7)
    rows = json.dumps([odd, right]).replace('"LARGE"', "1E+9999999")
    server.on(f"{AGREEMENTS}/7/additions", Reply(raw=rows.encode()))
    server.on(f"{AGREEMENTS}/7/additions/count", Reply({"count": 2}))

    read = connectwise.additions([7], [518])

    assert ([a.id for a in read.additions], [u.id for u in read.unusable]) == ([71], [70])


def test_fewer_additions_than_counted_are_not_a_list(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(BUNDLES, Reply({}, 404))
    alone(server, 1, [addition(10, agreement=1)], count=2)

    read = connectwise.additions([1], [518])

    assert read.additions == () and "1 of 2 came" in read.unread[1]


def test_a_missing_permission_for_all_of_them_stops_the_read(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    denied = Reply({"message": "no"}, 403)
    server.on(BUNDLES, denied)
    for number in (1, 2):
        refused(server, number, denied)

    with pytest.raises(PermissionDenied, match="Procurement > Products"):
        connectwise.additions([1, 2], [518])


def test_wrong_credentials_stop_the_read(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(BUNDLES, Reply({}, 401))

    with pytest.raises(CredentialsRejected):
        connectwise.additions([1, 2], [518])


def test_being_told_to_wait_does_not_turn_one_call_into_fifty(server: ScriptedServer) -> None:
    connectwise = client_of(server, left=60)
    server.on(BUNDLES, Reply({}, 429, headers={"Retry-After": "120"}))

    with pytest.raises(Retryable) as raised:
        connectwise.additions(range(1, 51), [518])

    assert raised.value.retry_after == 120
    assert len(server.asked) == 2


def test_bundles_can_be_tried_out(server: ScriptedServer, connectwise: ConnectWiseClient) -> None:
    server.on(BUNDLES, bundled({214: []}), bundled({214: 403}), Reply({"message": "no"}, 405))

    assert connectwise.setup.bundle_problem([214]) == ""
    assert "without 1 of its parts" in connectwise.setup.bundle_problem([214])
    assert "405: no" in connectwise.setup.bundle_problem([214])
