"""Planning a run that has begun: gather, decide, commit the plan, then send the work."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from billing_sync.domain.apply.row_state import Written, planned_rows
from billing_sync.domain.config.effective import billed_through
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.errors import Blocked, Retryable
from billing_sync.domain.invoices.cycle import counted_on, without_cells
from billing_sync.domain.invoices.lifecycle import InvoiceRecord
from billing_sync.domain.invoices.product_scope import Products, covers, products_of
from billing_sync.domain.plan.hash import plan_hash
from billing_sync.domain.plan.plan import Coverage, Plan, invoices_of
from billing_sync.domain.planning.absent_usage import absent_cells
from billing_sync.domain.planning.make_plan import PlanInputs, make_plan
from billing_sync.domain.planning.unmatched_additions import audited
from billing_sync.domain.runs.close import closed, counted
from billing_sync.domain.runs.run import Run, Status
from billing_sync.domain.statement.billing_status import findings, status_sums
from billing_sync.domain.statement.invoice_total import InvoiceTieOut, against_invoice
from billing_sync.domain.vendors.usage import OrganizationUsage
from billing_sync.flows.apply.close_run import Closer
from billing_sync.flows.apply.dispatch import Dispatch
from billing_sync.flows.planning.checkpoints import StageBook, Stages
from billing_sync.flows.planning.history import History
from billing_sync.flows.planning.read_connectwise import Gather
from billing_sync.flows.planning.read_unmatched_additions import Audit
from billing_sync.flows.ports import (
    Clock,
    Config,
    ConnectWise,
    Effects,
    Runs,
    Strays,
    TimeLeft,
    UsageBook,
)


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes and commits the plan of one run; nothing is sent before the commit."""

    connectwise: Callable[[], ConnectWise]
    runs: Runs
    strays: Strays
    history: History
    usage: UsageBook
    effects: Effects
    config: Config
    dispatch: Dispatch
    closer: Closer
    stages: StageBook
    time_left: TimeLeft
    clock: Clock

    def plan(self, run: Run, *, usage_key: str, record: InvoiceRecord | None) -> Run:
        """Plan from one version of the usage under `usage_key`; the run as it then stands.

        With `record` the run takes that waiting invoice. Raises `Fatal` when settings, mappings or
        credentials need a person, `OutOfTime` when another invocation is to go on, and `Retryable`
        when an automatic run, which is tried again, could not read everything.
        """
        settings = self.config.settings()
        mappings = _narrowed(self.config.mappings(), run.request.companies)
        version = self.usage.version(usage_key)
        usage = self.usage.of(usage_key, version=version)
        if run.request.companies:
            usage = _of_mapped(usage, mappings)
        try:
            plan = self._made(run, settings, mappings, usage)
        except (Retryable, Blocked) as error:
            plan = replace(_nothing_read(mappings, str(error)), usage=usage)
        if run.automatic and not plan.coverage.complete:  # guard: same-run-again
            unread = "; ".join(plan.coverage.unread)
            raise Retryable(f"run {run.id} could not read everything: {unread}")
        plan = replace(plan, usage_version=version)
        against = None
        if not run.request.companies:
            own = without_cells(plan.usage, counted_on(plan.cycle, plan.usage))
            scope = products_of(run.invoice, settings)
            against = against_invoice(run.invoice, own, products=scope)
        return self.commit(run, plan, settings, record=record, invoice_tie_out=against)

    def commit(
        self,
        run: Run,
        plan: Plan,
        settings: Settings,
        *,
        record: InvoiceRecord | None = None,
        invoice_tie_out: InvoiceTieOut | None = None,
    ) -> Run:
        """Write the plan down; then send its work, or close the run where it may write nothing."""
        apply = (
            run.request.mode.writes
            # guard: complete-reads - half a picture is not billed
            and plan.coverage.complete
        )
        states = planned_rows(plan.rows, apply=apply)
        planned = replace(
            run,
            plan_pass=self.runs.next_pass(run),
            plan_hash=plan_hash(plan.rows, run_id=run.id, invoice=run.about),
            planned_at=self.clock(),
            settings=settings,
            coverage=plan.coverage,
            guard_messages=plan.guard_messages,
            warnings=plan.warnings,
            tie_out=plan.tie_out,
            statuses=status_sums(findings(plan.rows, plan.remainders), plan.tie_out),
            invoice_tie_out=invoice_tie_out,
            audit=plan.audit,
            outcomes=counted(plan.rows),
            products=plan.scopes.get(run.about, plan.products),
            other_products={key: own for key, own in plan.scopes.items() if key != run.about},
            counted_for=plan.counted_for,
            usage_version=plan.usage_version,
            other_invoices=tuple(sorted(plan.cycle | invoices_of(plan.rows))),
        )
        self.runs.write_plan(planned, states, plan.remainders)
        self.strays.save(planned, plan.strays)
        if not apply:
            ended = closed(planned, states, plan.remainders, at=self.clock())
            if self.runs.close(ended, was=run):
                self.closer.announce(ended)
        elif self.runs.commit(replace(planned, status=Status.APPLYING), invoice=record):
            self.dispatch.unsent(planned)
            self.closer.close_if_done(run.id)
        return self.runs.get(run.id) or planned

    def _made(
        self,
        run: Run,
        settings: Settings,
        mappings: Mappings,
        usage: tuple[OrganizationUsage, ...],
    ) -> Plan:
        today = self.clock().astimezone(ZoneInfo(settings.time_zone)).date()
        companies = run.request.companies
        written = tuple(
            w for w in self.effects.written() if not companies or w.company_id in companies
        )
        stages = Stages(self.stages, run.id, run.turn, self.time_left)
        connectwise = self.connectwise().in_zone(ZoneInfo(settings.time_zone))
        gather = Gather(connectwise, stages, settings, mappings, today)
        gathered = gather.gather(usage, written)
        history = self.history.of(
            run,
            settings,
            lambda products: _billing(products, written, mappings, settings),
            now=self.clock(),
        )
        return self._audited(
            PlanInputs(
                usage=usage,
                mappings=mappings,
                settings=settings,
                catalog=gathered.catalog,
                agreements=gathered.agreements,
                additions=gathered.additions,
                today=today,
                invoice=run.invoice,
                unread=gathered.unread,
                unusable=gathered.unusable,
                written=written,
                previous_usage=() if companies else history.usage,
                last_cycle=history.last_cycle,
                second_event=history.second_event,
                annual=history.annual,
                no_history=history.no_history,
                cycle=tuple(
                    replace(other, usage=_of_mapped(other.usage, mappings)) if companies else other
                    for other in history.cycle
                ),
                whole_cycle=not run.automatic,
                awaited=history.awaited,
                counted_for=history.counted_for,
                undone=history.undone,
                counted_before=self.history.counted_before(
                    run.invoice, absent_cells(usage, mappings, settings)
                ),
            ),
            run,
            Audit(connectwise, stages),
        )

    def _audited(self, inputs: PlanInputs, run: Run, audit: Audit) -> Plan:
        """The plan; one of all companies with what is billed without usage."""
        plan = make_plan(inputs)
        if run.request.companies or not inputs.settings.full_audit:
            return plan
        others = audit.read(mapped=inputs.mappings.company_ids(), items=tuple(inputs.catalog))
        return audited(plan, inputs, others)


def _narrowed(mappings: Mappings, companies: tuple[int, ...]) -> Mappings:
    if not companies:
        return mappings
    kept = {i: m for i, m in mappings.organizations.items() if m.company_id in companies}
    return Mappings(kept, mappings.companies)


def _of_mapped(
    usage: tuple[OrganizationUsage, ...], mappings: Mappings
) -> tuple[OrganizationUsage, ...]:
    return tuple(u for u in usage if u.organization_id in mappings.organizations)


def _nothing_read(mappings: Mappings, why: str) -> Plan:
    companies = len(mappings.company_ids())
    return Plan(rows=(), remainders=(), coverage=Coverage(companies, 0, (why,)))


def _billing(
    products: Products, written: tuple[Written, ...], mappings: Mappings, settings: Settings
) -> tuple[Written, ...]:
    """What was written to additions that bill one of these products."""
    return tuple(
        last
        for last in written
        if any(
            covers(products, product)
            for product in billed_through(
                last.catalog_item_id, mappings.rules(last.company_id), settings
            )
        )
    )
