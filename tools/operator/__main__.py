"""`billing-sync`, put together from its commands."""

import click

from tools.operator.commands.check import check
from tools.operator.commands.forecast import forecast
from tools.operator.commands.settings import settings
from tools.operator.commands.test_events import test_events

COMMANDS = (check, forecast, settings, test_events)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def billing_sync() -> None:
    """Bill ConnectWise agreements for what Huntress counted.

    Uses your AWS credentials (profile and region as of the AWS command line) and finds the
    functions by the outputs of the CloudFormation stack.

    \b
    Exit status:
      0  done
      1  refused, or the run did not get through
      2  the command was not understood
      3  AWS cannot be reached, or has no such stack
    """  # noqa: D301 - click reads \b as: do not wrap


for command in COMMANDS:
    billing_sync.add_command(command)


if __name__ == "__main__":
    billing_sync(prog_name="billing-sync")
