"""Options and the summary of the crash exploration."""

import pytest

COUNTED = "schedules"


def pytest_addoption(parser: pytest.Parser) -> None:
    """How many pairs to try, and one schedule to try again."""
    parser.addoption("--pairs", type=int, default=40, help="sampled pairs of points a scenario")
    parser.addoption("--schedule", default="", help="run only this one, as a failure names it")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line: how many schedules ran and failed."""
    reports = [r for name in ("passed", "failed") for r in terminalreporter.getreports(name)]
    counted = [value for r in reports for name, value in r.user_properties if name == COUNTED]
    tried, failed = (sum(each) for each in zip(*counted, strict=True)) if counted else (0, 0)
    terminalreporter.write_line(f"crash exploration: {tried} schedules, {failed} failed")
