"""What people are told fits into a message, whatever alphabet their companies are written in."""

import json
import os

import boto3
import pytest

from billing_sync.adapters.aws.notices import NoticeTopic
from tests.integration.local_stack import LocalStack


@pytest.mark.parametrize("letter", ["a", "\u00fc", "\u682a", "\U0001f511"])
def test_a_message_is_cut_to_what_the_topic_takes_in_bytes(stack: LocalStack, letter: str) -> None:
    NoticeTopic(boto3.client("sns"), arn=os.environ["TOPIC_ARN"]).publish("Run", letter * 300_000)

    (body,) = stack.taken(stack.aws.notices)
    assert 190_000 < len(json.loads(body)["Message"].encode()) <= 256 * 1024
