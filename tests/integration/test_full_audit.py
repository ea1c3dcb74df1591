"""The full audit: who is billed for nothing is told, never written, and never in billing's way."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain, repeat

import pytest

from billing_sync.adapters.ledger.checkpoints import LedgerStages
from billing_sync.compose.connectwise import ConnectWiseAccess
from billing_sync.compose.invocation import Invocation
from billing_sync.domain.runs.run import Verdict
from billing_sync.flows.planning.checkpoints import OutOfTime, Stages
from billing_sync.flows.planning.read_unmatched_additions import STAGE, Audit
from tests.clock import world_clock
from tests.integration.conftest import START
from tests.integration.local_stack import LambdaContext, LocalStack, local_stack
from tests.integration.run_assertions import ended
from tests.integration.small_world import ALDER, ALDER_EDR
from tools.sandbox.vendors.faults import Fault, FaultKind
from tools.sandbox.world.build import World, world_of
from tools.sandbox.world.seed_types import Addition, Agreement, Company, Organization

FERNHILL, FERNHILL_AGREEMENT, FERNHILL_EDR = 275, 2750, 275001
DOWN = {"status": 503, "headers": {"Retry-After": "3600"}, "times": 0}
EDR_ITEM = 101

pytestmark = pytest.mark.companies(ALDER, FERNHILL)


def calls(stack: LocalStack) -> Counter[str]:
    """ConnectWise's calls by what was asked for; bundles, lists and counts by their last word."""
    return Counter(
        request.path.rsplit("/", 1)[-1]
        for request in stack.connectwise.requests
        if request.method != "PATCH"
    )


def lists_fail(stack: LocalStack) -> None:
    """The second list of agreements is the audit's."""
    for nth in (2, 3):  # of the sync, and then of the preview
        fault = Fault(
            FaultKind.STATUS, path="/finance/agreements$", nth=nth, **(DOWN | {"times": 1})
        )
        stack.connectwise.add_fault(fault)


def an_agreement_fails(stack: LocalStack) -> None:
    stack.connectwise.bundles_status = 404
    path = f"/finance/agreements/{FERNHILL_AGREEMENT}/additions"
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, path=path, **DOWN))


def all_is_denied(stack: LocalStack) -> None:
    stack.connectwise.bundles_status = 404
    path = f"/finance/agreements/{FERNHILL_AGREEMENT}/additions"
    stack.connectwise.add_fault(Fault(FaultKind.STATUS, path=path, status=403, times=0))


def test_a_client_that_left_and_is_still_billed_is_told_and_not_written(stack: LocalStack) -> None:
    stack.sync()
    run = ended(stack)

    told = stack.press({"action": "show", "run_id": run.id})

    (stray,) = told["billed_without_usage"]
    assert (stray["company"], stray["addition"]) == ("Fernhill Surveyors", FERNHILL_EDR)
    assert (stray["quantity"], stray["money"], stray["products"]) == ("11", "38.50", "edr")
    assert f"cancel addition {FERNHILL_EDR} or set it to 0" in stray["message"]
    assert json.loads(stack.report(run.id))["billed_without_usage"] == [stray]
    assert told["full_audit"].startswith("1 active agreements of companies without an organiz")
    assert (run.verdict, run.warnings) == (Verdict.COMPLETE, ())
    right = "complete, every counted addition is right, 1 billed without usage"
    assert told["result"] == f"WROTE 1 quantity: {right}"
    assert (stack.quantity(FERNHILL_EDR), stack.patches(FERNHILL_EDR)) == (11.0, [])
    assert stack.quantity(ALDER_EDR) == 25.0


def test_the_message_tells_it_before_everything_else(stack: LocalStack) -> None:
    stack.sync()

    (text,) = stack.notices()

    _, _, _, title, stray, *rest = text.splitlines()
    assert title == "Billed without usage: 1 addition, 38.50 USD a cycle."
    assert stray.startswith("  Fernhill Surveyors, edr: 11 on 'Managed Security - Fernhill Survey")
    assert "What the units came to:" in rest


def test_a_preview_looks_too(stack: LocalStack) -> None:
    told = stack.ask({"action": "preview"})

    assert [one["addition"] for one in told["billed_without_usage"]] == [FERNHILL_EDR]


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (
            lists_fail,
            "could not be listed, so what is billed without usage there is not known. Conn",
        ),
        (an_agreement_fails, "1 of 1 agreements of companies without an organization could not be"),
        (all_is_denied, "1 of 1 agreements of companies without an organization could not be"),
    ],
    ids=["no-list", "one-fails", "denied"],
)
def test_an_audit_that_cannot_look_is_told_and_never_in_the_way_of_billing(
    stack: LocalStack, trouble: Callable[[LocalStack], None], why: str
) -> None:
    trouble(stack)
    stack.sync()

    notices = stack.notices()
    run = stack.newest()
    assert stack.quantity(ALDER_EDR) == 25.0
    assert (run.verdict, run.green) == (Verdict.ATTENTION, False)
    assert why in run.warnings[0] and why in notices[0]
    told = stack.press({"action": "show", "run_id": run.id})
    assert why in told["full_audit"] and told["billed_without_usage"] == []
    assert "right" not in told["result"]
    again = stack.ask({"action": "preview"})
    right = "every addition that was read is right"
    assert again["result"] == f"WROTE NOTHING: preview, {right}"


