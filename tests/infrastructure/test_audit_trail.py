"""Who invoked a function is recorded where `audit_trail` says so, and nothing else is."""

from __future__ import annotations

import json

from tests.infrastructure.deployed import Deployed, referenced

INVOKED_BY_PEOPLE = ("TestSyncFunction", "SyncPreviewFunction", "PermissionCheckFunction")


def test_without_it_there_is_no_trail(deployed: Deployed):
    assert not deployed.all("AWS::CloudTrail::Trail")


def test_the_trail_selects_the_invocations_of_what_people_invoke_and_nothing_else(
    with_audit_trail: Deployed,
):
    (trail,) = with_audit_trail.all("AWS::CloudTrail::Trail").values()
    assert trail["IsLogging"] is True and trail["EnableLogFileValidation"] is True
    (selector,) = trail["EventSelectors"]
    (resource,) = selector["DataResources"]
    assert selector["IncludeManagementEvents"] is False
    assert resource["Type"] == "AWS::Lambda::Function"
    assert referenced(resource["Values"]) == {
        with_audit_trail.place(name) for name in INVOKED_BY_PEOPLE
    }


def test_the_trail_is_kept_private_encrypted_and_beyond_the_stack(with_audit_trail: Deployed):
    (trail,) = with_audit_trail.all("AWS::CloudTrail::Trail").values()
    (name,) = referenced(trail["S3BucketName"])
    bucket = with_audit_trail.template["Resources"][name]
    properties = bucket["Properties"]

    assert bucket["DeletionPolicy"] == "Retain"
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert all(properties["PublicAccessBlockConfiguration"].values())
    (key,) = with_audit_trail.all("AWS::KMS::Key")
    assert key in referenced(properties["BucketEncryption"])
    policy = json.dumps(with_audit_trail.all("AWS::KMS::Key")[key]["KeyPolicy"])
    assert "cloudtrail.amazonaws.com" in policy
