"""Settings by attribute, as in `products.edr.catalog_item_id`: set, taken out, compared."""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any

import click
from boto3.dynamodb.types import DYNAMODB_CONTEXT

from billing_sync.adapters.ledger.items import Item
from tools.operator.answer import plain

# What the book writes itself with every version.
OF_THE_BOOK = ("pk", "sk", "version", "schema_version", "updated_by", "updated_at")
NOT_SET = "not set"
# The text of an invoice's plan may have dots of its own.
_NAMED_BY_TEXT = "invoice_plans"


def choices(item: Mapping[str, Any] | None) -> Item:
    """What people choose in an item of settings: all of it but key, version and signature."""
    found = {name: value for name, value in (item or {}).items() if name not in OF_THE_BOOK}
    return deepcopy(found)


def pairs(words: Sequence[str]) -> list[tuple[str, Any]]:
    """`ATTRIBUTE VALUE ATTRIBUTE VALUE`; raises click's usage error where a value is missing."""
    if len(words) % 2:
        raise click.UsageError(
            f"{words[-1]} has no value. Give attribute and value in turn, as in"
            " `settings set guards.money 800`."
        )
    return [(words[at], value_of(words[at + 1])) for at in range(0, len(words), 2)]


def value_of(text: str) -> Any:
    """The JSON that a text is, else the text itself; numbers as DynamoDB can keep them."""
    try:
        return read_json(text)
    except json.JSONDecodeError:
        return text


def read_json(text: str) -> Any:
    """JSON with decimals; raises JSONDecodeError, and click's error at what is no number here."""
    return json.loads(text, parse_float=_decimal, parse_int=_whole, parse_constant=str)


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(DYNAMODB_CONTEXT.create_decimal(digits))
    except ArithmeticError:
        raise click.BadParameter(f"'{digits}' is no number that can be kept.") from None


def _whole(digits: str) -> int:
    return int(_decimal(digits))


def with_attribute(chosen: Item, attribute: str, *, value: Any) -> Item:
    """The choices with an attribute at this value."""
    changed = deepcopy(chosen)
    *above, last = _steps(attribute)
    place = changed
    for step in above:
        place = place.setdefault(step, {})
        if not isinstance(place, dict):
            raise click.BadParameter(f"{attribute}: {step} is {place!r}, with nothing below it.")
    place[last] = value
    return changed


def without_attribute(chosen: Item, attribute: str) -> Item:
    """The choices without an attribute, and without what is empty then."""
    changed = deepcopy(chosen)
    steps = _steps(attribute)
    places: list[Any] = [changed]
    for step in steps:
        if not isinstance(places[-1], dict) or step not in places[-1]:
            raise click.BadParameter(f"{attribute} is not set. `settings show` lists what is.")
        places.append(places[-1][step])
    for place, step in zip(reversed(places[:-1]), reversed(steps), strict=True):
        del place[step]
        if place:
            break
    return changed


def _steps(attribute: str) -> list[str]:
    first, _, rest = attribute.partition(".")
    if first in OF_THE_BOOK:
        raise click.BadParameter(f"{first} is written with every change and cannot be set.")
    steps = [first, *([rest] if first == _NAMED_BY_TEXT and rest else rest.split(".") * bool(rest))]
    if not all(steps):
        raise click.BadParameter(f"'{attribute}' is no name of an attribute.")
    return steps


def flat(value: Mapping[str, Any], *, under: str = "") -> Iterator[tuple[str, Any]]:
    """Every attribute with its value, those in maps by their path."""
    for name, each in value.items():
        if isinstance(each, Mapping) and each:
            yield from flat(each, under=f"{under}{name}.")
        else:
            yield f"{under}{name}", each


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Attribute, value before and after, by name; `NOT_SET` where there is none."""
    was, now = dict(flat(before)), dict(flat(after))
    changed = [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]
    return [(name, was.get(name, NOT_SET), now.get(name, NOT_SET)) for name in changed]


def shown(value: Any) -> str:
    """A value on one line, as it would be typed."""
    return value if isinstance(value, str) else json.dumps(value, default=plain)
