"""invoice-trigger, composed."""

from dataclasses import dataclass
from uuid import uuid4

from billing_sync.adapters.aws.bus import EventBus
from billing_sync.adapters.aws.queue import CompanyQueue
from billing_sync.adapters.config.table import ConfigTable
from billing_sync.adapters.ledger.audience import LedgerAudience
from billing_sync.adapters.ledger.checkpoints import LedgerStages
from billing_sync.adapters.ledger.drifts import LedgerDrifts
from billing_sync.adapters.ledger.effects import LedgerEffects
from billing_sync.adapters.ledger.invoices import LedgerInvoices
from billing_sync.adapters.ledger.reminders import LedgerReminders
from billing_sync.adapters.ledger.runs import LedgerRuns
from billing_sync.adapters.ledger.statements import LedgerStatements
from billing_sync.adapters.ledger.unmatched import LedgerStrays
from billing_sync.adapters.ledger.usage import LedgerUsage
from billing_sync.compose.aws import client, table
from billing_sync.compose.connectwise import ConnectWiseAccess
from billing_sync.compose.huntress import HuntressAccess
from billing_sync.compose.invocation import Invocation, now
from billing_sync.flows.apply.close_run import Closer
from billing_sync.flows.apply.dispatch import Dispatch
from billing_sync.flows.apply.drift import DriftWatch
from billing_sync.flows.apply.end_early import WindUp
from billing_sync.flows.apply.sweep import Sweep
from billing_sync.flows.invoices.freeze import Freeze
from billing_sync.flows.invoices.lease import Lease
from billing_sync.flows.invoices.voided import VoidedWatch
from billing_sync.flows.invoices.watch import Watch
from billing_sync.flows.planning.attempt import Attempt
from billing_sync.flows.planning.automatic_run import AutomaticRun
from billing_sync.flows.planning.copied_rows import Copying
from billing_sync.flows.planning.forecast_run import Forecasting
from billing_sync.flows.planning.history import History
from billing_sync.flows.planning.plan_run import Planner
from billing_sync.flows.planning.release import Release
from billing_sync.flows.planning.requested_run import RequestedRun
from billing_sync.flows.planning.undo import Undo
from billing_sync.flows.report.audience import Repeats
from billing_sync.flows.report.reminders import ReminderWatch
from billing_sync.flows.statement.read import Statements
from billing_sync.flows.tick import Tick
from billing_sync.settings import InvoiceTriggerSettings


@dataclass(frozen=True, slots=True)
class InvoiceTrigger:
    """What the function is invoked for: the schedule's tick, and events that start runs."""

    tick: Tick
    automatic: AutomaticRun
    requested: RequestedRun


def invoice_trigger(settings: InvoiceTriggerSettings, invocation: Invocation) -> InvoiceTrigger:
    """Compose the function from its settings."""
    loopback = settings.allow_loopback == "1"
    huntress = HuntressAccess(
        settings.huntress_secret, invocation=invocation, allow_loopback=loopback
    )
    connectwise = ConnectWiseAccess(
        settings.connectwise_secret, invocation=invocation, allow_loopback=loopback
    )
    config = ConfigTable(table(settings.config_table))
    ledger = table(settings.ledger_table)
    invoices, usage = LedgerInvoices(ledger), LedgerUsage(ledger)
    runs, effects = LedgerRuns(ledger), LedgerEffects(ledger)
    bus = EventBus(client("events"), name=settings.bus_name)
    queue = CompanyQueue(client("sqs"), url=settings.queue_url)
    watch = Watch(huntress, invoices, config, bus, now)
    closer = Closer(runs, bus, now)
    dispatch = Dispatch(runs, queue, invocation.time_left, now)
    wind_up = WindUp(connectwise, runs, effects, closer, now)
    statements = Statements(runs, usage, LedgerStatements(ledger))
    planner = Planner(
        connectwise=connectwise,
        runs=runs,
        strays=LedgerStrays(ledger),
        history=History(invoices, usage, statements),
        usage=usage,
        effects=effects,
        config=config,
        dispatch=dispatch,
        closer=closer,
        stages=LedgerStages(ledger),
        time_left=invocation.time_left,
        clock=now,
    )
    copying = Copying(runs, config, planner, now)
    freeze = Freeze(huntress, usage, invoices, now, invocation.time_left)
    lease = Lease(invoices, now, invocation.time_left, lambda: uuid4().hex)
    attempt = Attempt(runs, dispatch, closer, wind_up, now)
    automatic = AutomaticRun(
        huntress=huntress,
        watch=watch,
        lease=lease,
        freeze=freeze,
        planner=planner,
        attempt=attempt,
        runs=runs,
        invoices=invoices,
        config=config,
        bus=bus,
        clock=now,
    )
    requested = RequestedRun(
        huntress=huntress,
        watch=watch,
        invoices=invoices,
        lease=lease,
        freeze=freeze,
        planner=planner,
        forecasting=Forecasting(
            huntress, freeze, planner, runs, invoices, usage, config, clock=now
        ),
        release=Release(runs, copying, now),
        undo=Undo(copying),
        attempt=attempt,
        runs=runs,
        config=config,
        bus=bus,
        clock=now,
    )
    repeats = Repeats(bus, LedgerAudience(ledger), config, now)
    sweep = Sweep(connectwise, runs, queue, bus, dispatch, closer, repeats, wind_up, now)
    drift = DriftWatch(
        connectwise, runs, effects, LedgerDrifts(ledger), repeats, now, invocation.time_left
    )
    voided = VoidedWatch(invoices, repeats)
    reminders = ReminderWatch(LedgerReminders(ledger), repeats, now)
    tick = Tick(watch, sweep, drift, voided, reminders, repeats)
    return InvoiceTrigger(tick, automatic, requested)
