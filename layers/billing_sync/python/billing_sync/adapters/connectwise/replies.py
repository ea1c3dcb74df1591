"""ConnectWise's replies, validated on arrival and converted to the domain's values.

Unset values are left out, null or empty: all three mean the same. What costs money is strict: an
addition without a quantity is an error and never a zero.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
)
from pydantic.alias_generators import to_camel

from billing_sync.domain.errors import Blocked, Retryable
from billing_sync.domain.vendors.connectwise import (
    Addition,
    Agreement,
    BillCustomer,
    UnusableAddition,
)

Model = TypeVar("Model", bound=BaseModel)
_MOST = 10**12  # above any real quantity or price; 1E+300 is a legal JSON number


def _calendar_date(value: object, info: ValidationInfo) -> date | None:
    # Dates come as midnight UTC, 2019-09-24T00:00:00Z, and mean that day wherever one is. Another
    # time is a moment: it is the day that it is in the time zone of the settings.
    if not value:
        return None
    at = datetime.fromisoformat(str(value))
    if at.time() == time():
        return at.date()
    zone: tzinfo = (info.context or {}).get("zone", UTC)
    try:
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(zone).date()
    except OverflowError:  # 9999-12-31T23:59:59Z, east of Greenwich
        return at.date()


Day = Annotated[date | None, BeforeValidator(_calendar_date)]
Text = Annotated[str, BeforeValidator(lambda value: value or "")]
Flag = Annotated[bool, BeforeValidator(lambda value: value or False)]


def _possible(value: Decimal | None) -> Decimal | None:
    if value is not None and value.copy_abs() >= _MOST:  # abs() overflows above 1E+999999
        raise ValueError("too large")
    return value


Money = Annotated[
    Decimal | None,
    BeforeValidator(lambda value: None if value == "" else value),
    AfterValidator(_possible),
]


def _without_zeros(value: Decimal) -> Decimal:
    # Quantities come as doubles, 42.0; reports show 42.
    _possible(value)
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


class _AdditionHead(Reply):
    """What names an addition, and the days it is in effect."""

    id: int = 0
    agreement_id: int | None = None
    product: OptionalReference = Reference()
    effective_date: Day = None
    cancelled_date: Day = None


class AdditionReply(_AdditionHead):
    """An addition; id, quantity and billCustomer are required."""

    id: int
    description: Text = ""
    quantity: Quantity
    less_included: OrZero = Decimal(0)
    unit_price: Money = None
    bill_customer: BillCustomer
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
            listed_under=listed_under,
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


def parsed(kind: str, row: object, model: type[Model], *, zone: tzinfo = UTC) -> Model:
    """A record as its model, with the days of this time zone.

    A record that cannot be used is `Blocked`, named with its id.
    """
    if not isinstance(row, dict):
        raise Retryable(f"ConnectWise: {kind} came as something else than a record.")
    try:
        return model.model_validate(row, context={"zone": zone})
    except ValidationError as error:
        name = f"{kind} {row.get('id', 'without an id')}"
        raise Blocked(
            f"ConnectWise: {name} cannot be used: {problem_of(error)}. Correct it in ConnectWise."
        ) from None


def listed_agreement(row: dict[str, object], *, zone: tzinfo) -> Agreement:
    """An agreement of a list, with its `problem`; `Blocked` without an id.

    Without a usable company its `company_id` is 0.
    """
    try:
        return AgreementReply.model_validate(row, context={"zone": zone}).agreement()
    except ValidationError as error:
        usable = {"company": {"id": 0}} | _without(row, error)
        rest = parsed("agreement", usable, AgreementReply, zone=zone)
        return replace(rest.agreement(), problem=problem_of(error))


def listed_addition(
    row: dict[str, object], *, listed_under: int, zone: tzinfo
) -> Addition | UnusableAddition:
    """An addition of an agreement's list."""
    try:
        reply = AdditionReply.model_validate(row, context={"zone": zone})
        return reply.addition(listed_under=listed_under)
    except ValidationError as error:
        head = _AdditionHead.model_validate(_without(row, error), context={"zone": zone})
        return UnusableAddition(
            id=head.id,
            agreement_id=head.agreement_id or listed_under,
            problem=problem_of(error),
            catalog_item_id=head.product.id,
            catalog_item_identifier=head.product.identifier,
            effective_date=head.effective_date,
            cancelled_date=head.cancelled_date,
        )


def problem_of(error: ValidationError) -> str:
    """`quantity has no value` for each field that cannot be used, without the received values."""
    problems = error.errors(include_url=False, include_context=False)
    return "; ".join(
        dict.fromkeys(
            f"{'.'.join(map(str, problem['loc'])) or 'the record'} has"
            f" {'no' if problem['type'] == 'missing' or problem['input'] is None else 'an invalid'}"
            " value"
            for problem in problems
        )
    )[:300]


def _without(row: dict[str, object], error: ValidationError) -> dict[str, object]:
    """The record without the fields that cannot be used."""
    unusable = {problem["loc"][0] for problem in error.errors()}
    return {name: value for name, value in row.items() if name not in unusable}
