"""The detail-types of the events on the stack's own bus, each with what it announces."""

INVOICE_CREATED = "Huntress Invoice Created"  # an invoice was seen and is to be planned
REQUESTED = "Billing Sync Requested"  # an operator asked for a run
CONTINUED = "Billing Sync Continued"  # a planner ran out of time; another continues
FINISHED = "Billing Sync Finished"  # a run closed
DRIFT_FOUND = "Billing Sync Drift Found"  # a quantity is not what a run wrote
INVOICE_VOIDED = "Billing Sync Invoice Voided"  # an invoice was voided after its run
REMINDER = "Billing Sync Reminder"  # a run still holds changes
NOTIFICATION_TEST = "Billing Sync Notification Test"  # a person is to confirm that it arrives
CHECK_WORSE = "Billing Sync Check Worse"  # permission-check found something worse than before
