"""Paths to functions."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tools.sandbox.vendors.messages import Call


class Routes:
    """Finds the function for a path; it gets the call and the path's groups."""

    def __init__(self, table: Mapping[str, Callable[..., Any]]) -> None:
        self._table = [(re.compile(path), function) for path, function in table.items()]

    def find(self, call: Call) -> Any:
        """What the function answers; None when no path fits or the function finds nothing."""
        for path, function in self._table:
            if match := path.fullmatch(call.path):
                return function(call, *match.groups())
        return None
