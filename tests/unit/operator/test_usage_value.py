"""What usage is worth: half up to the currency's cents, and a total is the sum of its lines."""

from decimal import Decimal

import pytest

from billing_sync.domain.wording import exact_price
from tests.unit.builders import some_settings
from tools.operator.mapping.overview import Overview, Standing, State
from tools.operator.mapping.overview_view import money, overview_as_json, summary
from tools.operator.mapping.table import MappingTable
from tools.operator.mapping.usage_value import Counted, Prices, Used
from tools.operator.mapping.vendor_lists import ListedItem, Lists


def an_overview(price: str, *, currency: str = "USD", organizations: int = 3) -> Overview:
    """So many unmapped organizations with one agent each."""
    settings = some_settings(currency=currency)
    prices = Prices(settings, {41: ListedItem(41, "HUNTRESS-EDR", price)})
    used = Used({"edr": 1})
    standings = tuple(
        Standing(
            State.UNMAPPED,
            101 + number,
            f"Organization {number}",
            used=used,
            money=prices.money(used),
            currency=prices.currency,
        )
        for number in range(organizations)
    )
    return Overview(standings, Counted(), MappingTable(), Lists({}, {}, {}), {}, ())


def test_three_lines_of_1_125_are_1_13_each_and_3_39_together():
    seen = an_overview("1.125")

    assert [money(standing) for standing in seen.standings] == ["1.13"] * 3
    assert summary(seen).startswith("3 unmapped (3.39 USD)")
    assert [line["money"] for line in overview_as_json(seen, State)["lines"]] == ["1.13"] * 3


def test_a_currency_without_cents_has_none():
    seen = an_overview("960.5", currency="JPY", organizations=1)

    assert summary(seen).startswith("1 unmapped (961 JPY)")


@pytest.mark.parametrize(
    ("price", "shown"),
    [("3.5", "3.50"), ("1.125", "1.125"), ("960", "960.00"), ("0.0350", "0.035")],
)
def test_a_catalog_price_is_shown_in_full(price: str, shown: str):
    assert exact_price(Decimal(price)) == shown
