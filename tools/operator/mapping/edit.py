"""One mapping changed by a person: what it was, what it becomes, what the next invoice does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from billing_sync.adapters.config.mappings import CompanyItem
from billing_sync.adapters.config.table import complaints
from billing_sync.domain.config.mappings import Absent
from billing_sync.domain.vendors.usage import Product
from tools.operator.config_book import ConfigBook, Edit
from tools.operator.errors import Refused
from tools.operator.mapping.entry import PARTITION, Kind, Line, written
from tools.operator.mapping.table import MappingTable

UNMAPPED = "unmapped"
# An item that says nothing beside these is no longer needed.
_NAMES_ONLY = {"pk", "sk", "company_name", "updated_by", "updated_at"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A change to be asked about: what it is called, both sides in words, and the consequences."""

    title: str
    before: str
    after: str
    consequences: tuple[str, ...]
    edit: Edit

    @property
    def changes(self) -> bool:
        """Whether anything would be another."""
        return self.before != self.after

    def as_json(self) -> dict[str, object]:
        """For programs, once it is made."""
        return {
            "of": self.title,
            "before": self.before,
            "after": self.after,
            "follows": self.consequences if self.changes else (),
            "written": self.changes,
        }

    def write(self, book: ConfigBook) -> None:
        """Make it, signed; raises `Refused` when somebody changed the mapping meanwhile."""
        after = self.edit.after
        book.write([Edit(self.edit.before, None if after is None else book.signed(after))])


def replaced(table: MappingTable, line: Line, *consequences: str) -> Choice:
    """The organization's mapping becomes the line, whatever it was."""
    edit = Edit(table.item(line), line.item())
    return Choice(line.called, present_meaning(table, line), line.means(), consequences, edit)


def removed(table: MappingTable, line: Line, *consequences: str) -> Choice:
    """The organization's mapping is taken away; raises `Refused` where it has none."""
    item = table.item(line)
    if item is None:
        raise Refused(f"{line.called} has no mapping, so there is none to remove.")
    return Choice(
        line.called, present_meaning(table, line), UNMAPPED, consequences, Edit(item, None)
    )


def rules_of(table: MappingTable, line: Line) -> str:
    """The rules that the line has in the table: mapping it anew keeps them."""
    present = table.lines.get(line.key)
    return present.rules if present else ""


def present_meaning(table: MappingTable, line: Line) -> str:
    """The present mapping of the organization or company of the line, in words."""
    if line.key in table.lines:
        return table.lines[line.key].means()
    return "a wrong item" if table.item(line) is not None else UNMAPPED


def left_behind(table: MappingTable, organization_id: int, company_id: int = 0) -> tuple[str, ...]:
    """What becomes of the company that an organization is taken from."""
    was = table.organizations.get(organization_id)
    if was is None or was.company_id is None or was.company_id == company_id:
        return ()
    name = f"{was.company_name or 'company'} ({was.company_id})"
    others = [
        mapping
        for mapping in table.of(was.company_id)
        if mapping.organization_id != organization_id
    ]
    if others:
        return (f"{name} is billed without it, for {_names(others)} only.",)
    return (
        f"Nothing else is mapped to {name}: an addition that this stack wrote there is shown as"
        " orphaned and held, until a person decides.",
    )


def shared_with(table: MappingTable, organization_id: int, company_id: int) -> tuple[str, ...]:
    """Who else is billed to the company."""
    others = [
        mapping for mapping in table.of(company_id) if mapping.organization_id != organization_id
    ]
    return (f"Its units are added to those of {_names(others)}.",) if others else ()


def settled(table: MappingTable, line: Line, product: Product, absent: Absent | None) -> Choice:
    """The mapping with why the organization has no count of the product; None leaves it open.

    Raises `Refused` where the organization is not mapped to a company.
    """
    present = table.lines.get(line.key)
    if present is None or not present.company_id:
        raise Refused(
            f"{line.called} is not mapped to a company: map it first with"
            f" 'billing-sync mappings set {line.id} COMPANY'."
        )
    reasons = {key: why for key, why in present.absent().items() if key != product}
    if absent:
        reasons[product.value] = absent.value
    units = f"the {product} units of {line.name or line.id}"
    follows = {
        Absent.NOT_USED: f"While Huntress gives no count, {units} are 0.",
        Absent.ELSEWHERE: f"While Huntress gives no count, {units} have no row, and are listed as"
        " billed elsewhere.",
        None: f"While Huntress gives no count, {units} are unknown where they were counted before,"
        " and the quantity stays.",
    }
    rules = written({"absent": reasons}) if reasons else ""
    return replaced(table, replace(present, rules=rules), follows[absent])


@dataclass(frozen=True, slots=True)
class Exemption:
    """A rule of a company that exempts a product with a reason: its attribute, and its words.

    `consequences` follow from setting and from removing it, with `{units}` of a client's product.
    """

    attribute: str
    with_reason: str
    without: str
    consequences: tuple[str, str]

    def words(self, reasons: Mapping[str, str], product: Product) -> str:
        """`not billed: in the seat price`, or what applies without a reason."""
        if product in reasons:
            return f"{self.with_reason}: {reasons[product]}"
        return self.without


NOT_BILLED = Exemption(
    "not_billed",
    "not billed",
    "billed",
    (
        "On the next invoice {units} count as excluded, with this reason; an addition that is"
        " there keeps its quantity.",
        "On the next invoice {units} are billed again.",
    ),
)
NOT_CHARGED = Exemption(
    "not_charged",
    "accepted as not charged",
    "reported where nothing is charged",
    (
        "On the next invoice {units} count as accepted as is while their addition charges nothing.",
        "On the next invoice {units} need attention where their addition charges nothing.",
    ),
)


def exempted(
    exemption: Exemption,
    table: MappingTable,
    company_id: int,
    name: str,
    product: Product,
    *,
    reason: str,
) -> Choice:
    """The company's rules with the product exempted, or no longer where there is no reason."""
    line = Line(Kind.COMPANY, company_id, name)
    item = table.item(line)
    if item is not None and line.key not in table.lines:
        problem = next(wrong.reason for wrong in table.wrong if wrong.key == " / ".join(line.key))
        raise Refused(f"{' / '.join(line.key)} is wrong, fix it first: {problem}")
    pk, sk = line.key
    named = {"company_name": name} if name else {}
    rules: dict[str, Any] = {"pk": pk, "sk": sk, **named, **(item or {})}
    before: Mapping[str, str] = rules.pop(exemption.attribute, {})
    reasons = {key: text for key, text in before.items() if key != product}
    if reason:
        reasons[product.value] = reason
    if reasons:
        rules[exemption.attribute] = reasons
    units = f"the {product} units of {name or 'company'} ({company_id})"
    return Choice(
        f"{product} of {name or 'company'} (id {company_id})",
        exemption.words(before, product),
        exemption.words(reasons, product),
        (exemption.consequences[0 if reason else 1].format(units=units),),
        Edit(item, _checked(rules) if rules.keys() - _NAMES_ONLY else None),
    )


def _checked(rules: dict[str, Any]) -> dict[str, Any]:
    try:
        CompanyItem.model_validate(rules)
    except ValidationError as error:
        where = f"{PARTITION} / {rules['sk']}"
        raise Refused(f"{where} would be wrong: {'; '.join(complaints(error))}") from error
    return rules


def _names(mappings: list[Any]) -> str:
    names = [f"'{mapping.organization_name or mapping.organization_id}'" for mapping in mappings]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
