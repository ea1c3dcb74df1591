"""As many names as a large MSP has, made of both pools."""

from itertools import product
from random import Random

from tests.unit.company_names.lines import identifier_of
from tests.unit.company_names.pools import SEEN, UNSEEN
from tools.operator.suggestions.values import Company, Organization


def many(count: int) -> tuple[list[Organization], list[Company]]:
    """Organizations and their companies of the same id, at most some thousands of each."""
    chance = Random(count)
    owners = f"{SEEN.owners} {UNSEEN.owners}".split()
    surnames = f"{SEEN.surnames} {UNSEEN.surnames}".split()
    trades = [trade for pair in SEEN.trades + UNSEEN.trades for trade in pair]
    names = chance.sample([" ".join(one) for one in product(owners, surnames, trades)], count)
    endings = ("", " LLC", " Inc.", " Group", " - Denver")
    return (
        [Organization(at, name + chance.choice(endings)) for at, name in enumerate(names)],
        [Company(at, name, identifier_of(name)) for at, name in enumerate(names)],
    )
