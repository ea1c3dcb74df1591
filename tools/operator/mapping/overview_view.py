"""The overview on a terminal or in a pipe, and as JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from billing_sync.domain.wording import PRICES, amount, amounts, amounts_in_words, summed
from tools.operator.mapping.overview import Overview, Standing, State
from tools.operator.terminal import print_list, table

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
    console.print(escape(f"Units of {overview.counted.source()}. Money a cycle. {PRICES}"))
    for state in states:
        standings = overview.of(state)
        if standings:
            console.print(_table(state, standings))
        if state is State.BROKEN:
            print_list(console, "What to do", [f"{_named(s)}: {s.fix}" for s in standings])
    without = {product for standing in overview.standings for product in standing.without_price}
    if without:
        note = (
            f"+? is without {', '.join(sorted(without))}: no price in the settings' catalog items"
        )
        console.print(escape(note))
    print_list(console, "Not read", overview.not_read)
    if overview.of(State.UNMAPPED):
        print_list(console, "Next", ["billing-sync mappings suggest"])


def summary(overview: Overview) -> str:
    """`2 unmapped (51.50 USD), 0 broken, 40 mapped (3120.25 USD), 1 excluded`."""
    return ", ".join(_sum(state, overview.of(state)) for state in State)


def overview_as_json(overview: Overview, states: Iterable[State]) -> dict[str, Any]:
    """The overview as JSON has it."""
    return {
        "result": summary(overview),
        "units_of": overview.counted.source(),
        "not_read": list(overview.not_read),
        "lines": [_as_json(standing) for state in states for standing in overview.of(state)],
    }


def money(standing: Standing) -> str:
    """`24.50`, `24.50+?` where something has no price, `?` where nothing has one."""
    if standing.money is None:
        return "?"
    return amount(standing.money, standing.currency) + ("+?" if standing.without_price else "")


def _as_json(standing: Standing) -> dict[str, Any]:
    return {
        "state": standing.state,
        "organization_id": standing.organization_id or None,
        "organization": standing.organization,
        "company_id": standing.company_id or None,
        "company": standing.company,
        "units": dict(standing.used.units),
        "units_of_list": sorted(standing.used.listed),
        "money": None if standing.money is None else amount(standing.money, standing.currency),
        "without_price": list(standing.without_price),
        "told": standing.note,
        "way_out": standing.fix,
    }


def _sum(state: State, standings: Sequence[Standing]) -> str:
    total = summed((standing.currency, standing.money) for standing in standings)
    worth = amounts_in_words(amounts(total)) if any(total.values()) else ""
    return f"{len(standings)} {state}" + (f" ({worth})" if worth else "")


def _table(state: State, standings: Sequence[Standing]) -> Table:
    columns = {name: "right" if name in RIGHT else "fold" for name in COLUMNS[state]}
    made = table(f"\n{state.capitalize()}", **columns)
    for standing in standings:
        cells = {
            "Organization": _named(standing),
            "Company": f"{standing.company} ({standing.company_id})" if standing.company_id else "",
            "Units": str(standing.used),
            "Money": money(standing),
        }
        made.add_row(*(escape(cells.get(name, standing.note)) for name in COLUMNS[state]))
    return made


def _named(standing: Standing) -> str:
    return (
        f"{standing.organization} ({standing.organization_id})"
        if standing.organization_id
        else standing.organization
    )
