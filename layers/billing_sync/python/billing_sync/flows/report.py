"""Reporting a closed run: files for the record, a message for people, the mark that it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from billing_sync.domain.errors import Blocked
from billing_sync.domain.plan import Outcome
from billing_sync.domain.run import Run
from billing_sync.domain.telling import Told, tell, tell_row
from billing_sync.flows.ports import Clock, Runs

ROWS_IN_MESSAGE = 10


class Reports(Protocol):
    """Where report files go; each call answers where it put the file."""

    def save_document(self, run_id: str, document: Told) -> str: ...
    def save_rows(self, run_id: str, rows: Sequence[Mapping[str, object]]) -> str: ...


class Notices(Protocol):
    """Who is told."""

    def send(self, subject: str, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Report:
    """Safe to run again: files are written anew, the message is sent once it is not known sent."""

    runs: Runs
    reports: Reports
    notices: Notices
    clock: Clock

    def report(self, run_id: str) -> Run:
        """Write the files, tell people, mark it announced. Raises `Blocked` for an open run."""
        run = self.runs.get(run_id)
        if run is None or run.open:
            raise Blocked(f"run '{run_id}' is not there or not closed; only closed runs are told")
        states = self.runs.rows(run)
        document = tell(run, states, self.runs.remainders(run))
        files = (
            self.reports.save_document(run.id, document),
            self.reports.save_rows(run.id, [tell_row(state.row) for state in states]),
        )
        if run.announced_at is None:
            self.notices.send(_subject(document), _text(document, files))
            self.runs.change(replace(run, announced_at=self.clock()), was=run)
        return run


def _subject(document: Told) -> str:
    return f"Huntress billing sync: {document['result']}"


def _text(document: Told, files: tuple[str, ...]) -> str:
    lines = [
        str(document["result"]),
        f"Run {document['run_id']}, invoice {document['invoice']}, {document['coverage']}.",
        *_lines("Not read:", document["not_read"]),
        *_lines("The whole run is held:", document["held_because"]),
        *_lines("Not known to this version:", document["warnings"]),
        "",
        "Units by product and where they ended:",
        *(f"  {product}: {_sums(sums)}" for product, sums in _mapping(document["tie_out"]).items()),
        "",
        "To look at, largest money first:",
        *_rows(document["rows"]),
        *_lines("Next:", document["next"]),
        "",
        *(f"{file}" for file in files),
    ]
    return "\n".join(lines)


def _lines(title: str, told: object) -> list[str]:
    sentences = [f"  {one}" for one in told] if isinstance(told, list) else []
    return ["", title, *sentences] if sentences else []


def _rows(told: object) -> list[str]:
    rows = [r for r in told if r["outcome"] != Outcome.UNCHANGED] if isinstance(told, list) else []
    lines = [
        f"  {r['company']}, {r['products']}: {r['before'] or '-'} -> {r['target'] or '-'}"
        f" {r['outcome']} {r['reason']} {r['message']}".rstrip()
        for r in rows[:ROWS_IN_MESSAGE]
    ]
    more = len(rows) - len(lines)
    return [*lines, f"  and {more} more"] if more > 0 else lines or ["  nothing"]


def _sums(sums: object) -> str:
    return ", ".join(f"{name} {units}" for name, units in _mapping(sums).items())


def _mapping(told: object) -> Mapping[str, object]:
    return told if isinstance(told, dict) else {}
