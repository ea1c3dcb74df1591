"""One billing cycle, act by act, as the people at a provider live it."""

import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rich.console import Console

from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.runs.run import Run
from tools.sandbox.aws import SECONDS_OF_A_MINUTE
from tools.sandbox.demo.typing import NOTHING_LEFT, SOMETHING_WAITS, Keyboard
from tools.sandbox.errors import SandboxError
from tools.sandbox.seed import setting_up
from tools.sandbox.stack import DeployedStack
from tools.sandbox.steps import automatic_run, closed_run, held_additions_of, report_files
from tools.sandbox.vendor_servers import StandIns

LINES = 70
# Organization, billable agents and agents that do not respond, some days after the invoice.
LATER = ((101, 34, 6), (106, 71, 0), (118, 70, 4))


@dataclass(frozen=True, slots=True)
class Story:
    """Each act shows what it did, and raises SandboxError when that is not what it should be."""

    console: Console
    keyboard: Keyboard
    stack: DeployedStack
    stand_ins: StandIns

    def set_up(self, folder: Path) -> None:
        """Keys, settings, mappings; permission-check says whether everything is in place."""
        self._title("Setting up (`billing-sync setup` asks for the same, step by step)")
        for words in setting_up(folder, self.stand_ins.world()):
            self.keyboard.types(*words, most=12)
        self.keyboard.types("check")

    def preview(self) -> None:
        """A first look makes the invoices there are the baseline; a preview writes nothing."""
        self._title("What would it do? (preview; sync is off)")
        self.stack.invoke("InvoiceTrigger", {"action": "tick"})
        before = self._changes()
        self.keyboard.types("preview", most=LINES)
        self._require_no_change_since(before)

    def bill(self) -> Run:
        """Sync is turned on, Huntress invoices, and the schedule does the rest."""
        self._title("Sync is on, and Huntress makes the month's invoice")
        self.keyboard.types("settings", "set", "sync_enabled", "true", "--yes")
        calls_before, began = self.stand_ins.calls(), time.monotonic()
        invoice = self.stand_ins.new_invoice()
        self._print(
            f"\nInvoice {invoice['id']}: {invoice['quantity']} agents. Nobody acts now; the"
            f" schedule looks every minute, which takes {SECONDS_OF_A_MINUTE} seconds here."
        )
        run = automatic_run(self.stack, invoice["id"])
        self.keyboard.types("watch", run.id, may_end=(NOTHING_LEFT, SOMETHING_WAITS), most=LINES)
        seconds, run = time.monotonic() - began, closed_run(self.stack, run.id)
        calls = [now - then for then, now in zip(calls_before, self.stand_ins.calls(), strict=True)]
        companies = run.coverage.companies if run.coverage else 0
        each = sum(calls) / companies if companies else 0.0
        self._print(
            f"\n{seconds:.0f} seconds from the invoice to the last quantity; {calls[0]} calls to"
            f" Huntress, {calls[1]} to ConnectWise, {each:.1f} for each of {companies} companies."
        )
        return run

    def release_one(self, run: Run) -> tuple[Run, frozenset[int]]:
        """A person looks at the largest held row and lets it go; the release and its additions."""
        self._title("A person releases one held row")
        rows = [state.row for state in self.stack.runs.rows(run)]
        held = [row for row in rows if row.outcome is Outcome.HELD]
        company = max(held, key=lambda row: abs(row.money or Decimal(0))).company_id
        additions = held_additions_of(self.stack, run, company)
        self.keyboard.types("show", run.id, "--company", str(company), most=LINES)
        reviewed = ("--hash", run.plan_hash)
        self.keyboard.types("release", run.id, "--companies", str(company), *reviewed, "--yes")
        return self.stack.runs.newest(1)[0], additions

    def read_report(self, run: Run, *, folder: Path) -> None:
        """The report of the run, from the bucket into a folder."""
        self._title("The report")
        report_files(self.stack, run.id)
        self.keyboard.types("report", run.id, "--folder", str(folder))

    def bill_again(self) -> None:
        """The operator's test event once more: every quantity is as counted."""
        self._title("The same once more")
        before = self._changes()
        self.keyboard.types("sync", "--yes", may_end=(SOMETHING_WAITS,), most=6)
        self._require_no_change_since(before)

    def undo(self, release: Run) -> None:
        """The release was a mistake: a look at what undoing it would write, then the undo."""
        self._title("The release was a mistake: undo it")
        before = self._changes()
        self.keyboard.types("undo", release.id, "--preview")
        self._require_no_change_since(before)
        self.keyboard.types("undo", release.id, "--yes", most=LINES)
        written = self._changes() - before
        self._print(f"\nWritten by {release.id}: {release.wrote}; taken back: {written}.")
        if written != release.wrote:
            raise SandboxError("Undoing should have taken back what was released, and no more.")

    def is_it_done(self, run: Run) -> None:
        """The statement of the invoice over all of its runs."""
        self._title("Is the invoice done?")
        assert run.invoice
        self.keyboard.types("invoices")
        self.keyboard.types("invoice", str(run.invoice.id), most=LINES)

    def look_ahead(self) -> None:
        """Some days later usage has moved, and idle machines can still be removed in time."""
        self._title("What will the next invoice bring?")
        before = self._changes()
        for organization_id, agents, silent in LATER:
            usage = {"billable_agents_count": agents, "unresponsive_agents_count": silent}
            self.stand_ins.use(organization_id, {"edr": {**usage, "outdated_agents_count": 0}})
        self.keyboard.types("forecast", most=LINES)
        self._require_no_change_since(before)

    def _changes(self) -> int:
        return len(self.stand_ins.quantity_changes())

    def _require_no_change_since(self, before: int) -> None:
        after = self._changes()
        self._print(
            f"\nQuantity changes in ConnectWise so far: {before} before this, {after} after."
        )
        if after != before:
            raise SandboxError("There should have been no change.")

    def _title(self, text: str) -> None:
        self.console.print()
        self.console.rule(text, align="left")

    def _print(self, text: str) -> None:
        self.console.print(text, highlight=False, markup=False)
