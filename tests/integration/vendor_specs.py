"""The vendors' own specifications, to hold our requests against; they live beside the checkout."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.scripted_server import Asked

_SPECS = Path("../shared/data")


def spec(name: str) -> dict[str, Any]:
    """One specification; skips the test where it is not there."""
    file = _SPECS / name
    if not file.is_file():
        pytest.skip(f"{file} is not beside the checkout")
    return json.loads(file.read_text(encoding="utf-8"))


def undocumented(asked: Iterable[Asked], spec: dict[str, Any], *, below: str = "") -> list[str]:
    """Requests, or query parameters of them, that the specification does not have."""
    return [wrong for each in asked for wrong in _wrong(each, spec, below)]


def _wrong(asked: Asked, spec: dict[str, Any], below: str) -> list[str]:
    path = asked.path.removeprefix(below)
    operation = _operation(asked.method.lower(), path, spec["paths"])
    if operation is None:
        return [f"{asked.method} {path}"]
    known = {_resolved(parameter, spec)["name"] for parameter in operation.get("parameters", [])}
    return [f"{asked.method} {path} {name}" for name in asked.query if name not in known]


def _operation(method: str, path: str, paths: dict[str, Any]) -> dict[str, Any] | None:
    for template in sorted(paths, key=lambda each: each.count("{")):
        pattern = re.sub(r"\\\{[^/]+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method in paths[template]:
            shared = paths[template].get("parameters", [])
            own = paths[template][method]
            return {**own, "parameters": [*shared, *own.get("parameters", [])]}
    return None


def _resolved(parameter: dict[str, Any], spec: dict[str, Any]) -> dict[str, Any]:
    target: Any = parameter
    if "$ref" in parameter:
        target = spec
        for part in parameter["$ref"].removeprefix("#/").split("/"):
            target = target[part]
    return target
