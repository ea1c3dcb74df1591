"""ConnectWise's error bodies."""

import json

from tools.sandbox.vendors.faults import Fault, FaultKind
from tools.sandbox.vendors.messages import Reply


class RefusedError(Exception):
    """A call that ConnectWise answers with an error; `reply` is that answer."""

    def __init__(self, status: int, code: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        detail = {"code": code, "message": message, "resource": "addition", "field": field}
        self.status = status
        self.body = {"code": code, "message": message, "errors": [detail] if field else None}

    @property
    def reply(self) -> Reply:
        """The error as ConnectWise writes it."""
        return Reply.as_json(self.body, status=self.status)


def not_found(subject: str) -> RefusedError:
    """404 with code NotFound."""
    return RefusedError(404, "NotFound", f"{subject} not found")


def no_permission() -> RefusedError:
    """403 with code Security, as seen live when a role lacks a level."""
    message = "You do not have security permission to perform this action."
    return RefusedError(403, "Security", message)


def bad_condition(message: str) -> RefusedError:
    """400 with code ApiFindCondition."""
    return RefusedError(400, "ApiFindCondition", message)


def too_many_requests(retry_after: int = 30, *, times: int = 1) -> Fault:
    """The 429 of ConnectWise's Developer Guide; note `error` in place of `code`."""
    message = f"Too many requests. Please try again in {retry_after} seconds."
    return Fault(
        FaultKind.STATUS,
        times=times,
        status=429,
        body=json.dumps({"error": "ConnectWiseAPI", "message": message}),
        headers={"Retry-After": str(retry_after)},
    )
