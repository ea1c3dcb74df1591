"""The additions of one company, to pin one of them; only reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol, Self
from zoneinfo import ZoneInfo

from billing_sync.domain.config.effective import catalog_items
from billing_sync.domain.plan.in_effect import line_problem
from billing_sync.domain.planning.candidates import Place
from billing_sync.domain.vendors.connectwise import Agreement, BulkRead
from billing_sync.flows.ports import Clock, Config

Document = dict[str, object]


class AdditionsToList(Protocol):
    """The reads from ConnectWise."""

    def in_zone(self, zone: tzinfo) -> Self: ...
    def agreements_of(self, company_ids: Sequence[int]) -> tuple[Agreement, ...]: ...
    def additions(
        self, agreement_ids: Sequence[int], catalog_item_ids: Sequence[int]
    ) -> BulkRead: ...


@dataclass(frozen=True, slots=True)
class AdditionChoices:
    """A company's additions of the catalog items that bill it."""

    connectwise: Callable[[], AdditionsToList]
    config: Config
    clock: Clock

    def of(self, company_id: int) -> tuple[list[Document], str]:
        """The additions, and a note that names agreements that could not be read.

        `why_not` says why an addition is not in
        effect today, "" if it is.
        """
        settings, mappings = self.config.settings(), self.config.mappings()
        items = catalog_items(mappings.rules(company_id), settings)
        zone = ZoneInfo(settings.time_zone)
        connectwise = self.connectwise().in_zone(zone)
        agreements = {a.id: a for a in connectwise.agreements_of([company_id])}
        read = connectwise.additions(tuple(agreements), tuple(items.values()))
        today = self.clock().astimezone(zone).date()
        found: list[Document] = []
        for addition in read.additions:
            products = [p for p, item in items.items() if item == addition.catalog_item_id]
            agreement = agreements.get(addition.agreement_id)
            if agreement is None or not products:
                continue
            problem = line_problem(addition, agreement, today=today, allowed_types=())
            found.append(
                {
                    "id": addition.id,
                    "products": products,
                    "description": Place(agreement, addition).in_words(),
                    "why_not": problem.message if problem else "",
                }
            )
        unread = "; ".join(f"agreement {key}: {why}" for key, why in sorted(read.unread.items()))
        return found, f"Not read: {unread}" if unread else ""
