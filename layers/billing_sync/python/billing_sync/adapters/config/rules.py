"""The shape of quantity rules and guards, wherever people write them in the config table."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt, model_validator

from billing_sync.domain.config.overrides import GuardChoice, QuantityChoice, ZeroPolicy
from billing_sync.domain.config.settings import Guards

Percent = Annotated[Decimal, Field(ge=0, le=1000)]
Money = Annotated[Decimal, Field(ge=0)]
Units = Annotated[int, Field(ge=0)]


def _whole(value: Any) -> Any:
    """DynamoDB gives every number as a Decimal, and its console writes 5.0 where 5 was meant."""
    return int(value) if isinstance(value, Decimal) and value == int(value) else value


WholeNumber = Annotated[PositiveInt, BeforeValidator(_whole)]
WholeUnits = Annotated[Units, BeforeValidator(_whole)]


def check_possible(minimum: int | None, maximum: int | None, *, of: str = "") -> None:
    """Refuse a maximum that would hold every quantity; `of` names the product where needed."""
    if maximum is not None and maximum < (minimum or 0):
        raise ValueError(
            f"maximum{of} {maximum} is below minimum{of} {minimum}, so every quantity would be"
            " held: raise the maximum or lower the minimum"
        )


class QuantityItem(BaseModel):
    """Quantity rules of a product; what is left out stays as the wider rules say."""

    model_config = ConfigDict(extra="forbid")

    zero_policy: ZeroPolicy | None = None
    included: WholeUnits | None = None
    minimum: WholeUnits | None = None
    multiple_of: WholeNumber | None = None
    maximum: WholeUnits | None = None

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
    """Limits on the rows of a product or a company; those on a whole run are for all alike."""

    model_config = ConfigDict(extra="forbid")

    rise_percent: Percent | None = None
    rise_units: WholeUnits | None = None
    fall_percent: Percent | None = None
    fall_units: WholeUnits | None = None
    money: Money | None = None

    def choice(self, billing_cycles: list[str] | None) -> GuardChoice:
        """The limits as the domain needs them."""
        cycles = None if billing_cycles is None else tuple(billing_cycles)
        return GuardChoice(**self.model_dump(), billing_cycles=cycles)


class GuardItem(BaseModel):
    """Limits for all, as in `domain.settings.Guards`."""

    model_config = ConfigDict(extra="forbid")

    rise_percent: Percent = Guards().rise_percent
    rise_units: WholeUnits = Guards().rise_units
    fall_percent: Percent = Guards().fall_percent
    fall_units: WholeUnits = Guards().fall_units
    money: Money = Guards().money
    run_guarded_percent: Percent = Guards().run_guarded_percent
    run_guarded_from_rows: WholeUnits = Guards().run_guarded_from_rows
    run_zero_rows: WholeUnits = Guards().run_zero_rows
    run_zero_percent: Percent = Guards().run_zero_percent
    product_total_percent: Percent = Guards().product_total_percent
