"""What tests of imported usage share: a report's columns, and the current counts."""

from datetime import UTC, datetime

from billing_sync.adapters.ledger.imports import LedgerImports
from billing_sync.adapters.ledger.invoices import LedgerInvoices
from billing_sync.adapters.ledger.runs import LedgerRuns
from billing_sync.adapters.ledger.usage import LedgerUsage
from billing_sync.compose import aws
from billing_sync.flows.invoices.import_usage import Importing
from tests.integration.installed_stack import NEW_INVOICE
from tests.integration.local_stack import LocalStack

ALDER_NAME = "Alder & Finch Accountants"
COLUMNS = ("--columns", "Organization Name=organization,Agents=edr")
KEY = {"pk": "USAGE_IMPORT", "sk": "COLUMNS"}


def usage_name(stack: LocalStack, organization_id: int) -> str:
    return next(
        organization.organization_name
        for organization in stack.usage.of(NEW_INVOICE)
        if organization.organization_id == organization_id
    )


def in_force(stack: LocalStack, *, version: int | None = None) -> dict[tuple[int, str], int | None]:
    return {
        (organization.organization_id, reading.product.value): reading.units
        for organization in stack.usage.of(NEW_INVOICE, version=version)
        for reading in organization.readings
    }


def importing(ledger_of: LocalStack) -> Importing:
    """As the command line composes it, at the table whose calls a test can watch."""
    ledger = aws.table(ledger_of.ledger.name)
    return Importing(
        LedgerInvoices(ledger),
        LedgerRuns(ledger),
        LedgerUsage(ledger),
        LedgerImports(ledger),
        clock=lambda: datetime.now(UTC),
    )
