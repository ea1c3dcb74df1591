"""A made-up MSP: a hundred companies whose seats join and leave, as ordinary months go."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from billing_sync.domain.vendors.connectwise import Addition, Agreement
from billing_sync.domain.vendors.usage import Product
from tests.unit.builders import ITEM_IDS, an_addition, an_agreement

TURNOVER = 0.02  # of seats that join, and of seats that leave, in a month
COMPANIES = 100
COMES_OR_GOES = 0.01  # chance of a company to leave in a month, and as many come
TAKES_A_PRODUCT, IS_EDITED = 0.01, 0.003
USED_BY = {Product.EDR: 1.0, Product.ITDR: 0.7, Product.SAT: 0.5, Product.SIEM: 0.15}
PRICES = {Product.EDR: 5, Product.ITDR: 4, Product.SAT: 2, Product.SIEM: 8}
Seats = dict[str, int]  # by identity tenant; the other products have one nameless


@dataclass(slots=True)
class Organization:
    id: int
    seats: dict[Product, Seats]

    def units(self, product: Product) -> int:
        return sum(self.seats[product].values())


@dataclass(slots=True)
class Company:
    id: int
    organizations: list[Organization]
    agreement: Agreement
    additions: dict[Product, Addition] = field(default_factory=dict)
    leaving: bool = False


class Msp:
    """`chance` decides everything; a month changes what Huntress counts and what people did."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._number = 0
        self.companies = [self._new_company() for _ in range(COMPANIES)]
        for company in self.companies:
            for product in company.additions:
                self.bill(company, product, self.used(company, product))

    def month(self) -> None:
        """One ordinary month."""
        for company in [one for one in self.companies if one.leaving]:
            self.companies.remove(company)
        for company in self.companies:
            self._seats_move(company)
            self._somebody_acts(company)
        self.companies += [
            self._new_company() for _ in range(COMPANIES) if self._chance.random() < COMES_OR_GOES
        ]

    def used(self, company: Company, product: Product) -> int:
        return sum(o.units(product) for o in company.organizations if product in o.seats)

    def bill(self, company: Company, product: Product, quantity: Decimal | int) -> None:
        company.additions[product] = replace(company.additions[product], quantity=Decimal(quantity))

    def _seats_move(self, company: Company) -> None:
        for organization in company.organizations:
            for seats in organization.seats.values():
                for tenant, count in seats.items():
                    seats[tenant] = count + self._some_of(count) - self._some_of(count)

    def _some_of(self, count: int) -> int:
        return sum(self._chance.random() < TURNOVER for _ in range(count))

    def _somebody_acts(self, company: Company) -> None:
        """People leave, tidily or not, take one more product, and edit quantities by hand."""
        if self._chance.random() < COMES_OR_GOES:
            self._leave(company)
        elif self._chance.random() < TAKES_A_PRODUCT:
            (organization, *_) = company.organizations
            new = [product for product in USED_BY if product not in company.additions]
            for product in new[:1]:
                organization.seats[product] = {"new": self._size()}
                self._add(company, product)
        for product, addition in company.additions.items():
            if self._chance.random() < IS_EDITED:
                self.bill(company, product, addition.quantity + 1)

    def _leave(self, company: Company) -> None:
        """One in two is taken off ConnectWise in time; the other is counted as zero first."""
        if self._chance.random() < 1 / 2:
            self.companies.remove(company)
            return
        company.leaving = True
        for organization in company.organizations:
            organization.seats = {p: dict.fromkeys(s, 0) for p, s in organization.seats.items()}

    def _new_company(self) -> Company:
        """With an addition at 0 for each product, which the first run fills."""
        self._number += 1
        products = [p for p, share in USED_BY.items() if self._chance.random() < share]
        organizations = [
            Organization(self._number * 10 + n, {p: self._seats(p) for p in products})
            for n in range(self._chance.choice([1] * 9 + [2]))
        ]
        agreement = an_agreement(self._number, company_id=self._number)
        company = Company(self._number, organizations, agreement)
        for product in products:
            self._add(company, product)
        return company

    def _add(self, company: Company, product: Product) -> None:
        company.additions[product] = an_addition(
            company.id * 10 + ITEM_IDS[product] % 10,
            agreement_id=company.agreement.id,
            catalog_item_id=ITEM_IDS[product],
            quantity=Decimal(0),
            unit_price=Decimal(PRICES[product]),
        )

    def _seats(self, product: Product) -> Seats:
        tenants = self._chance.choice([1, 1, 1, 2, 3]) if product is Product.ITDR else 1
        return {f"tenant-{n}": self._size() for n in range(tenants)}

    def _size(self) -> int:
        """Half have fewer than 25 seats, one in ten more than 75."""
        return max(1, round(self._chance.lognormvariate(3.2, 0.9)))
