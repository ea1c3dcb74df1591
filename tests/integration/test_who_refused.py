"""Who refused decides: a retired API version or something in front is no matter of one row."""

from typing import Any

import pytest

from billing_sync.adapters.connectwise.client import ConnectWiseClient
from billing_sync.domain.errors import ApiVersionRefused
from billing_sync.domain.runs.run import Status, Verdict
from tests.integration.check_lines import lines, words
from tests.integration.connectwise_script import API
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.scripted_server import Reply, ScriptedServer
from tests.integration.small_world import ALDER, ALDER_EDR, COPPERFIELD
from tools.sandbox.vendors.faults import Fault, FaultKind

pytestmark = pytest.mark.companies(ALDER, COPPERFIELD)
RESUMED = 16 * 60
RETIRED = frozenset({"2025.1"})
FIREWALL = {"body": "<!DOCTYPE html><h1>Access denied</h1>", "content_type": "text/html"}
VERSION_LINE = "ConnectWise API version"
WRONG_ADVICE = ("Security Roles", "Admin permission", "API Credentials", "Check login_company")


def in_front(status: int = 403, *, path: str = "", **fields: Any) -> Fault:
    """A firewall answers in the vendor's place from now on."""
    return Fault(FaultKind.STATUS, path=path, status=status, times=0, **{**FIREWALL, **fields})


def test_a_retired_version_keeps_the_invoice_waiting_and_names_the_secret(
    stack: LocalStack, clock: Any
) -> None:
    stack.connectwise.retired_versions = RETIRED
    stack.sync()

    reason = stack.invoice.reason
    assert "Set api_version in the ConnectWise secret" in reason and "2025.8" in reason
    stack.put_connectwise_secret(api_version="2025.8")
    clock.shift(RESUMED)
    stack.tick()

    assert ended(stack).verdict is Verdict.COMPLETE


def test_a_preview_with_a_retired_version_says_what_to_change(stack: LocalStack) -> None:
    stack.connectwise.retired_versions = RETIRED

    answer = stack.ask({"action": "preview"})

    assert answer["status"] == "closed"
    assert "Set api_version in the ConnectWise secret" in answer["result"]
    assert "again later" not in str(answer)


def test_a_version_retired_while_applying_pauses_and_blocks_nothing(
    stack: LocalStack, clock: Any
) -> None:
    stack.plan()
    stack.connectwise.retired_versions = RETIRED
    stack.settle()
    run = stack.newest()
    assert run.status is Status.PAUSED
    assert "Set api_version in the ConnectWise secret" in run.pause_reason
    assert not any(state.done for state in stack.runs.rows(run) if state.planned_write)
    clock.shift(RESUMED)
    assert "still paused" in stack.tick()
    stack.put_connectwise_secret(api_version="2025.8")
    clock.shift(RESUMED)
    stack.tick()

    run = ended(stack)

    assert (run.verdict, run.wrote, len(stack.patches())) == (Verdict.COMPLETE, 3, 3)


def test_a_version_changed_in_the_secret_is_used_without_a_pause(stack: LocalStack) -> None:
    stack.plan()
    first, second = stack.messages()
    stack.deliver_message(first)
    stack.connectwise.retired_versions = RETIRED
    stack.put_connectwise_secret(api_version="2025.8")
    stack.deliver_message(second)

    run = ended(stack)

    assert (run.verdict, run.paused_at) == (Verdict.COMPLETE, None)


def test_bundles_alone_without_this_version_are_replaced_by_single_reads(
    stack: LocalStack,
) -> None:
    body = (
        '{"code": "ConnectWiseApi", "message": "It does not support the API version \'2025.1\'."}'
    )
    fault = Fault(FaultKind.STATUS, path="/system/bundles", status=400, body=body, times=0)
    stack.connectwise.add_fault(fault)
    stack.sync()

    assert ended(stack).verdict is Verdict.COMPLETE


def test_a_version_is_found_refused_behind_an_address_of_any_length(
    server: ScriptedServer, connectwise: ConnectWiseClient
) -> None:
    address = f"https://{'x' * 2000}"
    message = f"The resource '{address}' does not support the API version '2025.1'."
    server.on(f"GET {API}/finance/agreements/214", Reply({"message": message}, 404))

    with pytest.raises(ApiVersionRefused, match="Set api_version") as raised:
        connectwise.agreement(214)

    assert len(str(raised.value)) < 600


