"""Runs made of an earlier run's rows: what releasing and undoing have in common."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.errors import Blocked, NotConfigured
from billing_sync.domain.plan.next_agreement_invoice import dated
from billing_sync.domain.plan.plan import Coverage, Plan, Row
from billing_sync.domain.plan.tie_out import tie_out
from billing_sync.domain.planning.still_planned import StillPlanned
from billing_sync.domain.runs.run import Run
from billing_sync.domain.vendors.usage import OrganizationUsage, Reading
from billing_sync.flows.planning.plan_run import Planner
from billing_sync.flows.planning.run_lock import take_turn
from billing_sync.flows.ports import Clock, Config, Runs

Newer = Sequence[tuple[Run, RowState]]  # oldest first


@dataclass(frozen=True, slots=True)
class Choice:
    """What a run takes from its source and how.

    `rows` names them in words, `copied` makes the new row. `overtaken` names the newer run that
    stands in the way of a row ("" for none), given what newer writing runs planned for its
    company; `did` says what that run did there and `way_out` what to do about it.
    """

    rows: str
    fits: Callable[[RowState], bool]
    copied: Callable[[Row], Row]
    overtaken: Callable[[RowState, Newer], str]
    did: str
    way_out: str


@dataclass(frozen=True, slots=True)
class Copying:
    """Copies chosen rows of a closed run, each once, into the plan of a run of its own."""

    runs: Runs
    config: Config
    planner: Planner
    clock: Clock

    def settings(self, run: Run) -> Settings:
        """The settings in force; raises `NotConfigured` when the run would write and may not."""
        settings = self.config.settings()
        # guard: release-while-off, undo-while-off - both are runs that write
        if run.request.mode.writes and not settings.sync_enabled:
            raise NotConfigured(
                "sync is off: SETTINGS / CURRENT, sync_enabled. Nothing was written."
            )
        return settings

    def source(self, run: Run) -> Run:
        """The closed run whose rows are asked for; raises `Blocked` when there is none."""
        name = run.request.source_run_id
        source = self.runs.get(name)
        if source is None or source.planned_at is None:
            raise Blocked(f"run_id is '{name}', and no such run was planned; show lists the runs")
        if source.open:
            raise Blocked(f"run {name} is still {source.status}; ask again when it is closed")
        if run.request.companies:
            run.request.check_companies(
                {state.row.company_id for state in self.runs.rows(source)},
                problem=f"run {name} has no row of",
                way_out=f"billing-sync show {name} lists its rows.",
            )
        return source

    def copy(self, run: Run, source: Run, settings: Settings, choice: Choice) -> Run:
        """Plan, commit and send the chosen rows; raises `Blocked` when refused."""
        begun = take_turn(self.runs, replace(run, invoice=source.invoice), self.clock)
        chosen = self._chosen(run, source, choice)
        if run.request.mode.writes:
            self._mark(run, source, chosen)
        today = self.clock().astimezone(ZoneInfo(settings.time_zone)).date()
        rows = dated(self._checked(source, chosen, settings, choice), today=today)
        companies = len({row.company_id for row in rows})
        plan = Plan(
            rows=rows,
            remainders=(),
            coverage=Coverage(companies, companies),
            tie_out=tie_out(_usage_of(rows), rows, ()),
            products=source.products,
            counted_for=source.counted_for,
            usage_version=source.usage_version,
        )
        return self.planner.commit(begun, plan, settings)

    def _checked(
        self, source: Run, chosen: Iterable[RowState], settings: Settings, choice: Choice
    ) -> Iterator[Row]:
        """The copies, blocked where today's mappings and settings do not lead to them any more."""
        today = StillPlanned(self.config.mappings(), settings)
        plans = {"": [state.planned for state in self.runs.rows(source)]}
        for state in chosen:
            undoes = state.row.undoes  # its units are in the run that it reverts
            if undoes not in plans:
                undone = self.runs.get(undoes)
                plans[undoes] = [s.planned for s in self.runs.rows(undone)] if undone else []
            same = (row for row in plans[undoes] if row.addition_id == state.row.addition_id)
            planned = next(same, state.row) if undoes else state.row
            yield today.checked(choice.copied(state.row), planned, plans[undoes])

    def _chosen(self, run: Run, source: Run, choice: Choice) -> tuple[RowState, ...]:
        companies = run.request.companies
        chosen = tuple(
            state
            for state in self.runs.rows(source)
            if choice.fits(state)
            and is_free(state, taker=run.id, runs=self.runs)
            and (not companies or state.row.company_id in companies)
        )
        if not chosen:
            raise Blocked(f"run {source.id} has no {choice.rows} (any more) in that choice")
        newer = self._newer(run, source)
        by = {(s.row.company_name, choice.overtaken(s, newer[s.row.company_id])) for s in chosen}
        overtaken = [f"{company} (run {name})" for company, name in sorted(by) if name]
        if overtaken:  # guard: release-overtaken, undo-overtaken
            raise Blocked(
                f"a newer run {choice.did} {', '.join(overtaken)}; {choice.way_out}, or name the"
                " other companies"
            )
        return chosen

    def _newer(self, run: Run, source: Run) -> dict[int, list[tuple[Run, RowState]]]:
        """Rows of the writing runs since the source, by company."""
        found: dict[int, list[tuple[Run, RowState]]] = defaultdict(list)
        for newer in reversed(self.runs.since(source.after_turn)):
            if newer.id != run.id and newer.applied:
                for state in self.runs.rows(newer):
                    found[state.row.company_id].append((newer, state))
        return found

    def _mark(self, run: Run, source: Run, chosen: Iterable[RowState]) -> None:
        for state in chosen:
            if not self.runs.mark_copied(source, state, by=run.id):
                raise Blocked(f"{state.row.company_name}: another run is just taking this row")


def is_free(state: RowState, *, taker: str, runs: Runs) -> bool:
    """Whether the row is no other run's than the `taker`'s."""
    if state.copied_by in ("", taker):
        return True
    other = runs.get(state.copied_by)
    return other is not None and not other.keeps_rows  # guard: one-release, one-undo


def _usage_of(rows: Iterable[Row]) -> tuple[OrganizationUsage, ...]:
    """The usage that the copied rows speak of, for the run's own tie-out."""
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
