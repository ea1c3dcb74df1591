"""What a freshly deployed stack is given, by the commands that an operator has; and a past."""

import json
from decimal import Decimal
from pathlib import Path

from billing_sync.adapters.config.mappings import CompanyItem, OrganizationItem
from billing_sync.adapters.ledger.effects import WRITTEN
from billing_sync.adapters.ledger.items import Item, to_item
from billing_sync.domain.apply.row_state import Written
from tools.operator.mapping.entry import Kind, Line
from tools.operator.mapping.sheet import sheet
from tools.sandbox.addresses import VendorAddresses
from tools.sandbox.command_line import billing_sync
from tools.sandbox.stack import DeployedStack
from tools.sandbox.world.build import World
from tools.sandbox.world.catalog import ITEMS

# The most that a secret may allow, at which nothing waits; only the stand-ins take that many.
CALLS_PER_MINUTE = {"calls_per_minute": 60_000}
KEYS, MAPPINGS = "keys.json", "mappings.csv"


def write_keys(vendors: VendorAddresses, folder: Path, *, hurried: bool) -> Path:
    """The file of both vendors' credentials, as `billing-sync credentials --file` reads it.

    `hurried` for servers that allow many calls a minute.
    """
    pace = CALLS_PER_MINUTE if hurried else {}
    both = {
        "huntress": {**vendors.huntress_secret(), **pace},
        "connectwise": {**vendors.connectwise_secret(), **pace},
    }
    file = folder / KEYS
    file.touch(mode=0o600)
    file.write_text(json.dumps(both))
    return file


def setting_up(folder: Path, world: World) -> tuple[tuple[str, ...], ...]:
    """The commands that set a stack up for this world; sync stays off.

    `folder` has the keys, and gets the file of mappings.
    """
    mappings = folder / MAPPINGS
    mappings.write_bytes(sheet(map(_line, world.mappings)))
    return (
        *keys_stored(folder),
        ("settings", "set", *_settings(world), "--yes"),
        ("settings", "confirm-huntress-sync-off", "--yes"),
        ("mappings", "import", str(mappings), "--yes"),
    )


def keys_stored(folder: Path) -> tuple[tuple[str, ...], ...]:
    """The commands that put both vendors' keys into the secrets."""
    keys = str(folder / KEYS)
    return tuple(("credentials", each, "--file", keys) for each in ("huntress", "connectwise"))


def store_callers_keys(vendors: VendorAddresses, folder: Path) -> None:
    """Put a caller's own keys into the secrets; no file keeps them, since they may be real.

    `folder` has `sandbox.json`. Raises SandboxError.
    """
    keys = write_keys(vendors, folder, hurried=False)
    try:
        for words in keys_stored(folder):
            billing_sync(folder, *words)
    finally:
        keys.unlink()


def _settings(world: World) -> list[str]:
    words = ["time_zone", world.settings["time_zone"]]
    words += ["external_notifications", "the sandbox, which has no mail"]
    for product, item in world.settings["products"].items():
        words += [f"products.{product}.catalog_item_id", str(item["catalog_item_id"])]
    return words


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
