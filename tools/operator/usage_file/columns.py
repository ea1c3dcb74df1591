"""Which column is the organization and which are units: asked once, then remembered."""

import csv
from dataclasses import dataclass
from typing import Any

import click

from billing_sync.domain.vendors.usage import Product
from tools.operator.errors import Refused
from tools.operator.usage_file.document import Document

KEY = ("USAGE_IMPORT", "COLUMNS")  # in the config table
EXAMPLE = '--columns "Organization Name=organization,EDR=edr"'
_ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Columns:
    """The organization's column, and each column of units with its product."""

    organization: str
    units: dict[str, Product]

    @classmethod
    def of_item(cls, item: dict[str, Any]) -> "Columns":
        """As remembered in the config table."""
        try:
            units = {str(column): Product(name) for column, name in item["units"].items()}
            return cls(str(item["organization"]), units)
        except (KeyError, ValueError, AttributeError) as error:
            raise Refused(
                f"{' / '.join(KEY)} in the config table cannot be read ({error}). Give {EXAMPLE},"
                " which replaces it."
            ) from error

    def item(self) -> dict[str, Any]:
        """As it is remembered."""
        pk, sk = KEY
        units = {column: product.value for column, product in self.units.items()}
        return {"pk": pk, "sk": sk, "organization": self.organization, "units": units}

    def meanings(self) -> dict[str, str]:
        """What each column is read as."""
        return {self.organization: _ORGANIZATION, **self.units}

    def absent_from(self, document: Document) -> list[str]:
        """The columns that the file does not have exactly once."""
        return [each for each in self.meanings() if document.heading.count(each) != 1]


class ColumnsType(click.ParamType[Columns]):
    """`Organization Name=organization,EDR=edr`: columns as the file's heading has them."""

    name = "columns"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Columns:
        """The columns; fails naming the pair that cannot be understood."""
        found: dict[str, str] = {}
        for pair in next(csv.reader([str(value)], skipinitialspace=True), []):
            column, _, meaning = (part.strip() for part in pair.rpartition("="))
            if not column or column in found or meaning not in (_ORGANIZATION, *Product):
                self.fail(
                    f"'{pair}' is not <column>=organization or <column>=<product>, each column"
                    f" once; products are {', '.join(Product)}. As in {EXAMPLE}",
                    param,
                    ctx,
                )
            found[column] = meaning
        organizations = [column for column, meaning in found.items() if meaning == _ORGANIZATION]
        if len(organizations) != 1 or len(found) < 2:
            self.fail(
                f"it needs one organization and at least one product, as in {EXAMPLE}", param, ctx
            )
        units = {column: Product(m) for column, m in found.items() if m != _ORGANIZATION}
        return Columns(organizations[0], units)
