"""The one write to ConnectWise: sent once, answered clearly or looked at again; and refusals."""

from decimal import Decimal

import pytest

from billing_sync.adapters.connectwise.client import ConnectWiseClient
from billing_sync.domain.errors import CredentialsRejected, NotFound, PermissionDenied, Retryable
from tests.integration.connectwise_script import API, COMPANY_INFO, addition
from tests.integration.scripted_server import Reply, ScriptedServer

ADDITION = f"{API}/finance/agreements/214/additions/90311"


@pytest.mark.parametrize(("quantity", "sent"), [("15.00", 15), ("12.5", 12.5), ("0", 0)])
def test_a_quantity_is_written_as_one_bare_field(
    server: ScriptedServer, connectwise: ConnectWiseClient, quantity: str, sent: float
) -> None:
    server.on(f"PATCH {ADDITION}", Reply(addition(90311, quantity=sent)))

    written = connectwise.set_quantity(214, 90311, Decimal(quantity))

    assert written.quantity == Decimal(quantity)
    change = server.asked[-1].json()
    assert change == [{"op": "replace", "path": "quantity", "value": sent}]
    assert str(change).endswith(f"'value': {sent}}}]")


@pytest.mark.parametrize(
    "reply",
    [
        Reply({}),
        Reply([]),
        Reply(addition(7)),
        Reply(addition(90311, quantity=None)),
        Reply(raw=b"<html>", content_type="text/html"),
        Reply({"message": "timeout"}, 500),
        Reply(hang_up=True),
    ],
)
def test_a_write_without_a_clear_answer_is_ambiguous_and_not_repeated(
    server: ScriptedServer, connectwise: ConnectWiseClient, reply: Reply
) -> None:
    server.on(f"PATCH {ADDITION}", reply)

    with pytest.raises(Retryable) as raised:
        connectwise.set_quantity(214, 90311, Decimal(15))

    assert raised.value.ambiguous is True
    assert len(server.calls(ADDITION)) == 1


def test_a_write_to_a_moved_codebase_is_not_repeated_either(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(COMPANY_INFO, Reply({"Codebase": "v2025_1/"}), Reply({"Codebase": "v2025_2/"}))
    server.on(f"PATCH {ADDITION}", Reply({}, 404))

    with pytest.raises(NotFound):
        connectwise.set_quantity(214, 90311, Decimal(15))

    assert [asked.method for asked in server.asked] == ["GET", "PATCH"]


@pytest.mark.parametrize(
    ("call", "path", "permission"),
    [
        ("GET", "/finance/agreements/214", "Finance > Agreements: Inquire Level All"),
        ("GET", "/finance/agreements/214/additions/90311", "Procurement > Products"),
        (
            "PATCH",
            "/finance/agreements/214/additions/90311",
            "Finance > Agreements: Edit Level All",
        ),
        ("GET", "/procurement/catalog/518", "Procurement > Product Catalog: Inquire Level All"),
    ],
)
def test_a_missing_permission_is_named_with_the_click_path(
    server: ScriptedServer, connectwise: ConnectWiseClient, call: str, path: str, permission: str
) -> None:
    server.on(f"{call} {API}{path}", Reply({"code": "Security", "message": "no"}, 403))
    reads = {
        "GET /finance/agreements/214": lambda: connectwise.agreement(214),
        "GET /finance/agreements/214/additions/90311": lambda: connectwise.addition(214, 90311),
        "PATCH /finance/agreements/214/additions/90311": lambda: connectwise.set_quantity(
            214, 90311, Decimal(1)
        ),
        "GET /procurement/catalog/518": lambda: connectwise.catalog_item(518),
    }

    with pytest.raises(PermissionDenied, match=f"System > Security Roles.*{permission}"):
        reads[f"{call} {path}"]()


def test_a_client_id_connectwise_does_not_accept_is_no_matter_of_permissions(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    server.on(f"GET {API}/system/myMembers/info", Reply({"message": "Invalid clientId"}, 403))

    with pytest.raises(CredentialsRejected, match="Check client_id"):
        connectwise.member()
