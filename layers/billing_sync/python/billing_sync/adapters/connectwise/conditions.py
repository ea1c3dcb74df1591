"""ConnectWise's query conditions, split so that no URL is longer than ConnectWise accepts."""

from collections.abc import Collection, Mapping
from urllib.parse import urlencode

# ConnectWise Developer Guide: 2,000 characters with the domain; agreements cannot be searched
# by POST instead.
_LONGEST = 2000
_COMMA = len("%2C")

Params = Mapping[str, str | int]


def of_companies(
    company_ids: Collection[int], condition: str, *, url: str, params: Params
) -> list[str]:
    """Conditions that name each company once; one call (with `params` beside it) for each.

    `condition`, where not empty, applies as well.
    """
    empty = _joined(condition, ())
    room = _LONGEST - len(f"{url}?{urlencode({**params, 'page': 9999, 'conditions': empty})}")
    chunks: list[list[int]] = []
    left = 0
    for company_id in sorted(company_ids):
        cost = len(str(company_id)) + _COMMA
        if cost > left:
            chunks.append([])
            left = room
        chunks[-1].append(company_id)
        left -= cost
    return [_joined(condition, chunk) for chunk in chunks]


def _joined(condition: str, company_ids: Collection[int]) -> str:
    companies = f"company/id in ({','.join(map(str, company_ids))})"
    return f"{condition} and {companies}" if condition else companies
