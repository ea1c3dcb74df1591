"""Random small worlds: three companies, mostly in order, with every awkward thing now and then."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from billing_sync.domain.connectwise import Addition, Agreement, BillCustomer
from billing_sync.domain.last_cycle import LastCycle
from billing_sync.domain.mapping import CompanyRules, Mappings, OrganizationMapping
from billing_sync.domain.orphans import Written
from billing_sync.domain.places import NO_PIN, FixedUnits, Pin, Split
from billing_sync.domain.planning import PlanInputs
from billing_sync.domain.rules import GuardChoice, QuantityChoice, ZeroPolicy
from billing_sync.domain.settings import Settings
from billing_sync.domain.usage import OrganizationUsage, Product, UsageSource
from tests.unit.builders import (
    INVOICED,
    READ,
    TODAY,
    a_usage,
    a_written,
    an_addition,
    an_agreement,
    an_invoice,
    an_item,
    some_settings,
)

COMPANIES = (1, 2, 3)
ORGANIZATIONS = (101, 102, 103, 104)
IDENTIFIERS = {41: "HUNTRESS-EDR", 43: "HUNTRESS-SAT", 44: "HUNTRESS-SIEM"}
TOMORROW = TODAY.replace(day=2)
BILLED = (Product.EDR, Product.SAT)
PLANS = (
    {"managed edr": (Product.EDR,)},
    {"managed edr": (Product.SAT, Product.SIEM)},
    {"another plan": (Product.EDR,)},
)


def mostly(usual: object, *others: object) -> st.SearchStrategy:
    """The usual value nine times of ten."""
    return st.integers(0, 9).flatmap(
        lambda n: st.sampled_from(others) if n == 9 else st.just(usual)
    )


@st.composite
def worlds(draw: st.DrawFn) -> PlanInputs:
    agreements = [draw(agreement(20 + company, company)) for company in COMPANIES]
    second = draw(st.sampled_from((0, *COMPANIES)))  # who has two agreements
    agreements += [draw(agreement(30, second))] * bool(second)
    places = [(a.id, item) for a in agreements for item in (41, 43) if draw(mostly(True, False))]
    additions = [draw(addition(701 + i, *place)) for i, place in enumerate(places)]
    source = draw(st.sampled_from(list(UsageSource)))
    totals = st.dictionaries(st.sampled_from(list(Product)), st.integers(0, 99), min_size=1)
    return PlanInputs(
        usage=tuple(draw(usage(organization, source)) for organization in ORGANIZATIONS),
        mappings=draw(mappings(second, split=draw(st.booleans()))),
        settings=draw(settings_in_force()),
        catalog={
            41: an_item(41, IDENTIFIERS[41]),
            43: an_item(43, draw(mostly(IDENTIFIERS[43], "huntress-edr ")), price=None, cost=None),
            44: an_item(44, IDENTIFIERS[44]),
        },
        agreements=tuple(agreements),
        additions=tuple(additions),
        today=TODAY,
        invoice=an_invoice(),
        unread={a.id: "no answer" for a in agreements if draw(mostly(False, False, True))},
        written=tuple(draw(written(a, agreements)) for a in additions if draw(st.booleans())),
        previous_totals=draw(totals) if draw(mostly(False, True)) else {},
        last_cycle=draw(last_cycle()),
        second_event=draw(mostly("", "", "another invoice ran")),
    )


def last_cycle() -> st.SearchStrategy[LastCycle]:
    counted = st.tuples(st.sampled_from(ORGANIZATIONS), st.sampled_from(BILLED))
    return st.builds(
        LastCycle,
        companies=st.dictionaries(
            st.sampled_from(ORGANIZATIONS), st.sampled_from(COMPANIES), max_size=1
        ),
        units=st.dictionaries(counted, st.integers(0, 25), max_size=3),
    )


@st.composite
def usage(draw: st.DrawFn, organization: int, source: UsageSource) -> OrganizationUsage:
    units = mostly("number", "no answer", 0)
    counted = {
        product: draw(st.integers(0, 25)) if told == "number" else told
        for product in ("edr", "sat", *draw(mostly((), ("siem",), ("ispm",))))
        if draw(mostly(True, False))
        for told in [draw(units)]
    }
    read_at = draw(mostly(READ, INVOICED.replace(day=9)))
    return a_usage(organization, counted, source=source, read_at=read_at)


@st.composite
def mappings(draw: st.DrawFn, second: int, *, split: bool) -> Mappings:
    """`split` if the company with two agreements has a split, else its organizations are pinned."""
    organizations: dict[int, OrganizationMapping] = {}
    for organization in ORGANIZATIONS:
        place = draw(mostly("a company", "excluded", "unmapped"))
        if place == "excluded":
            organizations[organization] = OrganizationMapping(organization, None, excluded="ours")
        elif place != "unmapped":
            company = draw(st.sampled_from(COMPANIES))
            pin = draw(pins(company, 0 if split else second))
            organizations[organization] = OrganizationMapping(organization, company, pin=pin)
    own = st.lists(st.sampled_from(COMPANIES), max_size=2, unique=True)
    rules = {one: draw(company_rules(one)) for one in draw(own)}
    if second and split:
        wide = replace(draw(company_rules(second)), quantity={})
        rules[second] = replace(wide, splits={draw(st.sampled_from(BILLED)): draw(a_split(second))})
    return Mappings(organizations, rules)


def pins(company: int, second: int) -> st.SearchStrategy[Pin]:
    """Mostly none, but of use where there are two agreements."""
    by_type = Pin(agreement_type=" managed SERVICES")
    if company == second:
        return st.sampled_from((NO_PIN, Pin(20 + company), Pin(30), by_type))
    return mostly(NO_PIN, Pin(20 + company), Pin(30), by_type)


def company_rules(company: int) -> st.SearchStrategy[CompanyRules]:
    own_items = ({Product.EDR: 44}, {Product.SAT: 41}, {Product.SIEM: 43}, {Product.ISPM: 44})
    return st.builds(
        CompanyRules,
        company_id=st.just(company),
        not_billed=mostly({}, {Product.EDR: "free"}, {Product.SAT: "free"}),
        quantity=st.dictionaries(st.sampled_from(BILLED), quantity_choices()),
        guards=guard_choices(),
        catalog_items=mostly({}, *own_items),
    )


def a_split(company: int) -> st.SearchStrategy[Split]:
    """Some units on one of the company's two agreements, what is left on the other."""
    places = st.permutations((20 + company, 30))
    return st.builds(
        lambda units, place: Split((FixedUnits(place[0], units),), place[1]),
        st.integers(1, 12),
        places,
    )


