"""`billing-sync test-events` where AWS has no schema registry."""

from tests.e2e.test_forecast_command import billing_sync


def test_in_the_sandbox_it_says_that_there_is_no_registry(stack, sandbox_folder):
    told = billing_sync("test-events", folder=sandbox_folder)

    assert (told.returncode, told.stdout) == (0, "")
    assert told.stderr == "Nothing was published: the sandbox's AWS has no schema registry.\n"
    assert stack.outputs["SyncPreviewFunction"] == "BillingSync-sync-preview"
