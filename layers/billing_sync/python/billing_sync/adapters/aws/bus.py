"""The stack's own event bus."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from billing_sync.domain.errors import Retryable
from billing_sync.domain.schema_versions import EVENT

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "billing-sync"


class EventBus:
    """Puts one event at a time and checks that EventBridge accepted it."""

    def __init__(self, client: "EventBridgeClient", *, name: str) -> None:
        self._client = client
        self._name = name

    def put(self, detail_type: str, detail: Mapping[str, object]) -> None:
        """Put the event, with its version; raises `Retryable` when it was not accepted."""
        reply = self._client.put_events(
            Entries=[
                {
                    "EventBusName": self._name,
                    "Source": SOURCE,
                    "DetailType": detail_type,
                    "Detail": json.dumps({**detail, "schema_version": EVENT}),
                }
            ]
        )
        if reply["FailedEntryCount"]:
            entry = reply["Entries"][0]
            raise Retryable(
                f"EventBridge did not take '{detail_type}': {entry.get('ErrorCode')}"
                f" {entry.get('ErrorMessage')}"
            )
