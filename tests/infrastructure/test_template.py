"""What is kept, how it is encrypted, and that the template is sound."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.infrastructure.deployed import FUNCTIONS, Deployed, as_list, referenced, synthesized

KEPT = {"AWS::DynamoDB::Table": 2, "AWS::SecretsManager::Secret": 2, "AWS::S3::Bucket": 1}
NAME_OF = {
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::Role": "RoleName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Lambda::LayerVersion": "LayerName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::SecretsManager::Secret": "Name",
}


def given_names(deployed: Deployed) -> set[tuple[str, str]]:
    return {
        (kind, properties[name])
        for kind, name in NAME_OF.items()
        for properties in deployed.all(kind).values()
        if name in properties
    }


def test_what_holds_billing_data_outlives_the_stack_under_a_name_nobody_else_has(
    deployed: Deployed,
):
    for kind, count in KEPT.items():
        kept = [item for item in deployed.template["Resources"].values() if item["Type"] == kind]
        assert len(kept) == count
        for resource in kept:
            assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"
            assert NAME_OF[kind] not in resource["Properties"]


def test_tables_can_be_restored_and_not_deleted_and_forget_nothing(deployed: Deployed):
    for table in deployed.all("AWS::DynamoDB::Table").values():
        assert table["DeletionProtectionEnabled"] is True
        assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
        assert "TimeToLiveSpecification" not in table


def test_secrets_are_made_without_a_value(deployed: Deployed):
    for secret in deployed.all("AWS::SecretsManager::Secret").values():
        assert set(secret) == {"Description"}


def test_reports_are_private_versioned_and_expire(deployed: Deployed):
    bucket = deployed.all("AWS::S3::Bucket")[deployed.place("ReportBucket")]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 2557
    (policy,) = deployed.all("AWS::S3::BucketPolicy").values()
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_logs_are_kept_a_year_and_go_with_the_stack(deployed: Deployed):
    groups = [
        item
        for item in deployed.template["Resources"].values()
        if item["Type"] == "AWS::Logs::LogGroup"
    ]
    assert len(groups) == len(FUNCTIONS)
    for group in groups:
        assert group["Properties"]["RetentionInDays"] == 365
        assert group["DeletionPolicy"] == "Delete"


def test_only_our_six_functions_run_and_nothing_runs_at_deployment(deployed: Deployed):
    names = {f["FunctionName"] for f in deployed.all("AWS::Lambda::Function").values()}
    assert names == {f"BillingSync-{name}" for name in FUNCTIONS}
    kinds = {resource["Type"] for resource in deployed.template["Resources"].values()}
    assert not {kind for kind in kinds if "Custom" in kind or "CDK" in kind}


def test_two_stacks_with_different_names_share_no_name(deployed: Deployed, tmp_path: Path):
    other = synthesized(tmp_path, stack_name="Second-Brand")
    assert given_names(other)
    assert not given_names(other) & given_names(deployed)
    for _, name in given_names(other):
        assert name.removeprefix("/aws/lambda/").startswith("Second-Brand-")


def test_the_sandbox_lets_vendor_calls_stay_on_this_machine_and_changes_nothing_else(
    deployed: Deployed, tmp_path: Path
):
    sandbox = synthesized(tmp_path, sandbox="true")
    allowed = set()
    for name in FUNCTIONS:
        if sandbox.function(name)["Environment"]["Variables"].pop("ALLOW_LOOPBACK", None) == "1":
            allowed.add(name)
    assert allowed == {"invoice-trigger", "company-sync", "permission-check"}
    assert sandbox.template == deployed.template


def test_a_key_of_ones_own_encrypts_all_that_is_kept_or_passed_on(with_own_key: Deployed):
    (key,) = with_own_key.all("AWS::KMS::Key")
    keyed = {
        "AWS::DynamoDB::Table": "SSESpecification",
        "AWS::Logs::LogGroup": "KmsKeyId",
        "AWS::S3::Bucket": "BucketEncryption",
        "AWS::SNS::Topic": "KmsMasterKeyId",
        "AWS::SQS::Queue": "KmsMasterKeyId",
        "AWS::SecretsManager::Secret": "KmsKeyId",
    }
    for kind, where in keyed.items():
        for name, properties in with_own_key.all(kind).items():
            assert referenced(properties[where]) == {key}, name


def test_whoever_meets_encrypted_data_may_use_the_key(with_own_key: Deployed):
    (key,) = with_own_key.all("AWS::KMS::Key")
    statements = with_own_key.all("AWS::KMS::Key")[key]["KeyPolicy"]["Statement"]
    services = json.dumps([statement["Principal"] for statement in statements])
    for service in ("cloudwatch.amazonaws.com", "events.amazonaws.com", "logs."):
        assert service in services
    for role, properties in with_own_key.all("AWS::IAM::Role").items():
        actions = {
            action
            for statement in with_own_key.statements_of_role(role)
            if key in referenced(statement["Resource"])
            for action in as_list(statement["Action"])
        }
        assert "kms:Decrypt" in actions, properties
        assert any(action.startswith("kms:GenerateDataKey") for action in actions), properties


def test_whoever_is_named_is_written_to(with_own_key: Deployed, deployed: Deployed):
    subscriptions = with_own_key.all("AWS::SNS::Subscription").values()
    assert [(each["Protocol"], each["Endpoint"]) for each in subscriptions] == [
        ("email", "billing@example.com"),
        ("email", "billing@example.com"),
    ]
    topics = {topic for each in subscriptions for topic in referenced(each["TopicArn"])}
    assert topics == {with_own_key.place("NotificationTopic"), with_own_key.place("AlarmTopic")}
    assert not deployed.all("AWS::SNS::Subscription")


@pytest.mark.slow("cfn-lint reads the schemas of every kind of resource")
def test_the_templates_are_valid_cloudformation(
    deployed: Deployed, with_own_key: Deployed, tmp_path: Path
):
    templates = {tmp_path / "default.json": deployed, tmp_path / "own_key.json": with_own_key}
    for path, stack in templates.items():
        path.write_text(json.dumps(stack.template))
    lint = Path(sys.executable).with_name("cfn-lint")
    # W3005: the CDK writes a function's dependency on its role twice.
    found = subprocess.run(
        [lint, "--regions", "eu-west-1", "--ignore-checks", "W3005", "--template", *templates],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stdout + found.stderr) == (0, "")
