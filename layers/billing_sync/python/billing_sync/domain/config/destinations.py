"""Configured destinations: organizations pinned to agreements, products split over several."""

from dataclasses import dataclass

from billing_sync.domain.wording import folded


@dataclass(frozen=True, slots=True, order=True)
class Pin:
    """The only agreement, type of agreements or addition that units go to; empty for none.

    The type is a name, compared without case, so that such a pin survives a renewal.
    """

    agreement_id: int = 0
    agreement_type: str = ""
    addition_id: int = 0

    def __bool__(self) -> bool:
        return self != NO_PIN

    def covers(self, agreement_id: int, type_name: str) -> bool:
        """Whether units may go to this agreement."""
        if self.agreement_type:
            return folded(type_name) == folded(self.agreement_type)
        return agreement_id == self.agreement_id

    def __str__(self) -> str:
        if self.addition_id:
            return f"addition {self.addition_id}"
        if self.agreement_type:
            return f"type {self.agreement_type}"
        return f"agreement {self.agreement_id}" if self.agreement_id else ""


NO_PIN = Pin()


@dataclass(frozen=True, slots=True)
class FixedUnits:
    """A fixed number of units of a product on one agreement."""

    agreement_id: int
    units: int


@dataclass(frozen=True, slots=True)
class Split:
    """One product of a company on several agreements: fixed units in this order, then the rest.

    `additions` are the ones to bill on agreements that have several.
    """

    fixed: tuple[FixedUnits, ...]
    remainder: int
    additions: tuple[int, ...] = ()

    @property
    def fixed_units(self) -> int:
        """The units with a fixed agreement."""
        return sum(fixed.units for fixed in self.fixed)

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The agreements in order, the one for the remainder last."""
        return (*(Pin(fixed.agreement_id) for fixed in self.fixed), Pin(self.remainder))
