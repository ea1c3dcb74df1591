"""ConnectWise's agreements and their additions, by company."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from billing_sync.domain.config.destinations import NO_PIN, Pin
from billing_sync.domain.plan.in_effect import as_on, problem_on, starts_on
from billing_sync.domain.planning.candidates import NoPlace, Place, carries_item, find_places
from billing_sync.domain.planning.pins import pinned_addition, pinned_places
from billing_sync.domain.vendors.connectwise import Addition, Agreement, CatalogItem


@dataclass(frozen=True, slots=True)
class Holdings:
    """Agreements and additions by company id; `today` and `allowed_types` select those to use."""

    agreements: dict[int, list[Agreement]]
    additions: dict[int, list[Addition]]
    today: date
    allowed_types: tuple[str, ...]

    @classmethod
    def of(
        cls,
        agreements: Iterable[Agreement],
        additions: Iterable[Addition],
        *,
        today: date,
        allowed_types: tuple[str, ...],
    ) -> "Holdings":
        """Both by company; an addition belongs to its agreement's company.

        One whose agreement was not read belongs to none.
        """
        by_company: dict[int, list[Agreement]] = {}
        company_of: dict[int, int] = {}
        for agreement in sorted(agreements, key=lambda a: a.id):
            by_company.setdefault(agreement.company_id, []).append(agreement)
            company_of[agreement.id] = agreement.company_id
        on_company: dict[int, list[Addition]] = {}
        for addition in additions:
            if addition.agreement_id in company_of:
                company_id = company_of[addition.agreement_id]
                on_company.setdefault(company_id, []).append(addition)
        return cls(by_company, on_company, today, allowed_types)

    def places(
        self, company_id: int, item: CatalogItem, pin: Pin = NO_PIN
    ) -> tuple[Place, ...] | NoPlace:
        """The places where this company is billed for this item today, or why there is none."""
        find = partial(find_places, today=self.today, allowed_types=self.allowed_types)
        agreements = self.agreements.get(company_id, [])
        additions = self.additions.get(company_id, [])
        if pin.addition_id:
            return pinned_addition(pin, item, agreements, additions, today=self.today)
        if pin:
            return pinned_places(pin, item, agreements, additions, find=find)
        return find(item, agreements, additions)

    def starting(self, company_id: int, item: CatalogItem) -> tuple[Place, ...]:
        """The company's additions of this item that take effect after today."""
        agreements = {agreement.id: agreement for agreement in self.agreements.get(company_id, [])}
        lines = (
            Place(agreements[addition.agreement_id], addition)
            for addition in self.additions.get(company_id, [])
            if carries_item(addition, item)
        )
        found = {line.addition.id: line for line in lines if self._starts(line)}
        return tuple(found[addition_id] for addition_id in sorted(found))

    def _starts(self, line: Place) -> bool:
        """Whether the dates of an addition that is not in effect today show a day when it is."""
        starts = starts_on(line.agreement, line.addition)
        return (
            starts is not None
            and starts > self.today
            and problem_on(line.addition, line.agreement, starts, today=self.today) is None
        )

    def on(self, day: date) -> "Holdings":
        """As they will be on a later day, as far as their dates show."""
        agreements = {
            company_id: [as_on(agreement, day, today=self.today) for agreement in own]
            for company_id, own in self.agreements.items()
        }
        return replace(self, agreements=agreements, today=day)

    def carrying(self, company_id: int, item: CatalogItem) -> tuple[Agreement, ...]:
        """The company's agreements that bill this item today."""
        found = self.places(company_id, item)
        places = () if isinstance(found, NoPlace) else found
        return tuple({place.agreement.id: place.agreement for place in places}.values())

    def company_name(self, company_id: int) -> str:
        """The name on the company's agreements, "" when it has none."""
        return next((a.company_name for a in self.agreements.get(company_id, [])), "")
