"""`billing-sync test-events`: the sample events, in the Lambda console."""

import json
from dataclasses import replace
from pathlib import Path

import click
from botocore.exceptions import BotoCoreError, ClientError

from tools.operator.answer import print_answer
from tools.operator.errors import Refused
from tools.operator.options import as_json, of_a_stack
from tools.operator.shareable_events import publish
from tools.operator.stack import Stack


@click.command(name="test-events")
@click.option(
    "--outputs",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Of the stack in this file, which `cdk deploy --outputs-file` wrote.",
)
@as_json
@of_a_stack
def test_events(*, stack: Stack, outputs: Path | None, as_json: bool) -> None:
    """Publish the sample events to the Lambda console, as shareable test events.

    They are in the Test tab of test-sync, sync-preview and permission-check then, preview first.
    Safe to repeat, as in `billing-sync test-events --outputs build/outputs.json`; `make deploy`
    does it.
    """
    named = replace(stack, name=_stack_in(outputs)) if outputs else stack
    with named.trouble():
        results = published(named)
    if as_json:
        print_answer({"test_events": results})
        return
    for function, result in results.items():
        click.echo(f"{function}: test events {result}")


def published(stack: Stack) -> dict[str, str]:
    """Publish them; what became of them by function, nothing where a sandbox has no place."""
    # Whether there is such a stack is no question of the schema registry.
    stack.output("TestSyncFunction")
    try:
        return publish(stack)
    except (ClientError, BotoCoreError):
        if stack.endpoint is None:
            raise
        click.echo("Nothing was published: the sandbox's AWS has no schema registry.", err=True)
        return {}


def _stack_in(outputs: Path) -> str:
    try:
        names = list(json.loads(outputs.read_text(encoding="utf-8")))
    except ValueError:
        names = []
    if len(names) != 1:
        raise Refused(f"{outputs} names no stack, or several. Name it with --stack instead.")
    return str(names[0])
