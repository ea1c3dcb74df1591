"""The shape of what people write into the config table, and the values it becomes."""

from collections import Counter
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from billing_sync.adapters.config.destinations import (
    SplitItem,
    check_pin,
    check_split,
)
from billing_sync.adapters.config.rules import (
    GuardItem,
    QuantityItem,
    RowGuardItem,
    WholeNumber,
    WholeUnits,
    check_possible,
)
from billing_sync.domain.config.destinations import Pin
from billing_sync.domain.config.mappings import CompanyRules, OrganizationMapping
from billing_sync.domain.config.overrides import QuantityChoice, ZeroPolicy
from billing_sync.domain.config.settings import Approval, Guards, Settings
from billing_sync.domain.invoices.product_scope import plan_key
from billing_sync.domain.vendors.usage import Product

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class ConfigItem(BaseModel):
    """Unknown attributes are refused: a misspelt one would otherwise be a rule nobody applies."""

    model_config = ConfigDict(extra="forbid")

    pk: str
    sk: str


class ProductItem(QuantityItem):
    """Which catalog item bills a product, its rules and limits; `name` is for the reader."""

    catalog_item_id: WholeNumber
    name: str = ""
    guards: RowGuardItem = RowGuardItem()
    billing_cycles: list[Text] | None = None


class SettingsItem(ConfigItem):
    """`SETTINGS/CURRENT`."""

    version: WholeNumber
    sync_enabled: bool = Field(
        default=False,  # guard: sync-off-by-default
        strict=True,
    )
    time_zone: str = "UTC"
    products: dict[Product, ProductItem] = Field(min_length=1)
    zero_policy: ZeroPolicy = ZeroPolicy.HOLD
    approval: Approval = Approval.AUTOMATIC
    agreement_types: list[Text] = []
    billing_cycles: list[Text] = ["Monthly"]
    combined_catalog_items: list[WholeNumber] = []
    release_valid_days: Annotated[WholeNumber, Field(le=60)] = 7
    full_audit: bool = Field(default=True, strict=True)
    guards: GuardItem = GuardItem()
    apply_after_days: Annotated[WholeUnits, Field(le=27)] = 0
    invoice_plans: dict[Text, Annotated[list[Product], Field(min_length=1)]] = {}
    huntress_sync_off: str = ""
    updated_by: str = ""
    updated_at: str = ""

    @field_validator("invoice_plans")
    @classmethod
    def _told_apart(cls, value: dict[str, list[Product]]) -> dict[str, list[Product]]:
        times = Counter(map(plan_key, value))
        same = [text for text in value if times[plan_key(text)] > 1]
        if same:
            raise ValueError(f"these are one plan, keep one of them: {', '.join(same)}")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        # Asking for the one zone: listing all of them reads hundreds of folders.
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):  # unknown; no name at all; the name of a folder
            hint = "must be a time zone name such as America/New_York or Europe/Berlin"
            raise ValueError(hint) from None
        return value

    def value(self) -> Settings:
        """The settings as the rules need them."""
        return Settings(
            version=self.version,
            products={product: item.catalog_item_id for product, item in self.products.items()},
            sync_enabled=self.sync_enabled,
            time_zone=self.time_zone,
            zero_policy=self.zero_policy,
            quantity={product: item.choice() for product, item in self.products.items()},
            approval=self.approval,
            agreement_types=tuple(self.agreement_types),
            combined_catalog_items=tuple(self.combined_catalog_items),
            release_valid_days=self.release_valid_days,
            full_audit=self.full_audit,
            guards=Guards(**self.guards.model_dump(), billing_cycles=tuple(self.billing_cycles)),
            product_guards={
                product: item.guards.choice(item.billing_cycles)
                for product, item in self.products.items()
            },
            apply_after_days=self.apply_after_days,
            invoice_plans={
                plan_key(text): tuple(product for product in Product if product in named)
                for text, named in self.invoice_plans.items()
            },
            huntress_sync_off=self.huntress_sync_off.strip(),
        )


class _Provenance(ConfigItem):
    updated_by: str = ""
    updated_at: str | datetime | date = ""


class OrganizationItem(_Provenance):
    """`MAPPING/ORG#<id>`: a company, perhaps pinned to a place in it, or excluded with a reason."""

    company_id: WholeNumber | None = None
    agreement_id: WholeNumber | None = None
    agreement_type: Annotated[Text, Field(max_length=100)] | None = None
    excluded: bool = Field(default=False, strict=True)
    reason: str = ""
    organization_name: str = ""
    company_name: str = ""

    @model_validator(mode="after")
    def _one_of(self) -> "OrganizationItem":
        if self.excluded == (self.company_id is not None):
            raise ValueError("set either company_id, or excluded to true")
        if self.excluded and not self.reason.strip():
            raise ValueError("an excluded organization needs a reason")
        check_pin(self.agreement_id, self.agreement_type, excluded=self.excluded)
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
        )


class CompanyItem(_Provenance):
    """`MAPPING/COMPANY#<id>`: what is special about billing this company, rule by product."""

    catalog_items: dict[Product, WholeNumber] = {}
    split: dict[Product, SplitItem] = {}
    not_billed: dict[Product, Text] = {}
    zero_policy: dict[Product, ZeroPolicy] = {}
    included: dict[Product, WholeUnits] = {}
    minimum: dict[Product, WholeUnits] = {}
    multiple_of: dict[Product, WholeNumber] = {}
    maximum: dict[Product, WholeUnits] = {}
    guards: RowGuardItem = RowGuardItem()
    billing_cycles: list[Text] | None = None
    company_name: str = ""

    @model_validator(mode="after")
    def _possible(self) -> "CompanyItem":
        for product, maximum in self.maximum.items():
            check_possible(self.minimum.get(product), maximum, of=f" of {product}")
        for product in self.split:
            check_split(product, self._quantity(product), not_billed=product in self.not_billed)
        return self

    def value(self, company_id: int) -> CompanyRules:
        """The company's rules."""
        return CompanyRules(
            company_id,
            not_billed=dict(self.not_billed),
            quantity={product: self._quantity(product) for product in Product},
            guards=self.guards.choice(self.billing_cycles),
            catalog_items=dict(self.catalog_items),
            splits={product: item.value() for product, item in self.split.items()},
        )

    def _quantity(self, product: Product) -> QuantityChoice:
        return QuantityChoice(
            zero_policy=self.zero_policy.get(product),
            included=self.included.get(product),
            minimum=self.minimum.get(product),
            multiple_of=self.multiple_of.get(product),
            maximum=self.maximum.get(product),
        )
