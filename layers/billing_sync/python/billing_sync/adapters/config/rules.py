"""Quantity rules and guards as written in the settings and in a company's rules.

Titles, docstrings and descriptions of these models are the text of docs/settings.md.
"""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PositiveInt,
    StringConstraints,
    Tag,
    model_validator,
)

from billing_sync.domain.config.overrides import GuardChoice, QuantityChoice, ZeroPolicy
from billing_sync.domain.config.settings import CURRENCY, Guards

Percent = Annotated[Decimal, Field(ge=0, le=1000)]
Money = Annotated[Decimal, Field(ge=0)]
NUMBER, BY_CURRENCY = "a number", "by currency"  # the forms of a limit in money
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Units = Annotated[int, Field(ge=0)]


def _whole(value: Any) -> Any:
    """DynamoDB gives every number as a Decimal, and its console writes 5.0 where 5 was meant."""
    return int(value) if isinstance(value, Decimal) and value == int(value) else value


WholeNumber = Annotated[PositiveInt, BeforeValidator(_whole)]
WholeUnits = Annotated[Units, BeforeValidator(_whole)]

ZeroRule = Annotated[
    ZeroPolicy,
    Field(
        description="when nothing was used: `hold` for approval, `write` without approval, or"
        " `keep` the current quantity"
    ),
]
Included = Annotated[
    WholeUnits,
    Field(
        description="units that another price includes, subtracted from the usage; if the addition"
        " has a *Less Included* of its own, the row is blocked"
    ),
]
Minimum = Annotated[
    WholeUnits, Field(description="the lowest quantity, also when nothing was used")
]
MultipleOf = Annotated[
    WholeNumber, Field(description="rounds up to the next multiple, for example packs of five")
]
Maximum = Annotated[
    WholeUnits,
    Field(description="a higher quantity is held, shown with the count, until it is released"),
]
RisePercent = Annotated[
    Percent, Field(description="a row is held if it rises by more than this percentage")
]
RiseUnits = Annotated[WholeUnits, Field(description="and by more than this many units")]
FallPercent = Annotated[
    Percent, Field(description="a row is held if it falls by more than this percentage")
]
FallUnits = Annotated[WholeUnits, Field(description="and by more than this many units")]
ChangeValue = Annotated[
    Annotated[Money, Tag(NUMBER)] | Annotated[dict[Currency, Money], Tag(BY_CURRENCY)],
    Discriminator(lambda value: BY_CURRENCY if isinstance(value, dict) else NUMBER),
    Field(
        description="a row is held if its change is worth more than this in a billing cycle: a"
        " number for the settings' `currency`, or a limit for each currency; a row in another"
        " currency is held"
    ),
]


def check_possible(minimum: int | None, maximum: int | None, *, of: str = "") -> None:
    """Refuse a maximum below the minimum; `of` names the product where needed."""
    if maximum is not None and maximum < (minimum or 0):
        raise ValueError(
            f"maximum{of} {maximum} is below minimum{of} {minimum}, so every quantity would be"
            " held: raise the maximum or lower the minimum"
        )


def by_currency(money: Decimal | dict[str, Decimal], *, currency: str = "") -> dict[str, Decimal]:
    """The limits by currency; a number is in the settings' `currency`."""
    return money if isinstance(money, dict) else {currency: money}


class QuantityItem(BaseModel):
    """Quantity rules of a product; what is left out stays as the wider rules say."""

    model_config = ConfigDict(extra="forbid")

    zero_policy: ZeroRule | None = None
    included: Included | None = None
    minimum: Minimum | None = None
    multiple_of: MultipleOf | None = None
    maximum: Maximum | None = None

    @model_validator(mode="after")
    def _possible(self) -> "QuantityItem":
        check_possible(self.minimum, self.maximum)
        return self

    def choice(self) -> QuantityChoice:
        """The rules as the domain needs them."""
        return QuantityChoice(
            zero_policy=self.zero_policy,
            included=self.included,
            minimum=self.minimum,
            multiple_of=self.multiple_of,
            maximum=self.maximum,
        )


class RowGuardItem(BaseModel):
    """For a product (`products.edr.guards.money`) or a company (`guards.money`).

    What is not set for a company comes from the product; what is not set for a product, from the
    settings.
    """

    model_config = ConfigDict(extra="forbid", title="Limits on rows")

    rise_percent: RisePercent | None = None
    rise_units: RiseUnits | None = None
    fall_percent: FallPercent | None = None
    fall_units: FallUnits | None = None
    money: ChangeValue | None = None

    def choice(self, billing_cycles: list[str] | None) -> GuardChoice:
        """The limits as the domain needs them."""
        cycles = None if billing_cycles is None else tuple(billing_cycles)
        money = None if self.money is None else by_currency(self.money)
        return GuardChoice(**self.model_dump(exclude={"money"}), money=money, billing_cycles=cycles)


class GuardItem(BaseModel):
    """For all products and companies, in the settings: `guards.money`."""

    model_config = ConfigDict(extra="forbid", title="Limits for all")

    rise_percent: RisePercent = Guards().rise_percent
    rise_units: RiseUnits = Guards().rise_units
    fall_percent: FallPercent = Guards().fall_percent
    fall_units: FallUnits = Guards().fall_units
    money: ChangeValue = Guards().money[CURRENCY]
    run_guarded_percent: Percent = Field(
        default=Guards().run_guarded_percent,
        description="the run is held if more than this percentage of its rows are held",
    )
    run_guarded_from_rows: WholeUnits = Field(
        default=Guards().run_guarded_from_rows,
        description="and it has at least this many rows",
    )
    run_zero_rows: WholeUnits = Field(
        default=Guards().run_zero_rows,
        description="the run is held if more than this many additions fall to zero",
    )
    run_zero_percent: Percent = Field(
        default=Guards().run_zero_percent,
        description="and they are more than this percentage of its rows",
    )
    product_total_percent: Percent = Field(
        default=Guards().product_total_percent,
        description="the run is held if a product's total changes by more than this percentage"
        " since the last cycle",
    )
