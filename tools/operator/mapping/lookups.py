"""Look-ups for a change of one mapping, and warnings of what would block its units."""

from collections.abc import Iterator
from dataclasses import dataclass

from billing_sync.adapters.config.mappings import OrganizationItem
from tools.operator.config_book import ConfigBook
from tools.operator.errors import Refused
from tools.operator.mapping.broken import why_broken
from tools.operator.mapping.entry import Kind, Line
from tools.operator.mapping.resolve_names import organization_names, the_company, the_organization
from tools.operator.mapping.table import MappingTable
from tools.operator.mapping.vendor_lists import ListedCompany, Lists, lists
from tools.operator.stack import Stack


@dataclass(frozen=True, slots=True)
class Looked:
    """The table, and what the vendors list to choose from."""

    book: ConfigBook
    table: MappingTable
    lists: Lists

    @classmethod
    def at(cls, stack: Stack) -> "Looked":
        """Read all of it; a vendor that cannot be read is in `lists.not_read`."""
        book = ConfigBook(stack.table("ConfigTable"), by=stack.caller())
        return cls(book, MappingTable.read(book), lists(stack, with_prices=False))

    def organization(self, text: str) -> Line:
        """The organization, not mapped yet; raises `Refused` where it is none or several."""
        names = organization_names(self.lists, self.table)
        try:
            found = the_organization(text, names)
        except Refused as error:
            raise Refused("\n".join([str(error), *self.lists.not_read])) from error
        return Line(Kind.ORGANIZATION, found, names[found])

    def company(self, text: str, *, in_table: bool = False) -> ListedCompany:
        """The company; one that is `in_table` may be gone from ConnectWise."""
        if self.lists.companies is None and not in_table:
            raise Refused("\n".join(self.lists.not_read))
        companies = self.lists.companies or {}
        try:
            return companies[the_company(text, companies)]
        except Refused as error:
            if in_table and text.isascii() and text.isdecimal() and int(text) > 0:
                return ListedCompany(int(text), "")
            hint = "'billing-sync companies' lists those that ConnectWise shows."
            raise Refused(f"{error}\n{hint}") from error

    def units(self, line: Line) -> str:
        """What the organization uses by Huntress's list."""
        listed = (self.lists.organizations or {}).get(line.id)
        counts = [
            f"{count} {product}"
            for product, count in (listed.listed if listed else {}).items()
            if count
        ]
        return f"its units ({', '.join(counts)} by Huntress's list now)" if counts else "its units"


def warnings(looked: Looked, line: Line) -> Iterator[str]:
    """What would block the units on the next invoice."""
    mapping = OrganizationItem.model_validate(line.item()).value(line.id)
    changes = looked.lists.changes([mapping]).get(line.id, {})
    reason, _ = why_broken(mapping, changes, looked.lists)
    if reason:
        yield f"WARNING: {reason}. Until that is fixed, its units are blocked."
    rules = looked.table.companies.get(line.company_id)
    splits = rules.splits if rules else {}
    pinned = [product for product in splits if mapping.pin or product in mapping.additions]
    if pinned:
        products = ", ".join(pinned)
        yield f"WARNING: the company has a split of {products}, which goes with no pin: blocked."
