"""Shared by all tests: AWS is never reached, and the end lists what took longest."""

import os
from collections import Counter
from functools import cache

import botocore.session
import pytest

os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "test",
    "POWERTOOLS_METRICS_NAMESPACE": "test",
    "POWERTOOLS_LOG_LEVEL": "INFO",
}

# Each command of an operator makes sessions of its own; what they read of AWS's models is the same.
botocore.session.create_loader = cache(botocore.session.create_loader)

SLOWEST, WHY = 10, "why it is slow"
REGENERATE = "--regenerate"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The way to change contracts and plan cases on purpose."""
    parser.addoption(REGENERATE, action="store_true", help="write the expected files anew")


@pytest.fixture(scope="session")
def regenerate(pytestconfig: pytest.Config) -> bool:
    """Whether to write the expected files anew before they are compared."""
    return bool(pytestconfig.getoption(REGENERATE))


def pytest_configure(config: pytest.Config) -> None:
    """The marker that gives the reason of a test of over five seconds."""
    config.addinivalue_line("markers", "slow(reason): why this test takes over five seconds")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The reason travels with the test's report, also from another worker."""
    for item in items:
        if marker := item.get_closest_marker("slow"):
            item.user_properties.append((WHY, marker.args[0]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The slowest tests with their reasons, set-up and clean-up included."""
    seconds: Counter[str] = Counter()
    reasons: dict[str, object] = {}
    for outcome in ("", "passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            seconds[report.nodeid] += report.duration
            reasons[report.nodeid] = dict(report.user_properties).get(WHY, "")
    terminalreporter.section("slowest tests")
    for name, took in seconds.most_common(SLOWEST):
        reason = reasons[name] or ("no reason given" if took > 5 else "")
        terminalreporter.write_line(f"{took:6.1f} s  {name}  {reason}".rstrip())
