"""The answer of a command for another program: one JSON object on standard output."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import click

from billing_sync.domain.schema_versions import with_version


def print_answer(answer: Mapping[str, Any]) -> None:
    """Print the answer with its `schema_version`."""
    click.echo(as_text(with_version(answer)), nl=False)


def as_text(answer: Mapping[str, Any]) -> str:
    """JSON that a person can read and edit."""
    return json.dumps(answer, indent=2, ensure_ascii=False, default=plain) + "\n"


def plain(value: Any) -> Any:
    """A decimal of DynamoDB as a number; anything else that JSON does not know as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