@pytest.mark.parametrize("method", ["", "PATCH"])
@pytest.mark.parametrize("status", [400, 403, 405, 406, 407])
def test_a_firewall_pauses_the_run_and_is_named(
    stack: LocalStack, clock: Any, method: str, status: int
) -> None:
    stack.plan()
    stack.connectwise.add_fault(in_front(status, method=method))
    stack.settle()
    run = stack.newest()
    assert run.status is Status.PAUSED
    assert "Something in front of ConnectWise" in run.pause_reason
    assert not any(wrong in run.pause_reason for wrong in WRONG_ADVICE)
    stack.connectwise.clear_faults()
    clock.shift(RESUMED)
    stack.tick()

    assert (ended(stack).verdict, stack.quantity(ALDER_EDR)) == (Verdict.COMPLETE, 25.0)
    assert len(stack.connectwise.quantity_changes) == 3


@pytest.mark.parametrize("status", [200, 503])
def test_a_page_in_place_of_the_api_pauses_the_run_until_it_is_gone(
    stack: LocalStack, clock: Any, status: int
) -> None:
    stack.plan()
    stack.connectwise.add_fault(in_front(status, headers={"Retry-After": "3600"}))
    stack.settle()
    run = stack.newest()
    assert run.status is Status.PAUSED and "maintenance page" in run.pause_reason
    clock.shift(RESUMED)
    stack.tick()
    assert stack.newest().status is Status.PAUSED
    stack.connectwise.clear_faults()
    clock.shift(RESUMED)
    stack.tick()

    assert ended(stack).verdict is Verdict.COMPLETE


@pytest.mark.parametrize("vendor", ["Huntress", "ConnectWise"])
def test_a_firewall_keeps_the_invoice_waiting_and_is_named(
    stack: LocalStack, clock: Any, vendor: str
) -> None:
    server = stack.huntress if vendor == "Huntress" else stack.connectwise
    stack.invoice_appears()
    stack.tick()
    server.add_fault(in_front())
    stack.settle()

    reason = stack.invoice.reason
    assert f"Something in front of {vendor}" in reason
    assert not any(wrong in reason for wrong in WRONG_ADVICE)
    server.clear_faults()
    clock.shift(RESUMED)
    stack.tick()

    assert ended(stack).verdict is Verdict.COMPLETE


@pytest.mark.parametrize("vendor", ["Huntress", "ConnectWise"])
def test_the_check_names_a_firewall_and_no_permission(stack: LocalStack, vendor: str) -> None:
    (stack.huntress if vendor == "Huntress" else stack.connectwise).add_fault(in_front())

    found = lines(stack)

    said = [found[f"{vendor} credentials"]]
    if vendor == "ConnectWise":
        said = [found["ConnectWise site and company"]]
    assert all(each["status"] == "fail" for each in said)
    assert all(f"Something in front of {vendor}" in each["message"] for each in said)
    for each in found.values():
        if each["status"] == "fail":
            assert not any(wrong in words(each) for wrong in (*WRONG_ADVICE, "login page"))


def test_a_page_for_everybody_is_refused_only_by_something_in_front(stack: LocalStack) -> None:
    fault = Fault(FaultKind.STATUS, path="companyinfo", status=403, body="{}", times=0)
    stack.connectwise.add_fault(fault)

    found = lines(stack)["ConnectWise site and company"]

    assert "Something in front of ConnectWise" in words(found)
    assert "Security Roles" not in words(found)


def test_the_check_names_a_retired_version_at_every_line_it_stops(stack: LocalStack) -> None:
    stack.connectwise.retired_versions = RETIRED

    found = lines(stack)

    assert found["ConnectWise site and company"]["status"] == "pass"
    assert found["ConnectWise credentials"]["status"] == "fail"
    assert "Set api_version" in found["ConnectWise credentials"]["message"]
    assert found[VERSION_LINE]["message"] == "needs 'ConnectWise credentials'"


@pytest.mark.parametrize(
    ("current", "status", "message"),
    [
        ("2025.8", "pass", "2025.1; the newest is 2025.8"),
        ("2026.1", "warn", "2025.1 is about to be retired: the newest is 2026.1"),
        ("2027.4", "warn", "2025.1 is about to be retired: the newest is 2027.4"),
        ("2024.8", "pass", "2025.1, although the newest that ConnectWise names is 2024.8"),
        ("", "pass", "2025.1; ConnectWise does not say which is the newest"),
        ("v4_6", "pass", "2025.1; ConnectWise does not say which is the newest"),
    ],
)
def test_the_check_warns_before_a_version_is_retired(
    stack: LocalStack, current: str, status: str, message: str
) -> None:
    stack.connectwise.current_version = current

    found = lines(stack)[VERSION_LINE]

    assert found["status"] == status and found["message"].startswith(message)
    assert ("api_version" in found["fix"]) is (status == "warn")
