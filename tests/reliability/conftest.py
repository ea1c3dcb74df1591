"""Options of the crash exploration, and a summary of how much was tried."""

import os
from collections import Counter, defaultdict
from pathlib import Path

import pytest

# Thousands of schedules would log dozens of lines each.
os.environ["POWERTOOLS_LOG_LEVEL"] = "ERROR"


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much to try, and one schedule to try again."""
    parser.addoption("--whole", action="store_true", help="every interference at every boundary")
    parser.addoption("--pairs", type=int, default=40, help="sampled pairs of points a scenario")
    parser.addoption("--schedule", default="", help="run only this one, as a failure names it")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A line for each file: its tests, how many of them failed, and what they counted."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            if report.when != "call":
                continue
            name = Path(report.nodeid.partition("::")[0]).stem.removeprefix("test_")
            counted[name] += Counter({"tests": 1, "tests failed": outcome == "failed"})
            numbers = {label: n for label, n in report.user_properties if isinstance(n, int)}
            counted[name].update(numbers)
    for name, counts in sorted(counted.items()):
        counts_of_file = ", ".join(f"{count} {label}" for label, count in counts.items())
        terminalreporter.write_line(f"{name.replace('_', ' ')}: {counts_of_file}")
