"""Shared by the integration tests: a stack of their own for each, and a clock they can move."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_METRICS_NAMESPACE": "test",
    "POWERTOOLS_LOG_LEVEL": "INFO",
}

from tests.integration.local_stack import LocalStack, local_stack  # noqa: E402

START = datetime(2026, 7, 14, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The world's clock: it runs on from a fixed day, and `shift` moves it."""
    with time_machine.travel(START, tick=True) as traveller:
        yield traveller


@pytest.fixture
def stack(clock: time_machine.Traveller) -> Iterator[LocalStack]:
    """The product, installed and configured, sync on, the first look done."""
    with local_stack(START) as built:
        built.configure()
        built.tick()
        yield built


@pytest.fixture
def bare_stack(clock: time_machine.Traveller) -> Iterator[LocalStack]:
    """The product as just deployed: no secret, no settings, never looked."""
    with local_stack(START) as built:
        yield built
