"""What the full audit reads and finds: additions that bill a company without usage."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from billing_sync.domain.vendors.connectwise import Addition, Agreement, UnusableAddition


@dataclass(frozen=True, slots=True)
class Others:
    """The Active agreements of companies without an organization, and our additions on them.

    `unread` gives the reason by agreement id, `unlisted` why they could not even be listed.
    `unusable` are additions whose records lack what billing needs.
    """

    agreements: tuple[Agreement, ...] = ()
    additions: tuple[Addition, ...] = ()
    unread: dict[int, str] = field(default_factory=dict)
    unlisted: str = ""
    unusable: tuple[UnusableAddition, ...] = ()


@dataclass(frozen=True, slots=True)
class Stray:
    """`RUN#<id>/STRAY#<addition>`: an addition that is billed without usage; never written.

    `money` is what it bills per billing cycle in `currency`, None where it has no price. `message`
    says what is wrong and how to fix it.
    """

    addition_id: int
    agreement_id: int
    agreement_name: str
    company_id: int
    company_name: str
    products: str
    quantity: Decimal
    money: Decimal | None
    billing_cycle: str
    message: str
    currency: str = ""


@dataclass(frozen=True, slots=True)
class AuditSum:
    """The scope and findings of the full audit; `trouble` is "" when it read everything.

    `agreements` are those of companies without an organization. `money` is by currency; `unpriced`
    counts additions without a price, which are in no sum.
    """

    agreements: int
    trouble: str
    additions: int
    money: dict[str, Decimal]
    unpriced: int


def by_size(strays: Iterable[Stray]) -> list[Stray]:
    """In the order of the report: largest money first."""
    return sorted(strays, key=lambda stray: (-(stray.money or Decimal(0)), stray.addition_id))
