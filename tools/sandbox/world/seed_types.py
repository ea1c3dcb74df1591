"""How a company of the seeded world is written down. Dates are days from today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Organization:
    """One organization in Huntress.

    `uses` is what `actual_usages` counts, by product; a product not in it is not active.
    `listed_only` are counts that the organizations list shows although `actual_usages` lacks the
    product. A quiet agent is in the list's count of all agents and not billable; an outdated one is
    billable. `pinned_to` is the agreement its mapping names.
    """

    id: int
    name: str
    uses: Mapping[str, int]
    listed_only: Mapping[str, int] = field(default_factory=dict)
    quiet_agents: int = 0
    pinned_to: int | None = None
    outdated_agents: int = 0


@dataclass(frozen=True, slots=True)
class Addition:
    """One addition; `wrote` is the quantity that an earlier run wrote, if one did."""

    product: str
    quantity: float
    bill: str = "Billable"
    less_included: float = 0.0
    effective: int | None = -400
    cancelled: int | None = None
    wrote: int | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement with its additions; `child` puts it below the company's first agreement."""

    additions: tuple[Addition, ...]
    name: str = "Managed Security"
    status: str = "Active"
    starts: int = -400
    ends: int | None = None
    cancelled: int | None = None
    billing_cycle: str = "Monthly"
    child: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """One company in ConnectWise, with the organizations mapped to it and why it is here.

    `catalog_items` and `split` are as in the config table.
    """

    id: int
    name: str
    why: str
    organizations: tuple[Organization, ...]
    agreements: tuple[Agreement, ...]
    not_billed: Mapping[str, str] = field(default_factory=dict)
    catalog_items: Mapping[str, int] = field(default_factory=dict)
    split: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def agreement_id(company: Company, position: int) -> int:
    """Company 250's first agreement is 2500, its second 2501."""
    return company.id * 10 + position


def addition_id(agreement: int, position: int) -> int:
    """Agreement 2500's first addition is 250001, its second 250002."""
    return agreement * 100 + position + 1
