"""Releasing held rows: a run of its own that writes exactly what was reviewed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from billing_sync.domain.applying import RowState
from billing_sync.domain.errors import Blocked, NotConfigured
from billing_sync.domain.plan import Coverage, Outcome, Plan, Reason, Row, plan_hash
from billing_sync.domain.run import Run
from billing_sync.domain.settings import Settings
from billing_sync.domain.tieout import tie_out
from billing_sync.domain.usage import OrganizationUsage, Reading
from billing_sync.flows.planner import Planner
from billing_sync.flows.ports import Clock, Config, Runs
from billing_sync.flows.turn import take_turn


@dataclass(frozen=True, slots=True)
class Release:
    """Copies held rows of a reviewed run, before and target as they stand, and applies them."""

    runs: Runs
    config: Config
    planner: Planner
    clock: Clock

    def release(self, run: Run) -> Run:
        """Plan, commit and send the release; raises `Blocked` saying why it is refused."""
        settings = self.config.settings()
        if not settings.sync_enabled:
            raise NotConfigured(
                "sync is off: SETTINGS / CURRENT, sync_enabled. Nothing was written."
            )
        source = self._source(run, settings)
        begun = take_turn(self.runs, run, self.clock)
        chosen = self._chosen(run, source)
        for state in chosen:
            if not self.runs.mark_released(source, state, by=run.id):
                raise Blocked(f"{state.row.company_name}: somebody else is releasing this row")
        rows = tuple(_released(state.row, source) for state in chosen)
        companies = len({row.company_id for row in rows})
        plan = Plan(
            rows=rows,
            remainders=(),
            coverage=Coverage(companies, companies),
            tie_out=tie_out(_usage_of(rows), rows, ()),
        )
        begun = replace(begun, invoice=source.invoice)
        return self.planner.commit(begun, plan, settings)

    def _source(self, run: Run, settings: Settings) -> Run:
        """The reviewed run, when it may still be released as it was reviewed."""
        name = run.request.source_run_id
        source = self.runs.get(name)
        if source is None or source.planned_at is None:
            raise Blocked(f"run_id is '{name}', and no such run was planned; show lists the runs")
        if source.open:
            raise Blocked(f"run {name} is still {source.status}; release it when it is closed")
        rows = tuple(state.planned for state in self.runs.rows(source))
        actual = plan_hash(rows, run_id=source.id, invoice=source.about)
        if not source.plan_hash == actual == run.request.plan_hash:
            raise Blocked(
                f"plan_hash is '{run.request.plan_hash}', but the plan of run {name} is {actual}."
                " Look at the plan again with show, and release what it shows now."
            )
        valid_until = source.planned_at + timedelta(days=settings.release_valid_days)
        if self.clock() > valid_until:
            raise Blocked(
                f"the plan of run {name} was valid until {valid_until:%Y-%m-%d %H:%M} UTC;"
                " preview again and release that"
            )
        return source

    def _chosen(self, run: Run, source: Run) -> tuple[RowState, ...]:
        companies = run.request.companies
        chosen = tuple(
            state
            for state in self.runs.rows(source)
            if self._releasable(state, run, source)
            and (not companies or state.row.company_id in companies)
        )
        if not chosen:
            raise Blocked(f"run {source.id} has no held row to release (any more) in that choice")
        newer = self._planned_since(source, run)
        overtaken = sorted(
            f"{name} (run {newer[company_id]})"
            for company_id, name in {s.row.company_id: s.row.company_name for s in chosen}.items()
            if company_id in newer
        )
        if overtaken:
            raise Blocked(
                f"a newer run planned {', '.join(overtaken)}; release from that run, or name the"
                " other companies"
            )
        return chosen

    def _releasable(self, state: RowState, run: Run, source: Run) -> bool:
        row = state.row
        held = row.outcome is Outcome.HELD or (
            state.planned_write and not source.request.mode.writes
        )
        return held and row.target is not None and self._free(state, run)

    def _free(self, state: RowState, run: Run) -> bool:
        """Whether no run released the row; one that was refused before planning is none."""
        if state.released_by in ("", run.id):
            return True
        other = self.runs.get(state.released_by)
        return other is not None and not other.open and not other.plan_hash

    def _planned_since(self, source: Run, run: Run) -> dict[int, str]:
        """Companies that a newer writing run planned, with that run."""
        return {
            state.row.company_id: newer.id
            for newer in self.runs.since(source.sequence)
            if newer.id != run.id and newer.applied
            for state in self.runs.rows(newer)
        }


def _released(row: Row, source: Run) -> Row:
    message = f"released from run {source.id}: {row.message}"
    return replace(row, outcome=Outcome.UPDATED, reason=Reason.NONE, message=message)


def _usage_of(rows: Iterable[Row]) -> tuple[OrganizationUsage, ...]:
    """The usage that the released rows speak of, for the run's own tie-out."""
    return tuple(
        OrganizationUsage(
            organization_id=source.organization_id,
            organization_name=source.organization_name,
            source=source.source,
            read_at=source.read_at,
            readings=(Reading(part.product, source.units, source.unknown),),
        )
        for row in rows
        for part in row.parts
        for source in part.sources
    )
