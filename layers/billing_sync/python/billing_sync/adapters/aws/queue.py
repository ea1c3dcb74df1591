"""The FIFO queue to company-sync: one message per company, one group per company."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from billing_sync.domain.apply.row_state import OpenCompany
from billing_sync.domain.runs.run import Run
from billing_sync.domain.schema_versions import MESSAGE

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

BATCH = 10  # the most entries of one SendMessageBatch
LONGEST_WAIT = 11 * 60 * 60.0  # seconds; SQS counts twelve hours from the receipt


class CompanyQueue:
    """Sends companies to be synced, and hands messages back for later."""

    def __init__(self, client: "SQSClient", *, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, run: Run, companies: Iterable[OpenCompany]) -> tuple[OpenCompany, ...]:
        """Send one message each; returns the companies that SQS accepted, with their new count.

        The deduplication id is run, company and count, so that sending the same one again within
        five minutes makes no second message.
        """
        waiting = [replace(company, sent=company.sent + 1) for company in companies]
        taken: list[OpenCompany] = []
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            reply = self._client.send_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {
                        "Id": str(company.company_id),
                        "MessageBody": _body(run, company),
                        "MessageGroupId": str(company.company_id),
                        # guard: one-message - SQS drops the second message with the same id
                        "MessageDeduplicationId": f"{run.id}:{company.company_id}:{company.sent}",
                    }
                    for company in batch
                ],
            )
            sent = {entry["Id"] for entry in reply.get("Successful", [])}
            taken += [company for company in batch if str(company.company_id) in sent]
        return tuple(taken)

    def is_empty(self) -> bool:
        """Whether no message waits, is in flight or is delayed, as far as SQS reports."""
        reply = self._client.get_queue_attributes(
            QueueUrl=self._url,
            AttributeNames=[
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesNotVisible",
                "ApproximateNumberOfMessagesDelayed",
            ],
        )
        return all(int(count) == 0 for count in reply["Attributes"].values())

    def hand_back(self, receipt_handle: str, *, seconds: float) -> None:
        """Make the message visible again after this time, at most eleven hours."""
        self._client.change_message_visibility(
            QueueUrl=self._url,
            ReceiptHandle=receipt_handle,
            VisibilityTimeout=int(max(0.0, min(seconds, LONGEST_WAIT))),
        )


def _body(run: Run, company: OpenCompany) -> str:
    message = {"run_id": run.id, "company_id": company.company_id, "schema_version": MESSAGE}
    return json.dumps(message)
