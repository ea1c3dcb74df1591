"""Random small worlds: three companies, mostly in order, with every awkward thing now and then."""

from dataclasses import replace
from decimal import Decimal
from random import Random

from hypothesis import settings
from hypothesis import strategies as st

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.config.destinations import NO_PIN, FixedUnits, Pin, Split
from billing_sync.domain.config.mappings import CompanyRules, Mappings, OrganizationMapping
from billing_sync.domain.config.overrides import GuardChoice, QuantityChoice, ZeroPolicy
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.planning.make_plan import PlanInputs
from billing_sync.domain.planning.previous_cycle import LastCycle
from billing_sync.domain.vendors.connectwise import Addition, Agreement, BillCustomer
from billing_sync.domain.vendors.usage import OrganizationUsage, Product, UsageSource
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
from tests.unit.chance import mostly, numbered, some

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

# Reproducible: a red run here is red everywhere.
every_world = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
)


def worlds() -> st.SearchStrategy[PlanInputs]:
    """Any of these worlds."""
    return numbered(a_world)


def a_world(chance: Random) -> PlanInputs:
    agreements = [agreement(chance, 20 + company, company) for company in COMPANIES]
    second = chance.choice((0, *COMPANIES))  # who has two agreements
    agreements += [agreement(chance, 30, second)] * bool(second)
    places = [(a.id, item) for a in agreements for item in (41, 43) if mostly(chance, True, False)]
    additions = [addition(chance, 701 + i, *place) for i, place in enumerate(places)]
    source = chance.choice(list(UsageSource))
    return PlanInputs(
        usage=tuple(usage(chance, organization, source) for organization in ORGANIZATIONS),
        mappings=mappings(chance, second, split=chance.random() < 0.5),
        settings=settings_in_force(chance),
        catalog={
            41: an_item(41, IDENTIFIERS[41]),
            43: an_item(
                43, mostly(chance, IDENTIFIERS[43], "huntress-edr "), price=None, cost=None
            ),
            44: an_item(44, IDENTIFIERS[44]),
        },
        agreements=tuple(agreements),
        additions=tuple(additions),
        today=TODAY,
        invoice=an_invoice(),
        unread={a.id: "no answer" for a in agreements if chance.random() < 0.05},
        written=tuple(
            written(chance, each, agreements) for each in additions if chance.random() < 0.5
        ),
        previous_usage=mostly(chance, (), previous_usage(chance)),
        last_cycle=last_cycle(chance),
        second_event=mostly(chance, "", "", "another invoice ran"),
    )


def previous_usage(chance: Random) -> tuple[OrganizationUsage, ...]:
    return tuple(
        usage(chance, organization, UsageSource.ORGANIZATION_DETAIL)
        for organization in some(chance, ORGANIZATIONS, 3)
    )


def last_cycle(chance: Random) -> LastCycle:
    counted = [
        (organization_id, product) for organization_id in ORGANIZATIONS for product in BILLED
    ]
    return LastCycle(
        companies={
            organization_id: chance.choice(COMPANIES)
            for organization_id in some(chance, ORGANIZATIONS, 1)
        },
        units={cell: chance.randint(0, 25) for cell in some(chance, counted, 3)},
    )


def usage(chance: Random, organization: int, source: UsageSource) -> OrganizationUsage:
    counted = {
        product: mostly(chance, chance.randint(0, 25), "no answer", 0)
        for product in ("edr", "sat", *mostly(chance, (), ("siem",), ("ispm",)))
        if mostly(chance, True, False)
    }
    read_at = mostly(chance, READ, INVOICED.replace(day=9))
    return a_usage(organization, counted, source=source, read_at=read_at)


def mappings(chance: Random, second: int, *, split: bool) -> Mappings:
    """`split` if the company with two agreements has a split, else its organizations are pinned."""
    organizations: dict[int, OrganizationMapping] = {}
    for organization in ORGANIZATIONS:
        place = mostly(chance, "a company", "excluded", "unmapped")
        if place == "excluded":
            organizations[organization] = OrganizationMapping(organization, None, excluded="ours")
        elif place != "unmapped":
            company = chance.choice(COMPANIES)
            pin = a_pin(chance, company, 0 if split else second)
            organizations[organization] = OrganizationMapping(organization, company, pin=pin)
    rules = {
        company_id: company_rules(chance, company_id) for company_id in some(chance, COMPANIES, 2)
    }
    if second and split:
        wide = replace(company_rules(chance, second), quantity={})
        splits = {chance.choice(BILLED): a_split(chance, second)}
        rules[second] = replace(wide, splits=splits)
    return Mappings(organizations, rules)


