"""Reading the statement of an invoice: its usage and its writing runs, folded."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from billing_sync.domain.invoices.product_scope import covered_usage
from billing_sync.domain.runs.run import Mode, Run
from billing_sync.domain.statement.fold import Pass, WritingRun, fold, undone_additions
from billing_sync.domain.statement.statement import Decision, Statement
from billing_sync.domain.vendors.usage import OrganizationUsage, Product
from billing_sync.flows.ports import Runs, UsageBook


class StatementBook(Protocol):
    """What the ledger has indexed for statements."""

    def runs_over(self, key: str) -> tuple[str, ...]: ...
    def decisions(self, run_id: str) -> tuple[Decision, ...]: ...


_PASSES = {Mode.SYNC: Pass.SYNC, Mode.RELEASE: Pass.RELEASE, Mode.UNDO: Pass.UNDO}


@dataclass(frozen=True, slots=True)
class Folded:
    """A statement with what it was folded from: the writing runs, and the usage they covered."""

    runs: tuple[Run, ...]
    usage: tuple[OrganizationUsage, ...]
    statement: Statement


@dataclass(frozen=True, slots=True)
class Statements:
    """Folds statements anew from what the ledger has; nothing is stored twice."""

    runs: Runs
    usage: UsageBook
    book: StatementBook

    def writing_runs(self, key: str) -> tuple[Run, ...]:
        """The committed writing runs over this invoice, in the order of their turns."""
        return tuple(filter(None, map(self.runs.get, self.book.runs_over(key))))

    def has_run(self, key: str) -> bool:
        """Whether a writing run over this invoice was ever committed."""
        return bool(self.book.runs_over(key))

    def of(self, key: str) -> Folded:
        """The statement of the invoice with this key; no lines where no run was committed."""
        runs = self.writing_runs(key)
        usage = covered_usage(self.usage.of(key), _covered_products(key, runs))
        statement = fold(
            usage,
            [self._writing_run(run) for run in runs],
            [decision for run in runs for decision in self.book.decisions(run.id)],
            invoice=key,
        )
        return Folded(runs, usage, statement)

    def undone(self, key: str) -> dict[int, str]:
        """By addition the run over this invoice that undid our last write of it."""
        runs = self.writing_runs(key)
        if all(run.request.mode is Mode.SYNC for run in runs):
            return {}
        return undone_additions(self._writing_run(run) for run in runs)

    def _writing_run(self, run: Run) -> WritingRun:
        return WritingRun(
            run_id=run.id,
            turn=run.turn,
            kind=_PASSES[run.request.mode],
            invoice=run.about,
            by=run.request.by,
            planned_at=run.planned_at,
            states=self.runs.rows(run),
            remainders=self.runs.remainders(run),
            companies=run.request.companies,
        )


def _covered_products(key: str, runs: Iterable[Run]) -> tuple[Product, ...]:
    """The products that the invoice covered in the newest of these runs over it; () is all."""
    covered: tuple[Product, ...] = ()
    for run in runs:
        if run.about == key:
            covered = run.products
        elif key in run.other_products:
            covered = run.other_products[key]
    return covered
