"""`billing-sync check`: whether a sync could work, and what to do where it could not."""

import sys

import click

from tools.operator.answer import print_answer
from tools.operator.check_view import show_checks
from tools.operator.options import as_json, of_a_stack
from tools.operator.stack import Stack
from tools.operator.terminal import terminal


@click.command()
@as_json
@of_a_stack
def check(*, stack: Stack, as_json: bool) -> None:
    """Look for what would keep a sync from working; write nothing.

    Reads Huntress, ConnectWise, settings and mappings, and reports line by line what is wrong and
    which click path or command fixes it. Ends with 0 when READY, with 1 when something failed or
    could not be verified.

    Example: billing-sync check --stack BillingSync
    """
    answer = stack.invoke("permission-check", {})
    if as_json:
        print_answer(answer)
    else:
        show_checks(terminal(), answer)
    sys.exit(0 if answer["result"].startswith("READY") else 1)
