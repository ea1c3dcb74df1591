"""permission-check on Huntress: credentials, roles, and who else writes the same quantities."""

from tests.integration.check_lines import line, lines, refused, status
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import ALDER_EDR, COPPERFIELD_EDR

OWN_SYNC, OTHERS = "Huntress's own sync", "Other writers"


def test_without_a_right_to_invoices_the_role_and_the_way_to_a_key_are_told(
    stack: LocalStack,
) -> None:
    stack.huntress.add_fault(refused("/v1/invoices"))

    found = line(stack, "Huntress invoices")

    assert found["status"] == "fail"
    assert "give it Admin" in found["message"]
    assert "API Credentials > User API Credentials > Add" in found["fix"]


def test_credentials_that_see_no_organization_fail(stack: LocalStack) -> None:
    stack.huntress.state.organizations.clear()

    assert status(stack, "Huntress organizations") == "fail"


def test_a_resellers_credentials_pass(reseller_stack: LocalStack) -> None:
    found = lines(reseller_stack)

    assert found["Huntress credentials"]["message"].startswith("reseller credentials of ")
    assert {each["status"] for each in found.values()} == {"pass"}


def test_nobody_having_confirmed_that_huntress_own_sync_is_off_is_warned_of(
    stack: LocalStack,
) -> None:
    stack.set_settings(huntress_sync_off="")

    found = line(stack, OWN_SYNC)

    assert found["status"] == "warn"
    assert (
        "Integrations > ConnectWise > Billing > Sync With ConnectWise Agreements: No"
        in (found["fix"])
    )
    assert found["fix"].endswith("billing-sync settings confirm-huntress-sync-off")


def test_who_confirmed_it_is_told(stack: LocalStack) -> None:
    stack.set_settings(huntress_sync_off="Ann on 2026-07-01")

    found = line(stack, OWN_SYNC)

    assert (found["status"], found["message"]) == ("pass", "off, as confirmed by Ann on 2026-07-01")


def test_an_integration_that_changes_what_we_wrote_is_warned_of(stack: LocalStack) -> None:
    stack.connectwise.edit_addition(ALDER_EDR, by="HuntressAPI", quantity=77)
    stack.connectwise.edit_addition(COPPERFIELD_EDR, by="BillingSync", quantity=77)
    stack.before = stack.connectwise.snapshot()

    found = line(stack, OTHERS)

    assert found["status"] == "warn"
    assert found["details"] == [f"HuntressAPI: 1 addition, such as {ALDER_EDR} of 301"]
    assert "Sync With ConnectWise Agreements: No" in found["fix"]
