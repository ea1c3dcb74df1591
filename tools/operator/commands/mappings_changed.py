"""`billing-sync mappings set`, `exclude`, `not-billed`, `remove`: one mapping at a time."""

from collections.abc import Iterator
from dataclasses import dataclass

import click
from rich.markup import escape

from billing_sync.adapters.config_items import OrganizationItem
from billing_sync.domain.usage import Product
from tools.operator.asking import agree
from tools.operator.config_book import ConfigBook
from tools.operator.errors import Refused
from tools.operator.mapping import changing
from tools.operator.mapping.broken import why_broken
from tools.operator.mapping.changing import (
    Choice,
    left_behind,
    removed,
    replaced,
    shared_with,
)
from tools.operator.mapping.choosing import (
    organization_names,
    the_agreement,
    the_company,
    the_organization,
    the_type,
)
from tools.operator.mapping.line import Kind, Line
from tools.operator.mapping.listed import ListedCompany, Lists, lists
from tools.operator.mapping.table import MappingTable
from tools.operator.options import of_a_stack
from tools.operator.stack import Stack
from tools.operator.terminal import say, terminal

YES = click.option("--yes", is_flag=True, help="Do not ask.")
REASON = click.option("--reason", required=True, metavar="WHY", help="Stands in every report.")


@dataclass(frozen=True, slots=True)
class _Looked:
    """The table and what the vendors list."""

    book: ConfigBook
    table: MappingTable
    lists: Lists

    @classmethod
    def at(cls, stack: Stack) -> "_Looked":
        book = ConfigBook(stack.table("ConfigTable"), by=stack.caller())
        return cls(book, MappingTable.read(book), lists(stack, with_prices=False))

    def organization(self, said: str) -> Line:
        """The organization, not mapped yet; raises `Refused` where it is none or several."""
        names = organization_names(self.lists, self.table)
        try:
            found = the_organization(said, names)
        except Refused as error:
            raise Refused("\n".join([str(error), *self.lists.not_read])) from error
        return Line(Kind.ORGANIZATION, found, names[found])

    def company(self, said: str, *, force: bool = False) -> ListedCompany:
        """The company; `force` takes an id that ConnectWise's list does not have."""
        if self.lists.companies is None and not force:
            raise Refused("\n".join(self.lists.not_read))
        companies = self.lists.companies or {}
        try:
            return companies[the_company(said, companies)]
        except Refused as error:
            if force and said.isascii() and said.isdecimal() and int(said) > 0:
                return ListedCompany(int(said), "")
            told = "Only companies with an Active agreement are listed."
            raise Refused(f"{error}\n{told}") from error

    def units(self, line: Line) -> str:
        """What the organization uses by Huntress's list."""
        listed = (self.lists.organizations or {}).get(line.id)
        told = [
            f"{count} {product}"
            for product, count in (listed.listed if listed else {}).items()
            if count
        ]
        return f"its units ({', '.join(told)} by Huntress's list now)" if told else "its units"


@click.command("set")
@click.argument("organization")
@click.argument("company")
@click.option("--agreement", type=click.IntRange(min=1), metavar="ID", help="Bill this one only.")
@click.option("--agreement-type", metavar="NAME", help="Bill agreements of this type only.")
@click.option("--force", is_flag=True, help="Take any company id, listed or not.")
@YES
@of_a_stack
def set_mapping(
    *, stack: Stack, organization: str, company: str, agreement: int | None,
    agreement_type: str | None, force: bool, yes: bool,
) -> None:  # fmt: skip
    """Map an organization to a company, both by id or by their whole name.

    A pin says on which of the company's agreements; without one there is none.

    Example: billing-sync mappings set "Alder Finch" 301 --agreement 3010
    """
    if agreement and agreement_type:
        raise click.UsageError("--agreement and --agreement-type are two pins: give one of them.")
    looked = _Looked.at(stack)
    ours, theirs = looked.organization(organization), looked.company(company, force=force)
    line = Line(
        Kind.ORGANIZATION,
        ours.id,
        ours.name,
        theirs.id,
        theirs.name,
        agreement_id=the_agreement(agreement, theirs).id if agreement else 0,
        agreement_type=the_type(agreement_type, theirs) if agreement_type else "",
    )
    follows = (
        f"On the next invoice {looked.units(line)} are billed to {theirs.name or 'company'}"
        f" ({theirs.id}).",
        *shared_with(looked.table, line.id, theirs.id),
        *left_behind(looked.table, line.id, theirs.id),
        *_warnings(looked, line),
    )
    _ask_and_write(looked.book, replaced(looked.table, line, *follows), yes=yes)


