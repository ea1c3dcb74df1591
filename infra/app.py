"""What `cdk` runs: reads the context, creates the stack.

The stack is bound to no account or region, so `cdk synth` needs no AWS access and
`cdk deploy` uses the caller's account and region.
"""

from __future__ import annotations

import sys

import aws_cdk as cdk

from infra.deployment_settings import DeploymentSettings, InvalidSettingError
from infra.stack import BillingSyncStack


def main() -> None:
    """Write the template, or end with one line that names the context value to correct."""
    app = cdk.App()
    try:
        settings = DeploymentSettings.from_context(app.node)
    except InvalidSettingError as error:
        sys.exit(f"Nothing was deployed. {error}")
    BillingSyncStack(app, settings.stack_name, settings=settings)
    app.synth()


if __name__ == "__main__":
    main()
