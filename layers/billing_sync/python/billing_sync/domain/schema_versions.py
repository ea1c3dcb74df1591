"""The version of each document that other programs read.

A number rises when a change is not additive: a field removed, renamed, or given another meaning.
"""

from collections.abc import Mapping
from typing import Final

ANSWER: Final = 1  # answers of the functions, run.json (rows.csv with it), `--json` of the commands
EVENT: Final = 1  # the detail of an event on the bus; readers: adapters/events.py
MESSAGE: Final = 1  # a message of the company queue; reader: adapters/events.py
CONFIG: Final = 1  # the config table's items, as SETTINGS / CURRENT states it; absent means 1
LEDGER: Final = 2  # the ledger's items, as the META of each run states it


def with_version(answer: Mapping[str, object]) -> dict[str, object]:
    """The answer with its `schema_version`, last: a person reads the result first."""
    return {**answer, "schema_version": ANSWER}
