"""When a person is called, they are told what to do first."""

from __future__ import annotations

import pytest

from tests.infrastructure.deployed import FUNCTIONS, Deployed, referenced

OWN_METRICS = {
    ("Looked", "invoice-trigger"),
    ("InvoiceWaitingTooLong", "invoice-trigger"),
    ("DaysSinceCountedInvoice", "invoice-trigger"),
    ("RunHeld", "run-report"),
    ("RunFailed", "run-report"),
    ("RunIncomplete", "run-report"),
    ("NobodyNotified", "run-report"),
    ("RunPaused", "company-sync"),
    ("PermissionCheckWorse", "permission-check"),
}


def alarm(deployed: Deployed, name: str) -> dict[str, object]:
    (found,) = (
        properties
        for properties in deployed.all("AWS::CloudWatch::Alarm").values()
        if properties["AlarmName"] == f"BillingSync-{name}"
    )
    return found


def test_every_alarm_tells_a_topic_of_its_own_and_starts_with_the_first_step(deployed: Deployed):
    assert deployed.place("AlarmTopic") != deployed.place("NotificationTopic")
    for properties in deployed.all("AWS::CloudWatch::Alarm").values():
        assert referenced(properties["AlarmActions"]) == {deployed.place("AlarmTopic")}
        first_word = properties["AlarmDescription"].split()[0]
        assert first_word in {"Run", "Read", "Open", "Look"}, properties["AlarmName"]


def test_alarms_are_let_in_by_the_topic(deployed: Deployed):
    (policy,) = (
        policy
        for policy in deployed.all("AWS::SNS::TopicPolicy").values()
        if referenced(policy["Topics"]) == {deployed.place("AlarmTopic")}
    )
    assert {"Service": "cloudwatch.amazonaws.com"} in [
        statement["Principal"]
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow" and statement["Action"] == "sns:Publish"
    ]


def test_alarms_watch_the_metrics_our_functions_count(deployed: Deployed):
    watched = set()
    for properties in deployed.all("AWS::CloudWatch::Alarm").values():
        if properties["Namespace"] == "BillingSync":
            (dimension,) = properties["Dimensions"]
            assert dimension["Name"] == "service"
            watched.add((properties["MetricName"], dimension["Value"]))
    assert watched == OWN_METRICS


def test_metrics_are_counted_under_the_name_the_alarms_look_for(deployed: Deployed):
    for name in FUNCTIONS:
        variables = deployed.function(name)["Environment"]["Variables"]
        assert variables["POWERTOOLS_SERVICE_NAME"] == name
        assert variables["POWERTOOLS_METRICS_NAMESPACE"] == "BillingSync"


def test_three_hours_without_a_look_at_huntress_is_news_even_without_any_data(deployed: Deployed):
    looked = alarm(deployed, "no-look-at-huntress")
    assert looked["TreatMissingData"] == "breaching"
    assert (looked["Period"], looked["EvaluationPeriods"]) == (3600, 3)
    assert (looked["ComparisonOperator"], looked["Threshold"]) == ("LessThanThreshold", 1)


def test_the_thirty_sixth_day_without_an_invoice_is_news(deployed: Deployed):
    days = alarm(deployed, "no-invoice")
    assert (days["Statistic"], days["Threshold"]) == ("Maximum", 35)
    assert days["ComparisonOperator"] == "GreaterThanThreshold"


@pytest.mark.parametrize(
    "name",
    [
        *("run-held", "run-paused", "run-failed", "run-incomplete", "invoice-waiting"),
        *("permission-check-worse", "no-invoice", "invoice-trigger-errors"),
    ],
)
def test_a_stack_that_has_nothing_to_tell_is_quiet(deployed: Deployed, name: str):
    assert alarm(deployed, name)["TreatMissingData"] == "notBreaching"


def test_every_queue_that_should_be_empty_is_watched(deployed: Deployed):
    watched = {
        queue
        for properties in deployed.all("AWS::CloudWatch::Alarm").values()
        if properties["Namespace"] == "AWS/SQS"
        for queue in referenced(properties["Dimensions"])
    }
    assert watched == set(deployed.all("AWS::SQS::Queue")) - {deployed.place("Queue")}
