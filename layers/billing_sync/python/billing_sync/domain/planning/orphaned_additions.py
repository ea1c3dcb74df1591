"""Additions we wrote that no row covers now: the organization left, was merged or remapped."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.plan.in_effect import line_problem
from billing_sync.domain.plan.money import money_per_cycle
from billing_sync.domain.plan.next_agreement_invoice import ends_first
from billing_sync.domain.plan.plan import Part, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.vendors.connectwise import Addition, Agreement
from billing_sync.domain.vendors.usage import Product
from billing_sync.domain.wording import plain


def orphaned_rows(
    written: Iterable[Written],
    rows: Iterable[Row],
    *,
    additions: Iterable[Addition],
    agreements: Iterable[Agreement],
    today: date,
    products: Callable[[int, int], tuple[Product, ...]],
    spared: frozenset[tuple[int, int]] = frozenset(),
) -> tuple[Row, ...]:
    """A held row, down to zero, for every addition we wrote that still bills and has no row.

    `products` returns the products that a catalog item bills a company, by their ids; `spared` are
    (company id, catalog item id) that this run does not cover.
    """
    rows = tuple(rows)
    billed = {row.addition_id for row in rows}
    # A row without an addition covers every addition of its company and catalog item.
    covered = spared | {(r.company_id, r.catalog_item_id) for r in rows if r.addition_id is None}
    elsewhere: dict[tuple[int, int | None], list[int]] = {}
    for row in rows:
        if row.addition_id:
            elsewhere.setdefault((row.company_id, row.catalog_item_id), []).append(row.addition_id)
    by_id = {addition.id: addition for addition in additions}
    agreement_by_id = {agreement.id: agreement for agreement in agreements}
    found: list[Row] = []
    for last in sorted(written, key=lambda w: w.addition_id):
        addition = by_id.get(last.addition_id)
        if last.quantity is None or addition is None:
            continue
        if addition.catalog_item_id not in (None, last.catalog_item_id):
            continue
        agreement = agreement_by_id[addition.agreement_id]
        place = (agreement.company_id, last.catalog_item_id)
        if addition.id in billed or place in covered:
            continue
        gone = line_problem(addition, agreement, today=today, allowed_types=())
        if not gone and addition.quantity:
            row = _row(
                last, addition, agreement, products(*place), instead=elsewhere.get(place, [])
            )
            ends = ends_first(addition, agreement, today=today)
            found.append(_ending(row, ends) if ends else row)
    return tuple(found)


def _ending(row: Row, ends: date) -> Row:
    """The row of an addition that ends by itself before the agreement's next invoice."""
    return replace(
        row,
        ends_on=ends,
        further_reasons=(Reason.ENDS_BEFORE_INVOICE,),
        message=f"{row.message} It ends on {ends}, not after the agreement's next invoice, which"
        " may still bill it.",
    )


def _row(
    last: Written,
    addition: Addition,
    agreement: Agreement,
    products: tuple[Product, ...],
    *,
    instead: list[int],
) -> Row:
    """`instead` are the additions that bill the company's units of this item now."""
    cause, way_out = " (left, merged or remapped)", "map the organization again"
    if instead:
        names = " and ".join(f"addition {addition_id}" for addition_id in sorted(instead))
        verb = "bills" if len(instead) == 1 else "bill"
        cause = f": {names} {verb} the company's units now"
        way_out = "map or pin an organization to it again"
    return Row(
        company_id=agreement.company_id,
        company_name=agreement.company_name or last.company_name,
        parts=tuple(Part(product, ()) for product in products),
        outcome=Outcome.HELD,
        reason=Reason.ORPHANED,
        message=f"run {last.run_id} wrote {plain(last.quantity)} here, and no organization is"
        f" billed through it any more{cause}. Release it to set 0, or {way_out}.",
        arithmetic="no organization",
        agreement_id=agreement.id,
        agreement_name=agreement.name,
        billing_cycle=agreement.billing_cycle,
        next_invoice=agreement.next_invoice_date,
        addition_id=addition.id,
        catalog_item_id=last.catalog_item_id,
        before=addition.quantity,
        target=Decimal(0),
        money=money_per_cycle(addition, agreement, before=addition.quantity, target=Decimal(0)),
        currency=agreement.currency,
        last_written=last.quantity,
        any_type=True,
    )
