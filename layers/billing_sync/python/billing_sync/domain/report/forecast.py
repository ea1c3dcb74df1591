"""The report of a forecast: what it compares with, the lines, and the steps in time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from operator import attrgetter

from billing_sync.domain.forecast.forecast import Forecast, Idle, Line
from billing_sync.domain.plan.plan import Remainder, RemainderKind, Row
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.report.steps import Step
from billing_sync.domain.wording import amount, amounts, names_in_short, plain

Document = dict[str, object]
UNKNOWN = "unknown"
MONEY = (
    "per billing cycle of each agreement, in its currency: what the additions would bill at"
    " today's counts, less what they bill at the quantity they hold now"
)
IDLE = (
    "Huntress says how many agents do not respond or are outdated, and not whether it bills them:"
    " they may be billed. It bills the agents there on the cycle's last day"
)


def forecast_document(forecast: Forecast, *, most: int | None = None) -> Document:
    """The forecast as plain values; `most` shortens its lists."""
    basis = forecast.basis
    new = _clients(forecast.lines, attrgetter("is_new"))
    gone = _clients(forecast.lines, attrgetter("is_gone"))
    return {
        "next_invoice": basis.next_invoice.sentence,
        "next_invoice_on": "" if basis.next_invoice.on is None else str(basis.next_invoice.on),
        "compared_with": _compared_with(forecast),
        "money_means": MONEY,
        "lines": [_line(line, compared=basis.frozen) for line in forecast.lines[:most]],
        "lines_not_shown": len(forecast.lines) - len(forecast.lines[:most]),
        "totals": {
            total.product.value: {
                "last_invoice": total.then,
                "now": total.now,
                "change": total.now - total.then,
                "not_comparable": total.not_comparable,
            }
            for total in forecast.totals
        },
        "money": {cycle or "no cycle": _signed(m) for cycle, m in sorted(forecast.money.items())},
        "without_price": forecast.without_price,
        "used_and_not_billed": amounts(forecast.not_billed),
        "new": new[:most],
        "new_not_shown": len(new) - len(new[:most]),
        "gone": gone[:most],
        "gone_not_shown": len(gone) - len(gone[:most]),
        "agents_to_look_at": [_idle(idle) for idle in forecast.idle[:most]],
        "agents_not_shown": len(forecast.idle) - len(forecast.idle[:most]),
        "agents_unknown_for": forecast.idle_unknown,
        "agents_mean": IDLE,
    }


def forecast_steps(
    forecast: Forecast,
    rows: Iterable[Row],
    remainders: Iterable[Remainder],
    *,
    complete: bool,
) -> list[Step]:
    """The steps before the next invoice; nothing is ever written from a forecast."""
    on = forecast.basis.next_invoice.on
    before = f"before about {on} (inferred)" if on else "before the next invoice"
    steps = [] if complete else ["Not everything was read; ask again later."]
    idle = [organization for organization in forecast.idle if organization.unresponsive]
    if idle:
        agents = _many(sum(o.unresponsive for o in idle), "agent")
        steps.append(
            f"Not responding: {agents} of {_many(len(idle), 'organization')}. Where the machines"
            f" are gone, remove them in Huntress {before}"
        )
    unmapped = {r.organization_name for r in remainders if r.kind is RemainderKind.UNMAPPED}
    if unmapped:
        steps.append(f"Map or exclude {names_in_short(unmapped)} {before}")
    if any(row.outcome is Outcome.BLOCKED for row in rows):
        steps.append(f"Fix what each blocked row says {before}")
    if any(row.outcome is Outcome.HELD for row in rows):
        steps.append("Held rows will wait for a release if they stay as they are now")
    again = Step("This wrote nothing and cannot be released. Ask anew with", {"action": "forecast"})
    return [*map(Step, steps), again]


def _compared_with(forecast: Forecast) -> str:
    last = forecast.basis.last
    if last is None:
        return "nothing: there is no last invoice that bills usage"
    invoice = f"{last.source} {last.id} of {last.created_at:%Y-%m-%d} ({last.plan})"
    if forecast.counted_late:
        return f"{invoice}, by counts of {forecast.counted_late}, not of its own day"
    if not forecast.basis.frozen:
        return f"{invoice}, whose usage was not read in full: what was not read is unknown"
    return invoice


def _line(line: Line, *, compared: bool) -> Document:
    return {
        "client": line.client,
        "company_id": line.company_id,
        "products": line.products,
        "last_invoice": _units(line, line.then),
        "now": _units(line, line.now),
        "change": _units(line, line.change),
        "billed_now": " + ".join(plain(row.before) for row in line.rows if row.addition_id),
        "would_bill": " + ".join(plain(row.target) for row in line.rows if row.addition_id),
        "money": _signed(line.money),
        "not_billed": amounts(line.not_billed),
        "billing_cycle": ", ".join(sorted({row.billing_cycle for row in line.rows} - {""})),
        "outcome": ", ".join(dict.fromkeys(row.outcome.value for row in line.rows)),
        "attention": ", ".join(dict.fromkeys(filter(None, _attention(line, compared=compared)))),
        "note": _note(line),
    }


def _units(line: Line, units: int | None) -> int | str:
    """The units; "unknown"; or "" where the line bills no usage."""
    if not line.parts:
        return ""
    return UNKNOWN if units is None else units


def _attention(line: Line, *, compared: bool) -> Iterator[str]:
    """What needs attention, in a few words; nothing for a line without problems."""
    yield "new" if line.is_new else ""
    yield "gone" if line.is_gone else ""
    unknown = line.parts and (line.now is None or (compared and line.then is None))
    yield "unknown" if unknown and not line.is_gone else ""
    for remainder in line.remainders:
        yield "" if remainder.kind is RemainderKind.EXCLUDED else _words(remainder.kind)
    for row in line.rows:
        if row.outcome not in (Outcome.UPDATED, Outcome.UNCHANGED, Outcome.EXCLUDED):
            yield f"{row.outcome}: {_words(row.reason)}"


def _note(line: Line) -> str:
    of_rows = "; ".join(dict.fromkeys(row.message for row in line.rows if row.message))
    unknown = "" if line.why_unknown in of_rows else line.why_unknown
    parts = (
        "new since the last invoice" if line.is_new else "",
        "gone from Huntress" if line.is_gone else unknown,
        *dict.fromkeys(f"{_words(r.kind)}: {r.message}" for r in line.remainders),
        of_rows,
    )
    return "; ".join(filter(None, parts))


def _many(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _idle(idle: Idle) -> Document:
    return {
        "organization": idle.organization_name,
        "organization_id": idle.organization_id,
        "client": idle.client,
        "unresponsive": idle.unresponsive,
        "outdated": idle.outdated,
    }


def _signed(sums: Mapping[str, Decimal]) -> Document:
    return {
        currency: amount(money, currency, sign="+" if money else "")
        for currency, money in sums.items()
    }


def _clients(lines: Iterable[Line], is_so: Callable[[Line], bool]) -> list[str]:
    """The clients of whose lines with usage all are so."""
    of_client: dict[tuple[int | None, str], list[bool]] = {}
    for line in lines:
        if line.parts:
            of_client.setdefault((line.company_id, line.client), []).append(is_so(line))
    return [client for (_, client), each in of_client.items() if all(each)]
