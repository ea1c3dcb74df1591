"""Credentials: read from Secrets Manager, checked, kept for five minutes and never shown."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from billing_sync.adapters.aws.secrets import Secrets
from billing_sync.domain.errors import BillingSyncError, Fatal, NotConfigured, Retryable
from tests.aws.faults import refused
from tests.aws.memory import InMemoryAws

HUNTRESS = {"api_key": "hk_one", "api_secret": "hs_two"}
CONNECTWISE = {
    "site": "na.myconnectwise.net",
    "login_company": "acme",
    "public_key": "PUBLIC",
    "private_key": "PRIVATE",
    "client_id": "0000-1111",
}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with InMemoryAws().active():
        yield boto3.client("secretsmanager", region_name="eu-west-1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def stored(aws: Any, value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return aws.create_secret(Name="vendor", SecretString=text)["ARN"]


def test_both_secrets_are_read_with_their_defaults(aws: Any, clock: Clock) -> None:
    secrets = Secrets(aws, now=clock)
    aws.create_secret(Name="one", SecretString=json.dumps(HUNTRESS))
    aws.create_secret(Name="two", SecretString=json.dumps({**CONNECTWISE, "note": "ours"}))

    huntress, connectwise = secrets.huntress("one"), secrets.connectwise("two")

    assert (huntress.api_key, huntress.base_url) == ("hk_one", "https://api.huntress.io")
    assert huntress.calls_per_minute == 57
    assert (connectwise.login_company, connectwise.api_version) == ("acme", "2025.1")


def test_optional_keys_are_taken_and_line_breaks_of_a_paste_are_not(aws: Any, clock: Clock) -> None:
    value = {**HUNTRESS, "api_secret": "hs_two\n", "calls_per_minute": 30}

    credentials = Secrets(aws, now=clock).huntress(stored(aws, value))

    assert (credentials.api_secret, credentials.calls_per_minute) == ("hs_two", 30)


def test_a_secret_is_kept_for_five_minutes_unless_a_fresh_one_is_asked_for(
    aws: Any, clock: Clock
) -> None:
    secrets = Secrets(aws, now=clock)
    secret_id = stored(aws, HUNTRESS)
    keys = [secrets.huntress(secret_id).api_key]
    aws.put_secret_value(SecretId=secret_id, SecretString=json.dumps({**HUNTRESS, "api_key": "b"}))

    clock.now += timedelta(minutes=4, seconds=59)
    keys.append(secrets.huntress(secret_id).api_key)
    keys.append(secrets.huntress(secret_id, refresh=True).api_key)
    aws.put_secret_value(SecretId=secret_id, SecretString=json.dumps({**HUNTRESS, "api_key": "c"}))
    clock.now += timedelta(minutes=5)
    keys.append(secrets.huntress(secret_id).api_key)

    assert keys == ["hk_one", "hk_one", "b", "c"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("not json: PRIVATE", "has no JSON value"),
        ("[]", "has no JSON value"),
        ({**CONNECTWISE, "private_key": ""}, "is wrong or missing: private_key"),
        ({**CONNECTWISE, "private_key": "PRI VATE"}, "is wrong or missing: private_key"),
        ({**CONNECTWISE, "calls_per_minute": 0}, "is wrong or missing: calls_per_minute"),
        ({"site": "x", "private_key": "PRIVATE"}, "client_id, login_company, public_key"),
    ],
)
def test_a_wrong_value_is_told_by_its_keys_and_never_by_its_content(
    aws: Any, clock: Clock, value: object, expected: str
) -> None:
    secret_id = stored(aws, value)

    with pytest.raises(NotConfigured, match=expected) as raised:
        Secrets(aws, now=clock).connectwise(secret_id)

    needed = "the keys site, login_company, public_key, private_key, client_id."
    assert str(raised.value).endswith(needed)
    assert secret_id in str(raised.value)
    assert "VATE" not in str(raised.value)


def test_a_secret_without_a_value_says_what_to_put_in(aws: Any, clock: Clock) -> None:
    aws.create_secret(Name="empty")

    for secret_id in ("empty", "missing"):
        with pytest.raises(
            NotConfigured, match=f"{secret_id} has no JSON value.*api_key, api_secret"
        ):
            Secrets(aws, now=clock).huntress(secret_id)


def test_a_mended_secret_works_at_once(aws: Any, clock: Clock) -> None:
    secrets = Secrets(aws, now=clock)
    secret_id = stored(aws, "{}")
    with pytest.raises(NotConfigured):
        secrets.huntress(secret_id)

    aws.put_secret_value(SecretId=secret_id, SecretString=json.dumps(HUNTRESS))

    assert secrets.huntress(secret_id).api_key == "hk_one"


@pytest.mark.parametrize(
    ("code", "error"), [("AccessDeniedException", Fatal), ("ThrottlingException", Retryable)]
)
def test_a_refusal_of_secrets_manager_says_whether_waiting_helps(
    aws: Any, clock: Clock, code: str, error: type[BillingSyncError]
) -> None:
    memory = InMemoryAws()
    memory.listen(refused("secretsmanager", code))

    with memory.active(), pytest.raises(error, match=f"Secret one .* read: {code}"):
        Secrets(aws, now=clock).huntress("one")


def test_trouble_of_secrets_manager_passes(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    nobody = boto3.client(
        "secretsmanager",
        region_name="eu-west-1",
        endpoint_url="http://127.0.0.1:9",
        config=boto3.session.Config(retries={"total_max_attempts": 1}),
    )

    with pytest.raises(Retryable, match="EndpointConnectionError"):
        Secrets(nobody, now=clock).huntress("one")


def test_printed_credentials_show_no_secret(aws: Any, clock: Clock) -> None:
    secrets = Secrets(aws, now=clock)
    aws.create_secret(Name="one", SecretString=json.dumps(HUNTRESS))
    aws.create_secret(Name="two", SecretString=json.dumps(CONNECTWISE))

    printed = f"{secrets.huntress('one')!r} {secrets.connectwise('two')} {secrets!r}"

    assert "<SECRET>" in printed
    for hidden in ("hk_one", "hs_two", "PUBLIC", "PRIVATE", "0000-1111"):
        assert hidden not in printed
