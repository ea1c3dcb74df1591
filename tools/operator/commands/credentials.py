"""`billing-sync credentials`: the vendors' keys into Secrets Manager, tried at once."""

from pathlib import Path

import click

from tools.operator.answer import print_answer
from tools.operator.check_view import show_lines
from tools.operator.credentials.sources import Source
from tools.operator.credentials.storing import refused, store
from tools.operator.credentials.vendors import VENDORS
from tools.operator.errors import Refused
from tools.operator.options import as_json, credential_source, of_a_stack
from tools.operator.stack import Stack
from tools.operator.terminal import terminal


@click.command()
@click.argument("vendor", type=click.Choice(list(VENDORS)))
@credential_source
@as_json
@of_a_stack
def credentials(
    *, stack: Stack, vendor: str, file: Path | None, from_environment: bool, as_json: bool
) -> None:
    """Store the keys of Huntress or ConnectWise, and try them.

    Asks for them without showing what is typed, and keeps them nowhere but in the stack's secret.
    Keys that the vendor refuses do not take the place of earlier ones.

    \b
    Example:
      billing-sync credentials huntress
    """
    chosen = VENDORS[vendor]
    source = Source(file, from_environment, local=stack.local)
    lines = store(stack, chosen, source.read(chosen))
    if as_json:
        print_answer({"vendor": vendor, "checks": lines})
    else:
        show_lines(terminal(), lines)
    if refused(lines):
        raise Refused(f"{chosen.name} rejected these keys. The earlier ones are still active.")
