"""permission-check, composed."""

from dataclasses import dataclass

from billing_sync.adapters.aws.bus import EventBus
from billing_sync.adapters.aws.notices import NoticeTopic
from billing_sync.adapters.config.table import ConfigTable
from billing_sync.adapters.ledger.audience import LedgerAudience
from billing_sync.adapters.ledger.checks import LedgerChecks
from billing_sync.adapters.ledger.effects import LedgerEffects
from billing_sync.compose.aws import client, table
from billing_sync.compose.connectwise import ConnectWiseAccess
from billing_sync.compose.huntress import HuntressAccess
from billing_sync.compose.invocation import Invocation, now
from billing_sync.flows.checks.permission_check import PermissionCheck
from billing_sync.flows.operator.addition_choices import AdditionChoices
from billing_sync.flows.operator.choices import Lists
from billing_sync.settings import PermissionCheckSettings


@dataclass(frozen=True, slots=True)
class Composed:
    """The checks, and the lists to choose from."""

    check: PermissionCheck
    lists: Lists


def permission_check(settings: PermissionCheckSettings, invocation: Invocation) -> Composed:
    """Compose the function from its settings."""
    loopback = settings.allow_loopback == "1"
    huntress = HuntressAccess(
        settings.huntress_secret, invocation=invocation, allow_loopback=loopback
    )
    connectwise = ConnectWiseAccess(
        settings.connectwise_secret, invocation=invocation, allow_loopback=loopback
    )
    config = ConfigTable(table(settings.config_table))
    sns = client("sns")
    ledger = table(settings.ledger_table)
    return Composed(
        PermissionCheck(
            huntress,
            connectwise,
            config,
            LedgerEffects(ledger),
            NoticeTopic(sns, arn=settings.topic_arn),
            NoticeTopic(sns, arn=settings.alarm_topic_arn),
            LedgerAudience(ledger),
            LedgerChecks(ledger),
            EventBus(client("events"), name=settings.bus_name),
            now,
        ),
        Lists(huntress, connectwise, AdditionChoices(connectwise, config, now), config, now),
    )
