"""ConnectWise's `conditions`: text to a function that says whether a record fits."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tools.sandbox.vendors.connectwise_errors import bad_condition

Record = dict[str, Any]
Predicate = Callable[[Record], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<date>\[[^\]]+\])|(?P<number>-?\d+(?:\.\d+)?)
    |(?P<word>[A-Za-z_][\w/]*)|(?P<sign><=|>=|!=|=|<|>|\(|\)|,))""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What can be asked about a resource: its field paths, and the allowed words of enums."""

    fields: frozenset[str]
    enums: Mapping[str, frozenset[str]] = field(default_factory=dict)


def predicate(conditions: str, shape: Shape) -> Predicate:
    """Parses conditions; raises RefusedError (400) for what ConnectWise does not know."""
    if not conditions.strip():
        return lambda _: True
    return _Parser(_tokens(conditions), shape).parse()


def value_at(record: Record, path: str) -> Any:
    """The value behind `company/id`; None where any part is missing."""
    value: Any = record
    for name in path.split("/"):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens = []
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match:
            raise bad_condition(f"Unexpected character at {position}: {text[position:][:20]}")
        tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
        position = match.end()
    return [*tokens, ("end", "")]


class _Parser:
    """Recursive descent: or, and, not, brackets, comparison."""

    def __init__(self, tokens: list[tuple[str, str]], shape: Shape) -> None:
        self._tokens = tokens
        self._shape = shape

    def parse(self) -> Predicate:
        whole = self._either()
        if self._tokens[0][0] != "end":
            raise bad_condition(f"Unexpected text: {self._tokens[0][1]}")
        return whole

    def _either(self) -> Predicate:
        parts = [self._both()]
        while self._accept("or"):
            parts.append(self._both())
        return lambda record: any(part(record) for part in parts)

    def _both(self) -> Predicate:
        parts = [self._single()]
        while self._accept("and"):
            parts.append(self._single())
        return lambda record: all(part(record) for part in parts)

    def _single(self) -> Predicate:
        if self._accept("not"):
            inverted = self._single()
            return lambda record: not inverted(record)
        if self._accept("("):
            inner = self._either()
            self._expect(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Predicate:
        path = self._take()[1]
        if path not in self._shape.fields:
            raise bad_condition(f"{path} is not a recognized name.")
        if self._accept("not"):
            word = self._take()[1].lower()
            positive = self._operation(path, word)
            return lambda record: not positive(record)
        return self._operation(path, self._take()[1].lower())

    def _operation(self, path: str, operator: str) -> Predicate:
        if operator == "in":
            self._expect("(")
            values = [self._value(path)]
            while self._accept(","):
                values.append(self._value(path))
            self._expect(")")
            allowed = frozenset(values)
            return lambda record: _plain(value_at(record, path)) in allowed
        if operator not in _OPERATORS:
            raise bad_condition(f"Unknown operator: {operator}")
        compare, value = _OPERATORS[operator], self._value(path)
        return lambda record: compare(_plain(value_at(record, path)), value)

    def _value(self, path: str) -> Any:
        kind, text = self._take()
        if kind == "number":
            return float(text)
        if kind == "date":
            return text[1:-1].lower()
        if kind == "word" and text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if kind != "text":
            raise bad_condition(f"Unexpected value: {text}")
        allowed = self._shape.enums.get(path)
        if allowed and text[1:-1] not in allowed:
            raise bad_condition("Enum value supplied was invalid")
        return text[1:-1].lower()

    def _take(self) -> tuple[str, str]:
        return self._tokens.pop(0) if len(self._tokens) > 1 else self._tokens[0]

    def _accept(self, word: str) -> bool:
        kind, text = self._tokens[0]
        if kind in {"word", "sign"} and text.lower() == word:
            self._take()
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._accept(word):
            raise bad_condition(f"Expected {word} before {self._tokens[0][1]}")


def _plain(value: Any) -> Any:
    """Texts compare without regard to case, as the vendor's SQL Server does; numbers as floats."""
    if isinstance(value, str):
        return value.lower()
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda present, value: type(present) is type(value) and compare(present, value)


def _like(present: Any, value: Any) -> bool:
    return isinstance(present, str) and fnmatchcase(present, str(value).replace("%", "*"))


_WORDS = {"true": True, "false": False, "null": None}
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda present, value: bool(present == value),
    "!=": lambda present, value: bool(present != value),
    "<": _ordered(lambda present, value: present < value),
    "<=": _ordered(lambda present, value: present <= value),
    ">": _ordered(lambda present, value: present > value),
    ">=": _ordered(lambda present, value: present >= value),
    "like": _like,
    "contains": lambda present, value: isinstance(present, str) and str(value) in present,
}
