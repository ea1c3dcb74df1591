"""Storing credentials where the functions read them, and trying them at once."""

import json
from collections.abc import Mapping
from typing import Any

from tools.operator.credentials.vendors import Vendor
from tools.operator.stack import Stack

_CURRENT = "AWSCURRENT"


def stored(stack: Stack, vendor: Vendor) -> bool:
    """Whether the secret has a value; the value itself is not read."""
    return _current(stack, vendor) != ""


def store(stack: Stack, vendor: Vendor, values: Mapping[str, object]) -> list[dict[str, Any]]:
    """Store the credentials and try them; the lines of permission-check on this vendor.

    Where the vendor refuses them and earlier ones were there, the earlier ones are put back.
    """
    secret, before = stack.output(vendor.output), _current(stack, vendor)
    secrets = stack.client("secretsmanager")
    reply = secrets.put_secret_value(SecretId=secret, SecretString=json.dumps(values))
    lines = tried(stack, vendor)
    if before and refused(lines):
        secrets.update_secret_version_stage(
            SecretId=secret,
            VersionStage=_CURRENT,
            MoveToVersionId=before,
            RemoveFromVersionId=reply["VersionId"],
        )
    return lines


def tried(stack: Stack, vendor: Vendor) -> list[dict[str, Any]]:
    """What permission-check finds with the credentials that are stored now.

    Lines that wait for something else, settings perhaps, are left out: it comes later.
    """
    answer = stack.invoke("permission-check", {"only": vendor.name.lower()})
    return [line for line in answer["checks"] if not line["message"].startswith("needs '")]


def refused(lines: list[dict[str, Any]]) -> bool:
    """Whether the vendor did not take the credentials, rather than a right being missing."""
    failed = [each["check"] for each in lines if each["status"] == "fail"]
    return any(check.endswith(("credentials", "site and company")) for check in failed)


def _current(stack: Stack, vendor: Vendor) -> str:
    secret = stack.client("secretsmanager").describe_secret(SecretId=stack.output(vendor.output))
    versions = secret.get("VersionIdsToStages", {})
    return next((version for version, stages in versions.items() if _CURRENT in stages), "")
