"""What each function is given: its environment variables, one dataclass per function."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

from billing_sync.domain.errors import NotConfigured

Settings = TypeVar("Settings")


@dataclass(frozen=True, slots=True)
class InvoiceTriggerSettings:
    """`allow_loopback` is "1" only in the sandbox, where the vendors answer on this machine."""

    config_table: str
    ledger_table: str
    queue_url: str
    bus_name: str
    huntress_secret: str
    connectwise_secret: str
    allow_loopback: str = ""


@dataclass(frozen=True, slots=True)
class CompanySyncSettings:
    """No config table and no Huntress: what it needs to know is in the ledger."""

    ledger_table: str
    queue_url: str
    bus_name: str
    connectwise_secret: str
    allow_loopback: str = ""


@dataclass(frozen=True, slots=True)
class PermissionCheckSettings:
    """It reads both vendors and the config table, and writes only its own check items."""

    config_table: str
    ledger_table: str
    bus_name: str
    topic_arn: str
    alarm_topic_arn: str
    huntress_secret: str
    connectwise_secret: str
    allow_loopback: str = ""


@dataclass(frozen=True, slots=True)
class TestSyncSettings:
    """No vendor secret: it asks, others do."""

    ledger_table: str
    bus_name: str


@dataclass(frozen=True, slots=True)
class RunReportSettings:
    """Where reports go."""

    ledger_table: str
    report_bucket: str
    topic_arn: str


def from_environment(kind: type[Settings], environment: Mapping[str, str]) -> Settings:
    """Read a function's settings; raises `NotConfigured` naming every variable that is missing."""
    given = {f.name: environment.get(f.name.upper(), "") for f in fields(kind)}  # type: ignore[arg-type]
    missing = [n.upper() for n, value in given.items() if not value and n != "allow_loopback"]
    if missing:
        raise NotConfigured(
            f"environment variables {', '.join(missing)} are missing; deploy the stack again"
        )
    return kind(**given)
