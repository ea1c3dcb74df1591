"""Starts the local AWS with its permission checks on; run by the Python of `.venv-sandbox`.

Every function then has the rights of its own role and no others. Three things that AWS allows and
ministack 1.5.33 denies are mended here; each names what the template rightly relies on.
"""

from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.services.cloudformation import provisioners

Function = Callable[..., Any]


def main() -> None:
    """Serves until SIGTERM."""
    iam_actions.extract_iam_action = _single_call(iam_actions.extract_iam_action)
    evaluator = vars(iam_evaluator)
    evaluator["_resolve_condition_key"] = _loopback_is_secure(evaluator["_resolve_condition_key"])
    secret = vars(provisioners)["_RESOURCE_HANDLERS"]["AWS::SecretsManager::Secret"]
    secret["create"] = _named_by_its_arn(secret["create"])
    app.main()


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
