"""permission-check, put together."""

from billing_sync.adapters.config_table import ConfigTable
from billing_sync.adapters.ledger_checks import LedgerChecks
from billing_sync.adapters.ledger_table import LedgerTable
from billing_sync.compose.aws import table
from billing_sync.compose.connectwise import ConnectWiseAccess
from billing_sync.compose.huntress import HuntressAccess
from billing_sync.compose.invocation import Invocation
from billing_sync.flows.check import PermissionCheck
from billing_sync.settings import PermissionCheckSettings


def permission_check(settings: PermissionCheckSettings, invocation: Invocation) -> PermissionCheck:
    """Put the function together from its settings."""
    loopback = settings.allow_loopback == "1"
    return PermissionCheck(
        HuntressAccess(settings.huntress_secret, invocation=invocation, allow_loopback=loopback),
        ConnectWiseAccess(
            settings.connectwise_secret, invocation=invocation, allow_loopback=loopback
        ),
        ConfigTable(table(settings.config_table)),
        LedgerChecks(LedgerTable(table(settings.ledger_table))),
    )
