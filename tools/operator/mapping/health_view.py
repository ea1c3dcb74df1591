"""What became wrong with mappings, on a terminal or in a pipe, and as JSON."""

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape

from tools.operator.mapping.health import Health
from tools.operator.mapping.overview import Overview
from tools.operator.terminal import say


def show_health(console: Console, health: Health, seen: Overview) -> None:
    """Each finding with what to do, then the names that changed."""
    console.print(f"[bold]{escape(_summary(health))}[/]")
    for one in health.findings:
        console.print(f"\n[bold]{escape(one.title)}[/]")
        console.print(escape(f"{one.told[0].upper()}{one.told[1:]}."))
        console.print(escape(f"→ {one.way_out}"))
    say(console, "Renamed; the mappings stay", [one.told() for one in health.renamings])
    say(console, "Not read", seen.not_read)


def health_told(health: Health, seen: Overview) -> dict[str, Any]:
    """The same as JSON has it."""
    return {
        "result": _summary(health),
        "findings": [asdict(one) for one in health.findings],
        "renamed": [one.told() for one in health.renamings],
        "not_read": list(seen.not_read),
    }


def _summary(health: Health) -> str:
    return f"{len(health.findings)} to look at, {len(health.renamings)} renamed"
