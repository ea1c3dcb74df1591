"""ConnectWise's lists: conditions, order, pages, partial replies, Link headers."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from tools.sandbox.vendors.connectwise_conditions import Record, Shape, predicate, value_at
from tools.sandbox.vendors.connectwise_errors import bad_condition

DEFAULT_PAGE_SIZE = 25
MAX_PAGE_SIZE = 1000


def matching(rows: Iterable[Record], query: Mapping[str, str], shape: Shape) -> list[Record]:
    """The rows that fit `conditions`."""
    fits = predicate(query.get("conditions", ""), shape)
    return [row for row in rows if fits(row)]


def page_of(rows: list[Record], query: Mapping[str, str], shape: Shape) -> list[Record]:
    """One page, in order and with only the `fields` asked for; [] beyond the last page."""
    page, size = page_number(query), page_size(query)
    ordered = _in_order(rows, query.get("orderBy", ""), shape)
    return [partial(row, query, shape) for row in ordered[(page - 1) * size : page * size]]


def page_number(query: Mapping[str, str]) -> int:
    """`page`, from 1."""
    return _positive(query.get("page", "1"), "page")


def page_size(query: Mapping[str, str]) -> int:
    """`pageSize`; above 1000 it is capped without a word."""
    return min(_positive(query.get("pageSize", str(DEFAULT_PAGE_SIZE)), "pageSize"), MAX_PAGE_SIZE)


def partial(row: Record, query: Mapping[str, str], shape: Shape) -> Record:
    """The row with only `fields`; `_info` only when listed."""
    names = [name.strip() for name in query.get("fields", "").split(",") if name.strip()]
    if not names:
        return row
    known_tops = {path.split("/")[0] for path in shape.fields} | {"_info"}
    result: Record = {}
    for name in names:
        if name.split("/")[0] not in known_tops:
            raise bad_condition(f"{name} is not a recognized name.")
        value = value_at(row, name)
        if value is not None:
            _put(result, name.split("/"), value)
    return result


def link_header(url: str, query: Mapping[str, str], total: int) -> str:
    """RFC 5988 links to the next and previous page; "" when there is neither."""
    page, size = page_number(query), page_size(query)
    links = []
    if page * size < total:
        links.append(f'<{url}?{urlencode({**query, "page": page + 1})}>; rel="next"')
    if page > 1:
        links.append(f'<{url}?{urlencode({**query, "page": page - 1})}>; rel="prev"')
    return ", ".join(links)


def _in_order(rows: list[Record], order_by: str, shape: Shape) -> list[Record]:
    for term in reversed([term.split() for term in order_by.split(",") if term.strip()]):
        path = term[0]
        direction = term[1].lower() if len(term) > 1 else "asc"
        if path not in shape.fields or direction not in {"asc", "desc"}:
            raise bad_condition(f"{path} is not a recognized name.")
        rows = sorted(rows, key=lambda row: _sortable(value_at(row, path)))
        rows = rows[::-1] if direction == "desc" else rows
    return rows


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value)


def _positive(text: str, name: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise bad_condition(f"{name} must be a positive number")
    return int(text)


def _put(result: Record, names: list[str], value: Any) -> None:
    for name in names[:-1]:
        result = result.setdefault(name, {})
    result[names[-1]] = value
