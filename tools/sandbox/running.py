"""A whole sandbox: AWS, the vendors, the deployed stack, and what it needs to be told."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tools.sandbox.addresses import VendorAddresses
from tools.sandbox.aws import local_aws
from tools.sandbox.command_line import billing_sync
from tools.sandbox.deploy import deploy
from tools.sandbox.description import Description
from tools.sandbox.lock import claim
from tools.sandbox.seed import keys_stored, remember_earlier_writes, setting_up, write_keys
from tools.sandbox.stack import DeployedStack
from tools.sandbox.stand_ins import running_stand_ins

DESCRIPTION = "sandbox.json"


@contextmanager
def running_sandbox(
    folder: Path,
    *,
    vendors: VendorAddresses | None,
    tell: Callable[[str], object],
    empty: bool = False,
) -> Iterator[Description]:
    """Everything runs inside the `with`, and `sandbox.json` is in `folder`.

    Without `vendors` there are stand-ins with a seeded world, and the stack is set up for it,
    unless it is to be `empty`: then the vendors' keys are only in `sandbox/keys.json`.
    Sync is off. Raises SandboxError.
    """
    claim(folder)
    with ExitStack() as stack:
        logs = folder / "sandbox"
        tell("Starting AWS on this machine")
        aws = stack.enter_context(local_aws(logs))
        stand_ins = None
        if vendors is None:
            tell("Starting stand-ins for Huntress and ConnectWise")
            stand_ins = stack.enter_context(running_stand_ins(logs))
            vendors = stand_ins.addresses
        tell("Deploying the stack with cdk deploy")
        name, outputs = deploy(aws, folder=logs)
        sandbox = Description(
            pid=os.getpid(),
            aws=aws,
            stack=name,
            outputs=outputs,
            vendors=vendors,
            world_now=stand_ins.world_now.isoformat() if stand_ins else "",
        )
        sandbox.write(logs / DESCRIPTION)
        keys = write_keys(vendors, logs, hurried=stand_ins is not None)
        commands = setting_up(logs, stand_ins.world()) if stand_ins else keys_stored(logs)
        if not empty:
            tell("Setting it up with billing-sync")
            for words in commands:
                billing_sync(logs, *words)
        if stand_ins:
            remember_earlier_writes(DeployedStack(sandbox), stand_ins.world())
        else:
            keys.unlink()  # these may be real
        sandbox.write(folder / DESCRIPTION)
        stack.callback((folder / DESCRIPTION).unlink, missing_ok=True)
        yield sandbox
