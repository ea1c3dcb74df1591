"""The report as a page: all of the run, readable without anything else, whatever names hold."""

import hashlib
from base64 import b64encode
from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing_sync.adapters.report.page import report_page
from billing_sync.domain.forecast.compare import compare
from billing_sync.domain.forecast.forecast import ForecastBasis
from billing_sync.domain.invoices.expected_next import NextInvoice
from billing_sync.domain.plan.plan import Coverage, Remainder, RemainderKind, Row
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.plan.unmatched import AuditSum, Stray
from billing_sync.domain.planning.make_plan import make_plan
from billing_sync.domain.report.document import run_document
from billing_sync.domain.runs.run import Mode
from billing_sync.domain.vendors.usage import Product, Reading
from tests.unit.builders import a_part, a_row, a_usage, an_invoice, some_inputs
from tests.unit.ended_runs import a_blocked_row, a_document, an_ended_run, states_of
from tests.unit.page import Page

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
HELD = a_row(
    20,
    200,
    company_id=262,
    company_name="Xenon Labs",
    addition_id=702,
    outcome=Outcome.HELD,
    reason=Reason.RISE,
    arithmetic="200 agents",
    message="20 -> 200 rises by more than 50 %",
    takes_effect="on the invoice of 2026-08-01",
)
WRITTEN = a_row(24, 25, company_name="Alder", arithmetic="25 agents")
RIGHT = a_row(
    0,
    0,
    addition_id=703,
    outcome=Outcome.UNCHANGED,
    parts=(a_part(0, product=Product.SAT),),
)
LOST = a_blocked_row(
    a_row(company_name="Marlin", parts=(a_part(15, product=Product.SAT),)),
    reason=Reason.NO_ADDITION,
    money=Decimal("26.25"),
)
STRAY = Stray(
    710, 31, "Old Agreement", 9, "Gone Inc", "edr", Decimal(4), Decimal(20), "Monthly", "no client"
)
UNMAPPED = Remainder(RemainderKind.UNMAPPED, 90, "Bakery", Product.EDR, 7, "map or exclude it")


def test_the_page_shows_the_result_every_row_and_where_each_unit_ended():
    page = Page(report_page(a_document([WRITTEN, HELD, RIGHT, LOST], [UNMAPPED])))

    assert page.within["h1"] == ["WROTE 1 quantity: needs attention, 1 held, 1 blocked"]
    assert page.within["h3"] == ["blocked: 1", "held: 1", "updated: 1", "unchanged: 1"]
    for row in (WRITTEN, HELD, RIGHT):
        assert f"addition {row.addition_id}" in page.words
    assert "Xenon Labs (262) edr" in page.words and "20 → 200 +900.00 USD Monthly" in page.words
    assert "200 agents" in page.words and "rises by more than 50 %" in page.words
    assert "on the invoice of 2026-08-01" in page.words
    assert "Marlin (1) sat" in page.words and " 26.25 USD Monthly no addition" in page.words
    assert "counted by Huntress 232 0 15" in page.words and "sum 232 0 15" in page.words
    assert "needs review 200 units" in page.words
    assert "Bakery (90) edr 7 unmapped map or exclude it" in page.words
    assert "ab" * 32 in page.words and "1 of 1 companies read" in page.words
    assert '{"action": "release", "run_id": "000001-sync"' in page.words


def test_what_was_found_beside_the_rows_has_a_part_of_the_page_each():
    audit = AuditSum(5, "", 1, {"USD": Decimal(20)}, 0)
    run = an_ended_run(
        [WRITTEN],
        audit=audit,
        coverage=Coverage(2, 1, ("Acme: no answer",)),
        guard_messages=("too many rows are held",),
        warnings=("nobody was asked",),
    )
    document = run_document(run, states_of([WRITTEN]), (), strays=[STRAY])

    page = Page(report_page(document))

    assert "Billed without usage: 20.00 USD a cycle" in page.within["h2"]
    assert "Gone Inc edr Old Agreement 710 4 20.00 Monthly no client" in page.words
    for title in ("Not read", "The whole run is held", "Warnings"):
        assert title in page.within["h2"]
    for text in ("Acme: no answer", "too many rows are held", "nobody was asked"):
        assert text in page.within["li"]


def test_an_empty_part_has_no_title():
    page = Page(report_page(a_document([RIGHT])))

    assert page.within["h2"] == [
        "What the units came to",
        "Where every unit ended",
        "Rows, largest money first",
        "About this run",
    ]


def hostile(row: Row) -> Row:
    names = dict.fromkeys(("company_name", "agreement_name", "billing_cycle", "message"), HOSTILE)
    return replace(row, **names, arithmetic=HOSTILE, takes_effect=HOSTILE)


def test_names_are_text_and_the_page_runs_and_loads_nothing():
    stray = replace(STRAY, company_name=HOSTILE, agreement_name=HOSTILE, message=HOSTILE)
    rest = replace(UNMAPPED, organization_name=HOSTILE, message=HOSTILE)
    rows = [hostile(row) for row in (WRITTEN, HELD, RIGHT, LOST)]
    run = an_ended_run(
        rows,
        [rest],
        invoice=an_invoice(plan=HOSTILE),
        coverage=Coverage(2, 1, (HOSTILE,)),
        guard_messages=(HOSTILE,),
        warnings=(HOSTILE,),
        note=HOSTILE,
        audit=AuditSum(1, HOSTILE, 1, {"USD": Decimal(20)}, 0),
    )

    page = Page(report_page(run_document(run, states_of(rows), [rest], strays=[stray])))

    assert page.words.count(HOSTILE) > 25 and HOSTILE in page.within["h1"][0]
    assert not page.tags & {"script", "img", "link", "iframe", "a", "object", "form", "base"}
    assert page.attributes.keys() == {"lang", "charset", "content", "http-equiv", "name", "class"}
    (style,) = page.within["style"]
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert policy in page.attributes["content"] and "url(" not in style and "@import" not in style


def test_a_forecast_has_its_own_part_of_the_page():
    reading = Reading(Product.EDR, 31, unresponsive=2, outdated=0)
    then, now = a_usage(units={"edr": 25}), replace(a_usage(), readings=(reading,))
    plan = make_plan(some_inputs(usage=(now,), invoice=None))
    basis = ForecastBasis(NextInvoice(date(2026, 8, 1), "about then"), an_invoice(), frozen=True)
    forecast = compare(basis, plan.rows, plan.remainders, then=(then,), now=(now,))
    run = an_ended_run(plan.rows, mode=Mode.PREVIEW, invoice=None)

    page = Page(report_page(run_document(run, states_of(plan.rows), (), forecast=forecast)))

    assert "What the next invoice would bring" in page.within["h2"]
    assert "Company 1 edr 25 31 6 12 → 31 +95.00" in page.words
    assert "Agents to look at before the next invoice" in page.within["h2"]
    assert "Organization 101 2 0" in page.words
