"""One mapping changed by a person: what it was, what it becomes, what the next invoice does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from billing_sync.adapters.config.mappings import CompanyItem
from billing_sync.adapters.config.table import complaints
from billing_sync.domain.config.mappings import Absent
from billing_sync.domain.vendors.usage import Product
from tools.operator.config_book import ConfigBook, Edit
from tools.operator.errors import Refused
from tools.operator.mapping.entry import PARTITION, Kind, Line
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


def rules_of(table: MappingTable, line: Line, *, company_id: int) -> str:
    """The rules that the line has in the table: mapping it anew keeps them.

    Its pinned additions are of its company, so they go where it is mapped to another one.
    """
    present = table.lines.get(line.key)
    if present and present.company_id != company_id:
        present = present.with_products("additions", {})
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
    present = _mapped(table, line)
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
    return replaced(table, present.with_products("absent", reasons), follows[absent])


def _mapped(table: MappingTable, line: Line) -> Line:
    present = table.lines.get(line.key)
    if present is None or not present.company_id:
        raise Refused(
            f"{line.called} is not mapped to a company: map it first with"
            f" 'billing-sync mappings set {line.id} COMPANY'."
        )
    return present


def pinned_organization(
    table: MappingTable, line: Line, product: Product, addition_id: int, *, company_id: int
) -> Choice:
    """The mapping with the product pinned to this addition of its company, 0 for no pin."""
    present = _mapped(table, line)
    if present.company_id != company_id:
        raise Refused(f"{line.called} is mapped to company {present.company_id}.")
    additions = {key: pin for key, pin in present.additions().items() if key != product}
    additions |= {product.value: addition_id} if addition_id else {}
    after = present.with_products("additions", additions)
    return replaced(table, after, _PINNED[bool(addition_id)])


def _pin_in_words(addition_id: int) -> str:
    return f"addition {addition_id}" if addition_id else "not pinned"


_PINNED = {
    True: "From the next run on, these units are billed through this addition and no other.",
    False: "From the next run on, these units are billed through the one addition that is active.",
}


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
    before, reasons, edit = _with_rule(table, line, exemption.attribute, product, reason)
    units = f"the {product} units of {name or 'company'} ({company_id})"
    return Choice(
        f"{product} of {name or 'company'} (id {company_id})",
        exemption.words(before, product),
        exemption.words(reasons, product),
        (exemption.consequences[0 if reason else 1].format(units=units),),
        edit,
    )


def pinned_company(
    table: MappingTable, company_id: int, name: str, product: Product, addition_id: int
) -> Choice:
    """The company's rules with the product pinned to this addition, 0 for no pin."""
    line = Line(Kind.COMPANY, company_id, name)
    before, after, edit = _with_rule(table, line, "additions", product, addition_id)
    return Choice(
        f"{product} of {name or 'company'} (id {company_id})",
        _pin_in_words(before.get(product, 0)),
        _pin_in_words(after.get(product, 0)),
        (_PINNED[bool(addition_id)],),
        edit,
    )


def _with_rule(
    table: MappingTable, line: Line, attribute: str, product: Product, value: str | int
) -> tuple[Mapping[str, Any], Mapping[str, Any], Edit]:
    """A rule of a company by product, before and after it has this value; "" or 0 is none."""
    item = table.item(line)
    if item is not None and line.key not in table.lines:
        problem = next(wrong.reason for wrong in table.wrong if wrong.key == " / ".join(line.key))
        raise Refused(f"{' / '.join(line.key)} is wrong, fix it first: {problem}")
    pk, sk = line.key
    named = {"company_name": line.name} if line.name else {}
    rules: dict[str, Any] = {"pk": pk, "sk": sk, **named, **(item or {})}
    before: Mapping[str, Any] = rules.pop(attribute, {})
    after = {key: kept for key, kept in before.items() if key != product}
    if value:
        after[product.value] = value
    if after:
        rules[attribute] = after
    return before, after, Edit(item, _checked(rules) if rules.keys() - _NAMES_ONLY else None)


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
