"""What the stand-in for Huntress knows, as Huntress would write it in JSON."""

from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


@dataclass(slots=True)
class HuntressState:
    """One Huntress account; records by id, in the vendor's own shape.

    `actual_usages` is by organization id; of the organizations in `usages_as_text` it is sent as
    JSON in a string, which Huntress's specification declares while its example shows an object.
    With a `reseller` the credentials are a reseller's, else its endpoints answer 403. Lines are by
    invoice id.
    """

    account: Record
    user: Record
    reseller: Record | None = None
    invoices: dict[int, Record] = field(default_factory=dict)
    organizations: dict[int, Record] = field(default_factory=dict)
    actual_usages: dict[int, Record] = field(default_factory=dict)
    usages_as_text: set[int] = field(default_factory=set)
    organization_lines: dict[int, list[Record]] = field(default_factory=dict)
    account_lines: dict[int, list[Record]] = field(default_factory=dict)
