"""`billing-sync mappings set`, `exclude`, `not-billed`, …: one mapping at a time."""

import click
from rich.markup import escape

from billing_sync.domain.config.mappings import Absent
from billing_sync.domain.vendors.usage import Product
from tools.operator.answer import print_answer
from tools.operator.asking import agree, needs_yes
from tools.operator.config_book import ConfigBook
from tools.operator.mapping.edit import (
    NOT_BILLED,
    NOT_CHARGED,
    Choice,
    Exemption,
    exempted,
    left_behind,
    pinned_company,
    pinned_organization,
    removed,
    replaced,
    rules_of,
    settled,
    shared_with,
)
from tools.operator.mapping.entry import Kind, Line
from tools.operator.mapping.lookups import Looked, warnings
from tools.operator.mapping.resolve_names import the_addition, the_agreement, the_type
from tools.operator.mapping.table import MappingTable
from tools.operator.mapping.vendor_lists import additions
from tools.operator.options import as_json, of_a_stack
from tools.operator.stack import Stack
from tools.operator.terminal import print_list, terminal

UNKNOWN = "unknown"
YES = click.option("--yes", is_flag=True, help="Do not ask.")
REASON = click.option("--reason", required=True, metavar="WHY", help="Shown in every report.")


@click.command("set")
@click.argument("organization")
@click.argument("company")
@click.option("--agreement", type=click.IntRange(min=1), metavar="ID", help="Bill this one only.")
@click.option("--agreement-type", metavar="NAME", help="Bill agreements of this type only.")
@YES
@as_json
@of_a_stack
def set_mapping(
    *, stack: Stack, organization: str, company: str, agreement: int | None,
    agreement_type: str | None, yes: bool, as_json: bool,
) -> None:  # fmt: skip
    """Map an organization to a company, both by id or by their whole name.

    A pin says on which of the company's agreements; without one there is none.

    Example: billing-sync mappings set "Alder Finch" 301 --agreement 3010
    """
    if agreement and agreement_type:
        raise click.UsageError("--agreement and --agreement-type are two pins: give one of them.")
    looked = Looked.at(stack)
    organization_line, listed_company = (
        looked.organization(organization),
        looked.company(company),
    )
    line = Line(
        Kind.ORGANIZATION,
        organization_line.id,
        organization_line.name,
        listed_company.id,
        listed_company.name,
        agreement_id=the_agreement(agreement, listed_company).id if agreement else 0,
        agreement_type=the_type(agreement_type, listed_company) if agreement_type else "",
        rules=rules_of(looked.table, organization_line, company_id=listed_company.id),
    )
    consequences = (
        f"On the next invoice {looked.units(line)} are billed to {listed_company.name or 'company'}"
        f" ({listed_company.id}).",
        *shared_with(looked.table, line.id, listed_company.id),
        *left_behind(looked.table, line.id, listed_company.id),
        *warnings(looked, line),
    )
    _ask_and_write(
        looked.book, replaced(looked.table, line, *consequences), yes=yes, as_json=as_json
    )


@click.command()
@click.argument("organization")
@REASON
@YES
@as_json
@of_a_stack
def exclude(*, stack: Stack, organization: str, reason: str, yes: bool, as_json: bool) -> None:
    """Exclude an organization from billing, with a reason.

    Example: billing-sync mappings exclude "Lab" --reason "our own machines"
    """
    looked = Looked.at(stack)
    organization_line = looked.organization(organization)
    line = Line(
        Kind.ORGANIZATION,
        organization_line.id,
        organization_line.name,
        excluded=_checked_reason(reason),
    )
    consequences = (
        f"On the next invoice {looked.units(line)} are billed to nobody, and count as excluded."
    )
    choice = replaced(looked.table, line, consequences, *left_behind(looked.table, line.id))
    _ask_and_write(looked.book, choice, yes=yes, as_json=as_json)


