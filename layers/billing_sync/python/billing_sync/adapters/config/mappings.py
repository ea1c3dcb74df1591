"""Mappings of organizations and rules of companies as written in the config table.

Titles, docstrings and descriptions of these models are the text of docs/settings.md.
"""

from datetime import date, datetime
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from billing_sync.adapters.config.destinations import SplitItem, check_pin, check_split
from billing_sync.adapters.config.item import (
    CHANGED_AT,
    BillingCycles,
    ChangedBy,
    ConfigItem,
    Text,
)
from billing_sync.adapters.config.rules import (
    Included,
    Maximum,
    Minimum,
    MultipleOf,
    RowGuardItem,
    WholeNumber,
    ZeroRule,
    check_possible,
)
from billing_sync.domain.config.destinations import Pin
from billing_sync.domain.config.mappings import Absent, CompanyRules, OrganizationMapping
from billing_sync.domain.config.overrides import QuantityChoice
from billing_sync.domain.vendors.usage import Product

SeenName = Annotated[str, Field(description="the name when last seen; for the reader")]


class OrganizationItem(ConfigItem):
    """`pk` = `MAPPING`, `sk` = `ORG#<Huntress organization id>`."""

    model_config = ConfigDict(title="Mapping of an organization")

    company_id: WholeNumber | None = Field(
        default=None, description="the ConnectWise company that is billed; set this or `excluded`"
    )
    excluded: bool = Field(
        default=False, strict=True, description="no client is billed for the organization"
    )
    reason: str = Field(default="", description="why it is excluded; required if it is")
    agreement_id: WholeNumber | None = Field(
        default=None,
        description="the only agreement it is billed on"
        " ([more](configure.md#several-agreements-pins))",
    )
    agreement_type: Annotated[Text, Field(max_length=100)] | None = Field(
        default=None, description="or the type of agreement, which survives a renewal"
    )
    additions: dict[Product, WholeNumber] = Field(
        default={},
        description="or, for a product, the only addition it is billed on"
        " ([more](configure.md#several-additions-pins))",
    )
    absent: dict[Product, Absent] = Field(
        default={},
        description="products for which Huntress gives no count, each `not used` or `billed"
        " elsewhere`; it applies while there is no count",
    )
    organization_name: SeenName = ""
    company_name: SeenName = ""
    updated_by: ChangedBy = ""
    updated_at: Annotated[str | datetime | date, CHANGED_AT] = ""

    @model_validator(mode="after")
    def _company_or_excluded(self) -> "OrganizationItem":
        if self.excluded == (self.company_id is not None):
            raise ValueError("set either company_id, or excluded to true")
        if self.excluded and not self.reason.strip():
            raise ValueError("an excluded organization needs a reason")
        check_pin(self.agreement_id, self.agreement_type, self.additions, excluded=self.excluded)
        return self

    def value(self, organization_id: int) -> OrganizationMapping:
        """The mapping of this organization."""
        return OrganizationMapping(
            organization_id=organization_id,
            company_id=self.company_id,
            excluded=self.reason.strip() if self.excluded else "",
            organization_name=self.organization_name,
            company_name=self.company_name,
            updated_by=self.updated_by,
            updated_at=str(self.updated_at),
            pin=Pin(self.agreement_id or 0, self.agreement_type or ""),
            absent=dict(self.absent),
            additions=dict(self.additions),
        )


class CompanyItem(ConfigItem):
    """`pk` = `MAPPING`, `sk` = `COMPANY#<ConnectWise company id>`."""

    model_config = ConfigDict(title="Rules of a company")

    not_billed: dict[Product, Text] = Field(
        default={}, description="products the company does not pay for, each with the reason"
    )
    not_charged: dict[Product, Text] = Field(
        default={},
        description="products whose additions may charge nothing (Do Not Bill, No Charge, price"
        " 0), each with the reason; without effect while the addition charges"
        " ([more](verdicts.md#not-charged))",
    )
    catalog_items: dict[Product, WholeNumber] = Field(
        default={},
        description="the company's own catalog items, used instead of those in the settings, also"
        " for a product that the settings do not name",
    )
    additions: dict[Product, WholeNumber] = Field(
        default={},
        description="the only addition that a product is billed on, for organizations without a"
        " pin of their own ([more](configure.md#several-additions-pins))",
    )
    zero_policy: dict[Product, ZeroRule] = Field(default={})
    included: dict[Product, Included] = Field(default={})
    minimum: dict[Product, Minimum] = Field(default={})
    multiple_of: dict[Product, MultipleOf] = Field(default={})
    maximum: dict[Product, Maximum] = Field(default={})
    guards: RowGuardItem = Field(
        default=RowGuardItem(),
        description="the company's own limits on rows, for all its products",
    )
    billing_cycles: BillingCycles | None = None
    split: dict[Product, SplitItem] = Field(
        default={},
        description="a product on several agreements"
        " ([more](configure.md#one-product-on-several-agreements-splits))",
    )
    company_name: SeenName = ""
    updated_by: ChangedBy = ""
    updated_at: Annotated[str | datetime | date, CHANGED_AT] = ""

    @model_validator(mode="after")
    def _possible(self) -> "CompanyItem":
        for product, maximum in self.maximum.items():
            check_possible(self.minimum.get(product), maximum, of=f" of {product}")
        for product in self.split:
            check_split(
                product,
                self._quantity(product),
                not_billed=product in self.not_billed,
                pinned=product in self.additions,
            )
        return self

    def value(self, company_id: int) -> CompanyRules:
        """The company's rules."""
        return CompanyRules(
            company_id,
            not_billed=dict(self.not_billed),
            not_charged=dict(self.not_charged),
            quantity={product: self._quantity(product) for product in Product},
            guards=self.guards.choice(self.billing_cycles),
            catalog_items=dict(self.catalog_items),
            splits={product: item.value() for product, item in self.split.items()},
            additions=dict(self.additions),
        )

    def _quantity(self, product: Product) -> QuantityChoice:
        return QuantityChoice(
            zero_policy=self.zero_policy.get(product),
            included=self.included.get(product),
            minimum=self.minimum.get(product),
            multiple_of=self.multiple_of.get(product),
            maximum=self.maximum.get(product),
        )
