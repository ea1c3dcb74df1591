"""Suggestions on a terminal or in a pipe, and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from tools.operator.mapping.offers import Offer
from tools.operator.mapping.overview import Overview
from tools.operator.mapping.overview_view import money
from tools.operator.terminal import table


def show_offers(console: Console, offers: Sequence[Offer], seen: Overview) -> None:
    """All unmapped organizations with what is suggested for them."""
    if not offers:
        console.print("[bold]Every organization is mapped or excluded.[/]")
        return
    exact = sum(one.exact for one in offers)
    console.print(f"[bold]{len(offers)} unmapped, {exact} of them with an exact company[/]")
    console.print(escape(f"Units of {seen.counted.told()}. Money a cycle, at catalog prices."))
    columns = {"Organization": "fold", "Units": "fold", "Money": "right", "Company": "fold"}
    made = table("\nSuggestions", **columns, Grade="left", Why="fold")
    for one in offers:
        left = [f"{one.name} ({one.id})", str(one.standing.used), money(one.standing)]
        for cells in _suggested(one):
            made.add_row(*map(escape, [*left, *cells]))
            left = ["", "", ""]
    console.print(made)


def as_told(offers: Sequence[Offer], seen: Overview) -> dict[str, Any]:
    """The suggestions as JSON has them."""
    return {
        "units_of": seen.counted.told(),
        "not_read": list(seen.not_read),
        "organizations": [
            {
                "id": one.id,
                "name": one.name,
                "units": dict(one.standing.used.units),
                "bulk": one.exact,
                "suggestions": [
                    {
                        "company_id": each.company.id,
                        "company": each.company.name,
                        "grade": each.grade.name.lower(),
                        "confidence": each.evidence.confidence,
                        "reason": each.evidence.reason,
                        "note": note,
                    }
                    for each, note in zip(one.suggestions, one.notes, strict=True)
                ],
            }
            for one in offers
        ],
    }


def choices(offer: Offer) -> Iterator[str]:
    """The suggestions with the numbers to choose them by."""
    for number, (one, note) in enumerate(zip(offer.suggestions, offer.notes, strict=True), 1):
        told = f"{one.grade.name.lower()} {one.evidence.confidence}: {one.evidence.reason}"
        yield f"  {number}  {one.company.name} ({one.company.id})  {told}{note and f'; {note}'}"


def _suggested(offer: Offer) -> Iterator[list[str]]:
    if not offer.suggestions:
        yield ["", "", "no company has a name like it"]
    for one, note in zip(offer.suggestions, offer.notes, strict=True):
        why = one.evidence.reason + (f"; {note}" if note else "")
        grade = f"{one.grade.name.lower()} {one.evidence.confidence}"
        yield [f"{one.company.name} ({one.company.id})", grade, why]
