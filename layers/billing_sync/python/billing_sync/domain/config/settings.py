"""The operator's choices, as the rules need them."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from billing_sync.domain.config.overrides import GuardChoice, QuantityChoice, ZeroPolicy
from billing_sync.domain.vendors.usage import Product

CURRENCY = "USD"


class Approval(StrEnum):
    """Whether an invoice's rows are written at once or wait for a person."""

    AUTOMATIC = "automatic"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Guards:
    """Limits above which a person decides; a rule needs both its percentage and its number.

    `money` has a limit for each currency. `billing_cycles` are the agreement billing cycles whose
    additions are written without approval.
    """

    rise_percent: Decimal = Decimal(50)
    rise_units: int = 5
    fall_percent: Decimal = Decimal(25)
    fall_units: int = 5
    money: dict[str, Decimal] = field(default_factory=lambda: {CURRENCY: Decimal(500)})
    billing_cycles: tuple[str, ...] = ("Monthly",)
    run_guarded_percent: Decimal = Decimal(10)
    run_guarded_from_rows: int = 20
    run_zero_rows: int = 3
    run_zero_percent: Decimal = Decimal(3)
    product_total_percent: Decimal = Decimal(20)


@dataclass(frozen=True, slots=True)
class Settings:
    """`SETTINGS/CURRENT`; `products` says which catalog item bills which product.

    `quantity` and `product_guards` are the products' own: they override `zero_policy` and `guards`,
    and a company's override them. `combined_catalog_items` may bill several products, whose units
    then add up. `agreement_types` are names, compared without case; empty allows every type.
    `full_audit` also reads the agreements of companies that no organization is mapped to.
    `apply_after_days` is how long an invoice waits for its run. `invoice_plans` gives, by the text
    of an invoice's plan (as `plan_key` compares it), the products it covers; empty: all.
    `huntress_sync_off` is who confirmed, and when, that Huntress's own sync with ConnectWise is
    off, "" when nobody did: no API shows it. `connectwise_role_confirmed` is likewise who
    looked at the API member's role where ConnectWise does not show it to its API,
    `external_notifications` who received a test event outside of the topic. `currency` is
    ConnectWise's own: that of catalog prices and of agreements that name none.
    """

    version: int
    products: dict[Product, int]
    sync_enabled: bool = False
    time_zone: str = "UTC"
    zero_policy: ZeroPolicy = ZeroPolicy.HOLD
    quantity: dict[Product, QuantityChoice] = field(default_factory=dict)
    approval: Approval = Approval.AUTOMATIC
    agreement_types: tuple[str, ...] = ()
    release_valid_days: int = 7
    full_audit: bool = True
    guards: Guards = field(default_factory=Guards)
    product_guards: dict[Product, GuardChoice] = field(default_factory=dict)
    combined_catalog_items: tuple[int, ...] = ()
    apply_after_days: int = 0
    invoice_plans: dict[str, tuple[Product, ...]] = field(default_factory=dict)
    huntress_sync_off: str = ""
    connectwise_role_confirmed: str = ""
    external_notifications: str = ""
    currency: str = CURRENCY
