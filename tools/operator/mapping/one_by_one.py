"""One organization at a time: which company, none, or later."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from rich.console import Console
from rich.markup import escape

from tools.operator.mapping.asking import chosen, worded
from tools.operator.mapping.offers import Offer
from tools.operator.mapping.resolve_names import MOST_SHOWN, searched
from tools.operator.mapping.suggesting_view import choices
from tools.operator.mapping.vendor_lists import ListedCompany

_LETTERS = {
    "o": "other company",
    "x": "exclude",
    "s": "skip",
    "q": "stop",
}


class Decision(Enum):
    """What a person decides about an organization."""

    MAP = auto()
    EXCLUDE = auto()
    SKIP = auto()
    STOP = auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision with its company or its reason."""

    decision: Decision
    company_id: int = 0
    reason: str = ""


def decided(offer: Offer, companies: Mapping[int, ListedCompany], console: Console) -> Answer:
    """Ask until there is a decision; at the end of input it is to stop."""
    for line in choices(offer):
        console.print(escape(line))
    numbers = {
        str(at): suggestion.company.id for at, suggestion in enumerate(offer.suggestions, start=1)
    }
    while True:
        match chosen("Company", {**dict.fromkeys(numbers, ""), **_LETTERS}):
            case "x":
                answer = _exclusion()
            case "o":
                answer = _other(companies, console)
            case "s":
                answer = Answer(Decision.SKIP)
            case number if number in numbers:
                answer = Answer(Decision.MAP, company_id=numbers[number])
            case _:
                answer = Answer(Decision.STOP)
        if answer is not None:
            return answer


def _exclusion() -> Answer | None:
    reason = worded("Why is it not billed (empty: back)")
    return Answer(Decision.EXCLUDE, reason=reason) if reason else None


def _other(companies: Mapping[int, ListedCompany], console: Console) -> Answer | None:
    text = worded("Part of the company's name, its identifier or id (empty: back)")
    found = searched(text, companies.values())
    for number, company in enumerate(found[:MOST_SHOWN], start=1):
        console.print(
            escape(f"  {number}  {company.name} ({company.id}) {company.identifier}"),
            soft_wrap=True,
        )
    if not found:
        console.print(escape(f"No company has {text!r} in its name." if text else "Back."))
        return None
    if len(found) > MOST_SHOWN:
        console.print(f"  and {len(found) - MOST_SHOWN} more: say more of the name")
    numbers = {str(at): company.id for at, company in enumerate(found[:MOST_SHOWN], start=1)}
    picked = chosen("Company", {**dict.fromkeys(numbers, ""), "b": "back"})
    return Answer(Decision.MAP, company_id=numbers[picked]) if picked in numbers else None
