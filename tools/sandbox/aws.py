"""AWS on this machine: an emulator that takes the real stack and runs the real functions."""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import requests
from botocore.config import Config

from tools.sandbox.errors import SandboxError
from tools.sandbox.programs import ROOT, Program, running
from tools.sandbox.waiting import wait_for

ACCOUNT = "000000000000"
HOST = "127.0.0.1"
REGION = "eu-west-1"
# By the schedules' clock alone, so that nothing waits for what AWS does once a minute.
SECONDS_OF_A_MINUTE = 10
# The emulator has an environment of its own, and runs functions on that environment's Python.
EMULATOR = Path(__file__).with_name("emulator.py")
PYTHON = ROOT / ".venv-sandbox" / "bin" / "python"
# An answer that is late is waited for: asking again would do the work twice.
PATIENT = Config(read_timeout=900, retries={"total_max_attempts": 1}, proxies={})


@dataclass(frozen=True, slots=True)
class Aws:
    """Where the local AWS answers, and the credentials it takes."""

    endpoint: str
    region: str = REGION
    access_key_id: str = "test"
    secret_access_key: str = "test"

    @property
    def environment(self) -> dict[str, str]:
        """What makes any AWS tool talk to this one, whatever the user's own profiles say."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }


@cache
def session_of(aws: Aws) -> Any:
    """The boto3 session with these credentials."""
    return boto3.Session(
        aws_access_key_id=aws.access_key_id,
        aws_secret_access_key=aws.secret_access_key,
        region_name=aws.region,
    )


def client(aws: Aws, service: str) -> Any:
    """A boto3 client for this AWS."""
    return session_of(aws).client(service, endpoint_url=aws.endpoint, config=PATIENT)


def require_loopback(environment: Mapping[str, str]) -> None:
    """Raises SandboxError unless AWS tools would stay on this machine.

    Without an endpoint they would quietly talk to a real account.
    """
    endpoint = environment.get("AWS_ENDPOINT_URL", "")
    try:
        local = ip_address(urlsplit(endpoint).hostname or "").is_loopback
    except ValueError:
        local = False
    if not local:
        raise SandboxError(
            f"AWS_ENDPOINT_URL is '{endpoint}' and not on this machine; the sandbox deploys to"
            " no real account. `make deploy` does."
        )


@contextmanager
def local_aws(folder: Path) -> Iterator[Aws]:
    """An empty AWS while inside the `with`; its log is in `folder`, its state in memory."""
    if not PYTHON.exists():
        raise SandboxError("The sandbox is not installed here. Run `make setup`.")
    port = _free_port()
    environment = _environment(folder / "aws", port=port)
    log = folder / "aws.log"
    with running(
        "The local AWS", [PYTHON, "-P", EMULATOR], environment=environment, log=log
    ) as program:
        aws = Aws(f"http://{HOST}:{port}")
        wait_for("the local AWS to answer", lambda: _answers(program, aws), seconds=60)
        yield aws


def _environment(scratch: Path, *, port: int) -> dict[str, str]:
    """Nothing of the user's: functions inherit the emulator's environment."""
    folders = {
        name: scratch / name.lower() for name in ("HOME", "TMPDIR", "S3_DATA_DIR", "STATE_DIR")
    }
    for path in folders.values():
        path.mkdir(parents=True, exist_ok=True)
    return {
        **{name: str(path) for name, path in folders.items()},
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": REGION,
        "AUTH": "true",
        "SECONDS_OF_A_MINUTE": str(SECONDS_OF_A_MINUTE),
        "IOT_MTLS_ENABLED": "0",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(program: Program, aws: Aws) -> bool:
    program.require_running()
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(f"{aws.endpoint}/_ministack/ready", timeout=2).ok
        except requests.RequestException:
            return False
