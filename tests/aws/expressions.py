"""DynamoDB's expressions: conditions, key conditions and updates, as far as the product uses them.

Anything else raises `NotImplementedError`: a test must not pass because a clause was ignored.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from tests.aws.errors import invalid

Item = dict[str, Any]
Test = Callable[[Item], bool]
_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),+\-]|[#:]?[A-Za-z0-9_.\-]+)")
_PLACEHOLDER = re.compile(r"[#:][A-Za-z0-9_]+")
_COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


@dataclass(slots=True)
class Placeholders:
    """`#names` and `:values` of one request, and which of them its expressions used."""

    names: Mapping[str, str]
    values: Mapping[str, Item]
    used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> "Placeholders":
        """Those of a request; a name that AWS does not allow is refused."""
        names = request.get("ExpressionAttributeNames", {})
        values = request.get("ExpressionAttributeValues", {})
        for kind, given in (("Names", names), ("Values", values)):
            for each in given:
                if not _PLACEHOLDER.fullmatch(each):
                    message = f'Syntax error; key: "{each}"'
                    raise invalid(f"ExpressionAttribute{kind} contains invalid key: {message}")
        return cls(names, values)

    def name(self, token: str) -> str:
        """The attribute that a token of an expression names."""
        if not token[0].isalnum() and token[0] != "#":
            raise invalid(f'Invalid expression: Syntax error; token: "{token}"')
        if not token.startswith("#"):
            return token
        if token not in self.names:
            message = "An expression attribute name used in the document path is not defined"
            raise invalid(f"Invalid expression: {message}; attribute name: {token}")
        self.used.add(token)
        return self.names[token]

    def value(self, token: str) -> Item:
        """The typed value that a token of an expression stands for."""
        if not token.startswith(":"):
            raise NotImplementedError(f"a value is expected, not {token}")
        if token not in self.values:
            message = "An expression attribute value used in expression is not defined"
            raise invalid(f"Invalid expression: {message}; attribute value: {token}")
        self.used.add(token)
        return self.values[token]

    def all_used(self) -> None:
        """Refuse what no expression used."""
        for kind, given in (("Names", self.names), ("Values", self.values)):
            unused = sorted(given.keys() - self.used)
            if unused:
                message = f"unused in expressions: keys: {{{', '.join(unused)}}}"
                raise invalid(f"Value provided in ExpressionAttribute{kind} {message}")


def condition(text: str, placeholders: Placeholders) -> Test:
    """A condition or key condition; no text always holds."""
    if not text:
        return lambda _: True
    parser = _Parser(tokens(text), placeholders)
    test = parser.any_of()
    parser.end()
    return test


_KEY_CONDITION = re.compile(
    r"\(?(?P<pk>\S+) = (?P<value>[^\s)]+)"
    r"( AND begins_with\((?P<sk>\S+), (?P<prefix>[^\s)]+)\))?\)?"
)


def key_condition(text: str, placeholders: Placeholders) -> tuple[str, str]:
    """The partition that a query is about, and how its sort keys begin; "" for all of them."""
    match = _KEY_CONDITION.fullmatch(text)
    if not match:
        raise NotImplementedError(f"key condition {text}")
    if placeholders.name(match["pk"]) != "pk":
        raise invalid("Query condition missed key schema element: pk")
    pk = placeholders.value(match["value"])["S"]
    if not match["sk"]:
        return pk, ""
    if placeholders.name(match["sk"]) != "sk":
        raise invalid("Query condition missed key schema element: sk")
    return pk, placeholders.value(match["prefix"])["S"]


def update(text: str, placeholders: Placeholders) -> Callable[[Item], Item]:
    """An update of an item: its attributes after `SET a = :v`, `ADD a :n` and `REMOVE a`."""
    parser = _Parser(tokens(text), placeholders)
    changes = []
    while parser.more():
        changes += parser.clause()
    return lambda item: {
        name: value
        for name, value in {**item, **_applied(changes, item)}.items()
        if value is not None
    }


def _applied(changes: list[tuple[str, str, Item | None]], item: Item) -> dict[str, Item | None]:
    new: dict[str, Item | None] = {}
    for verb, name, value in changes:
        if verb == "ADD":
            assert value is not None
            total = Decimal(item.get(name, {"N": "0"})["N"]) + Decimal(value["N"])
            new[name] = {"N": str(total)}
        else:
            new[name] = value
    return new


@cache
def tokens(text: str) -> tuple[str, ...]:
    """The words and signs of an expression."""
    found, position = [], 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if not match:
            raise invalid(f'Invalid expression: Syntax error; near: "{text[position:]}"')
        found.append(match[1])
        position = match.end()
    return tuple(found)


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, given: tuple[str, ...], placeholders: Placeholders) -> None:
        self._tokens, self._at = given, 0
        self._placeholders = placeholders

    def more(self) -> bool:
        return self._at < len(self._tokens)

    def end(self) -> None:
        if self.more():
            raise invalid(f'Invalid expression: Syntax error; token: "{self._tokens[self._at]}"')

    def any_of(self) -> Test:
        tests = [self._all_of()]
        while self._word("OR"):
            tests.append(self._all_of())
        return tests[0] if len(tests) == 1 else lambda item: any(test(item) for test in tests)

    def _all_of(self) -> Test:
        tests = [self._single()]
        while self._word("AND"):
            tests.append(self._single())
        return tests[0] if len(tests) == 1 else lambda item: all(test(item) for test in tests)

    def _single(self) -> Test:
        if self._word("NOT"):
            negated = self._single()
            return lambda item: not negated(item)
        if self._sign("("):
            inner = self.any_of()
            self._expect(")")
            return inner
        token = self._next()
        if self._sign("("):
            return self._function(token)
        name = self._placeholders.name(token)
        if self._word("IN"):
            values = self._values_in_parentheses()
            return lambda item: item.get(name) in values
        sign = self._next()
        if sign not in _COMPARES:
            raise NotImplementedError(f"{sign} in a condition")
        wanted = self._placeholders.value(self._next())
        return lambda item: name in item and _compared(sign, item[name], wanted)

    def _function(self, function: str) -> Test:
        name = self._placeholders.name(self._next())
        if function == "begins_with":
            self._expect(",")
            prefix = self._placeholders.value(self._next())["S"]
            self._expect(")")
            return lambda item: item.get(name, {}).get("S", "").startswith(prefix)
        self._expect(")")
        if function == "attribute_exists":
            return lambda item: name in item
        if function == "attribute_not_exists":
            return lambda item: name not in item
        raise NotImplementedError(f"{function}() in a condition")

    def _values_in_parentheses(self) -> list[Item]:
        self._expect("(")
        values = [self._placeholders.value(self._next())]
        while self._sign(","):
            values.append(self._placeholders.value(self._next()))
        self._expect(")")
        return values

    def clause(self) -> list[tuple[str, str, Item | None]]:
        """One clause of an update: its verb, and each attribute with its value."""
        verb = self._next().upper()
        changes = [self._change(verb)]
        while self._sign(","):
            changes.append(self._change(verb))
        return changes

    def _change(self, verb: str) -> tuple[str, str, Item | None]:
        name = self._placeholders.name(self._next())
        if verb == "REMOVE":
            return verb, name, None
        if verb == "SET":
            self._expect("=")
        elif verb != "ADD":
            raise NotImplementedError(f"{verb} in an update")
        return verb, name, self._placeholders.value(self._next())

    def _next(self) -> str:
        if not self.more():
            raise invalid("Invalid expression: Syntax error; token: <EOF>")
        self._at += 1
        return self._tokens[self._at - 1]

    def _sign(self, sign: str) -> bool:
        found = self.more() and self._tokens[self._at] == sign
        self._at += found
        return found

    def _word(self, word: str) -> bool:
        found = self.more() and self._tokens[self._at].upper() == word
        self._at += found
        return found

    def _expect(self, sign: str) -> None:
        if not self._sign(sign):
            found = self._tokens[self._at] if self.more() else "<EOF>"
            raise invalid(f'Invalid expression: Syntax error; token: "{found}", not "{sign}"')


def _compared(sign: str, present: Item, wanted: Item) -> bool:
    (kind, held), (other, asked) = next(iter(present.items())), next(iter(wanted.items()))
    if kind == other == "N":
        held, asked = Decimal(held), Decimal(asked)
    if sign in {"=", "<>"}:
        return _COMPARES[sign]((kind, held), (other, asked))
    return kind == other and _COMPARES[sign](held, asked)