def quantity_choices() -> st.SearchStrategy[QuantityChoice]:
    return st.builds(
        QuantityChoice,
        zero_policy=mostly(None, *ZeroPolicy),
        included=mostly(None, 0, 2, 5),
        minimum=mostly(None, 0, 15),
        multiple_of=mostly(None, 1, 5),
        maximum=mostly(None, 12, 20),
    )


def guard_choices() -> st.SearchStrategy[GuardChoice]:
    return st.builds(
        GuardChoice,
        rise_percent=mostly(None, Decimal(0), Decimal(200)),
        rise_units=mostly(None, 0, 100),
        fall_percent=mostly(None, Decimal(0), Decimal(90)),
        fall_units=mostly(None, 0, 100),
        money=mostly(None, Decimal(0), Decimal(9999)),
        billing_cycles=mostly(None, ("Yearly",), ("Monthly", "Yearly")),
    )


@st.composite
def settings_in_force(draw: st.DrawFn) -> Settings:
    siem_item = draw(mostly(44, 41))
    together = draw(st.integers(0, 4)) == 4
    return some_settings(
        products={Product.EDR: 41, Product.SAT: 41 if together else 43, Product.SIEM: siem_item},
        zero_policy=draw(st.sampled_from(list(ZeroPolicy))),
        quantity=draw(st.dictionaries(st.sampled_from(BILLED), quantity_choices(), max_size=1)),
        product_guards=draw(st.dictionaries(st.sampled_from(BILLED), guard_choices(), max_size=1)),
        agreement_types=draw(st.sampled_from([(), ("Managed Services",)])),
        combined_catalog_items=(41,) if together else (),
        invoice_plans=draw(mostly({}, *PLANS)),
    )


@st.composite
def agreement(draw: st.DrawFn, number: int, company_id: int) -> Agreement:
    return an_agreement(
        number,
        company_id=company_id,
        name=f"Agreement {number}",
        type_name=draw(mostly("Managed Services", "Block Time")),
        status=draw(mostly("Active", "Expired", "Inactive", "Cancelled")),
        cancelled=draw(mostly(False, False, True)),
        bill_start_date=draw(mostly(TODAY, None, TOMORROW)),
        billing_cycle=draw(mostly("Monthly", "Yearly")),
    )


@st.composite
def addition(draw: st.DrawFn, number: int, agreement_id: int, item: int) -> Addition:
    quantities = ("0", "4", "5", "8", "11.5", "12.0", "16", "20", "30")
    return an_addition(
        number,
        agreement_id=agreement_id,
        catalog_item_id=draw(mostly(item, None, None, 99)),
        catalog_item_identifier=IDENTIFIERS[item],
        quantity=Decimal(draw(st.sampled_from(quantities))),
        less_included=Decimal(draw(mostly(0, 2))),
        unit_price=draw(mostly(Decimal("5.00"), Decimal(100), None)),
        bill_customer=draw(mostly(BillCustomer.BILLABLE, *BillCustomer)),
        effective_date=draw(mostly(TODAY, None, TOMORROW)),
        cancelled_date=draw(mostly(None, TODAY, TOMORROW)),
    )


@st.composite
def written(draw: st.DrawFn, on: Addition, agreements: list[Agreement]) -> Written:
    company_id = next(a.company_id for a in agreements if a.id == on.agreement_id)
    return a_written(
        on.id,
        draw(mostly(on.quantity, Decimal(3))),
        agreement_id=on.agreement_id,
        company_id=draw(mostly(company_id, 9)),
        catalog_item_id=on.catalog_item_id or 41,
    )
