"""Which organization is which company, and the billing rules of a company."""

from dataclasses import dataclass, field
from enum import StrEnum

from billing_sync.domain.config.destinations import NO_PIN, Pin, Split
from billing_sync.domain.config.overrides import GuardChoice, QuantityChoice
from billing_sync.domain.vendors.usage import Product


class Absent(StrEnum):
    """Why Huntress has no count for a product of an organization, as a person said."""

    NOT_USED = "not used"
    ELSEWHERE = "billed elsewhere"


@dataclass(frozen=True, slots=True)
class OrganizationMapping:
    """`MAPPING/ORG#<id>`: a company, or (`company_id` None) excluded with the reason.

    The names are as last seen when the mapping was set; they explain and are never matched.
    `absent` applies to a product while there is no count for it. `additions` are the only additions
    that products go to; `pin` is for the other products.
    """

    organization_id: int
    company_id: int | None
    excluded: str = ""
    organization_name: str = ""
    company_name: str = ""
    updated_by: str = ""
    updated_at: str = ""
    pin: Pin = NO_PIN
    absent: dict[Product, Absent] = field(default_factory=dict)
    additions: dict[Product, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompanyRules:
    """`MAPPING/COMPANY#<id>`: reasons not to bill a product, and its own rules and limits.

    `catalog_items` take precedence over those of the settings. `not_charged` are the reasons of
    a person who accepted that a product's additions charge nothing. `additions` are the only ones
    that products go to, for organizations without a pin of their own.
    """

    company_id: int
    not_billed: dict[Product, str] = field(default_factory=dict)
    quantity: dict[Product, QuantityChoice] = field(default_factory=dict)
    guards: GuardChoice = field(default_factory=GuardChoice)
    catalog_items: dict[Product, int] = field(default_factory=dict)
    splits: dict[Product, Split] = field(default_factory=dict)
    not_charged: dict[Product, str] = field(default_factory=dict)
    additions: dict[Product, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mappings:
    """All current mappings, by organization id and by company id."""

    organizations: dict[int, OrganizationMapping]
    companies: dict[int, CompanyRules] = field(default_factory=dict)

    def company_ids(self) -> tuple[int, ...]:
        """Every company that at least one organization is mapped to, ascending."""
        found = {m.company_id for m in self.organizations.values() if m.company_id is not None}
        return tuple(sorted(found))

    def rules(self, company_id: int) -> CompanyRules:
        """The company's rules; a company without any has empty ones."""
        return self.companies.get(company_id) or CompanyRules(company_id)

    def company_name(self, company_id: int) -> str:
        """The name a person last saw for this company, or its id."""
        names = (m.company_name for m in self.organizations.values() if m.company_id == company_id)
        return next((name for name in names if name), f"company {company_id}")
