"""A refusal by AWS, before a client turns it into the exception of its service."""

from typing import Any


class AwsError(Exception):
    """`code` and `message` as AWS sends them; `members` are further fields of the error."""

    def __init__(self, code: str, message: str, **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.members = code, message, members


def invalid(message: str) -> AwsError:
    """DynamoDB's answer to a request that can never be right."""
    return AwsError("ValidationException", message)
