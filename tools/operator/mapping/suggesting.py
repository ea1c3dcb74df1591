"""Suggested companies for unmapped organizations, accepted by a person and written at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape

from tools.operator.config_book import ConfigBook, Edit
from tools.operator.errors import Refused
from tools.operator.mapping.asking import confirmed
from tools.operator.mapping.batch_write import write_all
from tools.operator.mapping.entry import Kind, Line
from tools.operator.mapping.offers import Offer, offers
from tools.operator.mapping.one_by_one import Answer, Decision, decided
from tools.operator.mapping.overview import Overview, overview
from tools.operator.mapping.suggesting_view import show_offers
from tools.operator.mapping.vendor_lists import ListedCompany
from tools.operator.stack import Stack
from tools.operator.terminal import print_list


@dataclass(slots=True)
class Accepted:
    """What came of it, organizations by their names; `left` still need somebody.

    `exact` are those of them that may be accepted together.
    """

    mapped: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    exact: list[str] = field(default_factory=list)
    not_read: tuple[str, ...] = ()

    def text(self) -> str:
        """`3 mapped, 1 excluded, 2 still unmapped`."""
        mapped, excluded, left = len(self.mapped), len(self.excluded), len(self.left)
        return f"{mapped} mapped, {excluded} excluded, {left} still unmapped"


def accept_suggestions(
    stack: Stack,
    console: Console,
    *,
    exact_only: bool = False,
    yes: bool = False,
    dry_run: bool = False,
) -> Accepted:
    """Show suggestions, ask about the exact ones together (`yes` answers that) and the rest singly.

    Each answer is written before the next question, so stopping loses nothing. Where nobody
    answers, or with `dry_run`, it only shows. Raises `Refused` when a list cannot be read.
    """
    book = ConfigBook(stack.table("ConfigTable"), by=stack.caller())
    seen = overview(stack, book)
    if seen.lists.organizations is None or seen.lists.companies is None:
        raise Refused("; ".join(seen.not_read))
    found = offers(seen)
    show_offers(console, found, seen)
    exact = [offer for offer in found if offer.exact]
    accepted = Accepted(
        left=[offer.name for offer in found],
        exact=[offer.name for offer in exact],
        not_read=seen.not_read,
    )
    if dry_run or not found:
        return accepted
    asking = _Asking(book, console, seen, accepted)
    answer = asking.accept_together(exact, yes=yes) if exact else False
    if answer is not None and not exact_only:
        rest = [offer for offer in found if not (offer.exact and answer)]
        asking.accept_singly(rest, seen.lists.companies)
    return accepted


@dataclass(frozen=True, slots=True)
class _Asking:
    book: ConfigBook
    console: Console
    seen: Overview
    accepted: Accepted

    def accept_together(self, exact: Sequence[Offer], *, yes: bool) -> bool | None:
        """Whether the exact ones were accepted; None at the end of input."""
        answer = yes or confirmed(f"Accept the {len(exact)} exact ones?")
        if answer:
            lines = [offer.line(offer.suggestions[0].company.id, self.seen) for offer in exact]
            write_all(self.book, [Edit(None, self.book.signed(line.item())) for line in lines])
            for offer in exact:
                self._done(offer, self.accepted.mapped)
        return answer

    def accept_singly(self, rest: Sequence[Offer], companies: dict[int, ListedCompany]) -> None:
        """Ask about each, until somebody stops or input ends."""
        for at, offer in enumerate(rest, start=1):
            self.console.print(escape(f"\n{at} of {len(rest)}: {offer.title()}"))
            answer = decided(offer, companies, self.console)
            if answer.decision is Decision.STOP:
                return
            if answer.decision is not Decision.SKIP:
                self._write(offer, answer)

    def _write(self, offer: Offer, answer: Answer) -> None:
        if answer.decision is Decision.EXCLUDE:
            line = Line(Kind.ORGANIZATION, offer.id, offer.name, excluded=answer.reason)
        else:
            line = offer.line(answer.company_id, self.seen)
        try:
            self.book.write([Edit(None, self.book.signed(line.item()))])
        except Refused as error:
            print_list(self.console, "Not written", [error])
            return
        excluded = answer.decision is Decision.EXCLUDE
        self._done(offer, self.accepted.excluded if excluded else self.accepted.mapped)
        self.console.print(escape(f"Written: {line.called} → {line.means()}"))

    def _done(self, offer: Offer, to: list[str]) -> None:
        to.append(offer.name)
        self.accepted.left.remove(offer.name)
        if offer.exact:
            self.accepted.exact.remove(offer.name)
