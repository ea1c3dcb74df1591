"""The queue of companies to apply, and the queues of failed messages."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

# A message is tried this often before it becomes a dead letter.
MAX_RECEIVE_COUNT = 20
LONGEST_RETENTION = Duration.days(14)


def encrypted(key: kms.IKey | None) -> sqs.QueueEncryption:
    """Under the customer's key if there is one, else under the queue service's own."""
    return sqs.QueueEncryption.KMS if key else sqs.QueueEncryption.SQS_MANAGED


class CompanyQueue(Construct):
    """FIFO, one message group for each company: one company is never applied twice at once."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        visibility_timeout: Duration,
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            fifo=True,
            retention_period=LONGEST_RETENTION,
            encryption=encrypted(key),
            encryption_master_key=key,
            enforce_ssl=True,
        )
        self.queue = sqs.Queue(
            self,
            "Companies",
            fifo=True,
            content_based_deduplication=False,
            visibility_timeout=visibility_timeout,
            retention_period=LONGEST_RETENTION,
            encryption=encrypted(key),
            encryption_master_key=key,
            enforce_ssl=True,
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=MAX_RECEIVE_COUNT
            ),
        )


class DeadLetterQueue(Construct):
    """Keeps what could not be delivered or processed, for a person to check."""

    def __init__(self, scope: Construct, construct_id: str, *, key: kms.IKey | None) -> None:
        super().__init__(scope, construct_id)
        self.queue = sqs.Queue(
            self,
            "Queue",
            retention_period=LONGEST_RETENTION,
            encryption=encrypted(key),
            encryption_master_key=key,
            enforce_ssl=True,
        )
