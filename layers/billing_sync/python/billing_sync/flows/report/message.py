"""A document's verdicts, audit and invoice number as lines of the message: short, worst first."""

from collections.abc import Mapping

from billing_sync.domain.report.document import Told

STRAYS_IN_MESSAGE = 5
WORDS = {
    "paid but not billed": "not billed",
    "changed by a person": "net change waiting",
    "needs a decision": "net change waiting",
    "billed right": "net change",
}


def audit_lines(document: Told, *, most: int | None = STRAYS_IN_MESSAGE) -> list[str]:
    """What is billed without usage, before everything else; nothing where nothing is."""
    found = _rows(document["billed_without_usage"])
    all_of_them = len(found) + int(str(document["billed_without_usage_not_shown"]))
    if not all_of_them:
        return []
    many = "1 addition" if all_of_them == 1 else f"{all_of_them} additions"
    lines = [f"  {_stray(one)}" for one in found[:most]]
    more = all_of_them - len(lines)
    title = f"Billed without usage: {many}, {document['billed_without_usage_money']} a cycle."
    return ["", title, *lines, *([f"  and {more} more"] if more else [])]


def verdict_lines(document: Told) -> list[str]:
    """One line for each verdict; what is paid and not billed first, where there is any."""
    verdicts = document["verdicts"]
    told = verdicts if isinstance(verdicts, dict) else {}
    lines = [f"  {_named(name, one)}: {_sum(one, name)}" for name, one in told.items()]
    return ["", "What the units came to:", *lines] if lines else []


def invoice_lines(document: Told) -> list[str]:
    """The invoice's own number against the count."""
    told = document["against_the_invoice"]
    sentences = [f"  {one}" for one in told] if isinstance(told, list) else []
    return ["", "Against the invoice:", *sentences] if sentences else []


def _stray(one: Mapping[str, object]) -> str:
    where = f"on '{one['agreement']}', addition {one['addition']}"
    money = f"{one['money']} {one['billing_cycle']}" if one["money"] else "no price"
    named = f"{one['company']}, {one['products']}"
    return f"{named}: {one['quantity']} {where}, {money}: {one['message']}"


def _named(name: str, one: Mapping[str, object]) -> str:
    return f"{name}, once written" if one.get("once_written") else name


def _sum(one: Mapping[str, object], name: str) -> str:
    if not one["findings"]:
        return "nothing"
    products = one["by_product"]
    by = products if isinstance(products, dict) else {}
    units = f"{one['units']} units"
    parts = [
        f"{units} ({', '.join(f'{product} {n}' for product, n in by.items())})" if by else units,
        f"{one['money']} a cycle {WORDS[name]}",
        f"{one['units_without_price']} units without a price" if one["units_without_price"] else "",
        f"{one['by_decision']} units not billed by decision" if one.get("by_decision") else "",
    ]
    return ", ".join(filter(None, parts))


def _rows(told: object) -> list[Mapping[str, object]]:
    return list(told) if isinstance(told, list) else []
