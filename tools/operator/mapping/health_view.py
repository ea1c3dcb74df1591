"""What became wrong with mappings, on a terminal or in a pipe, and as JSON."""

from typing import Any

from rich.console import Console
from rich.markup import escape

from tools.operator.mapping.health import Health
from tools.operator.mapping.overview import Overview
from tools.operator.terminal import print_list


def show_health(console: Console, health: Health, seen: Overview) -> None:
    """Each finding with what to do, then the names that changed."""
    console.print(f"[bold]{escape(_summary(health))}[/]")
    for finding in health.findings:
        console.print(f"\n[bold]{escape(finding.title)}[/]")
        console.print(escape(f"{finding.problem[0].upper()}{finding.problem[1:]}."))
        console.print(escape(f"→ {finding.fix}"))
    print_list(
        console, "Renamed; the mappings stay", [renaming.text() for renaming in health.renamings]
    )
    print_list(console, "Not read", seen.not_read)


def health_as_json(health: Health, seen: Overview) -> dict[str, Any]:
    """The same as JSON has it."""
    return {
        "result": _summary(health),
        "findings": [
            {"title": finding.title, "told": finding.problem, "way_out": finding.fix}
            for finding in health.findings
        ],
        "renamed": [renaming.text() for renaming in health.renamings],
        "not_read": list(seen.not_read),
    }


def _summary(health: Health) -> str:
    return f"{len(health.findings)} to look at, {len(health.renamings)} renamed"
