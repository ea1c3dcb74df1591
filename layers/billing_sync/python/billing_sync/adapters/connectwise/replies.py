"""ConnectWise's replies, validated on arrival and converted to the domain's values.

Unset values are left out, null or empty: all three mean the same. What costs money is strict: an
addition without a quantity is an error and never a zero.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic.alias_generators import to_camel

from billing_sync.adapters.events.validation import explained
from billing_sync.domain.errors import Blocked, Retryable
from billing_sync.domain.vendors.connectwise import Addition, Agreement, BillCustomer

Model = TypeVar("Model", bound=BaseModel)


def _calendar_date(value: object) -> date | None:
    # Dates come as midnight UTC, 2019-09-24T00:00:00Z, and mean that day wherever one is.
    return date.fromisoformat(str(value)[:10]) if value else None


Day = Annotated[date | None, BeforeValidator(_calendar_date)]
Text = Annotated[str, BeforeValidator(lambda value: value or "")]
Flag = Annotated[bool, BeforeValidator(lambda value: value or False)]
Money = Annotated[Decimal | None, BeforeValidator(lambda value: None if value == "" else value)]


def _without_zeros(value: Decimal) -> Decimal:
    # Quantities come as doubles, 42.0; reports show 42.
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


Quantity = Annotated[Decimal, AfterValidator(_without_zeros)]
OrZero = Annotated[Quantity, BeforeValidator(lambda value: value or 0)]


class Reply(BaseModel):
    """A reply of ConnectWise; its camelCase names become names with underscores."""

    model_config = ConfigDict(alias_generator=to_camel)


class Reference(Reply):
    """A record as another one points to it."""

    id: int | None = None
    name: Text = ""
    identifier: Text = ""


class _Company(Reply):
    id: int
    name: Text = ""
    identifier: Text = ""


class _Currency(Reply):
    currency_code: Text = ""


class _Info(Reply):
    last_updated: Text = ""
    updated_by: Text = ""


OptionalReference = Annotated[Reference, BeforeValidator(lambda value: value or {})]
_OptionalCurrency = Annotated[_Currency, BeforeValidator(lambda value: value or {})]
_InfoOrNone = Annotated[_Info, BeforeValidator(lambda value: value or {})]


class AgreementReply(Reply):
    """An agreement; its company is required."""

    id: int
    name: Text = ""
    type: OptionalReference = Reference()
    company: _Company
    agreement_status: Text = ""
    cancelled_flag: Flag = False
    start_date: Day = None
    end_date: Day = None
    date_cancelled: Day = None
    bill_start_date: Day = None
    next_invoice_date: Day = None
    billing_cycle: OptionalReference = Reference()
    parent_agreement: OptionalReference = Reference()
    bill_products: Text = ""
    currency: _OptionalCurrency = _Currency()

    def agreement(self) -> Agreement:
        """The reply as an `Agreement`."""
        return Agreement(
            id=self.id,
            name=self.name,
            type_id=self.type.id,
            type_name=self.type.name,
            company_id=self.company.id,
            company_name=self.company.name,
            status=self.agreement_status,
            cancelled=self.cancelled_flag,
            start_date=self.start_date,
            end_date=self.end_date,
            cancelled_date=self.date_cancelled,
            bill_start_date=self.bill_start_date,
            next_invoice_date=self.next_invoice_date,
            billing_cycle=self.billing_cycle.name,
            parent_id=self.parent_agreement.id,
            company_identifier=self.company.identifier,
            bill_products=self.bill_products,
            currency=self.currency.currency_code.strip().upper(),
        )


class AdditionReply(Reply):
    """An addition; id, quantity and billCustomer are required."""

    id: int
    agreement_id: int | None = None
    product: OptionalReference = Reference()
    description: Text = ""
    quantity: Quantity
    less_included: OrZero = Decimal(0)
    unit_price: Money = None
    bill_customer: BillCustomer
    effective_date: Day = None
    cancelled_date: Day = None
    info: _InfoOrNone = Field(default=_Info(), alias="_info")

    def addition(self, *, listed_under: int) -> Addition:
        """The reply as an `Addition`, of the agreement that listed it if it names none."""
        return Addition(
            id=self.id,
            agreement_id=self.agreement_id or listed_under,
            catalog_item_id=self.product.id,
            catalog_item_identifier=self.product.identifier,
            description=self.description,
            quantity=self.quantity,
            less_included=self.less_included,
            unit_price=self.unit_price,
            bill_customer=self.bill_customer,
            effective_date=self.effective_date,
            cancelled_date=self.cancelled_date,
            last_updated=self.info.last_updated,
            updated_by=self.info.updated_by,
        )


class BundleResult(Reply):
    """The reply to one request of a bundle; the outer 200 does not cover it."""

    sequence_number: int | None = None
    success: Flag = False
    status_code: int = 0
    entities: list[dict[str, object]] | None = None
    count: int | None = None

    @property
    def complete(self) -> bool:
        """Whether these are all the entities there are."""
        found = self.entities
        if not self.success or self.status_code != 200 or found is None:
            return False
        return len(found) < 1000 and (self.count or 0) <= len(found)


class BundleReply(Reply):
    """The replies to a bundle, matched by sequence number."""

    results: list[BundleResult]


def parsed(kind: str, row: object, model: type[Model]) -> Model:
    """A record as its model; a record that cannot be used is `Blocked`, named with its id."""
    if not isinstance(row, dict):
        raise Retryable(f"ConnectWise: {kind} came as something else than a record.")
    try:
        return model.model_validate(row)
    except ValidationError as error:
        name = f"{kind} {row.get('id', 'without an id')}"
        raise Blocked(
            f"ConnectWise: {name} cannot be used: {explained(error)}. Correct it in ConnectWise."
        ) from None
