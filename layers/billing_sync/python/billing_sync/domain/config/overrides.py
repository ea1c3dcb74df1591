"""Overrides of a product or a company: the narrower choice wins, attribute by attribute.

From wide to narrow: the settings, a product in the settings, a company's mapping.
"""

from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Rules = TypeVar("Rules", bound="DataclassInstance")


class ZeroPolicy(StrEnum):
    """What happens to an addition whose company used nothing."""

    HOLD = "hold"
    WRITE = "write"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class QuantityRules:
    """From units used to a quantity, in this order; above `maximum` a person decides."""

    zero_policy: ZeroPolicy = ZeroPolicy.HOLD
    included: int = 0
    minimum: int = 0
    multiple_of: int = 1
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class QuantityChoice:
    """The overrides of a product or a company; None where the wider choice applies."""

    zero_policy: ZeroPolicy | None = None
    included: int | None = None
    minimum: int | None = None
    multiple_of: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class GuardChoice:
    """Limits for a product or a company, as in `settings.Guards`; None as above.

    In `money`, "" stands for the settings' currency.
    """

    rise_percent: Decimal | None = None
    rise_units: int | None = None
    fall_percent: Decimal | None = None
    fall_units: int | None = None
    money: dict[str, Decimal] | None = None
    billing_cycles: tuple[str, ...] | None = None


def narrowed(wide: Rules, *choices: "DataclassInstance | None") -> Rules:
    """The rules with each choice applied over the one before; None changes nothing.

    >>> narrowed(QuantityRules(minimum=5), QuantityChoice(included=2), None).minimum
    5
    """
    for choice in filter(None, choices):
        named = {field.name: getattr(choice, field.name) for field in fields(choice)}
        chosen = {name: value for name, value in named.items() if value is not None}
        wide = replace(wide, **chosen)
    return wide
