"""Months of billing for a made-up MSP: counts are frozen, planned, written and released."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.config.mappings import Mappings, OrganizationMapping
from billing_sync.domain.config.settings import Guards
from billing_sync.domain.plan.plan import Plan, Row
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.planning.make_plan import PlanInputs, make_plan
from billing_sync.domain.planning.previous_cycle import LastCycle
from billing_sync.domain.statement.statement import Line
from billing_sync.domain.usage import freeze as freezing
from billing_sync.domain.usage.absence import Counted
from billing_sync.domain.vendors.huntress import Organization, OrganizationDetail
from billing_sync.domain.vendors.usage import Cell, OrganizationUsage, Reading
from tests.unit.builders import READ, TODAY, a_written, an_invoice, some_settings, the_catalog
from tests.unit.simulation.msp import Msp

DEFAULTS = Guards()
Details = dict[int, OrganizationDetail]


@dataclass(slots=True)
class Books:
    """What this product remembers from month to month."""

    frozen: dict[int, OrganizationUsage] = field(default_factory=dict)
    written: dict[int, Written] = field(default_factory=dict)
    previous: tuple[OrganizationUsage, ...] = ()
    last_cycle: LastCycle = field(default_factory=LastCycle)
    counted: dict[Cell, Counted] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Month:
    """A month before it is billed: what Huntress says, and how ConnectWise and our books stand."""

    msp: Msp
    books: Books
    details: Details
    mappings: Mappings
    guards: Guards

    def inputs(self, details: Details, mappings: Mappings) -> PlanInputs:
        """What is planned from, had Huntress said this and had people mapped so."""
        companies = self.msp.companies
        return PlanInputs(
            usage=tuple(self._frozen(details)),
            mappings=mappings,
            settings=some_settings(guards=self.guards),
            catalog=the_catalog(),
            agreements=tuple(company.agreement for company in companies),
            additions=tuple(one for c in companies for one in c.additions.values()),
            today=TODAY,
            invoice=an_invoice(),
            written=tuple(self.books.written.values()),
            previous_usage=self.books.previous,
            last_cycle=self.books.last_cycle,
            counted_before=self.books.counted,
        )

    def plan(self) -> Plan:
        """The plan of what is true."""
        return make_plan(self.inputs(self.details, self.mappings))

    def _frozen(self, details: Details) -> Iterator[OrganizationUsage]:
        """As `flows.invoices.freeze` has it."""
        for number in self.mappings.organizations:
            if number in details:
                previous = self.books.frozen.get(number)
                yield freezing.from_detail(details[number], previous, read_at=READ)


def chance_of(name: str) -> Random:
    """The same chance for the same name, today and always."""
    return Random(name)


def months(chance: Random, count: int, guards: Guards = DEFAULTS) -> Iterator[Month]:
    """Ordinary months, each billed before the next: a person releases whatever is held."""
    msp, books = Msp(chance), Books()
    _bill(_this_month(msp, books, guards))
    for _ in range(count):
        msp.month()
        month = _this_month(msp, books, guards)
        yield month
        _bill(month)


def _this_month(msp: Msp, books: Books, guards: Guards) -> Month:
    organizations = [(company, one) for company in msp.companies for one in company.organizations]
    details = {
        one.id: OrganizationDetail(
            Organization(one.id, f"Organization {one.id}", {p: one.units(p) for p in one.seats}),
            tuple(Reading(p, one.units(p), tenants=tuple(one.seats[p])) for p in one.seats),
        )
        for _, one in organizations
    }
    mapped = {one.id: OrganizationMapping(one.id, company.id) for company, one in organizations}
    return Month(msp, books, details, Mappings(mapped), guards)


def _bill(month: Month) -> None:
    inputs = month.inputs(month.details, month.mappings)
    plan = make_plan(inputs)
    rows = {row.addition_id: row for row in plan.rows if row.outcome in _BILLED}
    for company in month.msp.companies:
        for product, addition in company.additions.items():
            row = rows.get(addition.id)
            if row and row.target is not None:
                month.msp.bill(company, product, row.target)
                month.books.written[addition.id] = _written(row)
    month.books.frozen = {usage.organization_id: usage for usage in inputs.usage}
    month.books.counted |= {
        (usage.organization_id, reading.product): Counted(reading, "", "account#5002")
        for usage in inputs.usage
        for reading in usage.readings
    }
    month.books.previous = inputs.usage
    month.books.last_cycle = LastCycle.of(
        [[Line(row, "000001-sync", released_by="a person") for row in plan.rows]]
    )


_BILLED = (Outcome.UPDATED, Outcome.HELD)


def _written(row: Row) -> Written:
    return replace(
        a_written(row.addition_id, agreement_id=row.agreement_id, company_id=row.company_id),
        quantity=row.target,
        catalog_item_id=row.catalog_item_id,
    )
