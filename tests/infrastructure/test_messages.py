"""Queues, events and schedules: nothing is lost without a trace."""

from __future__ import annotations

import json

import pytest

from tests.infrastructure.deployed import FUNCTIONS, Deployed, referenced

WOKEN_BY_EVENTS = ("invoice-trigger", "permission-check", "run-report")


def test_one_company_at_a_time_reaches_company_sync(deployed: Deployed):
    (source,) = deployed.all("AWS::Lambda::EventSourceMapping").values()
    assert source["BatchSize"] == 1
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["ScalingConfig"] == {"MaximumConcurrency": 4}
    assert referenced(source["EventSourceArn"]) == {deployed.place("Queue")}


def test_a_message_stays_hidden_six_times_as_long_as_company_sync_may_take(deployed: Deployed):
    queue = deployed.all("AWS::SQS::Queue")[deployed.place("Queue")]
    assert queue["VisibilityTimeout"] == 6 * deployed.function("company-sync")["Timeout"]


def test_a_company_that_fails_twenty_times_waits_for_a_person_in_order(deployed: Deployed):
    queues = deployed.all("AWS::SQS::Queue")
    redrive = queues[deployed.place("Queue")]["RedrivePolicy"]
    assert redrive["maxReceiveCount"] == 20
    assert referenced(redrive["deadLetterTargetArn"]) == {deployed.place("DeadLetterQueue")}
    for output in ("Queue", "DeadLetterQueue"):
        assert queues[deployed.place(output)]["FifoQueue"] is True


def test_messages_are_told_apart_by_the_id_we_give_them(deployed: Deployed):
    queue = deployed.all("AWS::SQS::Queue")[deployed.place("Queue")]
    assert queue["ContentBasedDeduplication"] is False


def test_every_queue_keeps_messages_for_two_weeks_encrypted(deployed: Deployed):
    for name, queue in deployed.all("AWS::SQS::Queue").items():
        assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600, name
        assert queue["SqsManagedSseEnabled"] is True, name


def test_no_queue_takes_messages_in_clear_text(deployed: Deployed):
    guarded = {
        queue
        for policy in deployed.all("AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for queue in referenced(policy["Queues"])
    }
    assert guarded == set(deployed.all("AWS::SQS::Queue"))


def test_rules_look_at_the_detail_type_alone(deployed: Deployed):
    woken = {}
    for rule in deployed.all("AWS::Events::Rule").values():
        assert referenced(rule["EventBusName"]) == {deployed.place("EventBus")}
        (target,) = rule["Targets"]
        (types,) = rule["EventPattern"].values()
        woken.update(dict.fromkeys(types, referenced(target["Arn"])))
        assert set(rule["EventPattern"]) == {"detail-type"}
    trigger = {deployed.place("InvoiceTriggerFunction")}
    assert woken == {
        "Huntress Invoice Created": trigger,
        "Billing Sync Requested": trigger,
        "Billing Sync Continued": trigger,
        "Billing Sync Finished": {deployed.place("RunReportFunction")},
        "Billing Sync Drift Found": {deployed.place("RunReportFunction")},
        "Billing Sync Invoice Voided": {deployed.place("RunReportFunction")},
        "Billing Sync Reminder": {deployed.place("RunReportFunction")},
    }


def test_an_event_that_cannot_be_delivered_is_kept(deployed: Deployed):
    accepting = [
        (referenced(policy["Queues"]), referenced(statement["Condition"]))
        for policy in deployed.all("AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement.get("Principal") == {"Service": "events.amazonaws.com"}
    ]
    for name, rule in deployed.all("AWS::Events::Rule").items():
        (target,) = rule["Targets"]
        queue = referenced(target["DeadLetterConfig"]["Arn"])
        assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] == 24 * 3600
        assert (queue, {name}) in accepting


@pytest.mark.parametrize(
    ("function", "expression", "event"),
    [
        ("InvoiceTriggerFunction", "rate(5 minutes)", {"action": "tick"}),
        ("PermissionCheckFunction", "cron(17 5 * * ? *)", {}),
    ],
)
def test_the_clock_wakes(deployed: Deployed, function: str, expression: str, event: object):
    (schedule,) = (
        schedule
        for schedule in deployed.all("AWS::Scheduler::Schedule").values()
        if referenced(schedule["Target"]["Arn"]) == {deployed.place(function)}
    )
    assert schedule["ScheduleExpression"] == expression
    assert json.loads(schedule["Target"]["Input"]) == event
    assert schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 2


def test_a_schedule_may_wake_its_function_and_keep_what_it_could_not_deliver(deployed: Deployed):
    for schedule in deployed.all("AWS::Scheduler::Schedule").values():
        target = schedule["Target"]
        (role,) = referenced(target["RoleArn"])
        reachable = {
            place
            for statement in deployed.statements_of_role(role)
            for place in referenced(statement["Resource"])
        }
        assert reachable == referenced([target["Arn"], target["DeadLetterConfig"]["Arn"]])


def test_what_events_wake_is_tried_three_times_and_then_kept(deployed: Deployed):
    kept = {}
    for invoke in deployed.all("AWS::Lambda::EventInvokeConfig").values():
        (function,) = referenced(invoke["FunctionName"])
        assert invoke["MaximumRetryAttempts"] == 2
        kept[function] = referenced(invoke["DestinationConfig"]["OnFailure"]["Destination"])
    woken = {
        logical_id
        for logical_id, function in deployed.all("AWS::Lambda::Function").items()
        if function["FunctionName"].removeprefix("BillingSync-") in WOKEN_BY_EVENTS
    }
    assert set(kept) == woken
    for name in WOKEN_BY_EVENTS:
        allowed = {
            place
            for statement in deployed.statements(name)
            if "sqs:SendMessage" in statement["Action"]
            for place in referenced(statement["Resource"])
        }
        assert allowed >= set().union(*kept.values())


@pytest.mark.parametrize("output", ["TestSyncFunction", "SyncPreviewFunction"])
def test_nothing_but_a_person_wakes_a_button(deployed: Deployed, output: str):
    button = deployed.place(output)
    for resource in deployed.template["Resources"].values():
        if resource["Type"] != "AWS::IAM::ManagedPolicy":
            assert button not in referenced(resource.get("Properties", {})), resource["Type"]


@pytest.mark.parametrize(
    ("function", "seconds"),
    list(zip(FUNCTIONS, (900, 300, 300, 55, 55, 60), strict=True)),
)
def test_each_function_has_the_time_it_needs(deployed: Deployed, function: str, seconds: int):
    properties = deployed.function(function)
    assert properties["Timeout"] == seconds
    assert properties["MemorySize"] == 512
    assert properties["TracingConfig"] == {"Mode": "Active"}
