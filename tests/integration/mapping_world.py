"""A world for mappings: mapped and unmapped organizations, with names more and less alike."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.integration.local_stack import LocalStack
from tools.sandbox.world.build import World, world_of
from tools.sandbox.world.seed_types import Addition, Agreement, Company, Organization

ALDER, BIRCH, COPPER, DRUMLIN, ELM = 301, 302, 303, 304, 305
ALDER_ORG, ELM_ORG, BIRCH_ORG, COPPER_ORG, NOBODY, DRUMLIN_ORG = 1, 5, 12, 13, 90, 14
MANAGED = Agreement((Addition("edr", 20.0),))
PROJECTS = Agreement((), name="Projects")
ENDED = Agreement((Addition("edr", 20.0),), status="Expired", ends=-30)


def mapping_world(now: datetime) -> World:
    """Alder and Elm are mapped (Elm's agreement has ended), the others wait."""
    alder, elm = _organization(ALDER_ORG, "Alder Finch", 20), _organization(ELM_ORG, "Elm", 30)
    companies = (
        Company(ALDER, "Alder Finch LLC", "mapped", (alder,), (MANAGED, PROJECTS)),
        Company(BIRCH, "Birchleaf Inc.", "exactly one unmapped organization", (), (MANAGED,)),
        Company(COPPER, "Copperfield Wealth Advisors", "likely", (), (MANAGED,)),
        Company(DRUMLIN, "Drumlin Architects", "exactly another", (), (MANAGED,)),
        Company(ELM, "Elm", "its agreement ended", (elm,), (ENDED,)),
    )
    others = (
        _organization(BIRCH_ORG, "Birchleaf", 10),
        _organization(COPPER_ORG, "Copperfield", 40),
        _organization(DRUMLIN_ORG, "Drumlin Architects Ltd", 5),
        _organization(NOBODY, "DESKTOP-4F2K", 1),
    )
    world = world_of(companies, others, now=now)
    ours = [each for each in world.mappings if not each.get("excluded")]
    return replace(world, mappings=ours)


def _organization(number: int, name: str, agents: int) -> Organization:
    return Organization(number, name, {"edr": agents})


def appears(stack: LocalStack, organization: Organization) -> None:
    """An organization is made in Huntress."""
    state = world_of((), (organization,), now=stack.world.now).huntress
    stack.huntress.state.organizations |= state.organizations
    stack.huntress.state.actual_usages |= state.actual_usages


def vanishes(stack: LocalStack, organization_id: int) -> None:
    """An organization is deleted in Huntress."""
    del stack.huntress.state.organizations[organization_id]
    del stack.huntress.state.actual_usages[organization_id]


def deleted(stack: LocalStack, company_id: int) -> None:
    """A company is deleted in ConnectWise, or merged into another."""
    state = stack.connectwise.state
    del state.companies[company_id]
    for key in [k for k, row in state.agreements.items() if row["company"]["id"] == company_id]:
        del state.agreements[key]


def renamed(stack: LocalStack, company_id: int, name: str) -> None:
    """A company is renamed in ConnectWise."""
    for agreement in stack.connectwise.state.agreements.values():
        if agreement["company"]["id"] == company_id:
            agreement["company"]["name"] = name


def words(text: str) -> str:
    """What was printed, without how it was broken into lines."""
    return " ".join(text.split())


def item(stack: LocalStack, sort_key: str) -> dict[str, Any] | None:
    """What it says, without who and when."""
    found = stack.config.get_item(Key={"pk": "MAPPING", "sk": sort_key}).get("Item")
    hidden = {"pk", "sk", "updated_by", "updated_at"}
    return found and {name: value for name, value in found.items() if name not in hidden}
