"""Values as DynamoDB items and back: plain attributes, checked on the way in."""

from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

Value = TypeVar("Value")
Item = dict[str, Any]


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_item(value: object) -> Item:
    """A dataclass as attributes; decimals and times become text that sorts and reads."""
    kind: Any = type(value)
    item: Item = _adapter(kind).dump_python(value, mode="json")
    return item


def from_item(kind: type[Value], item: object) -> Value:
    """The dataclass that `to_item` wrote; attributes it does not know are passed over."""
    hashable: Any = kind
    value: Value = _adapter(hashable).validate_python(item)
    return value
