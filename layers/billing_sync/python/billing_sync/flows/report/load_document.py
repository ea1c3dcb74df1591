"""A run's document, loaded from the ledger with what newer runs did to its rows."""

from dataclasses import dataclass

from billing_sync.domain.report.document import Document, run_document
from billing_sync.domain.runs.run import Run
from billing_sync.flows.ports import Clock, Drifts, Runs, Strays
from billing_sync.flows.report.load_forecast import StoredForecasts
from billing_sync.flows.statement.since import Since


@dataclass(frozen=True, slots=True)
class RunDocuments:
    """Reads runs as people are shown them; changes nothing."""

    runs: Runs
    drifts: Drifts
    strays: Strays
    forecasts: StoredForecasts
    since: Since
    clock: Clock

    def of(self, run: Run, *, most_rows: int | None = None) -> Document:
        """The run's document; `most_rows` shortens its lists."""
        states, remainders = self.runs.rows(run), self.runs.remainders(run)
        return run_document(
            run,
            states,
            remainders,
            self.drifts.of(run),
            self.strays.of(run),
            forecast=self.forecasts.of(run, states, remainders),
            since={} if run.open else self.since.of(run, states),
            now=self.clock(),
            most_rows=most_rows,
        )
