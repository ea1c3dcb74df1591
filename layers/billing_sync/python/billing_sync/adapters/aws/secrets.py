"""The vendors' credentials, from Secrets Manager; never printed."""

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from billing_sync.domain.errors import Fatal, NotConfigured, Retryable

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_CACHE_TIME = timedelta(minutes=5)
_NEEDS_A_PERSON = frozenset(
    {
        "AccessDeniedException",
        "DecryptionFailure",
        "InvalidParameterException",
        "InvalidRequestException",
        "ResourceNotFoundException",
        "UnrecognizedClientException",
    }
)
# A pasted key often ends in a line break; any other such character is a paste error.
_Key = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[\x21-\x7e]+$")
]
_CallsPerMinute = Annotated[int, Field(ge=1, le=60_000)]


@dataclass(frozen=True, slots=True, repr=False)
class HuntressCredentials:
    """API key and secret; `base_url` only to reach another Huntress host.

    Huntress lets an account make 60 calls a minute, all its keys together.
    """

    api_key: _Key
    api_secret: _Key
    base_url: _Key = "https://api.huntress.io"
    calls_per_minute: _CallsPerMinute = 57  # of 60: the watch calls too, and a refusal costs more

    def __repr__(self) -> str:
        return f"HuntressCredentials(<SECRET>, base_url={self.base_url!r})"


@dataclass(frozen=True, slots=True, repr=False)
class ConnectWiseCredentials:
    """Keys of an API member, the company id of the login, and the registered clientId.

    ConnectWise starts refusing at about 1,000 calls a minute for all integrations of a site;
    300 allows several of our functions at once and leaves most to other integrations.
    """

    site: _Key
    login_company: _Key
    public_key: _Key
    private_key: _Key
    client_id: _Key
    api_version: _Key = "2025.1"
    calls_per_minute: _CallsPerMinute = 300

    def __repr__(self) -> str:
        where = f"site={self.site!r}, login_company={self.login_company!r}"
        return f"ConnectWiseCredentials(<SECRET>, {where})"


Credentials = TypeVar("Credentials", HuntressCredentials, ConnectWiseCredentials)


class Secrets:
    """Reads both secrets and keeps them for at most five minutes.

    Raises `NotConfigured`, naming the secret and the keys it needs, when its value is missing or
    wrong, `Fatal` when it may not be read, and `Retryable` when Secrets Manager is unavailable.
    """

    def __init__(self, client: "SecretsManagerClient", *, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self._cache: dict[str, tuple[datetime, str]] = {}

    def huntress(self, secret_id: str, *, refresh: bool = False) -> HuntressCredentials:
        """Huntress's credentials; `refresh` reads the secret again, after a 401."""
        return self._read(secret_id, HuntressCredentials, refresh=refresh)

    def connectwise(self, secret_id: str, *, refresh: bool = False) -> ConnectWiseCredentials:
        """ConnectWise's credentials; `refresh` reads the secret again, after a 401."""
        return self._read(secret_id, ConnectWiseCredentials, refresh=refresh)

    def _read(self, secret_id: str, kind: type[Credentials], *, refresh: bool) -> Credentials:
        read_at, text = self._cache.get(secret_id, (None, ""))
        if refresh or read_at is None or self._now() - read_at >= _CACHE_TIME:
            read_at, text = self._now(), self._fetched(secret_id)
        credentials = _parsed(secret_id, text, kind)
        self._cache[secret_id] = (read_at, text)  # a wrong value is not kept: it may be corrected
        return credentials

    def _fetched(self, secret_id: str) -> str:
        try:
            return self._client.get_secret_value(SecretId=secret_id).get("SecretString", "")
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == "ResourceNotFoundException":
                return ""  # also the reply for a secret that was created without a value
            if code in _NEEDS_A_PERSON:
                raise Fatal(f"Secret {secret_id} cannot be read: {code}.") from None
            raise Retryable(f"Secret {secret_id} could not be read: {code}.") from None
        except BotoCoreError as error:
            name = type(error).__name__
            raise Retryable(f"Secret {secret_id} could not be read: {name}.") from None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _parsed(secret_id: str, text: str, kind: type[Credentials]) -> Credentials:
    try:
        hashable: Any = kind
        credentials: Credentials = _adapter(hashable).validate_json(text)
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
        state = f"is wrong or missing: {', '.join(sorted(wrong))}" if wrong else "has no JSON value"
        keys = ", ".join(spec.name for spec in fields(kind) if spec.default is MISSING)
        message = f"Secret {secret_id} {state}. Put in a JSON object with the keys {keys}."
        raise NotConfigured(message) from None
    return credentials
