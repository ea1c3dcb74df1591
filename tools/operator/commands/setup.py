"""`billing-sync setup`: from a deployed stack to a first trusted sync."""

from pathlib import Path

import click

from billing_sync.domain.vendors.usage import Product
from tools.operator.credentials.sources import Source
from tools.operator.errors import Unanswered
from tools.operator.options import credential_source, of_a_stack
from tools.operator.setup.context import Setup
from tools.operator.setup.steps import STEPS, Step
from tools.operator.stack import Stack
from tools.operator.terminal import terminal


class ProductItem(click.ParamType[tuple[str, int]]):
    """`edr=101`: a product and the id of the catalog item that bills it."""

    name = "product=id"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Product and id; fails naming what is wrong."""
        product, _, number = str(value).partition("=")
        products = [each.value for each in Product]
        if product not in products:
            self.fail(f"'{product}' is no product; products are {', '.join(products)}", param, ctx)
        if not (number.isascii() and number.isdecimal() and int(number) > 0):
            self.fail(f"'{number}' is no catalog item id, as in {product}=101", param, ctx)
        return product, int(number)


@click.command()
@credential_source
@click.option("--item", "items", type=ProductItem(), multiple=True, help="As in --item edr=101.")
@click.option("--accept-exact", is_flag=True, help="Accept mappings of exactly equal names.")
@click.option("--huntress-sync-is-off", is_flag=True, help="You saw Huntress's own sync to be off.")
@click.option("--turn-on/--leave-off", default=None, help="Answer to the last question.")
@of_a_stack
def setup(
    *,
    stack: Stack,
    file: Path | None,
    from_environment: bool,
    items: tuple[tuple[str, int], ...],
    accept_exact: bool,
    huntress_sync_is_off: bool,
    turn_on: bool | None,
) -> None:
    """Set everything up, step by step, to a first preview and sync.

    Can be stopped at any question and started again: what is done stays done, and no billing
    changes before the last question. Every step is a command of its own, too; with the options
    nothing is asked.

    \b
    billing-sync setup
    billing-sync setup --file keys.json --item edr=101 --accept-exact --huntress-sync-is-off
    """
    context = Setup(
        stack,
        terminal(),
        Source(file, from_environment, local=stack.local),
        dict(items),
        accept_exact=accept_exact,
        huntress_sync_is_off=huntress_sync_is_off,
        turn_on=turn_on,
    )
    for number, step in enumerate(STEPS, 1):
        context.console.print()
        context.console.rule(f"{number} of {len(STEPS)}: {step.title}", align="left")
        try:
            step.do(context)
        except (click.Abort, Unanswered):
            click.echo(err=True)
            raise Unanswered(_stopped(number, step)) from None
    context.print("\nSet up.")


def _stopped(number: int, step: Step) -> str:
    return (
        f"stopped at step {number}, {step.title.lower()}. `billing-sync setup` goes on from there,"
        f" `billing-sync {step.alone}` does that step alone; `billing-sync setup --help` lists the"
        " options that answer without a person. Nothing was written to ConnectWise."
    )
