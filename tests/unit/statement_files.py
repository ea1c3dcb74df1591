"""Reads `tests/cases/statements/<name>/input.toml`: a month as in a plan case, and its runs.

Each `[[run]]` is a sync, or it releases or undoes the run of that number. What its `change` names
is so from then on. What a run wrote is what ConnectWise bills at the next one.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

from billing_sync.domain.apply.row_state import RowState, planned_rows
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.plan.plan import Part, Remainder, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.make_plan import PlanInputs, make_plan
from billing_sync.domain.statement.fold import Pass, WritingRun, fold
from billing_sync.domain.statement.statement import Decision, Statement
from tests.unit.builders import INVOICED
from tests.unit.case_files import CaseFile

INVOICE = "5003"
WAITING = (Outcome.HELD, Outcome.BLOCKED)


class StatementFile:
    """One case: its runs, and the statement of each invoice after the last of them."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self._counted_by: dict[str, str] = raw.get("counted_by", {})
        self._month = {k: v for k, v in raw.items() if k not in {"counted_by", "run"}}
        self._runs: list[WritingRun] = []
        self._decisions: list[Decision] = []
        for run in raw["run"]:
            self._add(**run)

    def statements(self) -> Iterator[tuple[str, Statement]]:
        """The invoices' numbers and statements, in order."""
        usage = CaseFile(self._month).inputs().usage
        invoices = {run.invoice for run in self._runs} | set(self._counted_by.values())
        for invoice in sorted(invoices):
            own = (u for u in usage if self._counted(u.organization_name, invoice) == invoice)
            yield invoice, fold(own, self._runs, self._decisions, invoice=invoice)

    def _counted(self, organization: str, invoice: str) -> str:
        """The invoice that counted an organization; each did where the case says nothing."""
        return self._counted_by.get(organization, invoice)

    def _add(
        self,
        *,
        change: dict[str, Any] | None = None,
        invoice: str = INVOICE,
        companies: tuple[str, ...] = (),
        stopped: tuple[str, ...] = (),
        releases: int = 0,
        undoes: int = 0,
        declined: dict[str, str] | None = None,
    ) -> None:
        self._month = _merged(self._month, change or {})
        case, remainders = CaseFile(self._month), tuple[Remainder, ...]()
        kind, only = Pass.SYNC, tuple(case.companies[name] for name in companies)
        if undoes:
            kind, rows = Pass.UNDO, self._of(undoes, Outcome.UPDATED, only)
            rows = [_undone(row) for row in rows]
        elif releases:
            kind, rows = Pass.RELEASE, self._of(releases, Outcome.HELD, only)
            rows = [replace(r, outcome=Outcome.UPDATED, reason=Reason.NONE) for r in rows]
        else:
            plan = make_plan(_narrowed(case.inputs(), only))
            rows, remainders = [self._with_invoices(row) for row in plan.rows], plan.remainders
        states = tuple(_ended(state, stopped) for state in planned_rows(rows, apply=True))
        turn = len(self._runs) + 1
        run_id = f"{turn:06d}-{kind}"
        run = WritingRun(run_id, turn, kind, invoice, "Ann", INVOICED, states, remainders, only)
        self._runs.append(run)
        for state in states:
            reason = (declined or {}).get(state.row.company_name)
            if reason and state.row.outcome in WAITING:
                row = state.row
                self._decisions.append(
                    Decision(run_id, row.company_id, row.key, reason, "Ann", INVOICED)
                )
            self._write(state.row)

    def _of(self, turn: int, outcome: Outcome, only: tuple[int, ...]) -> list[Row]:
        states = self._runs[turn - 1].states
        return [
            state.row
            for state in states
            if state.row.outcome is outcome and (not only or state.row.company_id in only)
        ]

    def _with_invoices(self, row: Row) -> Row:
        """The row whose units name the invoice that counted them."""
        parts = tuple(
            Part(
                part.product,
                tuple(
                    replace(source, invoice=self._counted(source.organization_name, ""))
                    for source in part.sources
                ),
            )
            for part in row.parts
        )
        return replace(row, parts=parts)

    def _write(self, row: Row) -> None:
        if row.outcome is Outcome.UPDATED:
            quantity = {"id": row.addition_id, "quantity": row.target}
            agreement = {"id": row.agreement_id, "additions": [quantity]}
            self._month = _merged(self._month, {"agreement": [agreement]})


def _narrowed(inputs: PlanInputs, only: tuple[int, ...]) -> PlanInputs:
    """The inputs of a sync of these companies, () for all."""
    if not only:
        return inputs
    kept = {i: m for i, m in inputs.mappings.organizations.items() if m.company_id in only}
    usage = tuple(u for u in inputs.usage if u.organization_id in kept)
    return replace(inputs, usage=usage, mappings=Mappings(kept, inputs.mappings.companies))


def _ended(state: RowState, stopped: tuple[str, ...]) -> RowState:
    """The row as its run ended: written, unless the run was stopped before its company."""
    if state.done or state.row.company_name not in stopped:
        return replace(state, done=True)
    row = replace(state.row, outcome=Outcome.HELD, reason=Reason.STOPPED)
    return replace(state, row=row, done=True)


def _undone(row: Row) -> Row:
    parts = tuple(Part(part.product, ()) for part in row.parts)
    return replace(row, parts=parts, before=row.target, target=row.before)


def _merged(month: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """The month with a change: tables entry by entry, lists of tables by their id."""
    found = deepcopy(month)
    for name, new in change.items():
        old = found.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            found[name] = _merged(old, new)
        elif isinstance(old, list) and isinstance(new, list):
            changes = {entry["id"]: entry for entry in new}
            found[name] = [_merged(entry, changes.pop(entry["id"], {})) for entry in old]
            found[name] += changes.values()
        else:
            found[name] = new
    return found
