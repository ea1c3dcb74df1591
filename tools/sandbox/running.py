"""A whole sandbox: AWS, the vendors, the deployed stack, and how it is configured."""

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
from tools.sandbox.seed import remember_earlier_writes, setting_up, store_callers_keys, write_keys
from tools.sandbox.stack import DeployedStack
from tools.sandbox.vendor_servers import running_stand_ins

DESCRIPTION = "sandbox.json"


@contextmanager
def running_sandbox(
    folder: Path,
    *,
    vendors: VendorAddresses | None,
    report: Callable[[str], object],
    empty: bool = False,
) -> Iterator[Description]:
    """Everything runs inside the `with`, and `sandbox.json` is in `folder`.

    Without `vendors` there are stand-ins with a seeded world, and the stack is set up for it,
    unless it is to be `empty`: then the vendors' keys are only in `sandbox/keys.json`.
    Sync is off. Raises SandboxError.
    """
    claim(folder)
    (folder / DESCRIPTION).unlink(missing_ok=True)  # of a sandbox that was killed
    with ExitStack() as stack:
        logs = folder / "sandbox"
        report("Starting AWS on this machine")
        aws = stack.enter_context(local_aws(logs))
        stand_ins = None
        if vendors is None:
            report("Starting stand-ins for Huntress and ConnectWise")
            stand_ins = stack.enter_context(running_stand_ins(logs))
            vendors = stand_ins.addresses
        report("Deploying the stack with cdk deploy")
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
        if not empty:
            report("Setting it up with billing-sync")
        if stand_ins:
            write_keys(vendors, logs, hurried=True)
            commands = setting_up(logs, stand_ins.world())
            for words in () if empty else commands:
                billing_sync(logs, *words)
            remember_earlier_writes(DeployedStack(sandbox), stand_ins.world())
        elif not empty:
            store_callers_keys(vendors, logs)
        sandbox.write(folder / DESCRIPTION)
        stack.callback((folder / DESCRIPTION).unlink, missing_ok=True)
        yield sandbox
