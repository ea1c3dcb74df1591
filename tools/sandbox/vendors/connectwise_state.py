"""What the stand-in for ConnectWise knows, and the only way an addition changes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class QuantityChange:
    """One change of an addition's quantity, by whomever; `before` None was unset."""

    at: datetime
    addition_id: int
    before: float | None
    after: float | None
    by: str


@dataclass(slots=True)
class ConnectWiseState:
    """Records by id in the vendor's own shape; additions without their derived fields.

    `member` is the API member's short form, `own_member` what its long form adds. `security` are
    the rows of mySecurity, `customize_items` those of its allow-lists; `my_agreement_ids` is what a
    role with level "My" sees. `audit` pairs an addition's id with an entry of its audit trail.
    """

    member: Record
    security: list[Record]
    companies: dict[int, Record] = field(default_factory=dict)
    agreements: dict[int, Record] = field(default_factory=dict)
    additions: dict[int, Record] = field(default_factory=dict)
    catalog: dict[int, Record] = field(default_factory=dict)
    customize_items: list[Record] = field(default_factory=list)
    my_agreement_ids: set[int] = field(default_factory=set)
    audit: list[tuple[int, Record]] = field(default_factory=list)
    quantity_changes: list[QuantityChange] = field(default_factory=list)
    own_member: Record = field(default_factory=dict)

    def change_addition(self, addition_id: int, fields: Record, *, by: str, at: datetime) -> None:
        """Saves fields of an addition; a value of None unsets. Every save moves lastUpdated."""
        addition = self.additions[addition_id]
        before = addition.get("quantity")
        for name, value in fields.items():
            if value is None:
                addition.pop(name, None)
            else:
                addition[name] = value
        after = addition.get("quantity")
        addition["_info"] = {"lastUpdated": _later(addition, at), "updatedBy": by}
        if before != after:
            self.quantity_changes.append(QuantityChange(at, addition_id, before, after, by))
            self.audit.append((addition_id, _audit_entry(before, after, by=by, at=at)))


def changed_fields(before: ConnectWiseState, after: ConnectWiseState) -> dict[int, frozenset[str]]:
    """By addition id the fields that differ, `_info` aside; "id" where one appeared or went."""
    changes = {}
    for addition_id in before.additions.keys() | after.additions.keys():
        old = before.additions.get(addition_id, {})
        new = after.additions.get(addition_id, {})
        names = frozenset(
            name for name in old.keys() | new.keys() if old.get(name) != new.get(name)
        ) - {"_info"}
        if names:
            changes[addition_id] = names
    return changes


def same_elsewhere(before: ConnectWiseState, after: ConnectWiseState) -> bool:
    """Whether agreements, companies and catalog are what they were."""
    return (before.agreements, before.companies, before.catalog) == (
        after.agreements,
        after.companies,
        after.catalog,
    )


def vendor_time(at: datetime) -> str:
    """A time as ConnectWise writes it: UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _later(addition: Record, at: datetime) -> str:
    """The save's time, but never the one that is there: two saves in a second must differ."""
    last = datetime.fromisoformat(addition["_info"]["lastUpdated"])
    return vendor_time(max(at, last + timedelta(seconds=1)))


def _audit_entry(before: float | None, after: float | None, *, by: str, at: datetime) -> Record:
    return {
        "text": f"Quantity changed from {before or 0:.2f} to {after or 0:.2f}",
        "enteredDate": vendor_time(at),
        "enteredBy": by,
        "auditType": "Addition",
        "auditSubType": "Record",
        "auditSource": "API",
    }
