"""Pins and splits as written in the config table."""

from collections import Counter
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, model_validator

from billing_sync.adapters.config.rules import WholeNumber
from billing_sync.domain.config.destinations import FixedUnits, Split
from billing_sync.domain.config.overrides import QuantityChoice, QuantityRules, narrowed
from billing_sync.domain.planning.allocation_rules import not_split
from billing_sync.domain.vendors.usage import Product


def check_pin(
    agreement_id: int | None,
    agreement_type: str | None,
    additions: Mapping[Product, int],
    *,
    excluded: bool,
) -> None:
    """Refuse two agreements, and a pin of what is not billed."""
    named = {"agreement_id": agreement_id, "agreement_type": agreement_type}
    pins = [f"{name} is {value!r}" for name, value in named.items() if value is not None]
    if len(pins) > 1:
        raise ValueError(f"{' and '.join(pins)}: keep one of them")
    pins += [f"additions.{product} is {value}" for product, value in additions.items()]
    if pins and excluded:
        raise ValueError(f"{pins[0]} and excluded is true: keep one of them")


class FixedItem(BaseModel):
    """Part of a split: `split.edr.fixed`."""

    model_config = ConfigDict(extra="forbid", title="Fixed units")

    agreement_id: WholeNumber = Field(description="the agreement")
    units: WholeNumber = Field(description="units billed on it")


class SplitItem(BaseModel):
    """In the rules of a company: `split.edr.remainder`."""

    model_config = ConfigDict(extra="forbid", title="A split")

    fixed: list[FixedItem] = Field(
        min_length=1, description="agreements with fixed units, filled in this order"
    )
    remainder: WholeNumber = Field(
        description="the agreement that is billed for the remaining units"
    )
    additions: list[WholeNumber] = Field(
        default=[], description="the additions to bill on agreements that have several"
    )

    @model_validator(mode="after")
    def _distinct_agreements(self) -> "SplitItem":
        named = Counter([*(part.agreement_id for part in self.fixed), self.remainder])
        twice = [agreement_id for agreement_id, times in named.items() if times > 1]
        if twice:
            raise ValueError(
                f"agreement {twice[0]} is named twice: name each agreement once, in fixed or as"
                " remainder"
            )
        return self

    def value(self) -> Split:
        """The split as the domain needs it."""
        fixed = tuple(FixedUnits(part.agreement_id, part.units) for part in self.fixed)
        return Split(fixed, self.remainder, tuple(self.additions))


def check_split(product: Product, rules: QuantityChoice, *, not_billed: bool, pinned: bool) -> None:
    """Refuse a company's own rules that a split of the product cannot follow."""
    if pinned:
        raise ValueError(f"{product} is in split and in additions: keep one of them")
    if not_billed:
        raise ValueError(f"{product} is in split and in not_billed: keep one of them")
    for name, value in not_split(narrowed(QuantityRules(), rules)):
        raise ValueError(
            f"{name} of {product} is {value}, which a split cannot share out: remove"
            f" {name}.{product} or split.{product}"
        )
