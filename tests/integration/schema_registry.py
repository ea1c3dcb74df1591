"""EventBridge's schema registry over HTTP: remembers, and takes what botocore's model allows."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import botocore.session
from botocore.validate import ParamValidator

from tools.sandbox.vendors.messages import Call, Reply
from tools.sandbox.vendors.server import VendorServer

OPERATIONS = (
    "CreateRegistry",
    "DescribeRegistry",
    "CreateSchema",
    "DescribeSchema",
    "UpdateSchema",
)
OPEN_API = {"openapi", "info", "paths", "components"}
NAME = re.compile(r"[0-9A-Za-z._@-]{1,385}")
Given = dict[str, Any]


class SchemaRegistry(VendorServer):
    """Registries with their schemas, and every version of each."""

    def __init__(self) -> None:
        super().__init__()
        self.registries: dict[str, dict[str, list[str]]] = {}
        self.calls: list[str] = []
        model = botocore.session.get_session().get_service_model("schemas")
        self._operations = [model.operation_model(name) for name in OPERATIONS]

    def answer(self, call: Call) -> Reply:
        """As the service does; what its model does not allow is a BadRequestException."""
        for operation in self._operations:
            path = re.sub(r"\{\w+\}", "([^/]+)", operation.http["requestUri"])
            found = re.fullmatch(path, call.path)
            if found and operation.http["method"] == call.method:
                names = re.findall(r"\{(\w+)\}", operation.http["requestUri"])
                in_path = dict(zip(names, map(unquote, found.groups()), strict=True))
                return self._asked(operation, in_path, dict(call.json() or {}))
        return _error(404, "NotFoundException", f"no such operation: {call.target}")

    def _asked(self, operation: Any, in_path: Mapping[str, str], body: Given) -> Reply:
        members = operation.input_shape.members
        of_path = {
            name: in_path[shape.serialization["name"]]
            for name, shape in members.items()
            if shape.serialization.get("location") == "uri"
        }
        wrong = ParamValidator().validate({**body, **of_path}, operation.input_shape)
        unknown = set(body) - set(members)
        if wrong.has_errors() or unknown:
            return _error(400, "BadRequestException", f"{wrong.generate_report()} {unknown}")
        if not all(NAME.fullmatch(name) for name in of_path.values()):
            return _error(400, "BadRequestException", "name")
        self.calls.append(operation.name)
        made: Reply = getattr(self, f"_{operation.name}")(**of_path, **body)
        return made

    def _CreateRegistry(self, *, RegistryName: str) -> Reply:  # noqa: N802, N803
        if RegistryName in self.registries:
            return _error(409, "ConflictException", f"{RegistryName} exists")
        self.registries[RegistryName] = {}
        return Reply.as_json({"RegistryName": RegistryName}, status=201)

    def _DescribeRegistry(self, *, RegistryName: str) -> Reply:  # noqa: N802, N803
        if RegistryName not in self.registries:
            return _error(404, "NotFoundException", f"{RegistryName} does not exist")
        return Reply.as_json({"RegistryName": RegistryName})

    def _CreateSchema(self, *, RegistryName: str, SchemaName: str, **given: Any) -> Reply:  # noqa: N802, N803
        if RegistryName not in self.registries:
            return _error(404, "NotFoundException", f"{RegistryName} does not exist")
        if SchemaName in self.registries[RegistryName]:
            return _error(409, "ConflictException", f"{SchemaName} exists")
        return self._added(RegistryName, SchemaName, given, status=201)

    def _DescribeSchema(self, *, RegistryName: str, SchemaName: str) -> Reply:  # noqa: N802, N803
        versions = self.registries.get(RegistryName, {}).get(SchemaName)
        if not versions:
            return _error(404, "NotFoundException", f"{SchemaName} does not exist")
        told = {"SchemaName": SchemaName, "SchemaVersion": str(len(versions)), "Type": "OpenApi3"}
        return Reply.as_json({**told, "Content": versions[-1]})

    def _UpdateSchema(self, *, RegistryName: str, SchemaName: str, **given: Any) -> Reply:  # noqa: N802, N803
        if SchemaName not in self.registries.get(RegistryName, {}):
            return _error(404, "NotFoundException", f"{SchemaName} does not exist")
        return self._added(RegistryName, SchemaName, given, status=200)

    def _added(self, registry: str, name: str, given: Given, *, status: int) -> Reply:
        content = given.get("Content", "")
        try:
            document = json.loads(content)
        except ValueError:
            document = {}
        if given.get("Type") != "OpenApi3" or document.keys() < OPEN_API:
            return _error(400, "BadRequestException", "no OpenApi3 document")
        versions = self.registries[registry].setdefault(name, [])
        versions.append(content)
        told = {"SchemaName": name, "SchemaVersion": str(len(versions)), "Type": "OpenApi3"}
        return Reply.as_json(told, status=status)

    def dump(self) -> dict[str, object]:
        """Everything."""
        return {"registries": self.registries}


def _error(status: int, code: str, message: str) -> Reply:
    return Reply.as_json(
        {"Code": code, "Message": message}, status=status, headers={"x-amzn-ErrorType": code}
    )
