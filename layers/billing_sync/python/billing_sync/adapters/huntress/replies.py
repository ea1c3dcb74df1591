"""Huntress's replies, validated on arrival and converted to the domain's values."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, model_validator

from billing_sync.adapters.huntress.usage import (
    billable_readings,
    line_readings,
    unrecognized,
    whole,
)
from billing_sync.domain.vendors.huntress import (
    Actor,
    Invoice,
    InvoiceSource,
    Organization,
    OrganizationDetail,
    Period,
    UsageLine,
)
from billing_sync.domain.vendors.usage import Product, Reading

_LIST_COUNTS = {
    Product.EDR: "agents_count",
    Product.ITDR: "billable_identity_count",
    Product.SAT: "sat_learner_count",
    Product.SIEM: "logs_sources_count",
}


def _instant(value: object) -> datetime:
    # Three forms are in use: 2022-03-01T20:56:15Z, with fractions, and 2026-01-10 01:07:08 UTC.
    moment = datetime.fromisoformat(str(value).strip().replace(" UTC", "+00:00"))
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside of the calendar") from error


def _whole_or_none(value: object) -> int | None:
    try:
        return whole(value)
    except ValueError:
        return None


def _instant_or_none(value: object) -> datetime | None:
    try:
        return _instant(value)
    except ValueError:
        return None


Instant = Annotated[datetime, BeforeValidator(_instant)]
MaybeInstant = Annotated[datetime | None, BeforeValidator(_instant_or_none)]
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else str(value))]
Flag = Annotated[bool, BeforeValidator(lambda value: value is True)]
MaybeCount = Annotated[int | None, BeforeValidator(_whole_or_none)]


class AccountReply(BaseModel):
    """An account, a reseller or an organization where it is only named."""

    id: int
    name: Text = ""


class _User(BaseModel):
    email: Text = ""


class ActorReply(BaseModel):
    """`GET /v1/actor`: only the parts that apply are present."""

    reseller: AccountReply | None = None
    account: AccountReply | None = None
    user: _User | None = None

    @model_validator(mode="after")
    def _has_an_owner(self) -> Self:
        if not self.reseller and not self.account:
            raise ValueError("neither an account nor a reseller")
        return self

    def actor(self) -> Actor:
        """Who it is; reseller credentials read the reseller's invoices."""
        owner = self.reseller or self.account
        return Actor(
            invoice_source=InvoiceSource.RESELLER if self.reseller else InvoiceSource.ACCOUNT,
            account_name=owner.name if owner else "",
            user_email=self.user.email if self.user else "",
        )


class InvoiceReply(BaseModel):
    """An invoice; status and time of creation are required."""

    id: int
    status: str
    has_usage: Flag = False
    plan: Text = ""
    quantity: MaybeCount = None
    amount: MaybeCount = None
    currency_type: Text = ""
    created_at: Instant

    def invoice(self, source: InvoiceSource) -> Invoice:
        """The reply as an `Invoice`; status and currency in lower case."""
        return Invoice(
            source=source,
            id=self.id,
            status=self.status.strip().lower(),
            has_usage=self.has_usage,
            plan=self.plan,
            quantity=self.quantity,
            amount=self.amount,
            currency=self.currency_type.lower(),
            created_at=self.created_at,
        )


class OrganizationReply(BaseModel):
    """An organization, from the list or alone; alone it also has `actual_usages`."""

    id: int
    name: Text = ""
    agents_count: MaybeCount = None
    billable_identity_count: MaybeCount = None
    sat_learner_count: MaybeCount = None
    logs_sources_count: MaybeCount = None
    actual_usages: object = None

    def organization(self) -> Organization:
        """Name and list counts; a missing or invalid count is left out."""
        counts = {product: getattr(self, field) for product, field in _LIST_COUNTS.items()}
        known = {product: count for product, count in counts.items() if count is not None}
        return Organization(self.id, self.name, known)

    def detail(self) -> OrganizationDetail:
        """The organization with its live, billable counts."""
        return OrganizationDetail(
            self.organization(),
            billable_readings(self.actual_usages),
            unrecognized(self.actual_usages),
        )


class UsageLineReply(BaseModel):
    """A line of a reseller invoice: what one organization used in one period."""

    period_start: MaybeInstant = None
    period_end: MaybeInstant = None
    organization: AccountReply
    actual_usage: object = None

    def line(self) -> UsageLine:
        """The reply as a `UsageLine`; without a period its counts are of no known cycle."""
        readings, period = line_readings(self.actual_usage), None
        if self.period_start is None or self.period_end is None:
            why = "Huntress gave no period for this line of the invoice"
            readings = tuple(Reading(reading.product, None, why) for reading in readings)
        else:
            period = Period(self.period_start, self.period_end)
        return UsageLine(
            organization_id=self.organization.id,
            organization_name=self.organization.name,
            period=period,
            readings=readings,
            unrecognized=unrecognized(self.actual_usage),
        )
