"""EventBridge: a bus with rules whose targets are queues."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from itertools import count
from typing import Any

from tests.aws.errors import AwsError
from tests.aws.sqs import ACCOUNT, REGION, Sqs

Page = dict[str, Any]
LARGEST_CALL, MOST_ENTRIES = 256 * 1024, 10


class EventBridge:
    """Rules by bus, each with its pattern and the ARNs of its queues."""

    def __init__(self, sqs: Sqs) -> None:
        self._sqs = sqs
        self._buses: dict[str, dict[str, Page]] = {}
        self._numbers = count(1)

    def copied(self) -> Any:
        """What there is now."""
        return deepcopy(self._buses)

    def restore(self, copy: Any) -> None:
        """Go back to such a copy."""
        self._buses = deepcopy(copy)

    def create_event_bus(self, *, Name: str) -> Page:  # noqa: N803
        """A bus without rules."""
        self._buses[Name] = {}
        return {"EventBusArn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{Name}"}

    def put_rule(self, *, Name: str, EventBusName: str, EventPattern: str) -> Page:  # noqa: N803
        """A rule for events of a pattern; only lists of exact values are known here."""
        self._buses[EventBusName][Name] = {"pattern": json.loads(EventPattern), "targets": []}
        return {"RuleArn": f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{EventBusName}/{Name}"}

    def put_targets(self, *, Rule: str, EventBusName: str, Targets: list[Page]) -> Page:  # noqa: N803
        """Queues that get what matches a rule."""
        self._buses[EventBusName][Rule]["targets"] += [target["Arn"] for target in Targets]
        return {"FailedEntryCount": 0, "FailedEntries": []}

    def put_events(self, *, Entries: list[Page]) -> Page:  # noqa: N803
        """Up to ten events, 256 KB in all; a malformed one is refused alone."""
        if len(Entries) > MOST_ENTRIES:
            raise AwsError(
                "ValidationException", "Member must have length less than or equal to 10"
            )
        if sum(map(_size, Entries)) > LARGEST_CALL:
            raise AwsError(
                "ValidationException", "Total size of the entries in the request is over the limit."
            )
        results = [self._put(entry) for entry in Entries]
        failed = sum("ErrorCode" in result for result in results)
        return {"FailedEntryCount": failed, "Entries": results}

    def _put(self, entry: Page) -> Page:
        try:
            detail = json.loads(entry["Detail"])
        except ValueError:
            return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
        number = f"00000000-0000-4000-9000-{next(self._numbers):012d}"
        event = {
            "version": "0",
            "id": number,
            "detail-type": entry["DetailType"],
            "source": entry["Source"],
            "account": ACCOUNT,
            "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "region": REGION,
            "resources": [],
            "detail": detail,
        }
        for rule in self._buses[entry["EventBusName"]].values():
            if _matches(rule["pattern"], event):
                for arn in rule["targets"]:
                    self._sqs.deliver(arn, json.dumps(event))
        return {"EventId": number}


def _matches(pattern: Page, event: Page) -> bool:
    return all(
        _matches(wanted, event.get(name, {}))
        if isinstance(wanted, dict)
        else event.get(name) in wanted
        for name, wanted in pattern.items()
    )


def _size(entry: Page) -> int:
    return sum(
        len(str(entry.get(name, "")).encode()) for name in ("Source", "DetailType", "Detail")
    )
