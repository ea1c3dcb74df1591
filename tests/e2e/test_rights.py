"""In the sandbox a function can do what its role allows and nothing else, as in AWS."""

import json
from contextlib import contextmanager

import pytest

from tools.sandbox.errors import SandboxError


@contextmanager
def without_rights(stack, function):
    """The function's role loses its policy for a while."""
    iam, functions = stack.client("iam"), stack.client("lambda")
    name = stack.outputs[f"{function}Function"]
    role = functions.get_function_configuration(FunctionName=name)["Role"].rpartition("/")[2]
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    iam.delete_role_policy(RoleName=role, PolicyName=policy)
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(document))


def test_a_function_without_a_grant_is_refused_and_with_it_works_again(stack):
    with without_rights(stack, "TestSync"), pytest.raises(SandboxError, match="AccessDenied"):
        stack.test_sync(action="show")
    assert "result" in stack.test_sync(action="show")
