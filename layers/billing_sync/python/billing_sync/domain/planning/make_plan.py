"""The plan from usage, mappings, settings and ConnectWise's records: one pure function."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.invoices.cycle import (
    CycleInvoice,
    already_billed,
    counted_on,
    with_other_invoices,
    without_cells,
)
from billing_sync.domain.invoices.lifecycle import invoice_key
from billing_sync.domain.invoices.product_scope import (
    Products,
    covered_remainders,
    covered_rows,
    covered_usage,
    products_of,
    products_of_all,
    unknown_plan,
)
from billing_sync.domain.plan.guards import Guarded, hold_all
from billing_sync.domain.plan.money import in_currency, priced
from billing_sync.domain.plan.next_agreement_invoice import dated
from billing_sync.domain.plan.plan import Coverage, Plan, Row
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.plan.tie_out import tie_out
from billing_sync.domain.planning.absent_usage import AbsentUsage
from billing_sync.domain.planning.agreement_index import Holdings
from billing_sync.domain.planning.assign_usage import assign
from billing_sync.domain.planning.company_rows import CompanyRows
from billing_sync.domain.planning.previous_cycle import LastCycle, moves, totals_of_both
from billing_sync.domain.planning.run_guards import run_guards
from billing_sync.domain.planning.unusable_records import unusable_records
from billing_sync.domain.usage.absence import Counted
from billing_sync.domain.vendors.connectwise import (
    Addition,
    Agreement,
    CatalogItem,
    UnusableAddition,
)
from billing_sync.domain.vendors.huntress import Invoice
from billing_sync.domain.vendors.usage import Cell, OrganizationUsage
from billing_sync.domain.wording import in_short

NO_COMPANY = "no organization is mapped to a company, so no addition was checked"


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """Everything a plan is made of; two equal inputs make the same plan.

    `agreements` are those of the mapped companies (and of additions we wrote), in any state;
    `unread` names agreements whose additions could not be read; `unusable` are additions whose
    records lack what billing needs. `invoice` is None for a preview as
    of now. `previous_usage` is that of the last cycle, `last_cycle` what each organization was
    billed for. `second_event` says, when not "", why this invoice is not of the newest cycle,
    `annual` that it bills more than a month, `no_history` that we wrote before and nothing is found
    to compare with. `cycle` are the other invoices of its own, which a run over the `whole_cycle`
    bills too; `awaited` are the last cycle's without a successor, each with a message by its key.
    `counted_for` is the voided invoice whose counts this re-issued one takes over. `undone` has by
    addition the run that undid our write of this billing cycle. `counted_before` has the newest
    earlier count of what the usage does not show. `today` is in the settings' zone.
    """

    usage: tuple[OrganizationUsage, ...]
    mappings: Mappings
    settings: Settings
    catalog: dict[int, CatalogItem]
    agreements: tuple[Agreement, ...]
    additions: tuple[Addition, ...]
    today: date
    invoice: Invoice | None = None
    unread: dict[int, str] = field(default_factory=dict)
    written: tuple[Written, ...] = ()
    previous_usage: tuple[OrganizationUsage, ...] = ()
    last_cycle: LastCycle = field(default_factory=LastCycle)
    second_event: str = ""
    annual: str = ""
    no_history: str = ""
    counted_for: Invoice | None = None
    undone: dict[int, str] = field(default_factory=dict)
    counted_before: dict[Cell, Counted] = field(default_factory=dict)
    cycle: tuple[CycleInvoice, ...] = ()
    whole_cycle: bool = False
    awaited: dict[str, str] = field(default_factory=dict)
    unusable: tuple[UnusableAddition, ...] = ()


def make_plan(inputs: PlanInputs) -> Plan:
    """Decide every row.

    Raises `Fatal` when the sums do not add up, and `Defect` when many companies cannot be planned:
    bugs, before any write.
    """
    inputs = replace(inputs, agreements=in_currency(inputs.agreements, inputs.settings.currency))
    holdings = Holdings.of(
        inputs.agreements,
        inputs.additions,
        today=inputs.today,
        allowed_types=inputs.settings.agreement_types,
    )
    unusable = unusable_records(holdings, inputs.unusable, inputs.additions, inputs.catalog)
    absent = AbsentUsage(
        mappings=inputs.mappings,
        settings=inputs.settings,
        holdings=holdings,
        catalog=inputs.catalog,
        written=inputs.written,
        counted=inputs.counted_before,
        invoice=inputs.invoice,
        awaited=inputs.awaited,
        unusable=unusable.items,
    )
    products, in_cycle = _covered(inputs)
    usage = absent.added_to(in_cycle)
    assignment = assign(usage, inputs.mappings, inputs.settings, last=inputs.last_cycle)
    company_rows = CompanyRows(
        mappings=inputs.mappings,
        settings=inputs.settings,
        holdings=holdings,
        catalog=inputs.catalog,
        written=inputs.written,
        unread=inputs.unread,
        unusable=unusable,
        counted_for=inputs.counted_for  # guard: late-as-counted
        or inputs.invoice,
        other_invoices={other.key: other.invoice for other in inputs.cycle},
        moved=moves(inputs.last_cycle, inputs.mappings),
        already_billed=already_billed(inputs.usage, inputs.cycle),
        undone=inputs.undone,
    )
    rows = company_rows.of(assignment)
    cycle = frozenset(other.key for other in inputs.cycle)
    others = frozenset() if inputs.whole_cycle else cycle
    own = tuple(row for row in rows if _bills_own(row, others))
    elsewhere = _billed(rows) - _billed(own)
    on_others = counted_on(others, usage)
    usage = without_cells(usage, on_others - {cell for row in own for cell in row.cells})
    # guard: own-products - other products belong to other invoices
    rows, usage = covered_rows(own, products), covered_usage(usage, products)
    remainders = covered_remainders(
        (
            *(r for r in assignment.remainders if (r.organization_id, r.product) not in on_others),
            *absent.remainders(in_cycle),
        ),
        products,
    )
    guarded = _about_the_invoice(inputs) + run_guards(
        rows,
        inputs.settings,
        totals=totals_of_both(covered_usage(in_cycle, products), inputs.previous_usage),
    )
    held = dated(hold_all(rows, guarded), today=inputs.today)
    return Plan(
        rows=tuple(sorted(held, key=_by_money)),
        remainders=priced(
            remainders,
            inputs.settings.products,
            inputs.catalog,
            currency=inputs.settings.currency,
        ),
        coverage=_coverage(inputs, company_rows),
        tie_out=tie_out(usage, held, remainders),
        guard_messages=tuple(g.message for g in guarded),
        warnings=(*_unrecognized(inputs.usage), *unusable.warned(rows)),
        products=products,
        scopes={
            invoice_key(invoice): products_of(invoice, inputs.settings)
            for invoice in _invoices(inputs)
            if invoice
        },
        counted_for=_counted_for(inputs.counted_for),
        usage=without_cells(usage, on_others),
        elsewhere=elsewhere,
        cycle=cycle,
    )


def _covered(inputs: PlanInputs) -> tuple[Products, tuple[OrganizationUsage, ...]]:
    """The products that the run bills, and the usage of the cycle that it bills from."""
    own = products_of(inputs.invoice, inputs.settings)
    if not inputs.whole_cycle:
        return own, with_other_invoices(inputs.usage, inputs.cycle)
    usage = covered_usage(inputs.usage, own)
    in_cycle = with_other_invoices(usage, inputs.cycle, covered=own)
    return products_of_all(_invoices(inputs), inputs.settings), in_cycle


def _invoices(inputs: PlanInputs) -> tuple[Invoice | None, ...]:
    """The invoices that the run bills."""
    others = inputs.cycle if inputs.whole_cycle else ()
    return (inputs.invoice, *(other.invoice for other in others))


def _billed(rows: Iterable[Row]) -> frozenset[tuple[int, int]]:
    """The company and catalog item of each row."""
    return frozenset((row.company_id, row.catalog_item_id) for row in rows if row.catalog_item_id)


def _bills_own(row: Row, others: frozenset[str]) -> bool:
    """Whether the row is this invoice's; other invoices of the cycle may have all its units."""
    sources = [source for part in row.parts for source in part.sources]
    return not sources or any(source.invoice not in others for source in sources)


