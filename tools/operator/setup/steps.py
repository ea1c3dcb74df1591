"""The steps, in their order; each finds out by itself what is done already, so all can be resumed.

There is no memory of where somebody stopped: the secrets, settings and mappings are the memory.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tools.operator.setup.access import reach_stack
from tools.operator.setup.choices import choose_items, map_organizations, other_sync_off
from tools.operator.setup.context import Setup
from tools.operator.setup.keys import store_keys
from tools.operator.setup.verify import check_all, show_preview, turn_on


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its title, what does it, and the command that does it alone."""

    title: str
    do: Callable[[Setup], None]
    alone: str


STEPS = (
    Step("AWS and the stack", reach_stack, "test-events"),
    Step("Huntress's keys", partial(store_keys, "huntress"), "credentials huntress"),
    Step("ConnectWise's keys", partial(store_keys, "connectwise"), "credentials connectwise"),
    Step("A catalog item for each product", choose_items, "settings choose PRODUCT"),
    Step("A company for each organization", map_organizations, "mappings suggest"),
    Step("Huntress's own sync is off", other_sync_off, "settings confirm-huntress-sync-off"),
    Step("Permissions and set-up", check_all, "check"),
    Step("A first preview", show_preview, "preview"),
    Step("Sync on", turn_on, "settings set sync_enabled true"),
)