@click.command("not-billed")
@click.argument("company")
@click.argument("product", type=click.Choice([each.value for each in Product]))
@click.option("--reason", metavar="WHY", help="Shown in every report.")
@click.option("--billed", is_flag=True, help="Bill it again.")
@YES
@as_json
@of_a_stack
def not_billed(
    *, stack: Stack, company: str, product: str, reason: str | None, billed: bool, yes: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Leave one product of a company out of billing, and say why.

    Example: billing-sync mappings not-billed 301 sat --reason "in the seat price"
    """
    if billed == (reason is not None):
        raise click.UsageError("give --reason WHY, or --billed to bill it again.")
    why = "" if billed else _checked_reason(reason or "")
    _exempt(NOT_BILLED, stack, company, product, reason=why, yes=yes, as_json=as_json)


@click.command("not-charged")
@click.argument("company")
@click.argument("product", type=click.Choice([each.value for each in Product]))
@click.option("--reason", metavar="WHY", help="Shown in every report.")
@click.option("--charged", is_flag=True, help="Do not accept it any more.")
@YES
@as_json
@of_a_stack
def not_charged(
    *, stack: Stack, company: str, product: str, reason: str | None, charged: bool, yes: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Accept that a company's additions of a product charge nothing, and say why.

    The quantity is still kept up to date. Without it, each run reports the units as not charged.

    Example: billing-sync mappings not-charged 301 edr --reason "charity"
    """
    if charged == (reason is not None):
        raise click.UsageError("give --reason WHY, or --charged to accept it no more.")
    why = "" if charged else _checked_reason(reason or "")
    _exempt(NOT_CHARGED, stack, company, product, reason=why, yes=yes, as_json=as_json)


@click.command()
@click.argument("organization")
@click.argument("product", type=click.Choice([each.value for each in Product]))
@click.option(
    "--as",
    "reason",
    required=True,
    type=click.Choice([*(each.value for each in Absent), UNKNOWN]),
    help="Why Huntress gives no count.",
)
@YES
@as_json
@of_a_stack
def absent(
    *, stack: Stack, organization: str, product: str, reason: str, yes: bool, as_json: bool
) -> None:
    """Say why Huntress gives no count of a product for an organization.

    It applies while there is no count. "unknown" removes what was said before.

    Example: billing-sync mappings absent 101 sat --as "not used"
    """
    looked = Looked.at(stack)
    line = looked.organization(organization)
    why = None if reason == UNKNOWN else Absent(reason)
    choice = settled(looked.table, line, Product(product), why)
    _ask_and_write(looked.book, choice, yes=yes, as_json=as_json)


@click.command()
@click.argument("organization")
@YES
@as_json
@of_a_stack
def remove(*, stack: Stack, organization: str, yes: bool, as_json: bool) -> None:
    """Take an organization's mapping away: it is unmapped then.

    Example: billing-sync mappings remove 101
    """
    looked = Looked.at(stack)
    line = looked.organization(organization)
    consequences = (
        f"On the next invoice {looked.units(line)} count as unmapped: every report shows them, and"
        " nobody is billed.",
        *left_behind(looked.table, line.id),
    )
    _ask_and_write(
        looked.book, removed(looked.table, line, *consequences), yes=yes, as_json=as_json
    )


@click.command()
@click.argument("company")
@click.argument("product", type=click.Choice([each.value for each in Product]))
@click.option("--addition", type=click.IntRange(min=1), metavar="ID", help="Bill this one only.")
@click.option("--organization", help="For this organization only, by id or name.")
@click.option("--none", "unpinned", is_flag=True, help="Remove the pin.")
@YES
@as_json
@of_a_stack
def pin(
    *, stack: Stack, company: str, product: str, addition: int | None, organization: str | None,
    unpinned: bool, yes: bool, as_json: bool,
) -> None:  # fmt: skip
    """Bill a product of a company through one addition, where several are active.

    It applies to all organizations of the company, or to one of them. An addition may be pinned
    before its first day, if it is active on the agreement's next invoice.

    Example: billing-sync mappings pin 301 edr --addition 301002
    """
    if unpinned == (addition is not None):
        raise click.UsageError("give --addition ID, or --none to remove the pin.")
    looked = Looked.at(stack)
    listed_company = looked.company(company, in_table=_has_rules(looked.table, company))
    company_id, name = listed_company.id, listed_company.name
    if addition:
        the_addition(addition, product, additions(stack, company_id))
    of, pinned_to = Product(product), addition or 0
    if organization:
        line = looked.organization(organization)
        choice = pinned_organization(looked.table, line, of, pinned_to, company_id=company_id)
    else:
        choice = pinned_company(looked.table, company_id, name, of, pinned_to)
    _ask_and_write(looked.book, choice, yes=yes, as_json=as_json)


def _exempt(
    exemption: Exemption, stack: Stack, company: str, product: str, *, reason: str, yes: bool,
    as_json: bool,
) -> None:  # fmt: skip
    looked = Looked.at(stack)
    listed_company = looked.company(company, in_table=_has_rules(looked.table, company))
    choice = exempted(
        exemption,
        looked.table,
        listed_company.id,
        listed_company.name,
        Product(product),
        reason=reason,
    )
    _ask_and_write(looked.book, choice, yes=yes, as_json=as_json)


def _ask_and_write(book: ConfigBook, choice: Choice, *, yes: bool, as_json: bool) -> None:
    needs_yes(as_json=as_json, yes=yes)
    console = terminal(aside=as_json)
    console.print(escape(f"{choice.title}: {choice.before} → {choice.after}"), soft_wrap=True)
    if choice.changes:
        print_list(console, "What follows", choice.consequences)
        agree("\nWrite this?", yes=yes)
        choice.write(book)
    console.print("Written." if choice.changes else "No change: already set.")
    if as_json:
        print_answer(choice.as_json())


def _has_rules(table: MappingTable, company: str) -> bool:
    return company.isdecimal() and int(company) in table.companies


def _checked_reason(reason: str) -> str:
    if not reason.strip():
        raise click.UsageError("--reason is empty: say why, for whoever reads the report.")
    return reason.strip()
