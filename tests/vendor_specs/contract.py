"""What in a call, or in its reply, is not in a vendor's contract.

The contracts huntress.json and connectwise.json are facts of the vendors' specifications, made by
`extract`. They are closed: a field that a contract does not list is a difference.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema

from tools.sandbox.vendors.messages import Call, Reply
from tools.sandbox.vendors.server import VendorServer

Schema = dict[str, Any]

_BASE = re.compile(r"^/[^/]+/apis/3\.0")  # where ConnectWise's API lives, by its version
_NAME = re.compile(r"([A-Za-z_][\w/]*)\s*(?:=|!=|<|>|\bcontains\b|\blike\b|\bin\b)")
_QUOTED = re.compile(r'"[^"]*"')
_SAMPLES: dict[str, object] = {"integer": 1, "number": 1.5, "boolean": True, "string": "text"}
_MOMENT = "2024-03-01T00:00:00Z"


class Contract:
    """One vendor's operations and models."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.operations: dict[str, Schema] = facts["operations"]
        self.models: dict[str, Schema] = facts["models"]
        self._parameters: dict[str, Schema] = facts["parameters"]
        self._refusals: dict[str, Schema] = facts["refusals"]

    @classmethod
    def of(cls, vendor: str) -> "Contract":
        """The committed contract: "huntress" or "connectwise"."""
        file = Path(__file__).with_name(f"{vendor}.json")
        return cls(json.loads(file.read_text(encoding="utf-8")))

    def watch(self, server: VendorServer) -> tuple[set[str], list[str]]:
        """The operations called at a server from now on, and all differences from the contract."""
        called: set[str] = set()
        wrong: list[str] = []

        def look(call: Call, reply: Reply | None) -> None:
            name = self.operation(call)
            called.add(name)
            wrong.extend(self.differences(call, reply) if name else [f"{call.method} {call.path}"])

        server.after("", "", look)
        return called, wrong

    def operation(self, call: Call) -> str:
        """The operation's name in the contract, "" when it has none. Upper and lower case count."""
        called = f"{call.method} {_BASE.sub('', call.path)}"
        return next((each for each in self.operations if self._pattern(each)(called)), "")

    def differences(self, call: Call, reply: Reply | None) -> list[str]:
        """What of a call of a known operation, or of its reply, is not in the contract."""
        name = self.operation(call)
        operation = self.operations[name]
        listed = self.operations[name.removesuffix("/count")]["reply"]
        wrong = [*self._in_query(call, operation, listed), *self._in_headers(call, operation)]
        if "body" in operation:
            wrong += self._in_body(call.json(), operation)
        if reply is not None:
            wrong += self._in_reply(call, reply, operation)
        return [f"{name}: {each}" for each in wrong]

    def invalid(self, value: object, schema: Schema, *, partial: bool = False) -> Iterator[str]:
        """Why a value does not fit; `partial` records may lack what is required."""
        root = _closed({**schema, "models": self.models}, partial=partial)
        for error in jsonschema.Draft202012Validator(root).iter_errors(value):
            yield f"{error.json_path}: {error.message[:200]}"

    def sample(self, schema: Schema) -> Any:
        """A value with everything that the contract lists."""
        schema = self._resolved(schema)
        if "properties" in schema:
            return {name: self.sample(each) for name, each in schema["properties"].items()}
        if "anyOf" in schema or "enum" in schema:
            return self.sample(schema["anyOf"][0]) if "anyOf" in schema else schema["enum"][0]
        if "items" in schema:
            return [self.sample(schema["items"])]
        return _MOMENT if "format" in schema else _SAMPLES.get(_types(schema)[0], {})

    def variants(self, schema: Schema, path: str = "") -> Iterator[tuple[str, Any]]:
        """Where and how a sample may differ, and each sample that differs there alone."""
        schema = self._resolved(schema)
        whole = self.sample(schema)
        others = schema.get("enum", [None] if "null" in _types(schema) else [])
        yield from ((f"{path} {json.dumps(other)}", other) for other in others)
        if "number" in _types(schema):
            yield f"{path} 1", 1
        for name, inner in schema.get("properties", {}).items():
            there = f"{path}.{name}".removeprefix(".")
            if name not in schema.get("required", []):
                yield f"{there} missing", {key: whole[key] for key in whole if key != name}
            for label, value in self.variants(inner, there):
                yield label, {**whole, name: value}
        if "items" in schema:
            yield f"{path} []", []
            yield from ((label, [each]) for label, each in self.variants(schema["items"], path))

    def _pattern(self, name: str) -> Callable[[str], object]:
        parts = re.split(r"\{(\w+)\}", name)
        for position in range(1, len(parts), 2):
            whole = self._parameters[parts[position]]["type"] == "integer"
            parts[position] = r"\d+" if whole else "[^/]+"
        return re.compile("".join(parts)).fullmatch

    def _in_query(self, call: Call, operation: Schema, listed: Schema) -> Iterator[str]:
        """`listed` has the fields that conditions may name; a count's are those of its list."""
        known = {**self._parameters, **operation.get("own", {})}
        for name, text in call.query.items():
            if name not in operation.get("query", []):
                yield f"no parameter {name}"
                continue
            for error in self.invalid(_typed(text, known[name]), known[name]):
                yield f"{name}={text}: {error}"
        for field in _fields_named(call.query):
            if not self._has(listed, field.split("/")):
                yield f"no field {field}"

    def _in_headers(self, call: Call, operation: Schema) -> Iterator[str]:
        for header in operation.get("header", []):
            if header.lower() not in call.headers:
                yield f"no header {header}"

    def _in_body(self, body: object, operation: Schema) -> Iterator[str]:
        yield from self.invalid(body, operation["body"])
        if isinstance(body, list):  # a PATCH: its paths are fields of the record
            fields = self._resolved(operation["reply"])["properties"]
            for change in body:
                schema = fields.get(change["path"])
                yield from self.invalid(change["value"], schema) if schema else [change["path"]]

    def _in_reply(self, call: Call, reply: Reply, operation: Schema) -> Iterator[str]:
        if reply.status == 200:
            schema = operation["reply"]
        elif (schema := self._refusals.get(str(reply.status))) is None:
            yield f"no status {reply.status}"
            return
        yield from self.invalid(json.loads(reply.body), schema, partial="fields" in call.query)

    def _has(self, schema: Schema, names: list[str]) -> bool:
        schema = self._resolved(schema)
        schema = self._resolved(schema["items"]) if "items" in schema else schema
        found = schema.get("properties", {}).get(names[0])
        return found is not None and (len(names) == 1 or self._has(found, names[1:]))

    def _resolved(self, schema: Schema) -> Schema:
        return self.models[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _types(schema: Schema) -> list[str]:
    types = schema.get("type", ["object"])
    return types if isinstance(types, list) else [types]


def _closed(node: Any, *, partial: bool) -> Any:
    if isinstance(node, list):
        return [_closed(each, partial=partial) for each in node]
    if not isinstance(node, dict):
        return node
    closed = {name: _closed(each, partial=partial) for name, each in node.items()}
    if "properties" in node and "type" in node and isinstance(node["type"], str | list):
        closed.setdefault("additionalProperties", False)
        if partial:
            closed.pop("required", None)
    return closed


def _typed(text: str, schema: Schema) -> object:
    if "integer" in _types(schema) and text.isdecimal():
        return int(text)
    return {"true": True, "false": False}.get(text, text) if "boolean" in _types(schema) else text


def _fields_named(query: Mapping[str, str]) -> Iterator[str]:
    """The fields that ConnectWise's own parameters name."""
    yield from filter(None, query.get("fields", "").split(","))
    yield from (term.split()[0] for term in filter(None, query.get("orderBy", "").split(",")))
    yield from _NAME.findall(_QUOTED.sub('""', query.get("conditions", "")))
