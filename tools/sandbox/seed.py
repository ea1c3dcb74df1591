"""What a freshly deployed stack is given: credentials, settings, mappings, a past."""

from decimal import Decimal

from billing_sync.adapters.items import Item, to_item
from billing_sync.adapters.ledger_effects import WRITTEN
from billing_sync.domain.orphans import Written
from tools.sandbox.addresses import VendorAddresses
from tools.sandbox.stack import DeployedStack
from tools.sandbox.world.build import World
from tools.sandbox.world.catalog import ITEMS

# The most a secret may say; only the stand-ins take that many from one integration.
CALLS_PER_MINUTE = {"calls_per_minute": 1000}


def fill_secrets(stack: DeployedStack, vendors: VendorAddresses, *, hurried: bool) -> None:
    """Put both vendors' credentials in; `hurried` for servers that allow many calls a minute."""
    pace = CALLS_PER_MINUTE if hurried else {}
    stack.set_secret("HuntressSecret", {**vendors.huntress_secret(), **pace})
    stack.set_secret("ConnectWiseSecret", {**vendors.connectwise_secret(), **pace})


def load_world(stack: DeployedStack, world: World) -> None:
    """Settings (sync is off) and mappings, and in the ledger what an earlier run wrote."""
    with stack.config.batch_writer() as batch:
        for item in (world.settings, *world.mappings):
            batch.put_item(Item=item)
    stack.ledger.put_all(_earlier_write(world, write) for write in world.earlier_writes)


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
