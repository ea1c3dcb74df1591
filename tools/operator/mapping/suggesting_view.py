"""Suggestions on a terminal or in a pipe, and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from billing_sync.domain.wording import PRICES
from tools.operator.mapping.offers import Offer
from tools.operator.mapping.overview import Overview
from tools.operator.mapping.overview_view import money
from tools.operator.terminal import table


def show_offers(console: Console, offers: Sequence[Offer], seen: Overview) -> None:
    """All unmapped organizations with what is suggested for them."""
    if not offers:
        console.print("[bold]Every organization is mapped or excluded.[/]")
        return
    exact = sum(offer.exact for offer in offers)
    console.print(f"[bold]{len(offers)} unmapped, {exact} of them with an exact company[/]")
    console.print(escape(f"Units of {seen.counted.source()}. Money a cycle. {PRICES}"))
    columns = {"Organization": "fold", "Units": "fold", "Money": "right", "Company": "fold"}
    made = table("\nSuggestions", **columns, Grade="left", Why="fold")
    for offer in offers:
        left = [f"{offer.name} ({offer.id})", str(offer.standing.used), money(offer.standing)]
        for cells in _suggested(offer):
            made.add_row(*map(escape, [*left, *cells]))
            left = ["", "", ""]
    console.print(made)


def offers_as_json(offers: Sequence[Offer], seen: Overview) -> dict[str, Any]:
    """The suggestions as JSON has them."""
    return {
        "units_of": seen.counted.source(),
        "not_read": list(seen.not_read),
        "organizations": [
            {
                "id": offer.id,
                "name": offer.name,
                "units": dict(offer.standing.used.units),
                "bulk": offer.exact,
                "suggestions": [
                    {
                        "company_id": each.company.id,
                        "company": each.company.name,
                        "grade": each.grade.name.lower(),
                        "confidence": each.evidence.confidence,
                        "reason": each.evidence.reason,
                        "note": note,
                    }
                    for each, note in zip(offer.suggestions, offer.notes, strict=True)
                ],
            }
            for offer in offers
        ],
    }


def choices(offer: Offer) -> Iterator[str]:
    """The suggestions with the numbers to choose them by."""
    for number, (company, grade, reason) in enumerate(_cells(offer), start=1):
        yield f"  {number}  {company}  {grade}: {reason}"


def _suggested(offer: Offer) -> list[tuple[str, str, str]]:
    return list(_cells(offer)) or [("", "", "no company that is listed has a name like it")]


def _cells(offer: Offer) -> Iterator[tuple[str, str, str]]:
    """Company, grade and reason of each suggestion."""
    for suggestion, note in zip(offer.suggestions, offer.notes, strict=True):
        company, evidence = suggestion.company, suggestion.evidence
        grade = f"{suggestion.grade.name.lower()} {evidence.confidence}"
        reason = evidence.reason + (f"; {note}" if note else "")
        yield f"{company.name} ({company.id})", grade, reason
