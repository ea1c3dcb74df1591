"""The first step: AWS answers, the stack is there, and its console has test events."""

from botocore.exceptions import BotoCoreError, ClientError

from tools.operator.commands.test_events import published
from tools.operator.setup.context import Setup

FUNCTIONS = ("InvoiceTriggerFunction", "PermissionCheckFunction", "TestSyncFunction")


def reach_stack(setup: Setup) -> None:
    """Show the caller and the stack; raises `Unreachable` where the stack is incomplete."""
    stack = setup.stack
    setup.print(f"You are {stack.caller()}.")
    names = [stack.output(key) for key in FUNCTIONS]
    setup.print(f"Stack {stack.name} in {stack.session.region_name} has {', '.join(names)}.")
    try:
        results = published(stack)
    except (ClientError, BotoCoreError) as error:
        setup.print(f"The Lambda console has no test events, which is no hindrance: {error}")
        return
    for function, result in results.items():
        setup.print(f"{function} in the Lambda console: test events {result}.")
