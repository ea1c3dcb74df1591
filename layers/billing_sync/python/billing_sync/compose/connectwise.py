"""ConnectWise's client with the current credentials."""

import time

from billing_sync.adapters.aws.secrets import ConnectWiseCredentials, Secrets
from billing_sync.adapters.connectwise.client import ConnectWiseClient
from billing_sync.adapters.http.rate_limit import Timing
from billing_sync.compose.aws import client
from billing_sync.compose.invocation import Invocation, now


class ConnectWiseAccess:
    """Keeps a client, its rate limit and its connection while the secret stays the same."""

    def __init__(self, secret_id: str, *, invocation: Invocation, allow_loopback: bool) -> None:
        self._secrets = Secrets(client("secretsmanager"), now=now)
        self._secret_id = secret_id
        self._timing = Timing(invocation.time_left, time.sleep)
        self._allow_loopback = allow_loopback
        self._held: tuple[ConnectWiseCredentials, ConnectWiseClient] | None = None

    def __call__(self) -> ConnectWiseClient:
        """The client; raises as `Secrets` does."""
        credentials = self._secrets.connectwise(self._secret_id)
        if self._held is None or self._held[0] != credentials:
            fresh = ConnectWiseClient(
                credentials, timing=self._timing, allow_loopback=self._allow_loopback
            )
            self._held = (credentials, fresh)
        return self._held[1]

    def refresh(self) -> bool:
        """Read the secret again, past its cache; whether it has changed."""
        credentials = self._secrets.connectwise(self._secret_id, refresh=True)
        return self._held is None or self._held[0] != credentials
