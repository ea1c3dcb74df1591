"""The sandbox's own side door, `/_sandbox/…`, by which another process looks and changes."""

import re
from collections.abc import Callable

from tools.sandbox.vendors.messages import Call, Reply

PREFIX = "/_sandbox/"


class Admin:
    """Routes of the side door. An action gets the JSON body and the groups of its path."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., object]]] = []

    def route(self, method: str, path: str, action: Callable[..., object]) -> None:
        """Adds a route; `path` is a regular expression for what follows the prefix."""
        self._routes.append((method, re.compile(path), action))

    def answer(self, call: Call) -> Reply:
        """The action's result as JSON; 400 with the reason when the action refuses the body."""
        for method, path, action in self._routes:
            match = path.fullmatch(call.path.removeprefix(PREFIX))
            if match and method == call.method:
                try:
                    return Reply.as_json(action(call.json(), *match.groups()))
                except (KeyError, TypeError, ValueError) as error:
                    return Reply.as_json({"error": repr(error)}, status=400)
        known = [f"{method} {PREFIX}{path.pattern}" for method, path, _ in self._routes]
        return Reply.as_json({"error": "no such route", "routes": known}, status=404)
