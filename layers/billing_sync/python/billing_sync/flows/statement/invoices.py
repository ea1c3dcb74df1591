"""Answers "is this invoice done?": an invoice with its statement, its runs and who it waits for."""

from dataclasses import dataclass

from billing_sync.domain.errors import Blocked
from billing_sync.domain.invoices.lifecycle import InvoiceRecord
from billing_sync.domain.report.invoices import InvoiceStatement
from billing_sync.domain.statement.statement import statement_findings
from billing_sync.flows.ports import Drifts, Invoices
from billing_sync.flows.statement.read import Statements


@dataclass(frozen=True, slots=True)
class InvoiceBook:
    """Reads invoices as the ledger has them; changes nothing."""

    invoices: Invoices
    statements: Statements
    drifts: Drifts

    def newest(self, count: int) -> tuple[InvoiceStatement, ...]:
        """The newest invoices, newest first."""
        records = sorted(
            self.invoices.all(), key=lambda r: (r.invoice.created_at, r.invoice.id), reverse=True
        )
        return tuple(map(self._read, records[:count]))

    def one(self, invoice_id: int) -> InvoiceStatement:
        """The invoice of this id; raises `Blocked` when it was never seen."""
        for record in self.invoices.all():
            if record.invoice.id == invoice_id:
                return self._read(record)
        raise Blocked(
            f"invoice_id is {invoice_id}, and no such invoice was seen;"
            ' {"action": "invoices"} lists them'
        )

    def _read(self, record: InvoiceRecord) -> InvoiceStatement:
        folded = self.statements.of(record.key)
        drifts = [(run.id, drift) for run in folded.runs for drift in self.drifts.of(run)]
        found = statement_findings(folded.statement, drifts)
        return InvoiceStatement(record, folded.statement, folded.runs, found)
