"""A run's document as one HTML page: the result first, then the largest amounts."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from billing_sync.adapters.report.html import Html, element, joined, page, section, sentences, table
from billing_sync.adapters.report.page_forecast import forecast_sections
from billing_sync.domain.wording import amounts_in_words

Document = Mapping[str, Any]
# Rows that need a person come first.
OUTCOMES = ("failed", "conflict", "blocked", "held", "updated", "excluded", "unchanged")
GOOD = frozenset({"complete", "previewed"})
BAD = frozenset({"failed", "incomplete", "refused"})
VERDICT_KINDS = {"unbilled": "bad", "changed in ConnectWise": "warn"}


def report_page(document: Document) -> str:
    """The page, self-contained: no script, nothing loaded, every name escaped."""
    return page(
        f"{document['run_id']}: {document['result']}",
        _head(document),
        section("Not read", sentences(document["not_read"])),
        section("The whole run is held", sentences(document["held_because"])),
        section("Warnings", sentences(document["warnings"])),
        *(forecast_sections(document["forecast"]) if "forecast" in document else ()),
        _strays(document),
        section("Not as written any more", sentences(document["changed_since"])),
        section("What the units came to", _verdicts(document["verdicts"])),
        section("What to do next", _next(document["next"])),
        section("Where every unit ended", _tie_out(document["tie_out"])),
        section("Against the invoice", sentences(document["against_the_invoice"])),
        section("Rows, largest money first", *_rows(document["rows"])),
        section("Usage that is in no row", _remainders(document["usage_in_no_row"])),
        section("About this run", _about(document)),
    )


def _head(document: Document) -> Html:
    verdict = document["verdict"] or document["status"]
    kind = "good" if verdict in GOOD else "bad" if verdict in BAD else "warn"
    return element(
        "header",
        element("span", verdict, kind=f"badge {kind}"),
        element("h1", document["result"]),
        element("p", f"Invoice: {document['invoice']}"),
        element("p", f"{document['coverage'] or 'nothing read'} · closed {document['closed_at']}"),
        element("p", document["prices"], kind="soft"),
    )


def _strays(document: Document) -> Html:
    columns = ("Company", "Products", "Agreement", "Addition #", "Quantity #", "Money #", "Why")
    rows = [
        (
            addition["company"],
            addition["products"],
            addition["agreement"],
            addition["addition"],
            addition["quantity"],
            _money(addition) or "no price",
            addition["message"],
        )
        for addition in document["billed_without_usage"]
    ]
    money = amounts_in_words(document["billed_without_usage_money"])
    return section(f"Billed without usage: {money or 'no price'} a cycle", table(columns, rows))


def _verdicts(verdicts: Mapping[str, Document]) -> Html:
    boxes = [_verdict(name, status) for name, status in verdicts.items()]
    return element("div", *boxes, kind="boxes") if boxes else Html("")


def _verdict(name: str, status: Document) -> Html:
    right = name == "billed correctly"
    by_product = ", ".join(f"{product} {units}" for product, units in status["by_product"].items())
    money = amounts_in_words(status["money"])
    facts = [
        "" if right or not money else f"{money} a cycle",
        f"{status['units_without_price']} units without a price"
        if status["units_without_price"]
        else "",
        f"{status['by_decision']} not billed by decision" if status.get("by_decision") else "",
        f"rows: {status['findings']}",
        by_product,
        f"organizations unknown: {status['unknown']}" if status["unknown"] else "",
    ]
    kind = VERDICT_KINDS.get(name, "good" if right else "warn") if status["findings"] else "soft"
    return element(
        "div",
        element("div", name + (", once written" if status.get("once_written") else ""), kind=kind),
        element("div", _known(status["units"], status["unknown"], " units"), kind="figure"),
        *(element("div", fact, kind="soft") for fact in facts if fact),
        kind="box",
    )


def _known(units: int, unknown: int, name: str = "") -> str:
    """The units, `unknown` where none are known."""
    return "unknown" if unknown and not units else f"{units:,}{name}"


def _next(steps: Iterable[Document]) -> Html:
    items = [
        element("li", step["do"], _event(step["event"]) if "event" in step else "")
        for step in steps
    ]
    return element("ol", *items) if items else Html("")


def _event(event: Document) -> Html:
    return element("code", json.dumps(event, ensure_ascii=False))


def _tie_out(tie_out: Mapping[str, Mapping[str, int]]) -> Html:
    if not tie_out:
        return Html("")
    sums = list(tie_out.values())
    ended = sorted({name for counts in sums for name in counts} - {"used", "unknown"})
    lines = [("counted by Huntress", *(_known(c["used"], c["unknown"]) for c in sums))]
    lines += [
        (name.replace("_", " "), *(str(counts.get(name, "")) for counts in sums)) for name in ended
    ]
    total = ("sum", *(_known(sum(c.get(name, 0) for name in ended), c["unknown"]) for c in sums))
    unknown = ("organizations unknown", *(str(counts["unknown"] or "") for counts in sums))
    return table(("Units", *(f"{name} #" for name in tie_out)), [*lines, total, unknown])


def _rows(rows: Iterable[Document]) -> Iterable[Html]:
    rows = list(rows)
    for outcome in OUTCOMES:
        group = [row for row in rows if row["outcome"] == outcome]
        if group:
            yield element("h3", f"{outcome}: {len(group)}")
            yield _group(group)


def _group(rows: Iterable[Document]) -> Html:
    columns = ("Company", "Product", "Where", "Counted", "Quantity #", "Money #", "Why")
    return table(columns, ([*_row(row)] for row in rows))


def _row(row: Document) -> Iterable[object]:
    yield f"{row['company']} ({row['company_id']})"
    yield row["products"]
    yield f"{row['agreement']}, addition {row['addition']}" if row["addition"] else ""
    yield row["used"]
    before, target = row["before"], row["target"]
    yield before if target in ("", before) else f"{before or 'none'} → {target}"
    yield _money(row, sign=_sign(row))
    reasons = (row["reason"].replace("_", " "), row["message"], row["takes_effect"])
    yield joined(element("div", line) for line in reasons if line)


def _sign(row: Document) -> str:
    """`+` before what rises; without an addition, the unbilled amount has no sign."""
    rises = row["addition"] and not row["money"].startswith("-") and row["before"] != row["target"]
    return "+" if rises else ""


def _money(line: Document, *, sign: str = "") -> str:
    """`+5.00 USD Monthly`, "" without a price."""
    money = f"{sign}{line['money']} {line['currency']} {line['billing_cycle']}"
    return money.strip() if line["money"] else ""


def _remainders(remainders: Iterable[Document]) -> Html:
    columns = ("Organization", "Product", "Units #", "Kind", "Why")
    return table(
        columns,
        (
            (
                f"{remainder['organization']} ({remainder['organization_id']})",
                remainder["product"],
                remainder["units"],
                remainder["kind"].replace("_", " "),
                remainder["message"],
            )
            for remainder in remainders
        ),
    )


def _about(document: Document) -> Html:
    facts = {
        "Run": document["run_id"],
        "Mode": document["mode"],
        "Asked for by": document["requested_by"],
        "Asked for at": document["requested_at"],
        "Closed at": document["closed_at"],
        "Plan hash": document["plan_hash"] or "none",
        "Full audit": document["full_audit"],
    }
    lines = (joined((element("dt", name), element("dd", fact))) for name, fact in facts.items())
    return element("dl", *lines)
