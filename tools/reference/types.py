"""What may be written for an attribute, in words, from the model's JSON schema."""

import json
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
_SIMPLE = {
    "boolean": "`true` or `false`",
    "integer": "whole number",
    "number": "number",
    "string": "text",
}


class Types:
    """Words for the types of one model; `sections` are titles of nested models by class name."""

    def __init__(self, definitions: Schema, *, sections: Mapping[str, str]) -> None:
        self._definitions, self._sections = definitions, sections

    def words(self, schema: Schema) -> str:
        """As in `whole number from 1 to 60`."""
        if "$ref" in schema:
            return self._named(schema["$ref"].rpartition("/")[2])
        if "anyOf" in schema:
            return self._one_of(schema["anyOf"])
        kind = schema.get("type", "string")
        if kind == "array":
            return f"list of {_plural(self.words(schema['items']))}"
        return self._map(schema) if kind == "object" else _SIMPLE[kind] + _limits(schema)

    def default(self, schema: Schema, *, required: bool) -> str:
        """As it would be typed; nothing where there is none."""
        value = schema.get("default")
        if required:
            return "required"
        if value in (None, "", [], {}) or isinstance(value, dict):
            return ""
        return f"`{value if isinstance(value, str) else json.dumps(value)}`"

    def _named(self, name: str) -> str:
        if name in self._sections:
            title = self._sections[name]
            return f"[{title.lower()}](#{_anchor(title)})"
        return _alternatives([f"`{value}`" for value in self._definitions[name]["enum"]])

    def _one_of(self, options: list[Schema]) -> str:
        """Numbers may come as text and times as dates; neither is what a person needs to know."""
        shown = [option for option in options if option.get("type") != "null"]
        numbers = [option for option in shown if option.get("type") == "number"]
        return self.words((numbers or shown)[0])

    def _map(self, schema: Schema) -> str:
        key = "product" if "$ref" in schema["propertyNames"] else "text"
        return f"map from {key} to {self.words(schema['additionalProperties'])}"


def _limits(schema: Schema) -> str:
    """Both spellings: pydantic leaves a limit it cannot place under its own name."""
    if "maxLength" in schema:
        return f" of up to {schema['maxLength']} characters"
    lowest = schema.get("minimum")
    if "exclusiveMinimum" in schema:
        lowest = schema["exclusiveMinimum"] + 1
    highest = schema.get("maximum", schema.get("le"))
    told = f" from {lowest:g}" if lowest is not None else ""
    return told + (f" to {highest:g}" if highest is not None else "")


def _alternatives(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"


def _plural(words: str) -> str:
    if words.startswith(("`", "[")):
        return words
    return words.replace("number", "numbers", 1).replace("text", "texts", 1)


def _anchor(title: str) -> str:
    kept = "".join(each for each in title.lower() if each.isalnum() or each in " -_")
    return kept.replace(" ", "-")
