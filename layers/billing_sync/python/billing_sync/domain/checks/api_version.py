"""Whether the version of ConnectWise's API in the secret is about to be retired."""

import re

from billing_sync.domain.checks.check import Found, passed, warned
from billing_sync.domain.vendors.connectwise import ApiVersion


def judged(version: ApiVersion) -> Found:
    """The check of a version that works now.

    ConnectWise supports a model for twelve months after its successor; versions are named by
    year and number, so one of an earlier year is warned of.
    Source: docs/vendors/connectwise.md#address-and-version.
    """
    pinned, newest = _parsed(version.pinned), _parsed(version.newest)
    if not pinned or not newest:
        return passed(f"{version.pinned}; ConnectWise does not say which is the newest")
    if newest < pinned:
        return passed(
            f"{version.pinned}, although the newest that ConnectWise names is {version.newest}"
        )
    if pinned[0] < newest[0]:
        return warned(
            f"{version.pinned} is about to be retired: the newest is {version.newest}, and"
            " ConnectWise supports an older one for twelve months",
            f"Set api_version in the ConnectWise secret to {version.newest}, then preview.",
        )
    return passed(f"{version.pinned}; the newest is {version.newest}")


def _parsed(version: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"(20\d\d)\.(\d{1,3})", version)
    return (int(found[1]), int(found[2])) if found else None
