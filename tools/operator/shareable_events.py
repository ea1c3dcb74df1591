"""Sample events as the shareable test events of the Lambda console.

The console keeps them in EventBridge's schema registry, of which there is one in each account and
Region: a schema for each function, with the events as its examples (Lambda Developer Guide,
"Testing Lambda functions in the console").
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from tools.operator.stack import Stack

EVENTS = Path(__file__).resolve().parents[2] / "events"
REGISTRY = "lambda-testevent-schemas"
# What people press; the other functions are woken by the stack itself.
FUNCTIONS = ("test-sync", "sync-preview", "permission-check")
Events = Mapping[str, Any]


def samples(function: str) -> dict[str, Any]:
    """By name the sample events of a function, in the order in which the console lists them."""
    files = sorted((EVENTS / function.replace("-", "_")).glob("*.json"))
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in files}


def publish(stack: Stack) -> dict[str, str]:
    """Make the samples shareable; by function's name what was done: created, updated, unchanged.

    Safe to repeat. Events that people saved for our functions stay, and nobody else's are touched.
    """
    names = {function: stack.output(_output(function)) for function in FUNCTIONS}
    schemas = stack.client("schemas")
    _make_registry(schemas)
    return {name: _publish(schemas, name, samples(function)) for function, name in names.items()}


def _output(function: str) -> str:
    return "".join(word.capitalize() for word in function.split("-")) + "Function"


def _make_registry(schemas: Any) -> None:
    try:
        schemas.describe_registry(RegistryName=REGISTRY)
    except schemas.exceptions.NotFoundException:
        try:
            schemas.create_registry(RegistryName=REGISTRY)
        except schemas.exceptions.ConflictException:
            return  # somebody was quicker


def _publish(schemas: Any, function: str, events: Events) -> str:
    schema = {"RegistryName": REGISTRY, "SchemaName": f"_{function}-schema"}
    try:
        published = schemas.describe_schema(**schema)["Content"]
    except schemas.exceptions.NotFoundException:
        return _create(schemas, function, events)
    kept = {**_examples(published), **events}
    if kept == _examples(published):
        return "unchanged"
    schemas.update_schema(**schema, Type="OpenApi3", Content=document(kept))
    return "updated"


def _create(schemas: Any, function: str, events: Events) -> str:
    try:
        schemas.create_schema(
            RegistryName=REGISTRY,
            SchemaName=f"_{function}-schema",
            Type="OpenApi3",
            Content=document(events),
        )
    except ClientError as error:
        # The service's model does not list this one for CreateSchema.
        if error.response["Error"]["Code"] != "ConflictException":
            raise
        return _publish(schemas, function, events)
    return "created"


def document(events: Events) -> str:
    """The schema in which the console looks for events: an OpenAPI document's examples."""
    return json.dumps(
        {
            "openapi": "3.0.0",
            "info": {"version": "1.0.0", "title": "Event"},
            "paths": {},
            "components": {
                "schemas": {"Event": {"type": "object"}},
                "examples": {name: {"value": event} for name, event in events.items()},
            },
        }
    )


def _examples(content: str) -> dict[str, Any]:
    """Events by name; none where somebody left what is no such document."""
    try:
        examples = json.loads(content)["components"]["examples"]
        return {name: example["value"] for name, example in examples.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
