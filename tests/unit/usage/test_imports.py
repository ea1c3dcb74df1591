"""Imported counts stand over frozen ones, and what they do not say stays."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.planning.make_plan import PlanInputs, make_plan
from billing_sync.domain.statement.invoice_total import against_invoice
from billing_sync.domain.usage.imports import effective_usage, version_of
from billing_sync.domain.vendors.usage import (
    Cell,
    OrganizationUsage,
    Product,
    UsageSource,
)
from tests.unit.builders import INVOICED, READ, a_usage, an_invoice
from tests.unit.worlds import every_world, worlds
from tools.operator.usage_file.differences import differences, left

EDR, SAT = Product.EDR, Product.SAT
AT = INVOICED + timedelta(days=3)
NAMES = {101: "Acme", 102: "Bolt", 109: "New"}


def version(
    usage: tuple[OrganizationUsage, ...], counts: dict[Cell, int]
) -> tuple[OrganizationUsage, ...]:
    return version_of(usage, counts, names=NAMES, at=AT)


def units(usage: tuple[OrganizationUsage, ...]) -> dict[Cell, int | None]:
    return {
        (organization.organization_id, r.product): r.units
        for organization in usage
        for r in organization.readings
    }


def test_an_imported_count_has_its_own_source_and_time_and_the_rest_stays_as_read():
    frozen = (a_usage(101, {"edr": 12, "sat": 5}), a_usage(102, {"edr": 7}))

    (acme, bolt) = effective_usage(frozen, version(frozen, {(101, EDR): 14}))

    edr, sat = acme.readings
    assert (edr.units, acme.source_of(edr), acme.read_at_of(edr)) == (14, "imported", AT)
    assert (sat.units, acme.source_of(sat), acme.read_at_of(sat)) == (5, acme.source, READ)
    assert bolt == frozen[1]


def test_an_unknown_count_becomes_known_and_loses_its_reason():
    frozen = (a_usage(101, {"edr": "no answer"}),)

    (acme,) = effective_usage(frozen, version(frozen, {(101, EDR): 0}))

    assert (acme.readings[0].units, acme.readings[0].unknown) == (0, "")


def test_a_second_import_adds_to_the_first_and_wins_where_both_count():
    frozen = (a_usage(101, {"edr": 12}), a_usage(102, {"edr": 7}))
    first = effective_usage(frozen, version(frozen, {(101, EDR): 14, (102, EDR): 8}))

    second = effective_usage(frozen, version(first, {(101, EDR): 15, (101, SAT): 3}))

    assert units(second) == {(101, EDR): 15, (101, SAT): 3, (102, EDR): 8}


def test_what_is_frozen_after_the_import_fills_what_it_did_not_count():
    early = version((), {(101, EDR): 14})

    (acme,) = effective_usage((a_usage(101, {"edr": 12, "sat": 5}),), early)

    assert units((acme,)) == {(101, EDR): 14, (101, SAT): 5}


def test_an_organization_that_was_never_read_has_the_imported_counts_alone():
    (new,) = effective_usage((), version((), {(109, EDR): 4}))

    assert units((new,)) == {(109, EDR): 4} and new.source is UsageSource.IMPORTED
    assert new.organization_name == "New"


def test_the_evidence_beside_a_count_stays():
    known = a_usage(101, {"edr": 12})
    evidence = replace(known.readings[0], unresponsive=2, tenants=("a",))
    frozen = (replace(known, readings=(evidence,)),)

    (acme,) = effective_usage(frozen, version(frozen, {(101, EDR): 14}))

    assert acme.readings[0] == replace(evidence, units=14, imported_at=AT)


def test_each_difference_says_what_was_wrong_with_the_count_before():
    late = INVOICED + timedelta(hours=25)
    frozen = (
        a_usage(101, {"edr": 12, "sat": 5}, name="Acme", read_at=late),
        a_usage(102, {"edr": "no answer", "sat": 1, "siem": 0}, name="Bolt"),
    )
    counts = {(101, EDR): 12, (102, EDR): 3, (109, EDR): 1}

    found = differences(frozen, counts, names=NAMES, invoiced=INVOICED)
    stays = left(frozen, counts, invoiced=INVOICED)

    shown = [(d.organization_name, d.before, d.after, d.why) for d in found]
    assert shown == [
        ("Acme", 12, 12, f"late: counted on {late:%Y-%m-%d}"),
        ("Bolt", None, 3, "unknown: no answer"),
        ("New", None, 1, "not counted for the invoice until now"),
    ]
    assert all(d.moves for d in found)
    assert [(d.organization_name, d.product, d.after) for d in stays] == [
        ("Acme", SAT, 5),
        ("Bolt", SAT, 1),
    ]


def test_the_same_exact_count_is_no_difference_and_an_imported_one_is_exact():
    frozen = (a_usage(101, {"edr": 12}, read_at=AT),)
    imported = effective_usage(frozen, version(frozen, {(101, EDR): 12}))

    (found,) = differences(imported, {(101, EDR): 12}, names=NAMES, invoiced=INVOICED)

    assert not found.moves


@pytest.mark.parametrize(("imported", "late"), [({}, 2), ({(101, EDR): 12}, 1)])
def test_an_imported_count_is_not_late_in_the_comparison_with_the_invoice(imported, late):
    frozen = (a_usage(101, read_at=AT), a_usage(102, read_at=AT))
    usage = effective_usage(frozen, version(frozen, imported))

    compared = against_invoice(an_invoice(quantity=24), usage)

    assert compared is not None and compared.late == late


@every_world
@given(worlds())
def test_importing_exactly_the_frozen_numbers_changes_no_quantity(world: PlanInputs):
    same = {cell: count for cell, count in units(world.usage).items() if count is not None}
    names = {
        organization.organization_id: organization.organization_name for organization in world.usage
    }
    made = version_of(world.usage, same, names=names, at=AT)

    before = make_plan(world)
    after = make_plan(replace(world, usage=effective_usage(world.usage, made)))

    assert {(r.company_id, r.key, r.target) for r in before.rows} == {
        (r.company_id, r.key, r.target) for r in after.rows
    }
    sums = [{t.product: (t.usage, t.unknown) for t in plan.tie_out} for plan in (before, after)]
    assert sums[0] == sums[1]
    assert not any(r.reason is Reason.LATE for r in after.rows if all_counted(r))


def all_counted(row: Row) -> bool:
    return all(s.units is not None and not s.silent for part in row.parts for s in part.sources)
