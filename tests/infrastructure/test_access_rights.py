"""Who may reach what: the whole matrix, then the promises that matter most."""

from __future__ import annotations

import pytest

from tests.infrastructure.deployed import FUNCTIONS, Deployed, as_list, referenced

READ_CONFIG = {"dynamodb:GetItem", "dynamodb:Query"}
READ = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
WRITE = {
    *("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
    *("dynamodb:BatchWriteItem", "dynamodb:ConditionCheckItem"),
}
CHECK_ITEMS = {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"}
SECRET = {"secretsmanager:GetSecretValue"}
SEND = {"sqs:SendMessage", "sqs:GetQueueAttributes"}
CONSUME = {
    *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"),
    *("sqs:GetQueueAttributes", "sqs:GetQueueUrl"),
}
PUT_EVENTS = {"events:PutEvents"}

# A place that is not named is one the function must not reach at all.
MAY: dict[str, dict[str, set[str]]] = {
    "invoice-trigger": {
        "ConfigTable": READ_CONFIG,
        "LedgerTable": READ | WRITE,
        "Queue": SEND,
        "EventBus": PUT_EVENTS,
        "HuntressSecret": SECRET,
        "ConnectWiseSecret": SECRET,
    },
    "company-sync": {
        "LedgerTable": READ | WRITE,
        "Queue": CONSUME,
        "EventBus": PUT_EVENTS,
        "ConnectWiseSecret": SECRET,
    },
    "permission-check": {
        "ConfigTable": READ_CONFIG,
        "LedgerTable": CHECK_ITEMS,
        "EventBus": PUT_EVENTS,
        "NotificationTopic": {"sns:ListSubscriptionsByTopic"},
        "AlarmTopic": {"sns:ListSubscriptionsByTopic"},
        "HuntressSecret": SECRET,
        "ConnectWiseSecret": SECRET,
    },
    "test-sync": {
        "LedgerTable": READ | {"dynamodb:PutItem", "dynamodb:UpdateItem"},
        "EventBus": PUT_EVENTS,
    },
    "sync-preview": {
        "LedgerTable": READ | {"dynamodb:PutItem", "dynamodb:UpdateItem"},
        "EventBus": PUT_EVENTS,
    },
    "run-report": {
        "LedgerTable": READ | {"dynamodb:UpdateItem"},
        "ReportBucket": {"s3:PutObject", "s3:GetObject"},
        "NotificationTopic": {"sns:ListSubscriptionsByTopic", "sns:Publish"},
    },
}
PLACES = (
    *("ConfigTable", "LedgerTable", "Queue", "DeadLetterQueue", "EventBus"),
    *("ReportBucket", "NotificationTopic", "AlarmTopic", "HuntressSecret", "ConnectWiseSecret"),
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_may_do_exactly_this_with_each_place(
    deployed: Deployed, function: str, place: str
):
    assert deployed.rights(function, place) == MAY[function].get(place, set())


def test_only_two_functions_can_read_the_huntress_secret(deployed: Deployed):
    readers = {name for name in FUNCTIONS if deployed.rights(name, "HuntressSecret")}
    assert readers == {"invoice-trigger", "permission-check"}


def test_what_writes_to_connectwise_cannot_read_what_people_may_edit(deployed: Deployed):
    assert deployed.rights("company-sync", "ConfigTable") == set()


def test_the_operators_button_holds_no_vendor_credentials(deployed: Deployed):
    for button in ("test-sync", "sync-preview"):
        assert deployed.rights(button, "HuntressSecret") == set()
        assert deployed.rights(button, "ConnectWiseSecret") == set()


def test_nobody_may_change_settings_and_mappings_but_people(deployed: Deployed):
    for name in FUNCTIONS:
        assert not deployed.rights(name, "ConfigTable") & WRITE, name


def test_nobody_may_delete_or_scan_a_table(deployed: Deployed):
    items_by_key = READ | WRITE
    for name in FUNCTIONS:
        asked = deployed.rights(name, "ConfigTable") | deployed.rights(name, "LedgerTable")
        assert asked <= items_by_key, name


def test_the_permission_check_writes_its_own_ledger_items_and_reads_what_was_written(
    deployed: Deployed,
):
    ledger = deployed.place("LedgerTable")
    conditions = [
        (set(as_list(statement["Action"])), statement.get("Condition"))
        for statement in deployed.statements("permission-check")
        if ledger in referenced(statement["Resource"])
    ]
    own = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["CHECK*"]}}
    written = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["ADDITIONS"]}}
    assert conditions == [(CHECK_ITEMS, own), ({"dynamodb:Query"}, written)]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_nothing_is_allowed_on_everything_but_tracing(deployed: Deployed, function: str):
    for statement in deployed.statements(function):
        actions = as_list(statement["Action"])
        assert not [action for action in actions if action.endswith("*")]
        if "*" in as_list(statement["Resource"]):
            assert set(actions) == {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_writes_to_its_own_log_and_no_other(deployed: Deployed, function: str):
    (own,) = referenced(deployed.function(function)["LoggingConfig"]["LogGroup"])
    reachable = [
        referenced(statement["Resource"])
        for statement in deployed.statements(function)
        if any(action.startswith("logs:") for action in as_list(statement["Action"]))
    ]
    assert reachable == [{own}]


def test_every_function_has_a_role_of_its_own_without_ready_made_policies(deployed: Deployed):
    roles = [referenced(deployed.function(name)["Role"]).pop() for name in FUNCTIONS]
    assert len(set(roles)) == len(FUNCTIONS)
    for role in deployed.all("AWS::IAM::Role").values():
        assert "ManagedPolicyArns" not in role


def test_a_key_of_ones_own_opens_no_further_place(with_own_key: Deployed):
    for name in FUNCTIONS:
        rights = {place: with_own_key.rights(name, place) for place in PLACES}
        assert {place: does for place, does in rights.items() if does} == MAY[name], name
