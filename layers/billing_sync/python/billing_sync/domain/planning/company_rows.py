"""The rows of each company: what is wrong in one company's data stops no other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.config.effective import billed_through
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.errors import Defect, too_many
from billing_sync.domain.plan.plan import Part, Row, cells_of_parts
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.absent_usage import billed_elsewhere
from billing_sync.domain.planning.agreement_index import Holdings
from billing_sync.domain.planning.allocate import Placed, Placing
from billing_sync.domain.planning.assign_usage import Assignment, merged
from billing_sync.domain.planning.candidates import NoPlace
from billing_sync.domain.planning.ending_lines import Ending, ending
from billing_sync.domain.planning.orphaned_additions import orphaned_rows
from billing_sync.domain.planning.pins import pin_command
from billing_sync.domain.planning.rows import RowFacts, make_row
from billing_sync.domain.planning.shared_additions import one_row_each
from billing_sync.domain.planning.splits import all_or_nothing
from billing_sync.domain.planning.unusable_records import UnusableRecords
from billing_sync.domain.usage.late import late_day
from billing_sync.domain.vendors.connectwise import CatalogItem
from billing_sync.domain.vendors.huntress import Invoice
from billing_sync.domain.vendors.usage import Cell, UsageSource
from billing_sync.domain.wording import some


@dataclass(frozen=True, slots=True)
class CompanyRows:
    """The facts of all companies' rows.

    `unread` has the reason by agreement. `counted_for` is the invoice that the usage was counted
    for, `other_invoices` are the cycle's others by key. `moved` has messages by company,
    `already_billed` by organization and product. `undone` is as in `PlanInputs`.
    """

    mappings: Mappings
    settings: Settings
    holdings: Holdings
    catalog: Mapping[int, CatalogItem]
    written: tuple[Written, ...]
    unread: Mapping[int, str]
    unusable: UnusableRecords
    counted_for: Invoice | None
    other_invoices: Mapping[str, Invoice]
    moved: Mapping[int, str]
    already_billed: Mapping[Cell, str]
    undone: dict[int, str]

    def of(self, assignment: Assignment) -> tuple[Row, ...]:
        """Every company's rows. Raises `Defect` where too many companies cannot be planned."""
        assigned: dict[int, Assignment] = {}
        for (company_id, item_id), pinned in assignment.parts.items():
            own = assigned.setdefault(company_id, Assignment({}, ()))
            own.parts[company_id, item_id] = pinned
        written = self._written_by_company()
        spared = billed_elsewhere(self.mappings, self.settings)
        failed: dict[int, str] = {}
        rows: list[Row] = []
        companies = sorted(assigned.keys() | written.keys())
        for company_id in companies:
            own, last = assigned.get(company_id, Assignment({}, ())), written.get(company_id, [])
            try:
                rows += self._of_company(company_id, own, last, spared)
            except Exception as error:  # noqa: BLE001  # whatever this company's data does
                failed[company_id] = f"{type(error).__name__}: {error}"
                rows += self._not_planned(company_id, own, last, failed[company_id])
        if too_many(len(failed), len(companies)):  # guard: defect-dispatches-nothing
            names = "; ".join(
                some(f"{self.company_name(one)}: {why}" for one, why in failed.items())
            )
            raise Defect(
                f"{len(failed)} of {len(companies)} companies could not be planned, which is a bug."
                f" No changes made; please report this. {names}"
            )
        return tuple(rows)

    def company_name(self, company_id: int) -> str:
        """The name on its agreements, else as last seen."""
        return self.holdings.company_name(company_id) or self.mappings.company_name(company_id)

    def unread_of(self, company_id: int) -> list[str]:
        """The company's agreements that could not be read."""
        return [
            f"agreement '{a.name}' (id {a.id}) was not read: {self.unread[a.id]}"
            for a in self.holdings.agreements.get(company_id, [])
            if a.id in self.unread
        ]

    def _written_by_company(self) -> dict[int, list[Written]]:
        """By the company that each addition belongs to now."""
        company_of = {
            addition.id: company_id
            for company_id, additions in self.holdings.additions.items()
            for addition in additions
        }
        found: dict[int, list[Written]] = {}
        for last in self.written:
            if last.addition_id in company_of:
                found.setdefault(company_of[last.addition_id], []).append(last)
        return found

    def _of_company(
        self,
        company_id: int,
        assignment: Assignment,
        written: list[Written],
        spared: frozenset[tuple[int, int]],
    ) -> tuple[Row, ...]:
        claimed = one_row_each(self._rows(assignment, written))
        rows = tuple(all_or_nothing(claimed, self.mappings))
        return rows + orphaned_rows(
            written,
            rows,
            additions=self.holdings.additions.get(company_id, []),
            agreements=self.holdings.agreements.get(company_id, []),
            today=self.holdings.today,
            products=lambda company_id, item_id: billed_through(
                item_id, self.mappings.rules(company_id), self.settings
            ),
            spared=spared,
        )

    def _rows(self, assignment: Assignment, written: list[Written]) -> Iterator[Row]:
        placing = Placing(self.mappings, self.settings, self.holdings, self.catalog)
        for placed in placing.placed(assignment):
            row = make_row(self._facts(placed, written), self.settings)
            if row:
                yield row

    def _facts(self, placed: Placed, written: list[Written]) -> RowFacts:
        company_id = placed.company_id
        billed = placed.billed or (company_id, placed.item.id) in self.unusable.items
        return RowFacts(
            company_name=self.company_name(company_id),
            placed=replace(placed, billed=billed),
            rules=self.mappings.rules(company_id),
            unread="; ".join(self.unread_of(company_id)),
            unusable="; ".join(self.unusable.blocking.get(company_id, ())),
            late=self._late(placed.parts),
            moved=self.moved.get(company_id, ""),
            already_billed="; ".join(
                self.already_billed[cell]
                for cell in cells_of_parts(placed.parts)
                if cell in self.already_billed
            ),
            pin_command=pin_command(company_id, placed.parts, self.mappings),
            ending=self._ending(placed),
            last_written={w.addition_id: w.quantity for w in written if w.quantity is not None},
            undone=self.undone,
        )

    def _ending(self, placed: Placed) -> Ending | None:
        """How the one addition that was found ends before the next invoice, if it does."""
        if isinstance(placed.found, NoPlace) or len(placed.found) != 1:
            return None
        return ending(
            placed.found[0],
            placed.item,
            self.holdings,
            pins=placed.pins,
            pinnable=() if placed.whole else placed.parts,
            mappings=self.mappings,
        )

    def _late(self, parts: tuple[Part, ...]) -> str:
        """Counts that are too late for the invoice that has them, in words."""
        counts: dict[Invoice | None, list[tuple[UsageSource, datetime]]] = {}
        for source in (source for part in parts for source in part.sources):
            invoice = self.other_invoices.get(source.invoice, self.counted_for)
            counts.setdefault(invoice, []).append((source.source, source.read_at))
        for invoice, read in counts.items():
            if invoice and (day := late_day(read, invoiced_at=invoice.created_at)):
                return f"counts of {day}, not of invoice {invoice.created_at:%Y-%m-%d}"
        return ""

    def _not_planned(
        self, company_id: int, assignment: Assignment, written: list[Written], why: str
    ) -> Iterator[Row]:
        """A row for each catalog item that the company uses, or that we wrote there."""
        items = {each.catalog_item_id: self._unused(company_id, each) for each in written}
        for (_, item_id), pinned in assignment.parts.items():
            items[item_id] = merged(part for parts in pinned.values() for part in parts)
        for item_id, parts in items.items():
            yield Row(
                company_id=company_id,
                company_name=self.company_name(company_id),
                parts=parts,
                outcome=Outcome.BLOCKED,
                reason=Reason.NOT_PLANNED,
                message=f"an unexpected error while this company was planned ({why}). Please report"
                " this; the other companies are not affected.",
                catalog_item_id=item_id,
            )

    def _unused(self, company_id: int, written: Written) -> tuple[Part, ...]:
        rules = self.mappings.rules(company_id)
        products = billed_through(written.catalog_item_id, rules, self.settings)
        return tuple(Part(product, ()) for product in products)
