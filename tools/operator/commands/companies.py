"""`billing-sync companies`: ConnectWise's companies, their agreements, who is mapped to them."""

from collections.abc import Iterable, Sequence
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from billing_sync.domain.config.mappings import OrganizationMapping
from tools.operator.answer import print_answer
from tools.operator.config_book import ConfigBook
from tools.operator.mapping.resolve_names import searched
from tools.operator.mapping.table import MappingTable
from tools.operator.mapping.vendor_lists import ListedAgreement, ListedCompany
from tools.operator.mapping.vendor_lists import companies as read_companies
from tools.operator.options import as_json, of_a_stack
from tools.operator.stack import Stack
from tools.operator.terminal import table, terminal

Mapped = dict[int, list[OrganizationMapping]]
NOT_ACTIVE = "no Active agreement"


@click.command()
@click.option("--search", default="", metavar="TEXT", help="Part of a name or identifier; an id.")
@as_json
@of_a_stack
def companies(*, stack: Stack, search: str, as_json: bool) -> None:
    """List companies with their agreements and the organizations mapped to them.

    Companies without an Active agreement are included and marked. One that never had an agreement
    is listed where the API member's role has Companies > Company Maintenance: Inquire All.

    Example: billing-sync companies --search saltmarsh
    """
    found = read_companies(stack).values()
    mappings = MappingTable.read(ConfigBook(stack.table("ConfigTable"), by=stack.caller()))
    mapped = _by_company(mappings.organizations.values())
    chosen = searched(search, found) if search else sorted(found, key=_by_name)
    if as_json:
        print_answer({"companies": [_as_json(each, mapped) for each in chosen]})
    else:
        _show(terminal(), chosen, mapped)


def _show(console: Console, companies: Sequence[ListedCompany], mapped: Mapped) -> None:
    made = table("", Id="right", Company="fold", Agreements="fold", Organizations="fold")
    for company in companies:
        marked = [] if company.active else [NOT_ACTIVE]
        agreements = [*marked, *map(_agreement, company.agreements)]
        organizations = [_organization(each) for each in mapped.get(company.id, [])]
        cells = ("\n".join(agreements), "\n".join(organizations))
        made.add_row(str(company.id), escape(company.name), *map(escape, cells))
    console.print(made)
    without = sum(not company.active for company in companies)
    console.print(f"{len(companies)} companies, {without} of them with {NOT_ACTIVE}.")


def _as_json(company: ListedCompany, mapped: Mapped) -> dict[str, Any]:
    return {
        "id": company.id,
        "name": company.name,
        "identifier": company.identifier,
        "active": company.active,
        "agreements": [
            {"id": a.id, "name": a.name, "type": a.type, "status": a.status, "why_not": a.why_not}
            for a in company.agreements
        ],
        "organizations": [
            {"id": each.organization_id, "name": each.organization_name}
            for each in mapped.get(company.id, [])
        ],
    }


def _agreement(agreement: ListedAgreement) -> str:
    why = f": {agreement.why_not}" if agreement.why_not else ""
    return f"{agreement.id} {agreement.name} ({agreement.type}){why}"


def _by_company(mappings: Iterable[OrganizationMapping]) -> Mapped:
    found: Mapped = {}
    for mapping in mappings:
        if mapping.company_id is not None:
            found.setdefault(mapping.company_id, []).append(mapping)
    return found


def _organization(mapping: OrganizationMapping) -> str:
    return f"{mapping.organization_name or 'organization'} ({mapping.organization_id})"


def _by_name(company: ListedCompany) -> tuple[str, int]:
    return company.name.casefold(), company.id