def _about_the_invoice(inputs: PlanInputs) -> tuple[Guarded, ...]:
    """Why nothing of these invoices may be written without approval."""
    found = [
        (Reason.SECOND_BILLING_EVENT, inputs.second_event),
        (Reason.BILLING_CYCLE, inputs.annual),
        (Reason.NO_HISTORY, inputs.no_history),
        *((Reason.UNKNOWN_PLAN, unknown_plan(i, inputs.settings)) for i in _invoices(inputs)),
    ]
    return tuple(Guarded(reason, message) for reason, message in found if message)


def _counted_for(voided: Invoice | None) -> str:
    return f"invoice {voided.id} of {voided.created_at:%Y-%m-%d}, voided since" if voided else ""


def _unrecognized(usage: Iterable[OrganizationUsage]) -> Iterator[str]:
    """Warnings: products that Huntress counts and this version does not know are in no sum."""
    users: dict[str, list[str]] = {}
    for organization in usage:
        for name in organization.unrecognized:
            users.setdefault(name, []).append(organization.organization_name)
    for name, organizations in sorted(users.items()):
        names = ", ".join(in_short(sorted(organizations)))
        yield (
            f"Huntress counts '{name}' for {names}, which this version does not know: bill it"
            " by hand, and update this stack"
        )


def _coverage(inputs: PlanInputs, facts: CompanyRows) -> Coverage:
    unread_from = {a.company_id for a in inputs.agreements if a.id in inputs.unread}
    companies = sorted(unread_from.union(inputs.mappings.company_ids()))
    if not companies:
        return Coverage(0, 0, (NO_COMPANY,))
    unread = {company: facts.unread_of(company) for company in companies}
    return Coverage(
        companies=len(companies),
        companies_read=sum(not messages for messages in unread.values()),
        unread=in_short(
            (
                *facts.unusable.unread,
                *(f"{facts.company_name(c)}: {text}" for c in companies for text in unread[c]),
            )
        ),
    )


def _by_money(row: Row) -> tuple[Decimal, int, str]:
    return (-abs(row.money or Decimal(0)), row.company_id, row.key)
