"""Billed without usage: additions of our catalog items that no row of the plan covers."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from billing_sync.domain.config.effective import billed_through, pin_of
from billing_sync.domain.invoices.product_scope import covers
from billing_sync.domain.plan.in_effect import agreement_problem, line_problem
from billing_sync.domain.plan.money import in_currency, money_per_cycle
from billing_sync.domain.plan.next_agreement_invoice import ends_first
from billing_sync.domain.plan.plan import Plan
from billing_sync.domain.plan.unmatched import AuditSum, Others, Stray, by_size
from billing_sync.domain.planning.absent_usage import billed_elsewhere, expected_items
from billing_sync.domain.planning.candidates import item_of
from billing_sync.domain.planning.make_plan import PlanInputs
from billing_sync.domain.vendors.connectwise import Addition, Agreement
from billing_sync.domain.wording import counted, summed

MOST_KEPT = 500


def audited(plan: Plan, inputs: PlanInputs, others: Others) -> Plan:
    """The plan with what is billed without usage, largest money first; no row changes.

    What the audit could not read becomes a warning: the run is then not complete.
    """
    strays = by_size(_strays(plan, inputs, others))
    trouble = _trouble(others)
    audit = AuditSum(
        agreements=len(others.agreements),
        trouble=trouble,
        additions=len(strays),
        money=summed((stray.currency, stray.money) for stray in strays),
        unpriced=sum(stray.money is None for stray in strays),
    )
    warnings = (*plan.warnings, trouble) if trouble else plan.warnings
    return replace(plan, strays=tuple(strays[:MOST_KEPT]), audit=audit, warnings=warnings)


def _strays(plan: Plan, inputs: PlanInputs, others: Others) -> Iterator[Stray]:
    everywhere = in_currency((*others.agreements, *inputs.agreements), inputs.settings.currency)
    agreements = {a.id: a for a in everywhere}
    additions = {a.id: a for a in (*others.additions, *inputs.additions)}
    covered = {row.addition_id for row in plan.rows}
    # A row without an addition covers every addition of its company and catalog item.
    left_out = {(r.company_id, r.catalog_item_id) for r in plan.rows if r.addition_id is None}
    left_out |= billed_elsewhere(inputs.mappings, inputs.settings) | plan.elsewhere
    mapped = frozenset(inputs.mappings.company_ids())
    pinned = frozenset(_pinned(inputs))
    for addition in additions.values():
        agreement = agreements.get(addition.agreement_id)
        item_id = item_of(addition, inputs.catalog.values())
        if agreement is None or item_id is None:
            continue
        if addition.id in covered or (agreement.company_id, item_id) in left_out:
            continue
        rules = inputs.mappings.rules(agreement.company_id)
        billed = billed_through(item_id, rules, inputs.settings)
        if (agreement.company_id, item_id) in pinned and _passes(addition, agreement, inputs):
            continue
        in_scope = not billed or any(covers(plan.products, product) for product in billed)
        if in_scope and _bills(addition, agreement, inputs):
            named = "+".join(billed) or inputs.catalog[item_id].identifier
            yield _stray(addition, agreement, products=named, why=_why(agreement, inputs, mapped))


def _pinned(inputs: PlanInputs) -> Iterator[tuple[int, int]]:
    """(Company id, catalog item id) for which a person chose one of several additions."""
    items = expected_items(inputs.mappings, inputs.settings)
    for (organization_id, product), item_id in items.items():
        mapping = inputs.mappings.organizations[organization_id]
        company_id = mapping.company_id or 0
        rules = inputs.mappings.rules(company_id)
        split = rules.splits.get(product)
        if pin_of(product, mapping, rules).addition_id or (split and split.additions):
            yield company_id, item_id


def _passes(addition: Addition, agreement: Agreement, inputs: PlanInputs) -> bool:
    """Whether it ends by itself: a one-time line, or one that a pinned successor replaces."""
    return addition.one_time or bool(ends_first(addition, agreement, today=inputs.today))


def _bills(addition: Addition, agreement: Agreement, inputs: PlanInputs) -> bool:
    """Whether it charges its company today, or may: its price can be unknown."""
    problem = line_problem(addition, agreement, today=inputs.today, allowed_types=())
    if problem or addition.quantity <= 0:
        return False
    money = money_per_cycle(addition, agreement, before=Decimal(0), target=addition.quantity)
    return money is None or money > 0


def _stray(addition: Addition, agreement: Agreement, *, products: str, why: str) -> Stray:
    return Stray(
        addition_id=addition.id,
        agreement_id=agreement.id,
        agreement_name=agreement.name,
        company_id=agreement.company_id,
        company_name=agreement.company_name,
        products=products,
        quantity=addition.quantity,
        money=money_per_cycle(addition, agreement, before=Decimal(0), target=addition.quantity),
        billing_cycle=agreement.billing_cycle,
        currency=agreement.currency,
        message=f"{why}, or in ConnectWise: Finance > Agreements > '{agreement.name}' > Additions >"
        f" cancel addition {addition.id} or set it to 0.",
    )


def _why(agreement: Agreement, inputs: PlanInputs, mapped: frozenset[int]) -> str:
    """Why no row covers it, and what to do."""
    if agreement.company_id in mapped:
        return _why_left_out(agreement, inputs)
    return (
        "no organization is mapped to this company. Map one (MAPPING / ORG#<organization id>,"
        f" company_id {agreement.company_id})"
    )


def _why_left_out(agreement: Agreement, inputs: PlanInputs) -> str:
    """Why no row covers an addition of a company that organizations are mapped to."""
    allowed = inputs.settings.agreement_types
    problem = agreement_problem(agreement, today=inputs.today, allowed_types=allowed)
    if problem:
        return f"{problem.message}. Allow it: agreement_types in the settings"
    return "no row of this run covers it. Look at the company's mapping"


def _trouble(others: Others) -> str:
    """What the audit could not read, as a sentence; "" when it read everything."""
    if others.unlisted:
        return (
            "full audit: the agreements of companies without an organization could not be listed,"
            f" so what is billed without usage there is not known. {others.unlisted}"
        )
    found: list[str] = []
    if others.unread:
        first = min(others.unread)
        found.append(
            f"full audit: {len(others.unread)} of {len(others.agreements)} agreements of companies"
            " without an organization could not be read, so what is billed without usage there is"
            f" not known. Agreement {first}: {others.unread[first]}"
        )
    if others.unusable:
        odd = others.unusable[0]
        found.append(
            f"full audit: {counted(len(others.unusable), 'addition')} of companies without an"
            f" organization cannot be used. Addition {odd.id} on agreement {odd.agreement_id}:"
            f" {odd.problem}"
        )
    return ". ".join(found)
