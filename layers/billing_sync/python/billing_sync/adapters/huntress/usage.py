"""From Huntress's usage objects to readings: a number to bill by, or unknown with its reason."""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from billing_sync.domain.vendors.usage import Product, Reading

_BILLABLE = {
    Product.EDR: "billable_agents_count",
    Product.ITDR: "billable_identities_count",
    Product.SAT: "learners_count",
    Product.SIEM: "billable_log_sources_count",
    Product.ISPM: "billable_identities_count",
}
_MOST = 10**9  # above any real count; 1e999999999 is a legal JSON number
_BY_TENANT = frozenset({Product.ITDR, Product.ISPM})


def billable_readings(actual_usages: object) -> tuple[Reading, ...]:
    """Readings from an organization's `actual_usages`.

    Huntress's specification types it as a string and shows an object: both are taken. A product
    that is not there, or has an empty list of tenants, gets no reading: that is not a zero.
    """
    return _readings(actual_usages, _billable)


def line_readings(actual_usage: object) -> tuple[Reading, ...]:
    """Readings from the `actual_usage` of a reseller invoice's line: one number a product."""
    return _readings(actual_usage, lambda product, value: Reading(product, whole(value)))


def unrecognized(usages: object) -> tuple[str, ...]:
    """Products in `usages` that this version does not know; they are reported, never dropped."""
    try:
        return tuple(sorted(set(map(str, _entries(usages))) - set(Product)))
    except ValueError:
        return ()


def whole(value: object) -> int:
    """A count: 12, 12.0 and "12" are 12; raises ValueError for anything else."""
    number = Decimal(-1)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
    elif isinstance(value, str) and re.fullmatch(r"[0-9]+(\.0+)?", value.strip()):
        number = Decimal(value.strip())
    if not 0 <= number <= _MOST or number != int(number):
        shown = json.dumps(value, default=str)[:50]
        raise ValueError(f"Huntress gave {shown}, not a whole number of units")
    return int(number)


def _readings(usages: object, reading: Callable[[Product, object], Reading]) -> tuple[Reading, ...]:
    try:
        entries = _entries(usages)
    except ValueError as error:
        return tuple(Reading(product, None, str(error)) for product in Product)
    named = [product for product in Product if product in entries and entries[product] != []]
    return tuple(_reading_or_unknown(product, entries[product], reading) for product in named)


def _reading_or_unknown(
    product: Product, entry: object, reading: Callable[[Product, object], Reading]
) -> Reading:
    try:
        return reading(product, entry)
    except ValueError as error:
        return Reading(product, None, str(error))


def _entries(usages: object) -> Mapping[str, object]:
    if isinstance(usages, str) and usages.strip():
        try:
            usages = json.loads(usages, parse_float=Decimal)
        except (ValueError, RecursionError):
            raise ValueError("Huntress gave usage that cannot be read") from None
    if isinstance(usages, dict):
        return usages
    if usages is None or usages in ("", []):
        return {}
    raise ValueError("Huntress gave usage that is not listed by product")


def _billable(product: Product, entry: object) -> Reading:
    if product is Product.EDR:
        return Reading(
            product,
            _count(product, entry),
            unresponsive=_evidence(entry, "unresponsive_agents_count"),
            outdated=_evidence(entry, "outdated_agents_count"),
        )
    if product not in _BY_TENANT:
        return Reading(product, _count(product, entry))
    entries = entry if isinstance(entry, list) else [entry]
    units = sum(_count(product, tenant) for tenant in entries)
    tenants = tuple(sorted(filter(None, map(_tenant, entries))))
    if len(set(tenants)) < len(tenants):
        raise ValueError(f"Huntress lists an identity provider twice: {', '.join(tenants)}")
    return Reading(product, units, tenants=tenants)


def _evidence(entry: object, name: str) -> int | None:
    """A count for information only; None where it cannot be read."""
    try:
        return whole(entry.get(name)) if isinstance(entry, dict) else None
    except ValueError:
        return None


def _tenant(entry: object) -> str:
    return str(entry.get("identity_provider_tenant_id") or "") if isinstance(entry, dict) else ""


def _count(product: Product, entry: object) -> int:
    if not isinstance(entry, dict) or _BILLABLE[product] not in entry:
        raise ValueError(f"Huntress gave no {_BILLABLE[product]}")
    return whole(entry[_BILLABLE[product]])
