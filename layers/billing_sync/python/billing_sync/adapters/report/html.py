"""Parts of a self-contained HTML page; all content is escaped as text."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape


class Html(str):
    """Markup made here; any other string is text and escaped."""

    __slots__ = ()


def text(value: object) -> Html:
    """A value as text, safe wherever text is allowed; "" for None."""
    if isinstance(value, Html):
        return value
    return Html("" if value is None else escape(str(value)))


def joined(content: Iterable[object]) -> Html:
    """One after another."""
    return Html("".join(map(text, content)))


def element(name: str, *content: object, kind: str = "") -> Html:
    """An element with content; `kind` is its class."""
    named = f' class="{escape(kind)}"' if kind else ""
    return Html(f"<{name}{named}>{joined(content)}</{name}>")


def section(title: str, *content: object) -> Html:
    """A titled part of the page; "" when it has no content."""
    parts = [text(part) for part in content]
    return element("section", element("h2", title), *parts) if any(parts) else Html("")


def sentences(texts: Iterable[object]) -> Html:
    """A list; "" when it is empty."""
    items = [element("li", line) for line in texts]
    return element("ul", *items) if items else Html("")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Html:
    """A table, "" without rows; a column whose name ends in ` #` has numbers."""
    kinds = ["number" if name.endswith("#") else "" for name in columns]
    heads = zip(columns, kinds, strict=True)
    head = [element("th", name.removesuffix("#").strip(), kind=kind) for name, kind in heads]
    body = [
        element("tr", *(element("td", cell, kind=k) for cell, k in zip(row, kinds, strict=True)))
        for row in rows
    ]
    if not body:
        return Html("")
    markup = element("table", element("thead", element("tr", *head)), element("tbody", *body))
    return element("div", markup, kind="wide")


def page(title: str, *content: object) -> str:
    """The whole page: its only style is its own, and it loads and runs nothing."""
    digest = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body>{element('main', *content)}</body></html>\n"
    )


STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5;
  --paper: #fff; --tint: #f4f6f9; --good: #17703c; --warn: #8a5a00; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #a0abba; --line: #39424f;
  --paper: #151a21; --tint: #1e252e; --good: #6fce96; --warn: #f0bd58; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 28px 24px 56px; }
h1 { font-size: 26px; line-height: 1.25; margin: 6px 0 10px; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 34px 0 10px; }
h3 { font-size: 15px; margin: 22px 0 6px; }
p { margin: 4px 0; } ul, ol { margin: 4px 0; padding-left: 22px; } li { margin: 4px 0; }
li, dd { overflow-wrap: anywhere; } td { overflow-wrap: break-word; }
td div:first-child:not(:only-child) { font-weight: 600; }
.soft { color: var(--soft); }
.badge { display: inline-block; padding: 2px 10px; border: 1.5px solid; border-radius: 99px;
  font-weight: 600; font-size: 13px; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.boxes { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 12px; }
.box { background: var(--tint); border: 1px solid var(--line); border-radius: 8px;
  padding: 12px 14px; }
.figure { font-size: 28px; font-weight: 650; line-height: 1.2; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th { text-align: left; font-weight: 600; color: var(--soft); white-space: nowrap; }
th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
code { display: block; background: var(--tint); border: 1px solid var(--line); border-radius: 6px;
  padding: 6px 10px; margin: 4px 0; font: 12.5px/1.5 ui-monospace, "DejaVu Sans Mono", monospace;
  overflow-wrap: anywhere; white-space: pre-wrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; }
@media print { :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --tint: #fff;
  --good: #000; --warn: #000; --bad: #000; }
  main { max-width: none; padding: 0; } body { font-size: 11px; } table { font-size: 10px; }
  .wide { overflow: visible; } tr, .box, li { break-inside: avoid; }
  thead { display: table-header-group; }
  h2, h3 { break-after: avoid; } @page { margin: 14mm; } }
"""
