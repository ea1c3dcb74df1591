"""The report of a closed run: its files, one message, the mark that it was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from billing_sync.domain.apply.drift import Drift
from billing_sync.domain.errors import Blocked
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.report.document import Document, row_document, run_document
from billing_sync.domain.report.steps import in_words
from billing_sync.domain.runs.audience import MISSED_AFTER
from billing_sync.domain.runs.run import Pending, Run, Verdict
from billing_sync.domain.wording import usage_in_words
from billing_sync.flows.ports import Clock, Drifts, Runs, Strays
from billing_sync.flows.report.load_forecast import StoredForecasts
from billing_sync.flows.report.message import (
    audit_lines,
    invoice_lines,
    missed_message,
    verdict_lines,
)

ROWS_IN_MESSAGE = 10


class Reports(Protocol):
    """The report files; each call returns the file's address."""

    def save_page(self, run_id: str, document: Document) -> str: ...
    def save_document(self, run_id: str, document: Document) -> str: ...
    def save_rows(self, run_id: str, rows: Sequence[Mapping[str, object]]) -> str: ...


class Notices(Protocol):
    """The people to notify; `send` is False where nobody would receive it."""

    def send(self, subject: str, text: str) -> bool: ...


_METRICS = {
    Verdict.HELD: "RunHeld",
    Verdict.ATTENTION: "RunHeld",
    Verdict.FAILED: "RunFailed",
    Verdict.INCOMPLETE: "RunIncomplete",
}


@dataclass(frozen=True, slots=True)
class Reported:
    """A reported run: `first` if it was not announced before, `heard` if it has a receiver."""

    run: Run
    first: bool
    heard: bool

    @property
    def metrics(self) -> dict[str, int]:
        """What the alarms look at: a verdict that needs attention until it is announced."""
        name = _METRICS.get(self.run.verdict) if self.run.verdict and self.first else None
        unheard = {} if self.heard else {"NobodyNotified": 1}
        return {name: 1, **unheard} if name else unheard


@dataclass(frozen=True, slots=True)
class Report:
    """Safe to repeat: files are replaced, the message is sent unless it is marked as sent."""

    runs: Runs
    drifts: Drifts
    strays: Strays
    forecasts: StoredForecasts
    reports: Reports
    notices: Notices
    clock: Clock

    def report(self, run_id: str) -> Reported:
        """Write the files and send what is new. Raises `Blocked` for an open run."""
        run = self.runs.get(run_id)
        if run is None or run.open:
            raise Blocked(
                f"run '{run_id}' is not there or not closed; only closed runs are reported"
            )
        states, remainders = self.runs.rows(run), self.runs.remainders(run)
        drifts = self.drifts.of(run)
        forecast = self.forecasts.of(run, states, remainders)
        document = run_document(
            run, states, remainders, drifts, self.strays.of(run), forecast=forecast
        )
        files = (
            self.reports.save_page(run.id, document),
            self.reports.save_document(run.id, document),
            self.reports.save_rows(run.id, [row_document(state.row) for state in states]),
        )
        first = run.announced_at is None  # guard: one-message-per-run
        heard = not first or self._announced(run, document, files)
        unannounced = [drift for drift in drifts if drift.announced_at is None]
        if unannounced and self.notices.send(*_drift_message(run, unannounced, files)):
            for drift in unannounced:
                self.drifts.announced(run, drift, at=self.clock())
        return Reported(run, first=first, heard=heard)

    def _announced(self, run: Run, document: Document, files: tuple[str, ...]) -> bool:
        """Send the run's message, or one for all that were missed; False when nobody receives it.

        What was missed is a month old: its steps are of the past.
        """
        runs = self._missed() if self._is_missed(run) else [run]
        message = missed_message(runs) if self._is_missed(run) else None
        if not self.notices.send(*(message or (_subject(document), _text(document, files)))):
            return False
        for each in runs:
            self.runs.change(replace(each, announced_at=self.clock()), was=each)
        return True

    def _missed(self) -> list[Run]:
        pending = map(self.runs.get, self.runs.pending(Pending.ANNOUNCE))
        return [run for run in pending if run and not run.announced_at and self._is_missed(run)]

    def _is_missed(self, run: Run) -> bool:
        return run.closed_at is not None and self.clock() - run.closed_at > MISSED_AFTER


def _drift_message(run: Run, drifts: Sequence[Drift], files: tuple[str, ...]) -> tuple[str, str]:
    """Subject and text of what was found after a run."""
    many = "1 quantity is" if len(drifts) == 1 else f"{len(drifts)} quantities are"
    lines = [f"  {drift.company_name}, {drift.products}: {drift.message}" for drift in drifts]
    text = [f"{many} not what run {run.id} left in ConnectWise:", *lines, "", *files]
    return f"Huntress billing sync: {many} not as written", "\n".join(text)


def _subject(document: Document) -> str:
    return f"Huntress billing sync: {document['result']}"


def _text(document: Document, files: tuple[str, ...]) -> str:
    lines = [
        str(document["result"]),
        f"Run {document['run_id']}, invoice {document['invoice']}, {document['coverage']}.",
        *audit_lines(document),
        *_lines("Not read:", document["not_read"]),
        *_lines("The whole run is held:", document["held_because"]),
        *_lines("Warnings:", document["warnings"]),
        *_lines("Not as written any more:", document["changed_since"]),
        *verdict_lines(document),
        "",
        "Units by product and where they ended:",
        *_tie_out(_mapping(document["tie_out"])),
        *invoice_lines(document),
        "",
        "To look at, largest money first:",
        *_rows(document["rows"]),
        *_lines("Next:", [in_words(step) for step in _steps(document)]),
        "",
        str(document["prices"]),
        "",
        *(f"{file}" for file in files),
    ]
    return "\n".join(lines)


def _steps(document: Document) -> list[Mapping[str, object]]:
    steps = document["next"]
    return list(steps) if isinstance(steps, list) else []


def _lines(title: str, content: object) -> list[str]:
    sentences = [f"  {line}" for line in content] if isinstance(content, list) else []
    return ["", title, *sentences] if sentences else []


def _tie_out(products: Mapping[str, object]) -> list[str]:
    lines = [f"  {product}: {_sums(_mapping(sums))}" for product, sums in products.items()]
    return lines or ["  none: this run is about no usage"]


def _rows(content: object) -> list[str]:
    given = content if isinstance(content, list) else []
    rows = [row for row in given if row["outcome"] != Outcome.UNCHANGED]
    lines = [
        f"  {r['company']}, {r['products']}: {r['before'] or '-'} -> {r['target'] or '-'}"
        f" {r['outcome']} {r['reason']} {r['message']}".rstrip()
        for r in rows[:ROWS_IN_MESSAGE]
    ]
    more = len(rows) - len(lines)
    return [*lines, f"  and {more} more"] if more > 0 else lines or ["  nothing"]


def _sums(sums: Mapping[str, object]) -> str:
    counts = {name: int(str(units)) for name, units in sums.items()}
    return usage_in_words(counts.pop("used"), ended=counts, unknown=counts.pop("unknown"))


def _mapping(content: object) -> Mapping[str, object]:
    return content if isinstance(content, dict) else {}
