"""Starts the local AWS with its permission checks on; run by the Python of `.venv-sandbox`.

Every function then has the rights of its own role and no others. Three things that AWS allows and
ministack 1.5.33 denies are corrected here; each names what the template rightly relies on.
Two things are quicker than in AWS: a schedule's minute, and unpacking what functions run.
"""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services import eventbridge, scheduler
from ministack.services.cloudformation import provisioners

Function = Callable[..., Any]
SECONDS_OF_A_MINUTE = float(os.environ["SECONDS_OF_A_MINUTE"])


def main() -> None:
    """Serves until SIGTERM."""
    iam_actions.extract_iam_action = _single_call(iam_actions.extract_iam_action)
    evaluator = vars(iam_evaluator)
    evaluator["_resolve_condition_key"] = _loopback_is_secure(evaluator["_resolve_condition_key"])
    secret = vars(provisioners)["_RESOURCE_HANDLERS"]["AWS::SecretsManager::Secret"]
    secret["create"] = _named_by_its_arn(secret["create"])
    vars(scheduler)["_SCHEDULE_TICK_INTERVAL"] = 1
    rates = vars(eventbridge)
    rates["_parse_rate_seconds"] = _quick(rates["_parse_rate_seconds"])
    zipfile.ZipFile.extractall = _once(  # type: ignore[method-assign]
        zipfile.ZipFile.extractall
    )
    app.main()


def _once(extract: Function) -> Function:
    """Every start of a function unpacks its layers anew; here the same archive is unpacked once.

    So Python compiles a layer once too, and not once for each function.
    """
    shared = Path(tempfile.mkdtemp(prefix="unpacked-"))

    def extractall(archive: zipfile.ZipFile, path: str) -> None:
        contents = repr([(each.filename, each.CRC) for each in archive.infolist()])
        unpacked = shared / hashlib.sha256(contents.encode()).hexdigest()
        if not unpacked.exists():
            # Unpacked beside and renamed: no function ever reads half a layer.
            beside = tempfile.mkdtemp(dir=shared)
            extract(archive, beside)
            with suppress(OSError):  # another start was quicker
                Path(beside).rename(unpacked)
        for entry in unpacked.iterdir():
            Path(path, entry.name).symlink_to(entry)

    return extractall


def _quick(seconds_of: Function) -> Function:
    """`rate(1 minute)` is the shortest that AWS takes, and most of what a demo would wait for."""

    def seconds(expression: str) -> float | None:
        found = seconds_of(expression)
        return None if found is None else found / 60 * SECONDS_OF_A_MINUTE

    return seconds


def _single_call(find_action: Function) -> Function:
    """A batch needs the single call's right (docs: SQS Developer Guide, API permissions)."""

    def action(*request: object) -> str | None:
        found: str | None = find_action(*request)
        return "sqs:SendMessage" if found == "sqs:SendMessageBatch" else found

    return action


def _loopback_is_secure(resolve: Function) -> Function:
    """Buckets and queues that refuse plain HTTP take it here, where it leaves no machine."""

    def resolved(key: str, context: object) -> object:
        return "true" if key.lower() == "aws:securetransport" else resolve(key, context)

    return resolved


def _named_by_its_arn(create: Function) -> Function:
    """CloudFormation's `Ref` of a secret is its ARN, which is what policies need."""

    def created(*resource: object) -> tuple[str, dict[str, str]]:
        _, attributes = create(*resource)
        return attributes["Arn"], attributes

    return created


if __name__ == "__main__":
    main()
