"""A forecast on a terminal: what moves, the sums, agents to look at, what to do next."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from billing_sync.domain.wording import amounts_in_words
from tools.operator.runs.next_steps import print_next_steps
from tools.operator.terminal import print_list, table

AGENTS_SHOWN = 15
NOTHING = ("", 0, "unknown")


def show_forecast(console: Console, answer: Mapping[str, Any], *, most: int | None = None) -> None:
    """Print the answer of test-sync to a forecast, with at most so many lines and agents."""
    forecast = answer["forecast"]
    console.print(f"[bold]{escape(answer['result'])}[/]")
    console.print(escape(f"Run {answer['run_id']}, {answer['coverage']}."))
    console.print(escape(f"Next invoice: {forecast['next_invoice']}"))
    console.print(escape(f"Compared with: {forecast['compared_with']}"))
    moving = [line for line in forecast["lines"] if _has_content(line)]
    if moving:
        console.print(_lines(moving[:most]))
    quiet = len(forecast["lines"]) - len(moving)
    hidden = len(moving) - len(moving[:most]) + forecast["lines_not_shown"]
    console.print(f"Without a change: {quiet} lines.{_more(hidden)}")
    console.print(_totals(forecast["totals"]))
    print_list(console, f"Money, {forecast['money_means']}", _money(forecast))
    console.print(escape(answer["prices"]))
    agents = forecast["agents_to_look_at"]
    if agents:
        shown = agents[: most or AGENTS_SHOWN]
        console.print(_agents(shown))
        hidden = len(agents) - len(shown) + forecast["agents_not_shown"]
        console.print(f"{forecast['agents_mean']}.{_more(hidden)}")
    print_list(console, "Not read", answer["not_read"])
    print_next_steps(console, answer)


def _has_content(line: Mapping[str, Any]) -> bool:
    moves = line["change"] not in NOTHING or line["attention"]
    money = any(Decimal(money) for money in line["money"].values())
    return bool(moves or money) or line["billed_now"] != line["would_bill"]


def _lines(lines: Iterable[Mapping[str, Any]]) -> Table:
    made = table(
        "\nWhat moves or needs a look, largest money first (Last: units of the last invoice)",
        Client="fold",
        Product="left",
        Last="right",
        Now="right",
        Change="right",
        Billed="right",
        Money="right",
        Attention="fold",
    )
    for line in lines:
        change = line["change"]
        made.add_row(
            escape(line["client"]),
            line["products"],
            str(line["last_invoice"]),
            str(line["now"]),
            f"{change:+d}" if isinstance(change, int) and change else str(change),
            _quantity(line),
            amounts_in_words(line["money"]),
            escape(line["attention"]),
        )
    return made


def _quantity(line: Mapping[str, Any]) -> str:
    before, target = line["billed_now"], line["would_bill"]
    return before if before == target or not target else f"{before} → {target}"


def _totals(totals: Mapping[str, Mapping[str, int]]) -> Table:
    made = table(
        "\nUnits, where both counts are known",
        Product="left",
        Last_invoice="right",
        Now="right",
        Change="right",
        Not_comparable="right",
    )
    for product, sums in totals.items():
        made.add_row(
            product,
            str(sums["last_invoice"]),
            str(sums["now"]),
            f"{sums['change']:+d}" if sums["change"] else "0",
            str(sums["not_comparable"]),
        )
    return made


def _money(forecast: Mapping[str, Any]) -> list[str]:
    lines = [f"{cycle}: {amounts_in_words(sums)}" for cycle, sums in forecast["money"].items()]
    if forecast["without_price"]:
        lines.append(f"{forecast['without_price']} changes have no price and are in no sum")
    if not_billed := amounts_in_words(forecast["used_and_not_billed"]):
        lines.append(f"Used and billed by no addition: {not_billed} a cycle")
    return lines


def _agents(agents: Iterable[Mapping[str, Any]]) -> Table:
    made = table(
        "\nAgents to look at before the next invoice",
        Organization="fold",
        Do_not_respond="right",
        Outdated="right",
    )
    for each in agents:
        made.add_row(escape(each["organization"]), str(each["unresponsive"]), str(each["outdated"]))
    return made


def _more(count: int) -> str:
    return f" Not shown here, but in the report: {count} more." if count else ""
