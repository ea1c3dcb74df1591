"""`python -m tools.reference` writes docs/settings.md from the models that read the settings."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from billing_sync.adapters.config.mappings import CompanyItem, OrganizationItem
from billing_sync.adapters.config.settings import SettingsItem

PAGE = Path(__file__).resolve().parents[1] / "docs" / "settings.md"
MODELS = (SettingsItem, OrganizationItem, CompanyItem)
INTRODUCTION = """\
# Which settings are there?

Every attribute of settings and mappings: its allowed values, default and meaning. What they are
for: [how do I configure it?](configure.md). `billing-sync settings` and `billing-sync mappings`
change and check them. Unknown attributes are rejected.

This page is made by `make reference` from the code that reads the settings.
"""
HEADER = "\n| attribute | allowed values | default | meaning |\n|---|---|---|---|"
TYPES = {"boolean": "`true` or `false`", "integer": "whole number", "string": "text"}
Schema = Mapping[str, Any]


def page() -> str:
    """The whole page: a section for each model and for each model inside it."""
    schemas = models_json_schema([(model, "validation") for model in MODELS])[1]["$defs"]
    names = dict.fromkeys(each for model in MODELS for each in _nested(model.__name__, schemas))
    return "\n".join([INTRODUCTION, *(_section(schemas[name], schemas) for name in names)])


def _nested(name: str, schemas: Schema) -> Iterator[str]:
    """The model, then the models of its attributes."""
    if "properties" in schemas[name]:  # else it is a choice of values
        yield name
        for inner in re.findall(r"#/\$defs/(\w+)", json.dumps(schemas[name])):
            yield from _nested(inner, schemas)


def _section(schema: Schema, schemas: Schema) -> str:
    """A row for each attribute, those that are required first."""
    lines = [f"## {schema['title']}\n", schema["description"], HEADER]
    attributes, required = schema["properties"], schema.get("required", ())
    for name in sorted(attributes, key=lambda name: name not in required):
        if name not in ("pk", "sk"):
            attribute = attributes[name]
            default = "required" if name in required else _default(attribute.get("default"))
            cells = (f"`{name}`", _values(attribute, schemas), default, _meaning(attribute))
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _default(value: Any) -> str:
    """As a person would type it; empty where there is none."""
    if value in (None, "", []) or isinstance(value, dict):
        return ""
    return f"`{value if isinstance(value, str) else json.dumps(value)}`"


def _meaning(schema: Schema) -> str:
    """The attribute's own description, else that of its type."""
    parts = (schema, *schema.get("anyOf", ()), schema.get("additionalProperties", {}))
    return next((part["description"] for part in parts if "description" in part), "")


def _values(schema: Schema, schemas: Schema) -> str:
    """As in `whole number from 1 to 60`."""
    if "$ref" in schema:
        named = schemas[schema["$ref"].rpartition("/")[2]]
        title = named["title"].lower()
        choices = ", ".join(f"`{value}`" for value in named.get("enum", ()))
        return re.sub(", (?!.*, )", " or ", choices) or f"[{title}](#{title.replace(' ', '-')})"
    # a value that may be left out; a number or date that may also come as text; several forms
    if forms := schema.get("anyOf", ())[:1] or schema.get("oneOf"):
        return ", or ".join(_values(form, schemas) for form in forms)
    kind: str = schema["type"]
    if kind == "array":
        return "list of " + re.sub(
            "^(whole number|text)", r"\1s", _values(schema["items"], schemas)
        )
    if "patternProperties" in schema:  # the one map whose keys have a form of their own
        (value,) = schema["patternProperties"].values()
        return f"map from currency to {_values(value, schemas)}"
    if kind == "object":
        key = "product" if "$ref" in schema["propertyNames"] else "text"
        return f"map from {key} to {_values(schema['additionalProperties'], schemas)}"
    above = schema.get("exclusiveMinimum")
    limits = {
        " from {:g}": schema.get("minimum") if above is None else above + 1,
        " to {:g}": schema.get("maximum"),
        " of up to {} characters": schema.get("maxLength"),
    }
    shown = [text.format(limit) for text, limit in limits.items() if limit is not None]
    return TYPES.get(kind, kind) + "".join(shown)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE}")
