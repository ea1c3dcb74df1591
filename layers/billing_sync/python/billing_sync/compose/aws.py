"""The AWS clients of a function: created on first use, once per container."""

from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


@cache
def client(service: str) -> Any:
    """The container's client of one service."""
    return boto3.client(service)  # type: ignore[call-overload]


@cache
def table(name: str) -> "Table":
    """The container's handle of one table."""
    return boto3.resource("dynamodb").Table(name)
