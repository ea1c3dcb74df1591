"""The operator's requests: start a run and wait for it, show runs, stop a run."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from billing_sync.domain.errors import Blocked
from billing_sync.domain.event_types import CONTINUED, REQUESTED
from billing_sync.domain.report.document import Document, headline, row_document
from billing_sync.domain.report.invoices import invoice_document, invoices_document
from billing_sync.domain.report.steps import Step
from billing_sync.domain.runs.audience import NOBODY
from billing_sync.domain.runs.run import Request, Run, Status, Verdict
from billing_sync.domain.wording import counted, utc_time
from billing_sync.flows.ports import Bus, Clock, Runs, TimeLeft
from billing_sync.flows.report.audience import AudienceBook
from billing_sync.flows.report.load_document import RunDocuments
from billing_sync.flows.statement.decisions import Decisions
from billing_sync.flows.statement.invoices import InvoiceBook

POLL_SECONDS = 1.0
ANSWER_BEFORE = 5.0  # seconds kept for answering
ROWS_SHOWN = 40  # of each list: an answer is read in a console, the report is complete
RUNS_SHOWN = 10
REVOKE_UNTIL = 3.0  # seconds kept for answering where a run is stopped


@dataclass(frozen=True, slots=True)
class Requests:
    """Starts and stops runs through the ledger and the bus; shows them from the ledger."""

    runs: Runs
    documents: RunDocuments
    invoices: InvoiceBook
    decisions: Decisions
    audience: AudienceBook
    bus: Bus
    clock: Clock
    sleep: Callable[[float], None]
    time_left: TimeLeft

    def with_notifications(self, document: Document) -> Document:
        """The document, saying so where nobody receives notifications."""
        if self.audience.get().reached:
            return document
        return {"result": document["result"], "notifications": NOBODY, **document}

    def start(self, request: Request, *, wait: bool = True) -> Document:
        """Start this run, or join the identical one in progress, and return its document.

        Without `wait` it returns at once, for callers that follow the run by themselves.
        """
        run = self.runs.request(request, at=self.clock())
        if run.status is Status.REQUESTED:
            self.bus.put(REQUESTED, {"run_id": run.id})
        return self._when_closed(run) if wait else self._document(run)

    def show(self, run_id: str) -> Document:
        """One run, or the newest ones when no id is given."""
        if run_id:
            return self._document(self._existing(run_id))
        newest = self.runs.newest(RUNS_SHOWN)
        named = newest[0].id if newest else "<run id>"
        return {
            "result": f"runs, newest first: {len(newest)}" if newest else "there is no run yet",
            "runs": [
                {
                    "run_id": run.id,
                    "result": headline(run),
                    "requested_at": utc_time(run.requested_at),
                    "outcomes": run.outcomes,
                    "units": {total.status.value: total.all_units for total in run.statuses},
                }
                for run in newest
            ],
            "next": [Step("Look at one with", {"action": "show", "run_id": named}).as_values()],
        }

    def show_invoices(self, invoice_id: int | None) -> Document:
        """One invoice with its statement, or the newest ones when no id is given."""
        if invoice_id is not None:
            invoice = self.invoices.one(invoice_id)
            return invoice_document(invoice, now=self.clock(), most=ROWS_SHOWN)
        return invoices_document(self.invoices.newest(RUNS_SHOWN))

    def decline(self, run_id: str, companies: tuple[int, ...], *, reason: str, by: str) -> Document:
        """Leave rows of a closed run as they are, for a reason that is kept."""
        run = self._existing(run_id)
        rows = self.decisions.decline(run, companies, reason=reason, by=by)
        assert run.invoice
        about = {"action": "invoices", "invoice_id": run.invoice.id}
        return {
            "result": f"DECLINED {counted(len(rows), 'row')} of run {run.id}: accepted as is",
            "declined_in": run.id,
            "by": f"{by} (as stated)",
            "reason": reason,
            "rows": [row_document(row) for row in rows],
            "next": [Step("Look at the invoice with", about).as_values()],
        }

    def stop(self, run_id: str, *, by: str, wait: bool = True) -> Document:
        """End a run: nothing more is written; what was written stays and is reported."""
        run = self._existing(run_id)
        while run.status not in (Status.ENDING, Status.CLOSED):
            ending = replace(
                run, status=Status.ENDING, ending=Verdict.STOPPED, note=f"stopped by {by}"
            )
            self.runs.change(ending, was=run)
            run = self._existing(run_id)
        if run.open:
            self.bus.put(CONTINUED, {"run_id": run.id})
            self._revoke(run)
        return self._when_closed(run) if wait else self._document(self._existing(run.id))

    def _revoke(self, run: Run) -> None:
        """Keep its companies from being written, as far as time goes; invoice-trigger goes on."""
        for company in self.runs.open_companies(run):
            if self.time_left() < REVOKE_UNTIL:
                return
            self.runs.revoke(run, company)  # guard: stop-revokes

    def _when_closed(self, run: Run) -> Document:
        while run.open and self.time_left() > ANSWER_BEFORE:
            self.sleep(POLL_SECONDS)
            run = self._existing(run.id)
        return self._document(run)

    def _document(self, run: Run) -> Document:
        return self.documents.of(run, most_rows=ROWS_SHOWN)

    def _existing(self, run_id: str) -> Run:
        run = self.runs.get(run_id)
        if run is None:
            raise Blocked(
                f'run_id is \'{run_id}\', and there is no such run; {{"action": "show"}} lists them'
            )
        return run
