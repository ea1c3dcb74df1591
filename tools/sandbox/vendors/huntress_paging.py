"""Huntress's lists: limit, opaque page token, sorting, envelope."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

Record = dict[str, Any]
DEFAULT_LIMIT = 10
MAX_LIMIT = 500


class BadValueError(ValueError):
    """A parameter that Huntress answers with 400."""


def sorted_by_query(rows: Iterable[Record], query: Mapping[str, str], *, allowed: str) -> list[Any]:
    """Sorts by `sort_field` (default id) and `sort_direction` (default desc)."""
    sort_field = query.get("sort_field", "id")
    direction = query.get("sort_direction", "desc")
    if sort_field not in allowed.split():
        raise BadValueError(f"sort_field does not have a valid value: {sort_field}")
    if direction not in {"asc", "desc"}:
        raise BadValueError(f"sort_direction does not have a valid value: {direction}")
    return sorted(rows, key=lambda row: (row[sort_field], row["id"]), reverse=direction == "desc")


def page_of(
    rows: list[Record], query: Mapping[str, str], *, name: str, url: str, null_at_end: bool
) -> Record:
    """One page in its envelope; the last page's token is null or absent (both were seen live)."""
    limit = _limit(query)
    start = _offset(query.get("page_token"))
    end = start + limit
    pagination: Record = {}
    if end < len(rows):
        token = urlsafe_b64encode(f"after:{end}".encode()).decode()
        next_query = urlencode({**query, "page_token": token})
        pagination = {"next_page_token": token, "next_page_url": f"{url}?{next_query}"}
    elif null_at_end:
        pagination = {"next_page_token": None}
    return {name: rows[start:end], "pagination": pagination}


def _limit(query: Mapping[str, str]) -> int:
    text = query.get("limit", str(DEFAULT_LIMIT))
    if not text.isdecimal() or not 1 <= int(text) <= MAX_LIMIT:
        raise BadValueError(f"limit must be between 1 and {MAX_LIMIT}")
    return int(text)


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        word, _, offset = urlsafe_b64decode(token.encode()).decode().partition(":")
    except ValueError:
        word = offset = ""
    if word != "after" or not offset.isdecimal():
        raise BadValueError("page_token is not valid")
    return int(offset)
