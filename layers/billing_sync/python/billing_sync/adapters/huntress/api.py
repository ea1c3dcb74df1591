"""Huntress's reply format: envelopes, pages with tokens, refusals."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from billing_sync.adapters.events.validation import explained
from billing_sync.adapters.http.errors import Refusal
from billing_sync.adapters.http.transport import Transport
from billing_sync.domain.errors import Retryable

Model = TypeVar("Model", bound=BaseModel)
Params = Mapping[str, str | int]


class HuntressApi:
    """Whole lists and single records, checked; raises `Retryable` for what is not as documented."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def record(self, path: str, envelope: str, model: type[Model]) -> Model:
        """A single record; Huntress wraps it in its own name, but not everywhere."""
        reply = self._transport.get(path)
        return parsed(path, reply.get(envelope, reply) if isinstance(reply, dict) else reply, model)

    def all(self, path: str, envelope: str, model: type[Model], *, params: Params) -> list[Model]:
        """Every record of a list, each once even when pages shift while they are read."""
        rows: dict[object, object] = {}
        token = ""
        seen: set[str] = set()
        while True:
            page = self._page(path, envelope, {**params, "page_token": token} if token else params)
            for row in page[0]:
                rows[row.get("id", len(rows)) if isinstance(row, dict) else len(rows)] = row
            token = page[1]
            if not token:
                return [parsed(path, row, model) for row in rows.values()]
            if token in seen:
                raise Retryable(f"Huntress: GET /{path} is incomplete: a page came twice.")
            seen.add(token)

    def _page(self, path: str, envelope: str, params: Params) -> tuple[list[object], str]:
        reply = self._transport.get(path, params)
        rows = reply.get(envelope) if isinstance(reply, dict) else None
        if not isinstance(reply, dict) or not isinstance(rows, list):
            raise Retryable(f"Huntress: GET /{path} answered without a list of {envelope}.")
        pagination = reply.get("pagination")
        token = pagination.get("next_page_token") if isinstance(pagination, dict) else None
        return rows, str(token or "")


def parsed(path: str, row: object, model: type[Model]) -> Model:
    """A reply as its model."""
    try:
        return model.model_validate(row)
    except ValidationError as error:
        raise Retryable(f"Huntress: GET /{path} is not usable: {explained(error)}.") from None


def advice(refusal: Refusal) -> str:
    """How to fix a refusal, named as in Huntress's portal."""
    if refusal.status == 401:
        return "Check api_key and api_secret in the Huntress secret (portal: API Credentials)."
    if refusal.status in {403, 404} and ("reseller" in refusal.path or "accounts" in refusal.path):
        return "Only reseller credentials of a user with the Admin permission may read this."
    if refusal.status == 403 and "invoices" in refusal.path:
        return "Make the user API key with a user that may see invoices: give it Admin."
    if refusal.status == 403:
        return "The user behind the API key may not read this: give it the Admin permission."
    if refusal.status == 404:
        return "It is gone, or these credentials may not see it."
    return ""
