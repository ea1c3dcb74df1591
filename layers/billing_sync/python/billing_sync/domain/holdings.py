"""What ConnectWise holds, by company: agreements and the additions on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing_sync.domain.connectwise import Addition, Agreement, CatalogItem
from billing_sync.domain.matching import NoPlace, Place, find_places


@dataclass(frozen=True, slots=True)
class Holdings:
    """Agreements and additions by company id; `today` and `allowed_types` decide what counts."""

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
        """Sort both by company; an addition belongs to its agreement's company."""
        by_company: dict[int, list[Agreement]] = {}
        company_of: dict[int, int] = {}
        for agreement in sorted(agreements, key=lambda a: a.id):
            by_company.setdefault(agreement.company_id, []).append(agreement)
            company_of[agreement.id] = agreement.company_id
        on_company: dict[int, list[Addition]] = {}
        for addition in additions:
            on_company.setdefault(company_of[addition.agreement_id], []).append(addition)
        return cls(by_company, on_company, today, allowed_types)

    def places(self, company_id: int, item: CatalogItem) -> tuple[Place, ...] | NoPlace:
        """Where this company is billed for this item today, or why nowhere."""
        return find_places(
            item,
            self.agreements.get(company_id, []),
            self.additions.get(company_id, []),
            today=self.today,
            allowed_types=self.allowed_types,
        )

    def company_name(self, company_id: int) -> str:
        """The name on the company's agreements, "" when it has none."""
        return next((a.company_name for a in self.agreements.get(company_id, [])), "")
