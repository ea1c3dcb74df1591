"""The alarms this stack has, with the first step for each."""

from __future__ import annotations

from infra.alarms import Alarms
from infra.functions import Functions
from infra.resources import Resources

# name, function that counts it, metric, first step and then the reason
_EVENTS = (
    (
        "run-held",
        "run-report",
        "RunHeld",
        "Read the run's report, then release the rows that are right with test-sync. "
        "A run holds rows for approval; nothing was written for them.",
    ),
    (
        "run-paused",
        "company-sync",
        "RunPaused",
        "Run permission-check and fix what it reports. "
        "A run paused because ConnectWise refused us; it goes on by itself once that works.",
    ),
    (
        "run-failed",
        "run-report",
        "RunFailed",
        "Open the run's report and follow what its failed rows say. "
        "Some quantities were not written, or not as asked.",
    ),
    (
        "run-incomplete",
        "run-report",
        "RunIncomplete",
        "Open the run's report and see which companies are missing, then run test-sync with {}. "
        "A run closed before every company was done.",
    ),
    (
        "nobody-notified",
        "run-report",
        "NobodyNotified",
        "Run permission-check and follow its line Notifications. "
        "A run was to be announced, and the notifications have no confirmed subscriber.",
    ),
    (
        "invoice-waiting",
        "invoice-trigger",
        "InvoiceWaitingTooLong",
        "Run permission-check and fix what it reports. "
        "An invoice has waited more than 72 hours to be billed on.",
    ),
    (
        "permission-check-worse",
        "permission-check",
        "PermissionCheckWorse",
        "Run permission-check and follow the steps beside each line that is not pass. "
        "Something that worked at the last check does not any more.",
    ),
)


def set_alarms(alarms: Alarms, *, functions: Functions, resources: Resources) -> None:
    """Create all of them; none goes off while the stack is not yet configured."""
    for name, service, metric, first in _EVENTS:
        alarms.on_event(name, service=service, metric=metric, first=first)
    alarms.on_silence(
        "no-look-at-huntress",
        service="invoice-trigger",
        metric="Looked",
        hours=3,
        first="Run permission-check and look at the invoice-trigger logs. "
        "Huntress was not looked at for 3 hours, so a new invoice would go unseen.",
    )
    alarms.on_age(
        "no-invoice",
        service="invoice-trigger",
        metric="DaysSinceCountedInvoice",
        over_days=35,
        first="Look in Huntress whether an invoice is due. "
        "None that counts has been seen for more than 35 days.",
    )
    alarms.on_errors(
        "invoice-trigger-errors",
        function=functions.invoice_trigger,
        count=3,
        first="Look at the newest error in the invoice-trigger logs. "
        "It failed at least 3 times within an hour.",
    )
    alarms.on_messages(
        "companies-failed",
        queue=resources.companies.dead_letters,
        first="Run test-sync with show and read that run's open rows before moving any message. "
        "Companies could not be applied in 20 attempts.",
    )
    alarms.on_messages(
        "events-undelivered",
        queue=resources.undelivered_events,
        first="Read the message's ERROR_CODE attribute, fix the cause, and put the event again. "
        "EventBridge could not hand an event to its function for a day.",
    )
    alarms.on_messages(
        "ticks-undelivered",
        queue=resources.undelivered_ticks,
        first="Read the message's ERROR_CODE attribute and fix the cause. "
        "The schedule could not reach its function; the next tick makes up for a lost one.",
    )
    alarms.on_messages(
        "events-failed",
        queue=resources.failed_events,
        first="Read the message's responsePayload for the error, and that function's logs. "
        "A function failed three times on one event, which is kept in this queue.",
    )