def a_pin(chance: Random, company: int, second: int) -> Pin:
    """Mostly none, but of use where there are two agreements."""
    pins = (NO_PIN, Pin(20 + company), Pin(30), Pin(agreement_type=" managed SERVICES"))
    return chance.choice(pins) if company == second else mostly(chance, *pins)


def company_rules(chance: Random, company: int) -> CompanyRules:
    own_items = ({Product.EDR: 44}, {Product.SAT: 41}, {Product.SIEM: 43}, {Product.ISPM: 44})
    return CompanyRules(
        company_id=company,
        not_billed=mostly(chance, {}, {Product.EDR: "free"}, {Product.SAT: "free"}),
        quantity={product: quantity_choice(chance) for product in some(chance, BILLED, 2)},
        guards=guard_choice(chance),
        catalog_items=mostly(chance, {}, *own_items),
    )


def a_split(chance: Random, company: int) -> Split:
    """Some units on one of the company's two agreements, what is left on the other."""
    first, rest = chance.sample((20 + company, 30), 2)
    return Split((FixedUnits(first, chance.randint(1, 12)),), rest)


def quantity_choice(chance: Random) -> QuantityChoice:
    return QuantityChoice(
        zero_policy=mostly(chance, None, *ZeroPolicy),
        included=mostly(chance, None, 0, 2, 5),
        minimum=mostly(chance, None, 0, 15),
        multiple_of=mostly(chance, None, 1, 5),
        maximum=mostly(chance, None, 12, 20),
    )


def guard_choice(chance: Random) -> GuardChoice:
    return GuardChoice(
        rise_percent=mostly(chance, None, Decimal(0), Decimal(200)),
        rise_units=mostly(chance, None, 0, 100),
        fall_percent=mostly(chance, None, Decimal(0), Decimal(90)),
        fall_units=mostly(chance, None, 0, 100),
        money=mostly(chance, None, {"": Decimal(0)}, {"": Decimal(9999)}),
        billing_cycles=mostly(chance, None, ("Yearly",), ("Monthly", "Yearly")),
    )


def settings_in_force(chance: Random) -> Settings:
    together = chance.random() < 0.2
    return some_settings(
        products={
            Product.EDR: 41,
            Product.SAT: 41 if together else 43,
            Product.SIEM: mostly(chance, 44, 41),
        },
        zero_policy=chance.choice(list(ZeroPolicy)),
        quantity={product: quantity_choice(chance) for product in some(chance, BILLED, 1)},
        product_guards={product: guard_choice(chance) for product in some(chance, BILLED, 1)},
        agreement_types=chance.choice([(), ("Managed Services",)]),
        combined_catalog_items=(41,) if together else (),
        invoice_plans=mostly(chance, {}, *PLANS),
    )


def agreement(chance: Random, number: int, company_id: int) -> Agreement:
    return an_agreement(
        number,
        company_id=company_id,
        name=f"Agreement {number}",
        type_name=mostly(chance, "Managed Services", "Block Time"),
        status=mostly(chance, "Active", "Expired", "Inactive", "Cancelled"),
        cancelled=chance.random() < 0.05,
        bill_start_date=mostly(chance, TODAY, None, TOMORROW),
        billing_cycle=mostly(chance, "Monthly", "Yearly"),
    )


def addition(chance: Random, number: int, agreement_id: int, item: int) -> Addition:
    quantities = ("0", "4", "5", "8", "11.5", "12.0", "16", "20", "30")
    return an_addition(
        number,
        agreement_id=agreement_id,
        catalog_item_id=mostly(chance, item, None, None, 99),
        catalog_item_identifier=IDENTIFIERS[item],
        quantity=Decimal(chance.choice(quantities)),
        less_included=Decimal(mostly(chance, 0, 2)),
        unit_price=mostly(chance, Decimal("5.00"), Decimal(100), None),
        bill_customer=mostly(chance, BillCustomer.BILLABLE, *BillCustomer),
        effective_date=mostly(chance, TODAY, None, TOMORROW),
        cancelled_date=mostly(chance, None, TODAY, TOMORROW),
    )


def written(chance: Random, on: Addition, agreements: list[Agreement]) -> Written:
    company_id = next(a.company_id for a in agreements if a.id == on.agreement_id)
    return a_written(
        on.id,
        mostly(chance, on.quantity, Decimal(3)),
        agreement_id=on.agreement_id,
        company_id=mostly(chance, company_id, 9),
        catalog_item_id=on.catalog_item_id or 41,
    )
