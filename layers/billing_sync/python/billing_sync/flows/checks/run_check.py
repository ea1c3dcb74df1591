"""Shared values read once, and checks run so that none breaks another."""

from collections.abc import Callable
from typing import Generic, TypeVar

from billing_sync.domain.checks.check import Check, Found, Status
from billing_sync.domain.errors import (
    ApiVersionRefused,
    BillingSyncError,
    CredentialsRejected,
    RefusedInFront,
    Retryable,
)

Value = TypeVar("Value")
AGAIN = "Run the check again in some minutes."


class Missing(Exception):
    """A check's input could not be read; the message names it."""


class Once(Generic[Value]):
    """Reads at most once; later calls return the same value or raise the same error."""

    def __init__(self, name: str, read: Callable[[], Value]) -> None:
        """`name` is the name of the check of this value."""
        self._name = name
        self._read = read
        self._values: list[Value] = []
        self._error: BillingSyncError | Missing | None = None

    def __call__(self) -> Value:
        """The value, for its own check; raises what reading it raised."""
        if self._error:
            raise self._error
        if not self._values:
            try:
                self._values.append(self._read())
            except (BillingSyncError, Missing) as error:
                self._error = error
                raise
        return self._values[0]

    def needed(self) -> Value:
        """The value, for any other check; raises `Missing`."""
        try:
            return self()
        except BillingSyncError as error:
            raise Missing(f"needs '{self._name}'") from error


def tried(name: str, check: Callable[[], Found], *, fix: str = "", keys: str = "") -> Check:
    """The check's result, whatever happens.

    `fix` is for a failure without one, `keys` for credentials that are rejected, which may happen
    at any check: keys expire.
    """
    try:
        found = check()
    except Missing as missing:
        found = Found(Status.UNVERIFIED, str(missing))
    except Retryable as error:
        found = Found(Status.UNVERIFIED, str(error), AGAIN)
    except CredentialsRejected as error:
        found = Found(Status.FAIL, str(error), keys)
    except (ApiVersionRefused, RefusedInFront) as error:
        found = Found(Status.FAIL, str(error))  # not what the check looks for, so not its fix
    except BillingSyncError as error:
        found = Found(Status.FAIL, str(error), fix)
    except Exception as error:  # noqa: BLE001 - one broken check must not hide all the others
        message = f"the check itself broke: {type(error).__name__}: {error!s:.200}"
        found = Found(Status.UNVERIFIED, message, "See the function's log.")
    return Check(name, found.status, found.message, found.fix, found.details)
