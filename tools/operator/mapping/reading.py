"""Lines of a file as mappings, checked as the table's own items are; every problem is reported."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from billing_sync.adapters.config.mappings import CompanyItem, OrganizationItem
from billing_sync.adapters.config.table import complaints
from billing_sync.adapters.ledger.items import Item
from tools.operator.errors import Refused
from tools.operator.mapping.entry import PARTITION, Kind, Line
from tools.operator.mapping.sheet import Row

# Spreadsheets write 250 as 250.0.
_ID = re.compile(r"0*([1-9][0-9]{0,17})(?:\.0+)?")
_OF_THE_OTHER = {
    Kind.ORGANIZATION: (),
    Kind.COMPANY: ("company_id", "company_name", "agreement_id", "agreement_type", "excluded"),
}
_COLUMNS_OF_THEIR_OWN = ("pk", "sk", "company_name", "updated_by", "updated_at")


@dataclass(frozen=True, slots=True)
class FileLine:
    """A mapping as in the file, and the fingerprint of its item when the file was made."""

    number: int
    line: Line
    seen: str


class _Mistake(Exception):
    """One complaint about one line: column, value, way out."""


def file_lines(rows: Iterable[Row]) -> list[FileLine]:
    """Every line; raises `Refused` with all the complaints there are."""
    found: list[FileLine] = []
    first: dict[tuple[str, str], int] = {}
    wrong: list[str] = []
    for row in rows:
        try:
            line = _line(row.cells)
            _check_once(line, first.setdefault(line.key, row.number), row.number)
            found.append(FileLine(row.number, line, row.cells["seen"]))
        except _Mistake as error:
            wrong.append(f"line {row.number}: {error}")
        except ValidationError as error:
            before = "rules: " if row.cells["rules"] else ""
            wrong += [f"line {row.number}: {before}{problem}" for problem in complaints(error)]
    if wrong:
        problems = "\n".join(f"- {each}" for each in wrong)
        raise Refused(f"nothing was written; wrong in the file:\n{problems}")
    return found


def _check_once(line: Line, first: int, number: int) -> None:
    if first != number:
        raise _Mistake(f"id is {line.id}: {line.called} is on line {first} already")


def _line(cells: dict[str, str]) -> Line:
    try:
        kind = Kind(cells["kind"].casefold())
    except ValueError:
        raise _Mistake(f"kind is {cells['kind']!r}: say organization or company") from None
    for name in _OF_THE_OTHER[kind]:
        if cells[name]:
            raise _Mistake(f"{name} is {cells[name]!r}: a line of kind {kind} has none; empty it")
    number = _id(cells, "id")
    if not number:
        raise _Mistake(f"id is '': give the id of the {kind}")
    key: Item = {"pk": PARTITION, "sk": f"{kind.prefix}{number}"}
    if kind is Kind.COMPANY:
        item = {**_rules(cells["rules"]), **key, "company_name": cells["name"]}
        return Line.of_company(number, CompanyItem.model_validate(item))
    values = {**_rules(cells["rules"]), **key, **_mapping(cells)}
    return Line.of_organization(number, OrganizationItem.model_validate(values))


def _mapping(cells: dict[str, str]) -> Item:
    company_id, excluded = _id(cells, "company_id"), cells["excluded"]
    if not company_id and not excluded:
        raise _Mistake(
            "company_id is '' and excluded is '': fill one of them, or delete the line; to unmap an"
            " organization use 'billing-sync mappings remove'"
        )
    if company_id and excluded:
        raise _Mistake(f"company_id is {company_id} and excluded is {excluded!r}: keep one of them")
    values = {
        "organization_name": cells["name"],
        "company_id": company_id,
        "company_name": cells["company_name"],
        "agreement_id": _id(cells, "agreement_id"),
        "agreement_type": cells["agreement_type"],
        "excluded": bool(excluded),
        "reason": excluded,
    }
    return {name: value for name, value in values.items() if value}


def _id(cells: dict[str, str], column: str) -> int:
    text = cells[column]
    found = _ID.fullmatch(text)
    if text and not found:
        raise _Mistake(f"{column} is {text!r}: give a whole number, such as 250")
    return int(found[1]) if found else 0


def _rules(text: str) -> dict[str, Any]:
    try:
        rules = json.loads(text or "{}", parse_float=Decimal)
    except ValueError as error:
        raise _Mistake(f"rules is {text!r}: no JSON ({error})") from None
    if not isinstance(rules, dict):
        raise _Mistake(f'rules is {text!r}: write {{"minimum": {{"edr": 15}}}}')
    for name in _COLUMNS_OF_THEIR_OWN:
        if name in rules:
            raise _Mistake(f"rules has {name}: it does not belong there; take it out")
    return rules
