"""Messages to the subscribers of the notification topic."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

SUBJECT_MOST = 100  # SNS accepts fewer than 100 ASCII characters as a subject
TEXT_MOST = 200_000  # and 256 KB as a message, in bytes


class NoticeTopic:
    """Sends one plain text message to every subscriber."""

    def __init__(self, client: "SNSClient", *, topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def send(self, subject: str, text: str) -> None:
        """Send it; the subject is cut to the length that SNS accepts."""
        plain = " ".join(subject.encode("ascii", "replace").decode().split())
        self._client.publish(
            TopicArn=self._topic_arn,
            Subject=plain[: SUBJECT_MOST - 1],
            Message=text.encode()[:TEXT_MOST].decode(errors="ignore"),
        )
