"""One billing cycle, act by act, as the people at a provider live it."""

import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from billing_sync.domain.invoice_tieout import explained
from billing_sync.domain.plan import Outcome, Row
from billing_sync.domain.quantity import amount
from billing_sync.domain.run import Run
from tools.operator.forecast_view import show_forecast
from tools.sandbox.demo.tables import (
    by_size,
    checks_table,
    outcomes,
    rows_table,
    tie_out_table,
    verdicts_table,
)
from tools.sandbox.demo.ticker import Ticker
from tools.sandbox.errors import SandboxError
from tools.sandbox.stack import DeployedStack
from tools.sandbox.stand_ins import StandIns
from tools.sandbox.steps import automatic_run, closed_run, held_additions_of, report_files

WHO = "demo"
SHOWN = 12
# Organization, billable agents and agents that do not respond, some days after the invoice.
LATER = ((101, 34, 6), (106, 71, 0), (118, 70, 4))


@dataclass(frozen=True, slots=True)
class Story:
    """Each act shows what it did, and raises SandboxError when that is not what it should be."""

    console: Console
    stack: DeployedStack
    stand_ins: StandIns

    def check_permissions(self) -> None:
        """Before anything else: credentials, rights and set-up."""
        self._title("Is everything in place?")
        answer = self.stack.invoke("PermissionCheck", {})
        self.console.print(checks_table(answer["checks"]))
        self._say(answer["result"])

    def preview(self) -> None:
        """A first look makes the invoices there are the baseline; a preview writes nothing."""
        self._title("What would it do? (preview; sync is off)")
        self.stack.invoke("InvoiceTrigger", {"action": "tick"})
        before = self._changes()
        answer = self.stack.test_sync(action="preview")
        run = closed_run(self.stack, answer["run_id"])
        self._show_rows(run, title=f"The largest changes of {run.id}")
        largest = by_size(self._rows(run))[0]
        self._say(f"{largest.company_name}: {largest.message}")
        self._say(answer["result"])
        self._require_no_change_since(before)

    def bill(self) -> Run:
        """Sync is turned on, Huntress invoices, and the schedule does the rest."""
        self._title("Sync is on, and Huntress makes the month's invoice")
        self.stack.turn_sync_on()
        calls_before = self.stand_ins.calls()
        invoice = self.stand_ins.new_invoice()
        self._say(f"Invoice {invoice['id']}: {invoice['quantity']} agents. Nobody acts now.")
        with Ticker(self.console) as ticker:
            ticker.show("Waiting for the schedule, which looks every minute …")
            run = automatic_run(self.stack, invoice["id"])
            found_at = time.monotonic()
            run = closed_run(self.stack, run.id, show=ticker.progress)
        seconds = time.monotonic() - found_at
        calls = [now - then for then, now in zip(calls_before, self.stand_ins.calls(), strict=True)]
        self._show_result(run, calls=calls, seconds=seconds)
        return run

    def release_one(self, run: Run) -> tuple[Run, frozenset[int]]:
        """A person looks at the largest held row and lets it go; the release and its additions."""
        self._title("A person releases one held row")
        held = by_size(self._rows(run, Outcome.HELD))
        self.console.print(rows_table(held, title=f"Held by the guards in {run.id}"))
        chosen = held[0].company_id
        additions = held_additions_of(self.stack, run, chosen)
        self._say(f"{held[0].company_name}: {held[0].message}")
        self._say(f"Released by plan hash {run.plan_hash[:12]}…")
        answer = self.stack.test_sync(
            action="release", run_id=run.id, plan_hash=run.plan_hash, by=WHO, companies=[chosen]
        )
        release = closed_run(self.stack, answer["run_id"])
        self._show_rows(release, title=f"What {release.id} did")
        self._say(answer["result"])
        return release, additions

    def read_report(self, run: Run, *, folder: Path) -> None:
        """The report of the run, from the bucket into a folder."""
        self._title("The report")
        bucket = self.stack.outputs["ReportBucket"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, body in sorted(report_files(self.stack, run.id).items()):
            (folder / name).write_bytes(body)
            self._say(f"s3://{bucket}/runs/{run.id}/{name}\n  copied to {folder / name}")

    def bill_again(self) -> None:
        """The operator's button once more: everything stands as counted."""
        self._title("The same once more")
        before = self._changes()
        answer = self.stack.test_sync()
        run = closed_run(self.stack, answer["run_id"])
        self._say(f"{answer['result']}\n{outcomes(run)}")
        self._require_no_change_since(before)

    def undo(self, release: Run) -> None:
        """The release was a mistake: a look at what undoing it would write, then the undo."""
        self._title("The release was a mistake: undo it")
        before = self._changes()
        request = {"action": "undo", "run_id": release.id, "by": WHO}
        shown = self.stack.test_sync(**request, preview=True)
        self._say(shown["result"])
        self._require_no_change_since(before)
        answer = self.stack.test_sync(**request)
        undo = closed_run(self.stack, answer["run_id"])
        self._show_rows(undo, title=f"What {undo.id} did")
        self._say(answer["result"])
        written = self._changes() - before
        self._say(f"Written by {release.id}: {release.wrote}; taken back: {written}.")
        if not written == undo.wrote == release.wrote:
            raise SandboxError("Undoing should have taken back what was released, and no more.")

    def look_ahead(self) -> None:
        """Some days later usage has moved, and idle machines can still be removed in time."""
        self._title("What will the next invoice bring? (forecast)")
        before = self._changes()
        for organization_id, agents, silent in LATER:
            usage = {"billable_agents_count": agents, "unresponsive_agents_count": silent}
            self.stand_ins.use(organization_id, {"edr": {**usage, "outdated_agents_count": 0}})
        answer = self.stack.test_sync(action="forecast")
        run = closed_run(self.stack, answer["run_id"])
        told = self.stack.test_sync(action="show", run_id=run.id)
        show_forecast(self.console, told, most=SHOWN)
        self._require_no_change_since(before)

    def _show_result(self, run: Run, *, calls: list[int], seconds: float) -> None:
        self._show_rows(run, title=f"The largest changes of {run.id}")
        self.console.print(tie_out_table(run.tie_out))
        self.console.print(verdicts_table(run.verdicts))
        if run.invoice_tie_out and run.audit:
            self._say("\n".join(explained(run.invoice_tie_out)))
            self._say(
                f"Full audit, additions billed without usage: {run.audit.additions}, worth"
                f" {amount(run.audit.money)} a cycle."
            )
        companies = run.coverage.companies if run.coverage else 0
        each = sum(calls) / companies if companies else 0.0
        self._say(f"{run.verdict}: wrote {run.wrote} quantities. {outcomes(run)}. {run.coverage}.")
        self._say(
            f"{seconds:.1f} seconds from finding the invoice to the last quantity; {calls[0]} calls"
            f" to Huntress and {calls[1]} to ConnectWise, {each:.1f} for each company."
        )

    def _show_rows(self, run: Run, *, title: str) -> None:
        moving = [row for row in self._rows(run) if row.outcome is not Outcome.UNCHANGED]
        self.console.print(rows_table(by_size(moving)[:SHOWN], title=title))

    def _rows(self, run: Run, outcome: Outcome | None = None) -> list[Row]:
        rows = [state.row for state in self.stack.runs.rows(run)]
        return [row for row in rows if outcome in (None, row.outcome)]

    def _changes(self) -> int:
        return len(self.stand_ins.quantity_changes())

    def _require_no_change_since(self, before: int) -> None:
        after = self._changes()
        self._say(f"Quantity changes in ConnectWise so far: {before} before this, {after} after.")
        if after != before:
            raise SandboxError("There should have been no change.")

    def _title(self, text: str) -> None:
        self.console.print()
        self.console.rule(text, align="left")

    def _say(self, text: str) -> None:
        self.console.print(text, highlight=False, markup=False)
