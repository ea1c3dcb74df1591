"""The first step: AWS answers, the stack is there, and its console has test events."""

from botocore.exceptions import BotoCoreError, ClientError

from tools.operator.commands.test_events import published
from tools.operator.setup.context import Setup

FUNCTIONS = ("InvoiceTriggerFunction", "PermissionCheckFunction", "TestSyncFunction")


def reach_stack(setup: Setup) -> None:
    """Tell who asks and where; raises `Unreachable` where the stack is not all there."""
    stack = setup.stack
    setup.say(f"You are {stack.caller()}.")
    names = [stack.output(key) for key in FUNCTIONS]
    setup.say(f"Stack {stack.name} in {stack.session.region_name} has {', '.join(names)}.")
    try:
        told = published(stack)
    except (ClientError, BotoCoreError) as error:
        setup.say(f"The Lambda console has no test events, which is no hindrance: {error}")
        return
    for function, what in told.items():
        setup.say(f"{function} in the Lambda console: test events {what}.")
