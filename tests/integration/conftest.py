"""Shared by the integration tests: a stack of their own for each, and a clock they can move."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from billing_sync.adapters.aws.secrets import HuntressCredentials
from billing_sync.adapters.connectwise.client import ConnectWiseClient
from billing_sync.adapters.huntress.client import HuntressClient
from tests.clock import world_clock
from tests.integration.aws_endpoint import AwsEndpoint
from tests.integration.connectwise_script import client_of
from tests.integration.local_stack import LocalStack, local_stack
from tests.integration.operator_line import OperatorLine
from tests.integration.scripted_server import ScriptedServer, StandStill
from tests.integration.small_world import ALDER, COPPERFIELD, small_world
from tools.sandbox.world.build import build_world

START = datetime(2026, 7, 14, 9, 0, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """The markers that choose a test's world."""
    config.addinivalue_line("markers", "companies(*ids): the companies of the test's world")
    config.addinivalue_line("markers", "world(build=…): the builder of the test's world")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The world's clock: it runs on from a fixed day, `shift` moves it, and so does sleeping."""
    with world_clock(START) as traveller:
        yield traveller


@pytest.fixture
def bare_stack(
    clock: time_machine.Traveller, request: pytest.FixtureRequest
) -> Iterator[LocalStack]:
    """The product as just deployed: no secret, no settings, never looked."""
    marker = request.node.get_closest_marker("companies")
    companies = marker.args if marker else (ALDER, COPPERFIELD)
    world = request.node.get_closest_marker("world")
    with local_stack(START, world.kwargs["build"] if world else small_world(*companies)) as built:
        yield built


@pytest.fixture
def stack(bare_stack: LocalStack) -> LocalStack:
    """The product, installed and configured, sync on, the first look done."""
    bare_stack.configure()
    bare_stack.tick()
    return bare_stack


@pytest.fixture
def reseller_stack(clock: time_machine.Traveller) -> Iterator[LocalStack]:
    """As `stack`, with a reseller's credentials."""
    with local_stack(START, small_world(ALDER, COPPERFIELD, reseller=True)) as built:
        built.configure()
        built.tick()
        yield built


@pytest.fixture
def full_stack(clock: time_machine.Traveller) -> Iterator[LocalStack]:
    """As `stack`, with the whole seeded world."""
    with local_stack(START, build_world) as built:
        built.configure()
        built.tick()
        yield built


@pytest.fixture
def door(bare_stack: LocalStack) -> Iterator[AwsEndpoint]:
    """AWS over HTTP, for programs that look for the product there."""
    with AwsEndpoint(bare_stack) as opened:
        yield opened


@pytest.fixture
def operator(door: AwsEndpoint) -> OperatorLine:
    """The operator's command line, at this stack."""
    return OperatorLine(door)


@pytest.fixture
def late_stack(stack: LocalStack, clock: time_machine.Traveller) -> LocalStack:
    """As `stack`, with a new invoice that was found a day late: all of its run is held."""
    stack.put_huntress_secret(api_key="wrong")
    stack.invoice_appears()
    clock.shift(25 * 3600)
    stack.put_huntress_secret()
    clock.shift(360)
    stack.tick()
    stack.settle()
    assert stack.newest().verdict == "held"
    return stack


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A vendor that gives a test's replies over HTTP."""
    with ScriptedServer() as scripted:
        yield scripted


@pytest.fixture
def still() -> StandStill:
    """Time for a client that passes only by its own waiting."""
    return StandStill()


@pytest.fixture
def connectwise(server: ScriptedServer) -> ConnectWiseClient:
    """ConnectWise as the product reads it, from the scripted vendor."""
    return client_of(server)


@pytest.fixture
def huntress(server: ScriptedServer, still: StandStill) -> HuntressClient:
    """Huntress as the product reads it, from the scripted vendor."""
    credentials = HuntressCredentials("hk_key", "hs_secret", base_url=server.url)
    return HuntressClient(credentials, timing=still.timing, allow_loopback=True)


@pytest.fixture
def report(tmp_path: Path) -> Callable[..., str]:
    """Writes a person's report of some lines, and tells where it is."""

    def write(*lines: str, name: str = "a.csv", heading: str = "Organization Name,Agents") -> str:
        file = tmp_path / name
        file.write_text("\n".join((heading, *lines)) + "\n", encoding="utf-8")
        return str(file)

    return write
