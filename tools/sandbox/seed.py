"""What a freshly deployed stack is given, by the commands that an operator has; and a past."""

import json
from decimal import Decimal
from pathlib import Path

from billing_sync.adapters.config_items import CompanyItem, OrganizationItem
from billing_sync.adapters.items import Item, to_item
from billing_sync.adapters.ledger_effects import WRITTEN
from billing_sync.domain.orphans import Written
from tools.operator.mapping.line import Kind, Line
from tools.operator.mapping.sheet import sheet
from tools.sandbox.addresses import VendorAddresses
from tools.sandbox.command_line import billing_sync
from tools.sandbox.stack import DeployedStack
from tools.sandbox.world.build import World
from tools.sandbox.world.catalog import ITEMS

# The most a secret may say; only the stand-ins take that many from one integration.
CALLS_PER_MINUTE = {"calls_per_minute": 1000}


def write_keys(vendors: VendorAddresses, file: Path, *, hurried: bool) -> None:
    """Both vendors' credentials as `billing-sync credentials --file` reads them.

    `hurried` for servers that allow many calls a minute.
    """
    pace = CALLS_PER_MINUTE if hurried else {}
    both = {
        "huntress": {**vendors.huntress_secret(), **pace},
        "connectwise": {**vendors.connectwise_secret(), **pace},
    }
    file.touch(mode=0o600)
    file.write_text(json.dumps(both))


def write_mappings(world: World, file: Path) -> None:
    """The world's mappings as `billing-sync mappings import` reads them."""
    file.write_bytes(sheet(map(_line, world.mappings)))


def settings_words(world: World) -> list[str]:
    """The world's settings as `billing-sync settings set` takes them."""
    words = ["time_zone", world.settings["time_zone"]]
    for product, item in world.settings["products"].items():
        words += [f"products.{product}.catalog_item_id", str(item["catalog_item_id"])]
    return words


def store_keys(folder: Path, keys: Path) -> None:
    """Both vendors' keys into the secrets of the sandbox that this folder describes."""
    for vendor in ("huntress", "connectwise"):
        billing_sync(folder, "credentials", vendor, "--file", str(keys))


def set_up(folder: Path, world: World) -> None:
    """Settings and mappings, as an operator sets them; sync stays off."""
    mappings = folder / "mappings.csv"
    write_mappings(world, mappings)
    billing_sync(folder, "settings", "set", *settings_words(world), "--yes")
    billing_sync(folder, "settings", "confirm-huntress-sync-off", "--yes")
    billing_sync(folder, "mappings", "import", str(mappings), "--yes")


def remember_earlier_writes(stack: DeployedStack, world: World) -> None:
    """What an earlier run wrote, in the ledger."""
    stack.ledger.put_all(_earlier_write(world, write) for write in world.earlier_writes)


def _line(item: Item) -> Line:
    kind, _, number = item["sk"].partition("#")
    if Kind.ORGANIZATION.prefix == f"{kind}#":
        return Line.of_organization(int(number), OrganizationItem.model_validate(item))
    return Line.of_company(int(number), CompanyItem.model_validate(item))


def _earlier_write(world: World, write: Item) -> Item:
    written = Written(
        addition_id=write["addition_id"],
        agreement_id=write["agreement_id"],
        catalog_item_id=ITEMS[write["product"]].id,
        company_id=write["company_id"],
        company_name=world.connectwise.companies[write["company_id"]]["name"],
        quantity=Decimal(write["quantity"]),
        run_id="000000-sync",
    )
    return {"pk": WRITTEN, "sk": f"{written.addition_id:012d}", **to_item(written)}
