"""The deployed stack as an operator sees it: functions to invoke, settings, runs, reports."""

import json
from collections.abc import Mapping
from typing import Any

from billing_sync.adapters.ledger.runs import LedgerRuns
from billing_sync.adapters.ledger.table import LedgerTable
from tools.sandbox.aws import PATIENT, client, session_of
from tools.sandbox.description import Description
from tools.sandbox.errors import SandboxError


class DeployedStack:
    """Talks to the local AWS of a sandbox; the names come from the stack's outputs."""

    def __init__(self, sandbox: Description) -> None:
        self.outputs = sandbox.outputs
        self._aws = sandbox.aws
        self._lambda = self.client("lambda")
        dynamodb = session_of(self._aws).resource(
            "dynamodb", endpoint_url=self._aws.endpoint, config=PATIENT
        )
        self.config = dynamodb.Table(self.outputs["ConfigTable"])
        self.ledger = LedgerTable(self.client("dynamodb"), self.outputs["LedgerTable"])
        self.runs = LedgerRuns(self.ledger)

    def invoke(self, function: str, event: Mapping[str, object]) -> Any:
        """The function's answer; `function` as in `TestSync`. Raises SandboxError if it failed."""
        reply = self._lambda.invoke(
            FunctionName=self.outputs[f"{function}Function"], Payload=json.dumps(event)
        )
        answer = json.loads(reply["Payload"].read())
        if "FunctionError" in reply:
            raise SandboxError(f"{function} failed: {answer.get('errorMessage', answer)}")
        return answer

    def test_sync(self, **request: object) -> dict[str, Any]:
        """The operator's button."""
        answer: dict[str, Any] = self.invoke("TestSync", request)
        return answer

    def report(self, run_id: str) -> dict[str, bytes]:
        """The files of a run's report by key; empty until it is written."""
        s3, bucket = self.client("s3"), self.outputs["ReportBucket"]
        found = s3.list_objects_v2(Bucket=bucket, Prefix=f"runs/{run_id}/").get("Contents", [])
        keys = [entry["Key"] for entry in found]
        return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys}

    def client(self, service: str) -> Any:
        """A boto3 client for the local AWS."""
        return client(self._aws, service)
