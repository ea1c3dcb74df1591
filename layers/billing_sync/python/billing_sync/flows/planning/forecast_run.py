"""Forecasting: a plan from usage read now, beside the last invoice's; it never writes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from billing_sync.domain.errors import Blocked
from billing_sync.domain.forecast.forecast import ForecastBasis
from billing_sync.domain.invoices.expected_next import next_invoice
from billing_sync.domain.invoices.lifecycle import counts, invoice_key
from billing_sync.domain.runs.run import Run
from billing_sync.domain.vendors.huntress import InvoiceSource
from billing_sync.flows.invoices.freeze import Freeze
from billing_sync.flows.planning.plan_run import Planner
from billing_sync.flows.planning.run_lock import take_turn
from billing_sync.flows.ports import Clock, Config, Huntress, Invoices, Runs, UsageBook
from billing_sync.flows.report.load_forecast import current_usage_key, past_usage


@dataclass(frozen=True, slots=True)
class Forecasting:
    """Reads what is used now under a key of the run's own, so that no invoice's usage changes."""

    huntress: Callable[[], Huntress]
    freeze: Freeze
    planner: Planner
    runs: Runs
    invoices: Invoices
    usage: UsageBook
    config: Config
    clock: Clock

    def forecast(self, run: Run) -> Run:
        """Plan as of now; the run as it then stands. Raises `Blocked` saying why it cannot be."""
        only = self._organizations(run.request.companies)
        basis = self._basis()
        then = past_usage(self.usage, basis)
        previous = {
            one.organization_id: one for one in then if only is None or one.organization_id in only
        }
        self.freeze.read_details(current_usage_key(run), previous, reads=1, only=only)
        begun = take_turn(self.runs, run, self.clock)
        based = replace(begun, forecast=basis)
        self.runs.change(based, was=begun)
        return self.planner.plan(based, usage_key=current_usage_key(run), record=None)

    def _basis(self) -> ForecastBasis:
        huntress = self.huntress()
        source = huntress.actor().invoice_source
        if source is InvoiceSource.RESELLER:
            raise Blocked(
                "these are a reseller's Huntress credentials, which see what was used on invoices"
                " only; a forecast needs the account's own"
            )
        billing = [invoice for invoice in huntress.invoices(source) if counts(invoice)]
        last = max(billing, key=lambda i: (i.created_at, i.id), default=None)
        record = self.invoices.get(invoice_key(last)) if last else None
        zone = ZoneInfo(self.config.settings().time_zone)
        return ForecastBasis(
            next_invoice(
                (invoice.created_at.astimezone(zone).date() for invoice in billing),
                today=self.clock().astimezone(zone).date(),
            ),
            last,
            frozen=record is not None and record.frozen_at is not None,
            usage_version=self.usage.version(record.key) if record else 0,
        )

    def _organizations(self, companies: tuple[int, ...]) -> frozenset[int] | None:
        """The organizations of these companies, None for all."""
        if not companies:
            return None
        organizations = self.config.mappings().organizations.values()
        return frozenset(m.organization_id for m in organizations if m.company_id in companies)
