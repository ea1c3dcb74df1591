"""Errors by what happens next; their message says what to do."""

FEW_PERCENT = 5


class BillingSyncError(Exception):
    """Base of all errors this product raises on purpose; `str(error)` is fit for an operator."""


class Retryable(BillingSyncError):
    """A passing failure: the same call may work later.

    `retry_after` is the wait that the vendor asked for, in seconds, None where it did not.
    `ambiguous` is true when a write may or may not have been applied (time-out, reset connection,
    5xx): nothing may be decided from it before the value is read again. `refused` is true when the
    vendor, or something in front of it, answered a write with a refusal.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        ambiguous: bool = False,
        refused: bool = False,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.ambiguous = ambiguous
        self.refused = refused


class Blocked(BillingSyncError):
    """One item cannot go on until somebody fixes it; everything else can."""


class Fatal(BillingSyncError):
    """Nothing that needs the same collaborator can go on: credentials, permissions, settings."""


class Defect(Fatal):
    """A bug of this version that shows in many companies; the invocation fails, which alarms."""


class CredentialsRejected(Fatal):
    """The vendor does not know these credentials (401, or ConnectWise cloud's 404)."""


class CallRefused(Fatal):
    """The credentials are good but this call was refused; others may work."""


class PermissionDenied(CallRefused):
    """The role may not do this (403); the message names the permission."""


class ApiVersionRefused(CallRefused):
    """The vendor does not serve this with the version of its API that the secret asks for."""


class RefusedInFront(CallRefused):
    """A firewall, an allow list or a proxy refused, and not the vendor's API."""


class UnavailableInFront(Retryable):
    """A page of a firewall or a proxy, or for maintenance, came in place of the API's answer."""


class NotFound(Blocked):
    """The record is gone, or on ConnectWise's cloud the credentials are wrong.

    Source: docs/vendors/connectwise.md#errors.
    """


class NotConfigured(Fatal):
    """A person has to provide something first: a secret's value, the settings, a mapping."""


def too_many(bad: int, of: int) -> bool:
    """Whether so many failures are no single client's data: over 5 %, and two at least."""
    return bad > 1 and bad * 100 > FEW_PERCENT * of
