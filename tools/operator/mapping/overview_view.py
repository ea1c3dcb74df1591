"""The overview on a terminal or in a pipe, and as JSON."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tools.operator.mapping.overview import Overview, Standing, State
from tools.operator.terminal import say, table

COLUMNS = {
    State.UNMAPPED: ("Organization", "Units", "Money"),
    State.BROKEN: ("Organization", "Company", "Units", "Money", "Why"),
    State.MAPPED: ("Organization", "Company", "Units", "Money", "Place"),
    State.EXCLUDED: ("Organization", "Units", "Money", "Reason"),
}
RIGHT = frozenset({"Money"})


def show_overview(console: Console, overview: Overview, states: Iterable[State]) -> None:
    """A table for each state, what to do about the broken, and what was not read."""
    console.print(f"[bold]{escape(summary(overview))}[/]")
    console.print(escape(f"Units of {overview.counted.told()}. Money a cycle, at catalog prices."))
    for state in states:
        standings = overview.of(state)
        if standings:
            console.print(_table(state, standings))
        if state is State.BROKEN:
            say(console, "What to do", [f"{_named(s)}: {s.way_out}" for s in standings])
    without = {product for one in overview.standings for product in one.without_price}
    if without:
        told = (
            f"+? is without {', '.join(sorted(without))}: no price in the settings' catalog items"
        )
        console.print(escape(told))
    say(console, "Not read", overview.not_read)
    if overview.of(State.UNMAPPED):
        say(console, "Next", ["billing-sync mappings suggest"])


def summary(overview: Overview) -> str:
    """`2 unmapped (51.50), 0 broken, 40 mapped (3120.25), 1 excluded`."""
    return ", ".join(_sum(state, overview.of(state)) for state in State)


def as_told(overview: Overview, states: Iterable[State]) -> dict[str, Any]:
    """The overview as JSON has it."""
    return {
        "result": summary(overview),
        "units_of": overview.counted.told(),
        "not_read": list(overview.not_read),
        "lines": [_told(one) for state in states for one in overview.of(state)],
    }


def money(one: Standing) -> str:
    """`24.50`, `24.50+?` where something has no price, `?` where nothing has one."""
    if one.money is None:
        return "?"
    return f"{one.money:.2f}" + ("+?" if one.without_price else "")


def _told(one: Standing) -> dict[str, Any]:
    return {
        "state": one.state,
        "organization_id": one.organization_id or None,
        "organization": one.organization,
        "company_id": one.company_id or None,
        "company": one.company,
        "units": dict(one.used.units),
        "units_of_list": sorted(one.used.listed),
        "money": None if one.money is None else f"{one.money:.2f}",
        "without_price": list(one.without_price),
        "told": one.told,
        "way_out": one.way_out,
    }


def _sum(state: State, standings: Sequence[Standing]) -> str:
    total = sum((one.money or Decimal(0) for one in standings), Decimal(0))
    return f"{len(standings)} {state}" + (f" ({total:.2f})" if total else "")


def _table(state: State, standings: Sequence[Standing]) -> Table:
    columns = {name: "right" if name in RIGHT else "fold" for name in COLUMNS[state]}
    made = table(f"\n{state.capitalize()}", **columns)
    for one in standings:
        cells = {
            "Organization": _named(one),
            "Company": f"{one.company} ({one.company_id})" if one.company_id else "",
            "Units": str(one.used),
            "Money": money(one),
        }
        made.add_row(*(escape(cells.get(name, one.told)) for name in COLUMNS[state]))
    return made


def _named(one: Standing) -> str:
    return (
        f"{one.organization} ({one.organization_id})" if one.organization_id else one.organization
    )
