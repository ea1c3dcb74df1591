"""A run's document as one HTML page: the fact first, money largest first, nothing left out."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from billing_sync.adapters.report.html import Html, element, joined, page, section, sentences, table
from billing_sync.adapters.report.page_forecast import forecast_sections

Document = Mapping[str, Any]
# What wants a person comes first.
OUTCOMES = ("failed", "conflict", "blocked", "held", "updated", "excluded", "unchanged")
GOOD = frozenset({"complete", "previewed"})
BAD = frozenset({"failed", "incomplete", "refused"})
VERDICT_KINDS = {"paid but not billed": "bad", "changed by a person": "warn"}


def report_page(document: Document) -> str:
    """The page, self-contained: no script, nothing loaded, every name escaped."""
    told = document
    return page(
        f"{told['run_id']}: {told['result']}",
        _head(told),
        section("Not read", sentences(told["not_read"])),
        section("The whole run is held", sentences(told["held_because"])),
        section("Warnings", sentences(told["warnings"])),
        *(forecast_sections(told["forecast"]) if "forecast" in told else ()),
        _strays(told),
        section("Not as written any more", sentences(told["changed_since"])),
        section("What the units came to", _verdicts(told["verdicts"])),
        section("What to do next", _next(told["next"])),
        section("Where every unit ended", _tie_out(told["tie_out"])),
        section("Against the invoice", sentences(told["against_the_invoice"])),
        section("Rows, largest money first", *_rows(told["rows"])),
        section("Usage that is in no row", _remainders(told["usage_in_no_row"])),
        section("About this run", _about(told)),
    )


def _head(told: Document) -> Html:
    verdict = told["verdict"] or told["status"]
    kind = "good" if verdict in GOOD else "bad" if verdict in BAD else "warn"
    return element(
        "header",
        element("span", verdict, kind=f"badge {kind}"),
        element("h1", told["result"]),
        element("p", f"Invoice: {told['invoice']}"),
        element("p", f"{told['coverage'] or 'nothing read'} · closed {told['closed_at']}"),
    )


def _strays(told: Document) -> Html:
    columns = ("Company", "Products", "Agreement", "Addition #", "Quantity #", "Money #", "Why")
    rows = [
        (
            one["company"],
            one["products"],
            one["agreement"],
            one["addition"],
            one["quantity"],
            f"{one['money']} {one['billing_cycle']}" if one["money"] else "no price",
            one["message"],
        )
        for one in told["billed_without_usage"]
    ]
    money = f"Billed without usage: {told['billed_without_usage_money']} a cycle"
    return section(money, table(columns, rows))


def _verdicts(verdicts: Mapping[str, Document]) -> Html:
    boxes = [_verdict(name, one) for name, one in verdicts.items()]
    return element("div", *boxes, kind="boxes") if boxes else Html("")


def _verdict(name: str, one: Document) -> Html:
    right = name == "billed right"
    by_product = ", ".join(f"{product} {units}" for product, units in one["by_product"].items())
    facts = [
        "" if right or not one["findings"] else f"{one['money']} a cycle",
        f"{one['units_without_price']} units without a price" if one["units_without_price"] else "",
        f"{one['by_decision']} not billed by decision" if one.get("by_decision") else "",
        f"rows: {one['findings']}",
        by_product,
    ]
    kind = VERDICT_KINDS.get(name, "good" if right else "warn") if one["findings"] else "soft"
    return element(
        "div",
        element("div", name + (", once written" if one.get("once_written") else ""), kind=kind),
        element("div", f"{one['units']:,} units", kind="figure"),
        *(element("div", fact, kind="soft") for fact in facts if fact),
        kind="box",
    )


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
    ended = sorted({name for one in sums for name in one} - {"used", "unknown"})
    lines = [("counted by Huntress", *(one["used"] for one in sums))]
    lines += [(name.replace("_", " "), *(one.get(name, 0) for one in sums)) for name in ended]
    total = ("sum", *(sum(one.get(name, 0) for name in ended) for one in sums))
    unknown = ("organizations unknown", *(one["unknown"] for one in sums))
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
    yield before if before == target else f"{before or 'none'} → {target or 'none'}"
    yield f"{_change(row)} {row['billing_cycle']}".strip() if row["money"] else ""
    why = (row["reason"].replace("_", " "), row["message"], row["takes_effect"])
    yield joined(element("div", told) for told in why if told)


def _change(row: Document) -> str:
    """The change with its sign; without an addition it is what is not billed, and has none."""
    rises = row["addition"] and not row["money"].startswith("-") and row["before"] != row["target"]
    return f"+{row['money']}" if rises else str(row["money"])


def _remainders(remainders: Iterable[Document]) -> Html:
    columns = ("Organization", "Product", "Units #", "Kind", "Why")
    return table(
        columns,
        (
            (
                f"{one['organization']} ({one['organization_id']})",
                one["product"],
                one["units"],
                one["kind"].replace("_", " "),
                one["message"],
            )
            for one in remainders
        ),
    )


def _about(told: Document) -> Html:
    facts = {
        "Run": told["run_id"],
        "Mode": told["mode"],
        "Asked for by": told["requested_by"],
        "Asked for at": told["requested_at"],
        "Closed at": told["closed_at"],
        "Plan hash": told["plan_hash"] or "none",
        "Full audit": told["full_audit"],
    }
    lines = (joined((element("dt", name), element("dd", fact))) for name, fact in facts.items())
    return element("dl", *lines)
