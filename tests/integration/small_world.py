"""The seeded world with only some of its companies, for tests of one thing at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from tools.sandbox.vendors.connectwise_state import ConnectWiseState
from tools.sandbox.vendors.huntress_state import HuntressState
from tools.sandbox.world.build import World, build_world

# Company ids, and the additions that the new invoice moves.
ALDER, ALDER_EDR = 301, 301002  # 24 -> 25
COPPERFIELD, COPPERFIELD_EDR, COPPERFIELD_SAT = 303, 303002, 303004  # 63 -> 65, 45 -> 44
XENON, XENON_EDR, XENON_ITDR = 262, 262001, 262002  # 20 -> 200, which a guard holds; 21 -> 22
VESPER, VESPER_NORTH, VESPER_SOUTH = 272, 272001, 272101  # pinned: 20 -> 21, 32 -> 33
TREFOIL, TREFOIL_FLAT, TREFOIL_REST = 273, 273001, 273101  # split: 29 -> 30, 11 -> 12
ULLSWATER, ULLSWATER_EDR = 274, 274001  # an item of its own: 15 -> 16
ALDER_ORGANIZATION, COPPERFIELD_ORGANIZATION, XENON_ORGANIZATION = 101, 103, 26


def small_world(*companies: int, reseller: bool = False) -> Callable[[datetime], World]:
    """A builder of the seeded world as if the MSP had only these companies."""

    def build(now: datetime) -> World:
        world = build_world(now, reseller=reseller)
        kept = tuple(each for each in world.companies if each.id in companies)
        here = {one.id for each in kept for one in each.organizations}
        names = {f"ORG#{one}" for one in here} | {f"COMPANY#{each.id}" for each in kept}
        return replace(
            world,
            companies=kept,
            huntress=_huntress(world.huntress, here),
            connectwise=_connectwise(world.connectwise, companies),
            mappings=[mapping for mapping in world.mappings if mapping["sk"] in names],
            earlier_writes=[w for w in world.earlier_writes if w["company_id"] in companies],
        )

    return build


def _huntress(state: HuntressState, here: set[int]) -> HuntressState:
    return replace(
        state,
        organizations={key: row for key, row in state.organizations.items() if key in here},
        actual_usages={key: row for key, row in state.actual_usages.items() if key in here},
        organization_lines={
            key: [line for line in lines if line["organization"]["id"] in here]
            for key, lines in state.organization_lines.items()
        },
    )


def _connectwise(state: ConnectWiseState, companies: tuple[int, ...]) -> ConnectWiseState:
    agreements = {
        k: row for k, row in state.agreements.items() if row["company"]["id"] in companies
    }
    return replace(
        state,
        companies={key: row for key, row in state.companies.items() if key in companies},
        agreements=agreements,
        additions={
            k: row for k, row in state.additions.items() if row["agreementId"] in agreements
        },
    )
