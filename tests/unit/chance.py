"""Random values by a number: hypothesis draws the number only, which costs a hundredth.

A failure names the number, and the same number makes the same value.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


def numbered(make: Callable[[Random], T]) -> st.SearchStrategy[T]:
    """Any value that `make` makes."""
    return st.integers(0, 99_999).map(lambda number: make(Random(number)))


def mostly(chance: Random, usual: T, *others: T) -> T:
    """The usual value nine times of ten."""
    return chance.choice(others) if chance.random() < 0.1 else usual


def some(chance: Random, values: Sequence[T], most: int) -> list[T]:
    """None to `most` of the values, each once."""
    return chance.sample(values, chance.randint(0, most))
