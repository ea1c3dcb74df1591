"""The mappings in the table; a wrong one is reported and hides no other."""

from dataclasses import dataclass, field

from pydantic import ValidationError

from billing_sync.adapters.config.mappings import CompanyItem, OrganizationItem
from billing_sync.adapters.config.table import complaints
from billing_sync.adapters.ledger.items import Item
from billing_sync.domain.config.mappings import CompanyRules, OrganizationMapping
from tools.operator.config_book import ConfigBook
from tools.operator.mapping.entry import PARTITION, Kind, Line


@dataclass(frozen=True, slots=True)
class Wrong:
    """An item that is not a valid mapping; while there is one, no client is billed."""

    key: str
    reason: str
    kind: Kind | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class MappingTable:
    """Items by key as they were read, the mappings in them by id, and what is wrong."""

    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    organizations: dict[int, OrganizationMapping] = field(default_factory=dict)
    companies: dict[int, CompanyRules] = field(default_factory=dict)
    lines: dict[tuple[str, str], Line] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    @classmethod
    def read(cls, book: ConfigBook) -> "MappingTable":
        """Every mapping of the config table."""
        table = cls()
        for item in book.items(PARTITION):
            table._take(item)
        return table

    def item(self, line: Line) -> Item | None:
        """The item that a line is about, right or wrong."""
        return self.items.get(line.key)

    def of(self, company_id: int) -> list[OrganizationMapping]:
        """The mappings that lead to a company."""
        return [
            mapping for mapping in self.organizations.values() if mapping.company_id == company_id
        ]

    def _take(self, item: Item) -> None:
        key = (str(item["pk"]), str(item["sk"]))
        self.items[key] = item
        named = _named(key[1])
        if named is None:
            reason = (
                "the key must be ORG#<organization id> or COMPANY#<company id>; rename or delete"
                " the item"
            )
            self.wrong.append(Wrong(" / ".join(key), reason))
            return
        try:
            self._keep(*named, item)
        except ValidationError as error:
            reason = "; ".join(complaints(error))
            self.wrong.append(Wrong(" / ".join(key), reason, *named))

    def _keep(self, kind: Kind, number: int, item: Item) -> None:
        if kind is Kind.ORGANIZATION:
            organization = OrganizationItem.model_validate(item)
            line = Line.of_organization(number, organization)
            self.organizations[number] = organization.value(number)
        else:
            company = CompanyItem.model_validate(item)
            line = Line.of_company(number, company)
            self.companies[number] = company.value(number)
        self.lines[line.key] = line


def _named(sort_key: str) -> tuple[Kind, int] | None:
    for kind in Kind:
        number = sort_key.removeprefix(kind.prefix)
        if number.isdecimal() and sort_key == f"{kind.prefix}{int(number)}":
            return kind, int(number)
    return None
