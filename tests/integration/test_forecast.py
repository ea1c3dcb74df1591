"""What the next invoice would bring: read now, compared with the last invoice, never written."""

import json
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Key

from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import ended
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    ALDER_ORGANIZATION,
    COPPERFIELD_ORGANIZATION,
)
from tools.sandbox.vendors.faults import Fault, FaultKind

FORECAST = {"action": "forecast"}
DAY = 24 * 3600
DOWN = {"status": 503, "headers": {"Retry-After": "3600"}, "times": 0}


def agents(count: object, **more: int) -> dict[str, Any]:
    return {"edr": {"billable_agents_count": count, **more}}


def lines(answer: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(line["client"], line["products"]): line for line in answer["forecast"]["lines"]}


def everything_in(stack: LocalStack, table: str) -> list[dict[str, Any]]:
    """All items but the lists of runs, to which every request adds itself."""
    items = boto3.resource("dynamodb").Table(table).scan()["Items"]
    lists = {"COUNTER", "REQUESTS", "RUNS"}
    return sorted((i for i in items if i["pk"] not in lists), key=lambda i: (i["pk"], i["sk"]))


def test_a_forecast_tells_each_change_since_the_last_invoice_and_its_money(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    clock.shift(3 * DAY)
    stack.huntress.set_usages(ALDER_ORGANIZATION, agents(31))

    answer = stack.ask(FORECAST)

    assert answer["result"] == "WROTE NOTHING: forecast, 1 to update"
    assert answer["invoice"] == "none: usage as of now"
    line = lines(answer)["Alder & Finch Accountants", "edr"]
    assert (line["last_invoice"], line["now"], line["change"]) == (25, 31, 6)
    assert (line["billed_now"], line["would_bill"], line["money"]) == (
        "25",
        "31",
        {"USD": "+21.00"},
    )
    forecast = answer["forecast"]
    assert forecast["lines"][0] == line
    assert forecast["money"] == {"Monthly": {"USD": "+21.00"}}
    assert forecast["totals"]["edr"] == {
        "last_invoice": 90,
        "now": 96,
        "change": 6,
        "not_comparable": 0,
    }
    assert forecast["compared_with"].startswith("account 5003 of 2026-07-14")
    assert forecast["next_invoice"].startswith("about 2026-08-14, inferred from 3 past cycles")
    assert ended(stack).verdict is Verdict.PREVIEWED


def test_a_forecast_writes_nothing_and_leaves_what_is_frozen_for_every_invoice(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    ended(stack)
    ledger, config = everything_in(stack, "ledger"), everything_in(stack, "config")
    quantities = dict(stack.connectwise.snapshot().additions)
    clock.shift(3 * DAY)
    stack.huntress.set_usages(ALDER_ORGANIZATION, agents(99))
    patches = len(stack.patches())

    run = stack.ask(FORECAST)["run_id"]

    assert len(stack.patches()) == patches
    assert stack.connectwise.snapshot().additions == quantities
    assert everything_in(stack, "config") == config
    after = everything_in(stack, "ledger")
    assert [item for item in after if run not in item["pk"] + item["sk"]] == ledger
    synced = stack.ask({"action": "preview"})
    assert next(r for r in synced["rows"] if r["addition"] == ALDER_EDR)["target"] == "25"


def test_it_is_told_the_same_later_and_in_the_report(stack: LocalStack, clock: Any) -> None:
    stack.sync()
    answer = stack.ask(FORECAST)
    clock.shift(40 * DAY)
    stack.huntress.set_usages(ALDER_ORGANIZATION, agents(99))
    stack.tick()

    later = stack.press({"action": "show", "run_id": answer["run_id"]})

    assert later == answer
    assert json.loads(stack.report(answer["run_id"]))["forecast"] == answer["forecast"]


def test_an_identical_forecast_joins_the_one_in_progress_and_a_later_one_reads_anew(
    stack: LocalStack, clock: Any
) -> None:
    stack.sync()
    first, joined = stack.press(FORECAST), stack.press(FORECAST)
    preview = stack.press({"action": "preview"})
    stack.settle()
    clock.shift(DAY)
    stack.huntress.set_usages(ALDER_ORGANIZATION, agents(31))

    later = stack.ask(FORECAST)

    assert joined["run_id"] == first["run_id"] != preview["run_id"]
    assert later["run_id"] != first["run_id"]
    assert lines(stack.shown(first))["Alder & Finch Accountants", "edr"]["now"] == 25
    assert lines(later)["Alder & Finch Accountants", "edr"]["now"] == 31


def test_agents_that_do_not_respond_are_told_with_the_day_until_when_to_remove_them(
    stack: LocalStack,
) -> None:
    stack.sync()
    usage = agents(25, unresponsive_agents_count=2, outdated_agents_count=1)
    stack.huntress.set_usages(ALDER_ORGANIZATION, usage)
    stack.huntress.set_usages(COPPERFIELD_ORGANIZATION, agents(65))

    answer = stack.ask(FORECAST)

    assert answer["forecast"]["agents_to_look_at"] == [
        {
            "organization": "Alder & Finch Accountants",
            "organization_id": ALDER_ORGANIZATION,
            "client": "Alder & Finch Accountants",
            "unresponsive": 2,
            "outdated": 1,
        }
    ]
    assert answer["forecast"]["agents_unknown_for"] == 1
    assert "they may be billed" in answer["forecast"]["agents_mean"]
    assert answer["next"][0]["do"].startswith("Not responding: 2 agents of 1 organization.")
    assert "before about 2026-08-14 (inferred)" in answer["next"][0]["do"]


def test_a_count_that_cannot_be_read_is_unknown_and_the_others_are_told(stack: LocalStack) -> None:
    stack.sync()
    stack.huntress.set_usages(ALDER_ORGANIZATION, agents(None))

    answer = stack.ask(FORECAST)

    line = lines(answer)["Alder & Finch Accountants", "edr"]
    assert (line["last_invoice"], line["now"], line["change"]) == (25, "unknown", "unknown")
    assert line["money"] == {} and "Unknown is not zero" in line["note"]
    assert lines(answer)["Copperfield Foods", "edr"]["now"] == 65
    assert answer["forecast"]["totals"]["edr"] == {
        "last_invoice": 65,
        "now": 65,
        "change": 0,
        "not_comparable": 1,
    }


def test_an_organization_that_does_not_answer_is_unknown_and_the_others_are_told(
    stack: LocalStack,
) -> None:
    stack.sync()
    path = f"/v1/organizations/{ALDER_ORGANIZATION}$"
    stack.huntress.add_fault(Fault(FaultKind.STATUS, path=path, **DOWN))

    answer = stack.ask(FORECAST)

    alder = lines(answer)["Alder & Finch Accountants", "edr"]
    assert alder["now"] == "unknown" and "503" in alder["note"]
    assert answer["forecast"]["gone"] == []
    assert lines(answer)["Copperfield Foods", "edr"]["now"] == 65


def test_a_client_that_left_and_one_that_came_are_told(stack: LocalStack) -> None:
    stack.sync()
    left = stack.huntress.state.organizations.pop(ALDER_ORGANIZATION)
    stack.huntress.state.organizations[77] = {**left, "id": 77, "name": "Bakery"}
    stack.huntress.state.actual_usages[77] = agents(7)

    answer = stack.ask(FORECAST)

    assert answer["forecast"]["new"] == ["Bakery"]
    assert answer["forecast"]["gone"] == ["Alder & Finch Accountants"]
    alder = lines(answer)["Alder & Finch Accountants", "edr"]
    assert (alder["last_invoice"], alder["now"], alder["money"]) == (25, "unknown", {})
    bakery = lines(answer)["Bakery", "edr"]
    assert (bakery["last_invoice"], bakery["now"]) == (0, 7)
    assert {"do": "Map or exclude Bakery before about 2026-08-14 (inferred)"} in answer["next"]


def test_without_a_frozen_invoice_there_is_nothing_to_compare_with_and_it_says_so(
    bare_stack: LocalStack,
) -> None:
    bare_stack.configure(sync_enabled=False)
    bare_stack.tick()

    answer = bare_stack.ask(FORECAST)

    line = lines(answer)["Alder & Finch Accountants", "edr"]
    assert (line["last_invoice"], line["now"], line["change"]) == ("unknown", 25, "unknown")
    assert (line["billed_now"], line["would_bill"], line["money"]) == ("24", "25", {"USD": "+3.50"})
    assert "whose usage was not read in full" in answer["forecast"]["compared_with"]


def test_before_the_first_invoice_it_says_that_there_is_none(bare_stack: LocalStack) -> None:
    bare_stack.configure(sync_enabled=False)
    bare_stack.huntress.state.invoices.clear()
    bare_stack.tick()

    forecast = bare_stack.ask(FORECAST)["forecast"]

    assert forecast["compared_with"] == "nothing: there is no last invoice that bills usage"
    assert forecast["next_invoice"].startswith("not known") and forecast["next_invoice_on"] == ""


def test_companies_narrow_it_to_their_own_organizations(stack: LocalStack) -> None:
    stack.sync()
    asked = len(stack.huntress.requests)

    answer = stack.ask({**FORECAST, "companies": [ALDER]})

    assert {client for client, _ in lines(answer)} == {"Alder & Finch Accountants"}
    paths = [request.path for request in stack.huntress.requests[asked:]]
    assert f"/v1/organizations/{ALDER_ORGANIZATION}" in paths
    assert f"/v1/organizations/{COPPERFIELD_ORGANIZATION}" not in paths


def test_a_company_that_no_organization_is_mapped_to_is_refused_by_name(stack: LocalStack) -> None:
    answer = stack.ask({**FORECAST, "companies": [ALDER, 9999]})

    assert answer["verdict"] == "refused"
    assert "no organization is mapped to 9999" in answer["result"]


def test_a_resellers_credentials_are_told_why_there_is_no_forecast(
    reseller_stack: LocalStack,
) -> None:
    answer = reseller_stack.ask(FORECAST)

    assert answer["verdict"] == "refused" and "reseller's Huntress credentials" in answer["result"]


def test_a_forecast_can_never_be_released(stack: LocalStack) -> None:
    stack.sync()
    stack.huntress.set_usages(ALDER_ORGANIZATION, agents(31))
    shown = stack.ask(FORECAST)
    release = {"action": "release", "run_id": shown["run_id"], "plan_hash": shown["plan_hash"]}

    answer = stack.ask({**release, "by": "Ann"})

    assert answer["verdict"] == "refused" and "is a forecast" in answer["result"]
    assert not any("plan_hash" in step.get("event", {}) for step in answer["next"])
    assert stack.quantity(ALDER_EDR) == 25.0


def test_a_forecast_is_possible_while_sync_is_off_or_another_run_is_writing(
    stack: LocalStack,
) -> None:
    stack.plan()
    busy = stack.newest().id
    answer = stack.press(FORECAST)
    stack.deliver_events()

    assert stack.shown(answer)["result"] == "WROTE NOTHING: forecast, 3 to update"
    assert stack.runs.active() == busy
    assert ended(stack, busy).wrote == 3


def test_what_an_older_version_froze_is_still_compared_with(stack: LocalStack) -> None:
    stack.sync()
    ended(stack)
    table = boto3.resource("dynamodb").Table("ledger")
    frozen = table.query(KeyConditionExpression=Key("pk").eq("INVOICE#account#5003"))["Items"]
    for item in (each for each in frozen if each["sk"].startswith("USAGE#")):
        for reading in item["readings"]:
            assert "unresponsive" in reading and "outdated" in reading
            del reading["unresponsive"], reading["outdated"]
        table.put_item(Item=item)
    for item in everything_in(stack, "ledger"):
        if item["sk"] == "META":
            del item["forecast"], item["request"]["as_of_now"]
            table.put_item(Item=item)

    answer = stack.ask(FORECAST)

    assert lines(answer)["Alder & Finch Accountants", "edr"]["last_invoice"] == 25
    assert stack.ask({"action": "preview"})["result"].startswith("WROTE NOTHING: preview")


@pytest.mark.parametrize(
    ("event", "wrong"),
    [
        ({**FORECAST, "companies": []}, "companies"),
        ({**FORECAST, "companies": [0]}, "companies.0"),
        ({**FORECAST, "run_id": "000001-sync"}, "run_id"),
    ],
    ids=str,
)
def test_a_wrong_forecast_is_told_what_is_wrong(
    stack: LocalStack, event: dict[str, Any], wrong: str
) -> None:
    answer = stack.ask(event)

    assert answer["result"].startswith(f"NOTHING WAS DONE: {wrong} is")
    assert {"action": "forecast"} in answer["valid_events"].values()
    assert stack.all_runs() == ()
