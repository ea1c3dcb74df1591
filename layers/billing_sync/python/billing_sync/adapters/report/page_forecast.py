"""The part of the page that only a forecast has."""

from collections.abc import Iterable, Mapping
from typing import Any

from billing_sync.adapters.report.html import Html, element, section, sentences, table
from billing_sync.domain.wording import amounts_in_words

Document = Mapping[str, Any]


def forecast_sections(forecast: Document) -> Iterable[Html]:
    """Changes, totals, money, and the agents to check."""
    compared = (
        f"Next invoice: {forecast['next_invoice']}",
        f"Compared with: {forecast['compared_with']}",
    )
    yield section("What the next invoice would bring", sentences(compared), _lines(forecast))
    yield section("Units, where both counts are known", _totals(forecast["totals"]))
    yield section("Money", sentences(_money(forecast)))
    yield section(
        "Agents to look at before the next invoice",
        element("p", forecast["agents_mean"], kind="soft") if forecast["agents_to_look_at"] else "",
        _agents(forecast["agents_to_look_at"]),
    )


def _lines(forecast: Document) -> Html:
    columns = ("Client", "Product", "Last #", "Now #", "Change #", "Billed #", "Money #", "Note")
    return table(
        columns,
        (
            (
                line["client"],
                line["products"],
                line["last_invoice"],
                line["now"],
                line["change"],
                f"{line['billed_now']} → {line['would_bill']}",
                amounts_in_words(line["money"]),
                line["note"] or line["attention"],
            )
            for line in forecast["lines"]
        ),
    )


def _totals(totals: Mapping[str, Document]) -> Html:
    columns = ("Product", "Last invoice #", "Now #", "Change #", "Not comparable #")
    return table(columns, ((product, *sums.values()) for product, sums in totals.items()))


def _money(forecast: Document) -> list[str]:
    lines = [f"{cycle}: {amounts_in_words(sums)}" for cycle, sums in forecast["money"].items()]
    if forecast["without_price"]:
        lines.append(f"{forecast['without_price']} changes have no price and are in no sum")
    not_billed = amounts_in_words(forecast["used_and_not_billed"])
    return (
        [*lines, f"Used and billed by no addition: {not_billed} a cycle"] if not_billed else lines
    )


def _agents(agents: Iterable[Document]) -> Html:
    return table(
        ("Organization", "Do not respond #", "Outdated #"),
        ((row["organization"], row["unresponsive"], row["outdated"]) for row in agents),
    )