def test_switched_off_it_makes_no_call_and_says_so(stack: LocalStack) -> None:
    stack.set_settings(full_audit=False)
    stack.sync()
    run = ended(stack)

    assert (calls(stack)["agreements"], calls(stack)["bundles"]) == (1, 1)
    assert run.audit is None and run.verdict is Verdict.COMPLETE
    told = stack.press({"action": "show", "run_id": run.id})
    assert (told["full_audit"], told["billed_without_usage"]) == ("not made", [])


def test_a_run_of_some_companies_looks_at_them_alone(stack: LocalStack) -> None:
    told = stack.ask({"action": "preview", "companies": [ALDER]})

    assert (told["full_audit"], told["against_the_invoice"]) == ("not made", [])
    assert calls(stack)["agreements"] == 1


def test_what_only_settings_can_say_must_be_true_or_false(stack: LocalStack) -> None:
    stack.set_settings(full_audit="yes")
    stack.sync()

    assert "full_audit" in stack.invoice.reason and stack.all_runs() == ()


# --- many other agreements ------------------------------------------------------------------------

OTHERS = 620


def with_many_others(now: datetime) -> World:
    mapped = (Organization(1, "Mapped", {"edr": 10}),)
    companies = [Company(1, "Mapped", "is billed", mapped, (Agreement((Addition("edr", 10.0),)),))]
    companies += [
        Company(number, f"Other {number}", "never ours", (), (Agreement((Addition("edr", 1.0),)),))
        for number in range(1001, 1001 + OTHERS)
    ]
    return world_of(tuple(companies), now=now)


@pytest.fixture
def wide_stack() -> Iterator[LocalStack]:
    with world_clock(START), local_stack(START, with_many_others) as built:
        built.configure()
        built.tick()
        yield built


def test_it_costs_a_call_for_fifty_agreements_and_what_it_keeps_is_bounded(
    wide_stack: LocalStack,
) -> None:
    wide_stack.sync()
    run = ended(wide_stack)

    bundles = -(-STAGE // 50) + -(-(OTHERS - STAGE) // 50)
    assert calls(wide_stack)["bundles"] == 1 + bundles == 14
    assert (calls(wide_stack)["agreements"], calls(wide_stack)["count"]) == (2, 2)
    told = wide_stack.press({"action": "show", "run_id": run.id})
    assert len(told["billed_without_usage"]) == 40
    assert told["billed_without_usage_not_shown"] == OTHERS - 40
    wide_stack.deliver_event({"detail-type": "Billing Sync Finished", "detail": {"run_id": run.id}})
    assert len(json.loads(wide_stack.report(run.id))["billed_without_usage"]) == 500


def test_out_of_time_it_goes_on_and_reads_nothing_twice(wide_stack: LocalStack) -> None:
    invocation = Invocation()
    invocation.begin(LambdaContext(900))
    access = ConnectWiseAccess("connectwise", invocation=invocation, allow_loopback=True)
    book = LedgerStages(wide_stack.ledger_table)
    short = chain([900.0, 900.0], repeat(0.0))

    with pytest.raises(OutOfTime, match="audited additions of 101 are still to be read"):
        Audit(access(), Stages(book, "000001-sync", 1, lambda: next(short))).read(
            mapped=[1], items=[EDR_ITEM]
        )
    before = calls(wide_stack)
    others = Audit(access(), Stages(book, "000001-sync", 1, lambda: 900.0)).read(
        mapped=[1], items=[EDR_ITEM]
    )

    assert (len(others.agreements), len(others.additions)) == (OTHERS, OTHERS)
    added = calls(wide_stack) - before
    assert (added["bundles"], added["agreements"]) == (3, 0)
    assert (before["bundles"], before["agreements"]) == (10, 1)


def test_whoever_does_not_answer_at_all_is_not_asked_on_and_not_asked_again(
    wide_stack: LocalStack,
) -> None:
    wide_stack.connectwise.add_fault(Fault(FaultKind.STATUS, path="/system/bundles", **DOWN))
    invocation = Invocation()
    invocation.begin(LambdaContext(900))
    access = ConnectWiseAccess("connectwise", invocation=invocation, allow_loopback=True)
    stages = Stages(LedgerStages(wide_stack.ledger_table), "000001-sync", 1, invocation.time_left)

    others = Audit(access(), stages).read(mapped=[1], items=[EDR_ITEM])
    asked = calls(wide_stack)
    again = Audit(access(), stages).read(mapped=[1], items=[EDR_ITEM])

    assert (len(others.unread), asked["bundles"]) == (OTHERS, 1)
    assert again == others and calls(wide_stack) == asked
