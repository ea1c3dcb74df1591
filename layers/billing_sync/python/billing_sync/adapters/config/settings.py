"""The settings as written in the config table.

Titles, docstrings and descriptions of these models are the text of docs/settings.md.
"""

from collections import Counter
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, field_validator

from billing_sync.adapters.config.item import (
    CHANGED_AT,
    BillingCycles,
    ChangedBy,
    ConfigItem,
    Text,
)
from billing_sync.adapters.config.rules import (
    Currency,
    GuardItem,
    QuantityItem,
    RowGuardItem,
    WholeNumber,
    WholeUnits,
    by_currency,
)
from billing_sync.domain.config.overrides import ZeroPolicy
from billing_sync.domain.config.settings import CURRENCY, Approval, Guards, Settings
from billing_sync.domain.invoices.product_scope import plan_key
from billing_sync.domain.schema_versions import CONFIG
from billing_sync.domain.vendors.usage import Product


class ProductItem(QuantityItem):
    """In the settings: `products.edr.catalog_item_id`.

    Products are `edr`, `itdr`, `sat`, `siem`, `ispm`.
    """

    model_config = ConfigDict(title="A product")

    catalog_item_id: WholeNumber = Field(
        description="id of the ConnectWise catalog item whose additions bill the product"
    )
    name: str = Field(default="", description="for the reader; has no effect")
    guards: RowGuardItem = Field(
        default=RowGuardItem(), description="the product's own limits on rows"
    )
    billing_cycles: BillingCycles | None = None


class SettingsItem(ConfigItem):
    """One item in the config table: `pk` = `SETTINGS`, `sk` = `CURRENT`.

    Earlier versions are kept as `V#<number>`.
    """

    model_config = ConfigDict(title="Settings")

    products: dict[Product, ProductItem] = Field(
        min_length=1, description="what bills each product, with its rules and limits"
    )
    sync_enabled: bool = Field(
        default=False,  # guard: sync-off-by-default
        strict=True,
        description="whether an invoice may start a run, and whether anything may be written to"
        " ConnectWise",
    )
    time_zone: str = Field(
        default="UTC", description='decides what "today" is, for example `America/New_York`'
    )
    currency: Currency = Field(
        default=CURRENCY,
        description="ISO code of ConnectWise's own currency: of catalog prices, of agreements that"
        " name none, and of `guards.money` as a number",
    )
    zero_policy: ZeroPolicy = Field(
        default=ZeroPolicy.HOLD,
        description="what happens to an existing addition when nothing was used"
        " ([more](configure.md#quantity-rules))",
    )
    approval: Approval = Field(
        default=Approval.AUTOMATIC, description="`required` holds every run until it is released"
    )
    agreement_types: list[Text] = Field(
        default=[], description="names of the agreement types that may be updated; empty: all"
    )
    billing_cycles: BillingCycles = Field(default=["Monthly"])
    combined_catalog_items: list[WholeNumber] = Field(
        default=[],
        description="ids of catalog items that may bill several products, whose units are added"
        " up ([more](configure.md#several-products-in-one-addition))",
    )
    release_valid_days: WholeNumber = Field(
        default=7, le=60, description="how many days a plan can be released"
    )
    full_audit: bool = Field(
        default=True,
        strict=True,
        description="also look for additions that bill without usage at companies that no"
        " organization is mapped to ([more](verdicts.md#billed-without-usage))",
    )
    guards: GuardItem = Field(
        default=GuardItem(),
        description="limits above which a person decides ([more](guards.md))",
    )
    apply_after_days: WholeUnits = Field(
        default=0,
        le=27,
        description="how many days after the date of Huntress's invoice it is applied"
        " ([more](configure.md#when-an-invoice-is-applied))",
    )
    invoice_plans: dict[Text, Annotated[list[Product], Field(min_length=1)]] = Field(
        default={},
        description="which products an invoice bills, by the text of its plan; empty: all"
        " ([more](configure.md#invoices-by-product))",
    )
    huntress_sync_off: str = Field(
        default="",
        description="who confirmed, and when, that Huntress's own *Sync With ConnectWise"
        " Agreements* is off; two syncs would overwrite each other",
    )
    connectwise_role_confirmed: str = Field(
        default="",
        description="who looked, and when, at the API member's role and restrictions where"
        " ConnectWise does not show them to its API"
        " ([more](connectwise-permissions.md#a-role-that-cannot-be-read))",
    )
    external_notifications: str = Field(
        default="",
        description="who received a test event outside of the notification topic, and when, so that"
        " the topic needs no subscriber ([more](permission-check.md#who-is-notified))",
    )
    version: WholeNumber = Field(description="increases with each change; the command line sets it")
    schema_version: WholeNumber = Field(
        default=CONFIG, description="layout of the config table; leave it as it is"
    )
    updated_by: ChangedBy = ""
    updated_at: Annotated[str, CHANGED_AT] = ""

    @field_validator("schema_version")
    @classmethod
    def _known_layout(cls, number: int) -> int:
        if number != CONFIG:
            raise ValueError(
                f"this installation reads layout {CONFIG} of the config table. Deploy the release"
                " that wrote it"
            )
        return number

    @field_validator("invoice_plans")
    @classmethod
    def _distinct_plans(cls, value: dict[str, list[Product]]) -> dict[str, list[Product]]:
        times = Counter(map(plan_key, value))
        same = [text for text in value if times[plan_key(text)] > 1]
        if same:
            raise ValueError(f"these are one plan, keep one of them: {', '.join(same)}")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        # Only this zone: listing all of them reads hundreds of folders.
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
            guards=Guards(
                **self.guards.model_dump(exclude={"money"}),
                money=by_currency(self.guards.money, currency=self.currency),
                billing_cycles=tuple(self.billing_cycles),
            ),
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
            connectwise_role_confirmed=self.connectwise_role_confirmed.strip(),
            external_notifications=self.external_notifications.strip(),
            currency=self.currency,
        )
