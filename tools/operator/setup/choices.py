"""What a person chooses: catalog items, companies, and whether Huntress's own sync is off."""

from collections import Counter

import click

from billing_sync.domain.vendors.usage import Product
from tools.operator.asking import Declined
from tools.operator.commands.settings_vendors import choose_for, confirm_off
from tools.operator.errors import Refused
from tools.operator.mapping.suggesting import accept_suggestions
from tools.operator.settings.reader import settings_of
from tools.operator.setup.context import Setup


def choose_items(setup: Setup) -> None:
    """Ask for the catalog item of each product that Huntress counts and no settings name."""
    named = _products(setup)
    counts = _counts(setup)
    for product in Product:
        if product in setup.items:
            choose_for(setup.stack, product, item_id=setup.items[product], yes=True)
        elif product in named:
            setup.print(f"{product}: catalog item {named[product]}")
        elif counts[product] and setup.items:
            setup.print(f"{product}: {counts[product]} units listed, and no --item: not billed")
        elif counts[product] and _is_billed(product, counts[product]):
            choose_for(setup.stack, product, search="huntress", yes=True)
    if not _products(setup):
        raise Refused(
            "no product has a catalog item, so there is nothing to bill. Name one with --item"
            " edr=ID, or answer yes to a product."
        )


def map_organizations(setup: Setup) -> None:
    """Show which company each unmapped organization may be; what is accepted is written at once."""
    left = accept_suggestions(setup.stack, setup.console, yes=setup.accept_exact).left
    if left:
        setup.print(
            f"{len(left)} organizations are not mapped: every run reports their usage as not"
            " billed. `billing-sync mappings suggest` asks again."
        )


def other_sync_off(setup: Setup) -> None:
    """Record who saw that Huntress's own sync is off, once."""
    current = settings_of(setup.stack).read().current or {}
    if current.get("huntress_sync_off"):
        setup.print(f"Seen to be off by {current['huntress_sync_off']}.")
        return
    try:
        confirm_off(setup.stack, yes=setup.huntress_sync_is_off)
    except Declined:
        setup.print(
            "Switch it off, then record it with `billing-sync settings confirm-huntress-sync-off`;"
            " until then permission-check warns."
        )


def _products(setup: Setup) -> dict[str, int]:
    current = settings_of(setup.stack).read().current or {}
    return {
        name: int(choice["catalog_item_id"]) for name, choice in current.get("products", {}).items()
    }


def _counts(setup: Setup) -> Counter[str]:
    answer = setup.stack.invoke("permission-check", {"list": "organizations"})
    if "items" not in answer:
        raise Refused(str(answer["result"]))
    counts: Counter[str] = Counter()
    for organization in answer["items"]:
        counts.update(organization["listed"])
    return counts


def _is_billed(product: str, count: int) -> bool:
    return click.confirm(
        f"Huntress lists {count} units of {product}. Do you bill it through ConnectWise?",
        default=True,
        err=True,
    )
