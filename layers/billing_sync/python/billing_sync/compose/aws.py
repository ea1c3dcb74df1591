"""The AWS clients of a function: created on first use, once per container."""

from functools import cache
from typing import Any

import boto3

from billing_sync.adapters.ledger.table import LedgerTable


@cache
def client(service: str) -> Any:
    """The container's client of one service."""
    return boto3.client(service)  # type: ignore[call-overload]


def table(name: str) -> LedgerTable:
    """One of the stack's tables."""
    return LedgerTable(client("dynamodb"), name)
