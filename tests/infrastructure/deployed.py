"""Reads a synthesized template the way a reviewer does: by function, by place, by right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

from infra.deployment_settings import DeploymentSettings
from infra.stack import BillingSyncStack

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = (
    *("invoice-trigger", "company-sync", "permission-check"),
    *("test-sync", "sync-preview", "run-report"),
)


@dataclass(frozen=True)
class Deployed:
    """One stack's template and the folder its assets were staged in."""

    template: dict[str, Any]
    folder: Path

    def all(self, resource_type: str) -> dict[str, dict[str, Any]]:
        """Properties by logical id."""
        return {
            logical_id: resource.get("Properties", {})
            for logical_id, resource in self.template["Resources"].items()
            if resource["Type"] == resource_type
        }

    def place(self, output: str) -> str:
        """The logical id behind an output."""
        (logical_id,) = referenced(self.template["Outputs"][output]["Value"])
        return logical_id

    def function(self, name: str) -> dict[str, Any]:
        """The properties of invoice-trigger, company-sync …"""
        (found,) = (
            properties
            for properties in self.all("AWS::Lambda::Function").values()
            if properties["FunctionName"].endswith(f"-{name}")
        )
        return found

    def statements(self, name: str) -> list[dict[str, Any]]:
        """Everything a function's role allows."""
        (role,) = referenced(self.function(name)["Role"])
        return self.statements_of_role(role)

    def statements_of_role(self, role: str) -> list[dict[str, Any]]:
        """Everything a role's policies allow."""
        return [
            statement
            for policy in self.all("AWS::IAM::Policy").values()
            if role in referenced(policy["Roles"])
            for statement in policy["PolicyDocument"]["Statement"]
        ]

    def rights(self, name: str, output: str) -> set[str]:
        """What a function may do with the place behind an output."""
        place = self.place(output)
        return {
            action
            for statement in self.statements(name)
            if place in referenced(statement["Resource"])
            for action in as_list(statement["Action"])
        }

    def asset(self, code: dict[str, Any]) -> Path:
        """The folder that is zipped for a function or layer."""
        return self.folder / ("asset." + code["S3Key"].removesuffix(".zip"))


def referenced(value: object) -> set[str]:
    """The logical ids a template value points at, however it is joined together."""
    return set(_references(value))


def _references(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _references(part)
    elif isinstance(value, dict):
        if "Ref" in value:
            yield value["Ref"]
        elif "Fn::GetAtt" in value:
            yield value["Fn::GetAtt"][0]
        else:
            yield from _references(list(value.values()))


def as_list(value: Any) -> list[Any]:
    """IAM's and CloudFormation's habit of writing one thing without its list."""
    return value if isinstance(value, list) else [value]


def context_of_the_repository() -> dict[str, Any]:
    """What cdk.json says."""
    context: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]
    return context


def app_with(folder: Path | None = None, **context: object) -> cdk.App:
    """An app that skips building the dependencies layer."""
    skip = {"aws:cdk:bundling-stacks": []}
    return cdk.App(
        context={**context_of_the_repository(), **skip, **context},
        outdir=str(folder) if folder else None,
    )


def synthesized(folder: Path, **context: object) -> Deployed:
    """The stack that this context makes."""
    app = app_with(folder, **context)
    settings = DeploymentSettings.from_context(app.node)
    stack = BillingSyncStack(app, settings.stack_name, settings=settings)
    return Deployed(Template.from_stack(stack).to_json(), folder)