@click.command()
@click.argument("organization")
@REASON
@YES
@of_a_stack
def exclude(*, stack: Stack, organization: str, reason: str, yes: bool) -> None:
    """Bill an organization to nobody, and say why.

    Example: billing-sync mappings exclude "Lab" --reason "our own machines"
    """
    looked = _Looked.at(stack)
    ours = looked.organization(organization)
    line = Line(Kind.ORGANIZATION, ours.id, ours.name, excluded=_said(reason))
    follows = (
        f"On the next invoice {looked.units(line)} are billed to nobody, and count as excluded."
    )
    choice = replaced(looked.table, line, follows, *left_behind(looked.table, line.id))
    _ask_and_write(looked.book, choice, yes=yes)


@click.command("not-billed")
@click.argument("company")
@click.argument("product", type=click.Choice([each.value for each in Product]))
@click.option("--reason", metavar="WHY", help="Stands in every report.")
@click.option("--billed", is_flag=True, help="Take it back.")
@YES
@of_a_stack
def not_billed(
    *, stack: Stack, company: str, product: str, reason: str | None, billed: bool, yes: bool
) -> None:
    """Leave one product of a company out of billing, and say why.

    Example: billing-sync mappings not-billed 301 sat --reason "in the seat price"
    """
    if billed == (reason is not None):
        raise click.UsageError("give --reason WHY, or --billed to bill it again.")
    looked = _Looked.at(stack)
    theirs = looked.company(company, force=_has_rules(looked.table, company))
    why = "" if billed else _said(reason or "")
    choice = changing.not_billed(looked.table, theirs.id, theirs.name, Product(product), reason=why)
    _ask_and_write(looked.book, choice, yes=yes)


@click.command()
@click.argument("organization")
@YES
@of_a_stack
def remove(*, stack: Stack, organization: str, yes: bool) -> None:
    """Take an organization's mapping away: it is unmapped then.

    Example: billing-sync mappings remove 101
    """
    looked = _Looked.at(stack)
    line = looked.organization(organization)
    follows = (
        f"On the next invoice {looked.units(line)} count as unmapped: every report shows them, and"
        " nobody is billed.",
        *left_behind(looked.table, line.id),
    )
    _ask_and_write(looked.book, removed(looked.table, line, *follows), yes=yes)


def _ask_and_write(book: ConfigBook, choice: Choice, *, yes: bool) -> None:
    console = terminal()
    console.print(escape(f"{choice.title}: {choice.before} → {choice.after}"), soft_wrap=True)
    if not choice.changes:
        console.print("It is so already; nothing was written.")
        return
    say(console, "What follows", choice.follows)
    agree("\nWrite this?", yes=yes)
    choice.write(book)
    console.print("Written.")


def _warnings(looked: _Looked, line: Line) -> Iterator[str]:
    """What would block the units on the next invoice."""
    mapping = OrganizationItem.model_validate(line.item()).value(line.id)
    reason, _ = why_broken(mapping, looked.lists)
    if reason:
        yield f"WARNING: {reason}. Until that is mended, its units are blocked."
    rules = looked.table.companies.get(line.company_id)
    if mapping.pin and rules and rules.splits:
        products = ", ".join(rules.splits)
        yield f"WARNING: the company has a split of {products}, which goes with no pin: blocked."


def _has_rules(table: MappingTable, said: str) -> bool:
    return said.isdecimal() and int(said) in table.companies


def _said(reason: str) -> str:
    if not reason.strip():
        raise click.UsageError("--reason is empty: say why, for whoever reads the report.")
    return reason.strip()
