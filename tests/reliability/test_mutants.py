"""What each operator removes from the code, and where it refuses to choose."""

import ast

import pytest

from tests.reliability.mutants import Mutant, Operator, without

CHANGES: tuple[tuple[Operator, str, str], ...] = (
    ("never", "if here:\n    act()", "if False:\n    act()"),
    ("never", "f(\n'here' if a else b)", "f('here' if False else b)"),
    ("always", "seen = here is None", "seen = True"),
    ("gone", "act()\nhere()", "act()\npass"),
    ("gone", "f(a,\nhere)", "f(a)"),
    ("gone", "f(a,\nhere=1)", "f(a)"),
    ("gone", "{'a': 1,\n'here': 2}", "{'a': 1}"),
    ("gone", "(a,\nhere)", "(a,)"),
    ("gone", "a and (\nhere)", "a and True"),
    ("gone", "f(\nhere\nor a)", "f(False or a)"),
    ("gone", "[a for a in b\nif here]", "[a for a in b]"),
    ("flipped", "f(\nhere=False)", "f(here=True)"),
)


@pytest.mark.parametrize(("operator", "source", "expected"), CHANGES)
def test_an_operator_changes_what_begins_on_the_line(
    operator: Operator, source: str, expected: str
) -> None:
    line = next(i for i, text in enumerate(source.splitlines(), 1) if "here" in text)

    assert ast.unparse(without(source, line, operator)) == ast.unparse(ast.parse(expected))


def test_a_fresh_value_is_different_each_time() -> None:
    changed = ast.unparse(without("{\n'id': 'same'}", 2, "fresh"))

    assert eval(changed)["id"] != eval(changed)["id"]


@pytest.mark.parametrize(
    ("operator", "source"),
    [
        ("gone", "x = (\na and b\n)"),
        ("gone", "x = (\n1, 2\n)"),
        ("flipped", "f(\nTrue, False\n)"),
        ("never", "f(\na if b else c, d if e else f\n)"),
    ],
)
def test_an_operator_refuses_to_choose(operator: Operator, source: str) -> None:
    with pytest.raises(LookupError, match="could change 2 things"):
        without(source, 2, operator)


@pytest.mark.parametrize(("operator", "source"), [("never", "act()"), ("flipped", "act(1)")])
def test_an_operator_without_anything_to_change_is_refused(operator: Operator, source: str) -> None:
    with pytest.raises(LookupError, match="finds nothing"):
        without(source, 1, operator)


def test_a_marker_that_is_nowhere_is_refused() -> None:
    with pytest.raises(LookupError, match="0 markers"):
        Mutant("no-such-guard", "gone")
