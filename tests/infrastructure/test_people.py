"""What people may do: a reader nothing that writes, an approver nothing that no operator needs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.infrastructure.deployed import Deployed, as_list, referenced

READING = {
    *("cloudformation:DescribeStacks", "lambda:InvokeFunction", "s3:ListBucket", "s3:GetObject"),
    *("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"),
}
CHANGING = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
# By output what may be done with the place behind it; what is not named is out of reach.
READER = {
    "SyncPreviewFunction": {"lambda:InvokeFunction"},
    "PermissionCheckFunction": {"lambda:InvokeFunction"},
    "ConfigTable": {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"},
    "LedgerTable": {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"},
    "ReportBucket": {"s3:ListBucket", "s3:GetObject"},
}
APPROVER = READER | {
    "TestSyncFunction": {"lambda:InvokeFunction"},
    "ConfigTable": READER["ConfigTable"] | CHANGING | {"dynamodb:ConditionCheckItem"},
    "LedgerTable": READER["LedgerTable"]
    | {"dynamodb:PutItem", "dynamodb:BatchWriteItem", "dynamodb:UpdateItem"}
    | {"dynamodb:ConditionCheckItem"},
    "DeadLetterQueue": {"sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage"},
    "Queue": {"sqs:SendMessage"},
    "NotificationTopic": {"sns:ConfirmSubscription"},
    "AlarmTopic": {"sns:ConfirmSubscription"},
}
NEITHER = ("HuntressSecret", "ConnectWiseSecret", "EventBus")
NEITHER += ("InvoiceTriggerFunction", "CompanySyncFunction")
NEITHER += ("RunReportFunction",)


def policy(deployed: Deployed, output: str) -> dict[str, Any]:
    return deployed.all("AWS::IAM::ManagedPolicy")[deployed.place(output)]


def statements(deployed: Deployed, output: str) -> list[dict[str, Any]]:
    return list(policy(deployed, output)["PolicyDocument"]["Statement"])


def rights(deployed: Deployed, output: str, place: str) -> set[str]:
    logical_id = deployed.place(place)
    return {
        action
        for statement in statements(deployed, output)
        if logical_id in referenced(statement["Resource"])
        for action in as_list(statement["Action"])
    }


@pytest.mark.parametrize("place", [*APPROVER, *NEITHER])
def test_each_policy_reaches_exactly_this(deployed: Deployed, place: str):
    assert rights(deployed, "ReaderPolicy", place) == READER.get(place, set())
    assert rights(deployed, "ApproverPolicy", place) == APPROVER.get(place, set())


def test_a_reader_can_write_nothing(deployed: Deployed, with_own_key: Deployed):
    for stack, more in ((deployed, set()), (with_own_key, {"kms:Decrypt"})):
        actions = {
            action
            for statement in statements(stack, "ReaderPolicy")
            for action in as_list(statement["Action"])
        }
        assert actions == READING | more


def test_an_approver_may_do_all_that_a_reader_may(deployed: Deployed):
    for place in READER:
        assert rights(deployed, "ReaderPolicy", place) <= rights(deployed, "ApproverPolicy", place)


def test_an_approver_reaches_no_run_and_no_audit_in_the_ledger(deployed: Deployed):
    ledger = deployed.place("LedgerTable")
    writing = [
        (set(as_list(each["Action"])), each.get("Condition"))
        for each in statements(deployed, "ApproverPolicy")
        if ledger in referenced(each["Resource"])
        and {"dynamodb:PutItem", "dynamodb:UpdateItem"} & set(as_list(each["Action"]))
    ]
    keys = "ForAllValues:StringLike"
    assert writing == [
        (
            {"dynamodb:PutItem", "dynamodb:BatchWriteItem"},
            {keys: {"dynamodb:LeadingKeys": ["INVOICE#*"]}},
        ),
        ({"dynamodb:UpdateItem"}, {keys: {"dynamodb:LeadingKeys": ["COUNTER"]}}),
    ]


@pytest.mark.parametrize("output", ["ReaderPolicy", "ApproverPolicy"])
def test_nothing_is_allowed_on_everything_and_nobody_has_it_unasked(
    deployed: Deployed, output: str
):
    for statement in statements(deployed, output):
        assert "*" not in as_list(statement["Resource"])
        assert not [it for it in as_list(statement["Action"]) if it.endswith("*")]
    assert not {"Users", "Groups", "Roles"} & policy(deployed, output).keys()


def test_a_policy_is_named_by_aws_so_that_two_regions_can_have_the_stack(deployed: Deployed):
    for properties in deployed.all("AWS::IAM::ManagedPolicy").values():
        assert "ManagedPolicyName" not in properties
        assert properties["Description"].startswith("BillingSync: ")
