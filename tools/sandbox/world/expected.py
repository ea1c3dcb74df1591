"""What ConnectWise must hold after the first run, worked out a second time and by hand.

Nothing here comes from the product: it reads the vendors' records and the config items, and it is
meant to be checked by somebody who knows billing and not the code.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from tools.sandbox.vendors.connectwise_state import ConnectWiseState, Record
from tools.sandbox.vendors.huntress_state import HuntressState
from tools.sandbox.world.build import World


def expected_quantities(world: World, *, released: frozenset[int] = frozenset()) -> dict[int, int]:
    """By addition id the expected quantity after the first automatic run.

    Whatever is held, blocked, excluded, unknown or nobody's business keeps its quantity. A person
    may have `released` held rows, named by their additions.
    """
    result = {key: int(row["quantity"]) for key, row in world.connectwise.additions.items()}
    for company_id, product, catalog_item_id in _company_products(world):
        for agreement_id, counted in _agreements_of(world, company_id, product).items():
            candidates = _live_additions(world.connectwise, company_id, catalog_item_id, world.now)
            if agreement_id:
                candidates = [row for row in candidates if row["agreementId"] == agreement_id]
            if counted is None or len(candidates) != 1:
                continue
            addition = candidates[0]
            if addition["id"] in released or not _needs_a_person(world, addition, counted):
                result[addition["id"]] = counted
    return result


def _agreements_of(world: World, company_id: int, product: str) -> dict[int, int | None]:
    """Units by the agreement that a person named for them; 0 where none is named."""
    split = _rules(world, company_id).get("split", {}).get(product)
    if split:
        total = _units_of(world, product, _organizations(world, company_id))
        fixed = {place["agreement_id"]: place["units"] for place in split["fixed"]}
        left = None if total is None else total - sum(fixed.values())
        return {**fixed, split["remainder"]: left}
    named: dict[int, list[int]] = {}
    for organization_id, agreement_id in _organizations(world, company_id).items():
        named.setdefault(agreement_id, []).append(organization_id)
    return {where: _units_of(world, product, here) for where, here in named.items()}


def _organizations(world: World, company_id: int) -> dict[int, int]:
    """The company's organizations, each with the agreement it is pinned to or 0."""
    return {
        int(mapping["sk"].removeprefix("ORG#")): mapping.get("agreement_id", 0)
        for mapping in world.mappings
        if mapping.get("company_id") == company_id
    }


def held_additions(world: World) -> frozenset[int]:
    """The additions whose new quantity waits for a person."""
    everything = frozenset(world.connectwise.additions)
    now, then = expected_quantities(world), expected_quantities(world, released=everything)
    return frozenset(each for each in everything if now[each] != then[each])


def _company_products(world: World) -> Iterator[tuple[int, str, int]]:
    """Each mapped company with each product of the settings, but not what is not billed."""
    for company_id in sorted({m["company_id"] for m in world.mappings if "company_id" in m}):
        rules = _rules(world, company_id)
        items = {
            name: product["catalog_item_id"] for name, product in world.settings["products"].items()
        }
        for product, catalog_item_id in {**items, **rules.get("catalog_items", {})}.items():
            if product not in rules.get("not_billed", {}):
                yield company_id, product, catalog_item_id


def _rules(world: World, company_id: int) -> Record:
    """What a person set for this company alone."""
    found = [item for item in world.mappings if item["sk"] == f"COMPANY#{company_id}"]
    return found[0] if found else {}


def _units_of(world: World, product: str, organizations: Iterable[int]) -> int | None:
    """The sum over organizations; one unknown makes the sum unknown."""
    total = 0
    for organization_id in organizations:
        units = _units(world.huntress, organization_id, product)
        if units is None:
            return None
        total += units
    return total


def _units(huntress: HuntressState, organization_id: int, product: str) -> int | None:
    """A product that is missing is 0 only when the organizations list says 0 too."""
    usages = huntress.actual_usages[organization_id]
    usage = (json.loads(usages) if isinstance(usages, str) else usages).get(product)
    listed = huntress.organizations[organization_id]
    if product == "edr":
        return usage["billable_agents_count"] if usage else _zero(listed["agents_count"])
    if product == "itdr":
        identities = [entry["billable_identities_count"] for entry in usage or ()]
        return sum(identities) if usage else _zero(listed["billable_identity_count"])
    if product == "sat":
        return usage["learners_count"] if usage else _zero(listed["sat_learner_count"])
    return usage["billable_log_sources_count"] if usage else _zero(listed["logs_sources_count"])


def _zero(listed_count: int) -> int | None:
    return 0 if listed_count == 0 else None


def _live_additions(
    connectwise: ConnectWiseState, company_id: int, catalog_item_id: int, now: datetime
) -> list[Record]:
    """The product's additions that bill today, on agreements that bill today."""
    today = now.date().isoformat()
    live = {
        row["id"]
        for row in connectwise.agreements.values()
        if row["company"]["id"] == company_id
        and row["agreementStatus"] == "Active"
        and not row["cancelledFlag"]
        and row["billStartDate"][:10] <= today
    }
    return [
        row
        for row in connectwise.additions.values()
        if row["agreementId"] in live
        and row["product"]["id"] == catalog_item_id
        and row["effectiveDate"][:10] <= today
        and row.get("cancelledDate", "9999")[:10] > today
    ]


def _needs_a_person(world: World, addition: Record, counted: int) -> bool:
    """The guards: anything that looks wrong waits."""
    before = addition["quantity"]
    change = counted - before
    if change == 0:
        return False
    zero = counted == 0
    jump = change > 5 and change > before * 0.50
    drop = -change > 5 and -change > before * 0.25
    return (
        zero
        or jump
        or drop
        or abs(_money(addition, counted) - _money(addition, before)) > 500
        or _edited_by_somebody(world, addition)
        or not _billed_monthly(world, addition)
    )


def _money(addition: Record, quantity: float) -> float:
    """What the customer pays a month for that many units."""
    if addition["billCustomer"] != "Billable":
        return 0.0
    billed: float = max(quantity - addition["lessIncluded"], 0) * addition["unitPrice"]
    return billed


def _edited_by_somebody(world: World, addition: Record) -> bool:
    """A run wrote it, and the quantity is another now."""
    written = {each["addition_id"]: each["quantity"] for each in world.earlier_writes}
    return bool(written.get(addition["id"], addition["quantity"]) != addition["quantity"])


def _billed_monthly(world: World, addition: Record) -> bool:
    agreement = world.connectwise.agreements[addition["agreementId"]]
    return bool(agreement["billingCycle"]["name"] == "Monthly")
