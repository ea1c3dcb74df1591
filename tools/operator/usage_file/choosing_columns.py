"""Asking a person what the file's columns are."""

import click

from billing_sync.domain.vendors.usage import Product
from tools.operator.usage_file.asking import prompted
from tools.operator.usage_file.columns import EXAMPLE, Columns
from tools.operator.usage_file.document import Document

_NONE = "-"


def ask_columns(document: Document) -> Columns:
    """The columns as a person who sees the heading and the first line names them."""
    click.echo(f"Columns of {document.name}, with the first line's values:", err=True)
    first = zip(document.heading, document.lines[0].cells, strict=True)
    for number, (column, cell) in enumerate(first, start=1):
        click.echo(f"  {number}  {column}: {cell}", err=True)
    organization = prompted(
        "Which column is the organization (name or number)",
        lambda answer: _column(answer, document),
        option=EXAMPLE,
    )
    units: dict[str, Product] = {}
    for product in Product:
        chosen = prompted(
            f"Which columns are units of {product} (several with commas, {_NONE} for none)",
            lambda answer: _columns(answer, document),
            option=EXAMPLE,
        )
        units |= dict.fromkeys(chosen, product)
    if not units or organization in units:
        raise click.UsageError(
            "columns of units are needed, and the organization's is none of them; begin again, or"
            f" give {EXAMPLE}"
        )
    return Columns(organization, units)


def _columns(answer: str, document: Document) -> list[str]:
    if answer.strip() == _NONE:
        return []
    whole = answer.strip() in document.heading  # its name may have a comma
    return [_column(each, document) for each in ([answer] if whole else answer.split(","))]


def _column(answer: str, document: Document) -> str:
    """A column by its name or its number."""
    text = answer.strip()
    if text in document.heading:
        return text
    if text.isdecimal() and 0 < int(text) <= len(document.heading):
        return document.heading[int(text) - 1]
    raise click.UsageError(f"'{text}' is no column of {document.name}")
