"""The shape of what people write into the config table, and the values it becomes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
    StringConstraints,
    field_validator,
    model_validator,
)

from billing_sync.domain.mapping import CompanyRules, OrganizationMapping
from billing_sync.domain.settings import Approval, Guards, Settings, ZeroPolicy
from billing_sync.domain.usage import Product

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Percent = Annotated[Decimal, Field(ge=0, le=1000)]
Units = Annotated[int, Field(ge=0)]


def _whole(value: Any) -> Any:
    """DynamoDB gives every number as a Decimal, and its console writes 5.0 where 5 was meant."""
    return int(value) if isinstance(value, Decimal) and value == int(value) else value


WholeId = Annotated[PositiveInt, BeforeValidator(_whole)]
WholeUnits = Annotated[Units, BeforeValidator(_whole)]


class ConfigItem(BaseModel):
    """Unknown attributes are refused: a misspelt one would otherwise be a rule nobody applies."""

    model_config = ConfigDict(extra="forbid")

    pk: str
    sk: str


class CatalogChoice(BaseModel):
    """Which catalog item bills a product; `name` is for the reader."""

    model_config = ConfigDict(extra="forbid")

    catalog_item_id: WholeId
    name: str = ""


class GuardItem(BaseModel):
    """Limits of the guards, as in `domain.settings.Guards`."""

    model_config = ConfigDict(extra="forbid")

    rise_percent: Percent = Guards().rise_percent
    rise_units: WholeUnits = Guards().rise_units
    fall_percent: Percent = Guards().fall_percent
    fall_units: WholeUnits = Guards().fall_units
    money: Annotated[Decimal, Field(ge=0)] = Guards().money
    run_guarded_percent: Percent = Guards().run_guarded_percent
    run_guarded_from_rows: WholeUnits = Guards().run_guarded_from_rows
    run_zero_rows: WholeUnits = Guards().run_zero_rows
    product_total_percent: Percent = Guards().product_total_percent


class SettingsItem(ConfigItem):
    """`SETTINGS/CURRENT`."""

    version: WholeId
    sync_enabled: bool = Field(default=False, strict=True)
    time_zone: str = "UTC"
    products: dict[Product, CatalogChoice] = Field(min_length=1)
    zero_policy: ZeroPolicy = ZeroPolicy.HOLD
    approval: Approval = Approval.AUTOMATIC
    agreement_types: list[Text] = []
    billing_cycles: list[Text] = ["Monthly"]
    release_valid_days: Annotated[WholeId, Field(le=60)] = 7
    guards: GuardItem = GuardItem()
    updated_by: str = ""
    updated_at: str = ""

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("must be a time zone name such as America/New_York or Europe/Berlin")
        ZoneInfo(value)
        return value

    def value(self) -> Settings:
        """The settings as the rules need them."""
        return Settings(
            version=self.version,
            products={p: choice.catalog_item_id for p, choice in self.products.items()},
            sync_enabled=self.sync_enabled,
            time_zone=self.time_zone,
            zero_policy=self.zero_policy,
            approval=self.approval,
            agreement_types=tuple(self.agreement_types),
            billing_cycles=tuple(self.billing_cycles),
            release_valid_days=self.release_valid_days,
            guards=Guards(**self.guards.model_dump()),
        )


class _Provenance(ConfigItem):
    updated_by: str = ""
    updated_at: str | datetime | date = ""


class OrganizationItem(_Provenance):
    """`MAPPING/ORG#<id>`: a company, or excluded with a reason."""

    company_id: WholeId | None = None
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
        )


class CompanyItem(_Provenance):
    """`MAPPING/COMPANY#<id>`: what is special about billing this company."""

    not_billed: dict[Product, Text] = {}
    included: dict[Product, WholeUnits] = {}
    company_name: str = ""

    def value(self, company_id: int) -> CompanyRules:
        """The company's rules."""
        return CompanyRules(company_id, dict(self.not_billed), dict(self.included))
