"""Rows of a run: as a table, as sums, or one company's rows in full."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from billing_sync.domain.wording import PRICES
from tools.operator.terminal import table

TellingRow = Mapping[str, Any]
COLOURS = {
    "updated": "green",
    "held": "yellow",
    "blocked": "red",
    "conflict": "red",
    "failed": "red",
}


def rows_table(rows: Iterable[TellingRow], *, title: str) -> Table:
    """A line for each row, in the given order."""
    made = table(
        f"\n{title}",
        Company="fold",
        Id="right",
        Product="left",
        Quantity="right",
        Money="right",
        Outcome="left",
        Why="fold",
    )
    for row in rows:
        made.add_row(
            escape(row["company"]),
            str(row["company_id"]),
            row["products"],
            quantity(row),
            signed(row["money"], row["currency"]),
            coloured(row["outcome"], COLOURS),
            row["reason"].replace("_", " "),
        )
    return made


def sums(rows: Sequence[TellingRow]) -> str:
    """`3 rows of 2 companies, +12.00 USD Monthly`: the change, by billing cycle and currency."""
    money: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row["money"]:
            money[row["billing_cycle"] or "no cycle", row["currency"]] += Decimal(row["money"])
    sums = [f"{signed(str(total), cur)} {cycle}" for (cycle, cur), total in sorted(money.items())]
    unpriced = sum(not row["money"] for row in rows)
    companies = len({row["company_id"] for row in rows})
    counted = f"{many(len(rows), 'row')} of {many(companies, 'company', 'companies')}"
    without = [f"{many(unpriced, 'row')} without a price"] if unpriced else []
    return ", ".join([counted, *sums, *without])


def show_company(console: Console, rows: Sequence[TellingRow]) -> None:
    """Everything that is known of one company's rows."""
    console.print(f"\n[bold]{escape(rows[0]['company'])}[/] (company {rows[0]['company_id']})")
    for row in rows:
        reason = f" ({row['reason'].replace('_', ' ')})" if row["reason"] else ""
        outcome = coloured(row["outcome"], COLOURS)
        console.print(f"\n  [bold]{row['products']}[/]  {quantity(row)}  {outcome}{reason}")
        for name, fact in _facts(row):
            console.print(f"    {name:<13}{escape(fact)}", soft_wrap=True)
    console.print(f"\n{escape(PRICES)}")


def _facts(row: TellingRow) -> Iterable[tuple[str, str]]:
    money = f"{signed(row['money'], row['currency'])} {row['billing_cycle']}".strip()
    place = f"addition {row['addition']} on '{row['agreement']}' (agreement {row['agreement_id']})"
    facts = {
        "Counted": row["used"],
        "Billed at": place if row["addition"] else "",
        "Money": money if row["money"] else "no price is known",
        "Takes effect": row["takes_effect"],
        "Read from": row["read_from"].replace("_", " "),
        "Mapped by": row["mapped_by"],
        "Because": row["message"],
    }
    return ((name, fact) for name, fact in facts.items() if fact)


def quantity(row: TellingRow) -> str:
    """`24 → 25`, `18`, or `none` where there is no addition to write to."""
    before, target = row["before"], row["target"]
    if not before or not target:
        return before or target or "none"
    return str(before) if before == target else f"{before} → {target}"


def signed(money: str, currency: str) -> str:
    """`+1,234.50 USD`; "" where no price is known."""
    if not money:
        return ""
    value = Decimal(money)
    return f"{format(value, '+,f') if value else money} {currency}".strip()


def signed_sums(sums: Mapping[str, str]) -> str:
    """`+485.25 USD and +960 JPY`."""
    return " and ".join(signed(money, currency) for currency, money in sums.items())


def coloured(text: str, colours: Mapping[Any, str]) -> str:
    """The word in its colour."""
    colour = colours.get(text)
    return f"[{colour}]{escape(text)}[/]" if colour else escape(text)


def many(count: int, name: str, plural: str = "") -> str:
    """`1 row`, `2 rows`."""
    return f"{count} {name if count == 1 else plural or name + 's'}"
