"""Prints the figures of `docs/mapping.md`: `python -m tests.unit.company_names [names]`."""

import sys
from time import perf_counter

from tests.unit.company_names.figures import figures_of, one_by_one, together
from tests.unit.company_names.lines import many, read
from tools.operator.suggestions.suggesting import suggest


def main(names: int = 3000) -> None:
    """Judge both files, then take the time of many names."""
    for file in ("seen", "unseen"):
        for way in (together, one_by_one):
            figures = figures_of(way(read(file)))
            show(
                f"{file}, {way.__name__}: {figures.pairs} pairs, "
                f"precision {figures.precision:.1%}, "
                f"recall {figures.recall:.1%}, shown at all {figures.shown:.1%}, "
                f"exact {figures.exact}, falsely exact {figures.falsely_exact}"
            )
    organizations, companies = many(names)
    begun = perf_counter()
    suggest(organizations, companies)
    show(f"{names} x {names} names: {perf_counter() - begun:.1f} s")


def show(text: str) -> None:
    print(text)  # noqa: T201 - it is there to print


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
