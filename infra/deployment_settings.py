"""The settings of a deployment: the context of cdk.json, validated."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from constructs import Node

RUNTIMES = ("python3.11", "python3.12", "python3.13")
ARCHITECTURES = ("x86_64", "arm64")
# CloudWatch Logs allows only certain numbers of days; these are the useful ones.
LOG_RETENTION_DAYS = (30, 90, 180, 365, 731, 1827, 3653)

# Function names have at most 64 characters, up to 17 of them after the stack's name.
_STACK_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class InvalidSettingError(ValueError):
    """A context value cannot be used; the message names it and the valid values."""

    def __init__(self, name: str, value: object, expected: str) -> None:
        super().__init__(
            f"Context value {name} is {value!r}, but must be {expected}. "
            f"Correct it in cdk.json, or pass -c {name}=… to cdk."
        )


@dataclass(frozen=True, slots=True)
class DeploymentSettings:
    """One deployment's settings; `sandbox` lets functions call vendors on this machine.

    `alarm_email` is `notification_email` where it is not given. `audit_trail` records in CloudTrail
    who invoked which function.
    """

    stack_name: str
    notification_email: str
    alarm_email: str
    watch_minutes: int
    runtime: str
    architecture: str
    log_retention_days: int
    report_retention_days: int
    customer_managed_key: bool
    audit_trail: bool
    sandbox: bool

    @classmethod
    def from_context(cls, node: Node) -> DeploymentSettings:
        """The settings in an app's context. Raises InvalidSettingError."""
        return cls(
            stack_name=_text(node, "stack_name", _STACK_NAME, "1 to 40 letters, digits and dashes"),
            notification_email=_email(node, "notification_email"),
            alarm_email=_email(node, "alarm_email") or _email(node, "notification_email"),
            # An alarm needs at least one look at Huntress in each hour.
            watch_minutes=_whole_number(node, "watch_minutes", lowest=1, highest=60),
            runtime=_choice(node, "runtime", RUNTIMES),
            architecture=_choice(node, "architecture", ARCHITECTURES),
            log_retention_days=int(
                _choice(node, "log_retention_days", [str(days) for days in LOG_RETENTION_DAYS])
            ),
            report_retention_days=_whole_number(
                node, "report_retention_days", lowest=30, highest=36500
            ),
            customer_managed_key=_yes_or_no(node, "customer_managed_key"),
            audit_trail=_yes_or_no(node, "audit_trail"),
            sandbox=_yes_or_no(node, "sandbox"),
        )


def _given(node: Node, name: str) -> object:
    """The value in its JSON type, or a string when it came by `-c name=value`."""
    value = node.try_get_context(name)
    if value is None:
        raise InvalidSettingError(name, value, "given")
    return value


def _text(node: Node, name: str, pattern: re.Pattern[str], expected: str) -> str:
    value = _given(node, name)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise InvalidSettingError(name, value, expected)
    return value


def _email(node: Node, name: str) -> str:
    return (
        ""
        if _given(node, name) == ""
        else _text(node, name, _EMAIL, "one e-mail address, or empty")
    )


def _whole_number(node: Node, name: str, *, lowest: int, highest: int) -> int:
    value = str(_given(node, name)).removesuffix(".0")
    if not re.fullmatch(r"[0-9]{1,6}", value) or not lowest <= int(value) <= highest:
        raise InvalidSettingError(name, value, f"a whole number from {lowest} to {highest}")
    return int(value)


def _choice(node: Node, name: str, allowed: Collection[str]) -> str:
    value = str(_given(node, name)).removesuffix(".0")
    if value not in allowed:
        raise InvalidSettingError(name, value, "one of " + ", ".join(allowed))
    return value


def _yes_or_no(node: Node, name: str) -> bool:
    value = str(_given(node, name)).lower()
    if value not in {"true", "false"}:
        raise InvalidSettingError(name, value, "true or false")
    return value == "true"
