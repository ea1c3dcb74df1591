"""Verdicts, audit and invoice number as lines of the message, the worst first."""

from collections.abc import Mapping, Sequence

from billing_sync.domain.report.document import Document, headline
from billing_sync.domain.runs.run import Run
from billing_sync.domain.wording import amounts_in_words, counted

STRAYS_IN_MESSAGE = 5
WORDS = {
    "unbilled": "not billed",
    "not charged": "not charged at catalog prices",
    "accepted as is": "accepted",
    "changed in ConnectWise": "net change waiting",
    "needs review": "net change waiting",
    "billed correctly": "net change",
}


def audit_lines(document: Document, *, most: int | None = STRAYS_IN_MESSAGE) -> list[str]:
    """What is billed without usage, if anything."""
    found = _rows(document["billed_without_usage"])
    all_of_them = len(found) + int(str(document["billed_without_usage_not_shown"]))
    if not all_of_them:
        return []
    many = "1 addition" if all_of_them == 1 else f"{all_of_them} additions"
    lines = [f"  {_stray(addition)}" for addition in found[:most]]
    more = all_of_them - len(lines)
    money = amounts_in_words(_mapping(document["billed_without_usage_money"]))
    title = f"Billed without usage: {many}, {money or 'without a price'} a cycle."
    return ["", title, *lines, *([f"  and {more} more"] if more else [])]


def verdict_lines(document: Document) -> list[str]:
    """One line for each verdict, unbilled units first."""
    verdicts = document["verdicts"]
    statuses = verdicts if isinstance(verdicts, dict) else {}
    lines = [f"  {_named(name, status)}: {_sum(status, name)}" for name, status in statuses.items()]
    return ["", "What the units came to:", *lines] if lines else []


def invoice_lines(document: Document) -> list[str]:
    """The invoice's own number against the count."""
    content = document["against_the_invoice"]
    sentences = [f"  {line}" for line in content] if isinstance(content, list) else []
    return ["", "Against the invoice:", *sentences] if sentences else []


def missed_message(runs: Sequence[Run]) -> tuple[str, str]:
    """Subject and text for runs whose own messages had no receiver for a month."""
    lines = [
        f"  Run {run.id}, closed on {run.closed_at:%Y-%m-%d}: {headline(run)}"
        for run in sorted(runs, key=lambda run: run.turn)
    ]
    text = [
        "For more than a month nobody was subscribed to these notifications. You missed:",
        *lines,
        "",
        "Show one: billing-sync show RUN",
    ]
    return f"Huntress billing sync: {counted(len(runs), 'missed run')}", "\n".join(text)


def _stray(addition: Mapping[str, object]) -> str:
    where = f"on '{addition['agreement']}', addition {addition['addition']}"
    money = f"{addition['money']} {addition['currency']} {addition['billing_cycle']}"
    money = money if addition["money"] else "no price"
    named = f"{addition['company']}, {addition['products']}"
    return f"{named}: {addition['quantity']} {where}, {money}: {addition['message']}"


def _named(name: str, status: Mapping[str, object]) -> str:
    return f"{name}, once written" if status.get("once_written") else name


def _sum(status: Mapping[str, object], name: str) -> str:
    if not status["findings"]:
        return "nothing"
    money = amounts_in_words(_mapping(status["money"]))
    parts = [
        _units(status),
        f"{money} a cycle {WORDS[name]}" if money else "",
        f"{status['units_without_price']} units without a price"
        if status["units_without_price"]
        else "",
        f"{status['by_decision']} units not billed by decision"
        if status.get("by_decision")
        else "",
    ]
    return ", ".join(filter(None, parts))


def _units(status: Mapping[str, object]) -> str:
    """`18 units (edr 18) and 1 organization unknown`; "no usage" where there is neither."""
    products = status["by_product"]
    by = products if isinstance(products, dict) else {}
    known = ", ".join(f"{product} {units}" for product, units in by.items())
    unknown = int(str(status["unknown"]))
    parts = (
        f"{status['units']} units ({known})" if known else "",
        f"{counted(unknown, 'organization')} unknown" if unknown else "",
    )
    return " and ".join(filter(None, parts)) or "no usage"


def _mapping(content: object) -> Mapping[str, str]:
    return content if isinstance(content, dict) else {}


def _rows(content: object) -> list[Mapping[str, object]]:
    return list(content) if isinstance(content, list) else []
