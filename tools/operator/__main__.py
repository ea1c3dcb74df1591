"""`billing-sync`, put together from its commands."""

import click

from tools.operator.commands.check import check
from tools.operator.commands.companies import companies
from tools.operator.commands.credentials import credentials
from tools.operator.commands.decline import decline
from tools.operator.commands.forecast import forecast
from tools.operator.commands.invoices import invoice, invoices
from tools.operator.commands.mappings import mappings
from tools.operator.commands.notifications import notifications
from tools.operator.commands.preview import preview
from tools.operator.commands.redrive import redrive
from tools.operator.commands.release import release
from tools.operator.commands.report import report
from tools.operator.commands.runs import runs
from tools.operator.commands.settings import settings
from tools.operator.commands.setup import setup
from tools.operator.commands.show import show
from tools.operator.commands.stop import stop
from tools.operator.commands.sync import sync
from tools.operator.commands.test_events import test_events
from tools.operator.commands.undo import undo
from tools.operator.commands.usage import usage
from tools.operator.commands.watch import watch

COMMANDS = (
    setup,
    credentials,
    settings,
    mappings,
    companies,
    check,
    notifications,
    preview,
    forecast,
    sync,
    release,
    decline,
    undo,
    stop,
    invoices,
    invoice,
    runs,
    show,
    watch,
    report,
    redrive,
    test_events,
    usage,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def billing_sync() -> None:
    """Bill ConnectWise agreements for what Huntress counted.

    Uses your AWS credentials (profile and region as of the AWS command line) and finds the
    functions by the outputs of the CloudFormation stack.

    \b
    Exit status:
      0  done; nothing waits for a person
      1  refused, or the run failed, was stopped, or could not read everything
      2  the command was not understood, or nobody could answer its question
      3  AWS cannot be reached, or has no such stack
      4  done, but rows wait for a person: held, blocked, or changed by somebody else
    130  interrupted; a run that was asked for goes on
    """


for command in COMMANDS:
    billing_sync.add_command(command)


if __name__ == "__main__":
    billing_sync(prog_name="billing-sync")
