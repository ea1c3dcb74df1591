"""`billing-sync notifications`: who learns of runs, beside the subscribers of the topic."""

import secrets
from urllib.parse import parse_qs, urlsplit

import click

from tools.operator.commands.settings_vendors import record_confirmed
from tools.operator.errors import Refused, Unanswered
from tools.operator.options import as_json, of_a_stack
from tools.operator.stack import Stack
from tools.operator.terminal import terminal

ARRIVED = (
    "A test event is on the stack's bus. Wait for your own notification of it, and type the six"
    " digits that it shows."
)


@click.group()
def notifications() -> None:
    """Confirm that somebody receives notifications.

    The usual way is a subscription to the stack's topic. AWS sends a mail with a link; do not open
    it, but confirm with it: `billing-sync notifications confirm LINK`
    """


@notifications.command()
@click.argument("link")
@click.option("--alarms", is_flag=True, help="The mail is about the topic of the alarms.")
@of_a_stack
def confirm(*, stack: Stack, link: str, alarms: bool) -> None:
    """Confirm a subscription with the link of AWS's mail, or with the token in it.

    Then only an AWS user can end it. Where the link is opened, anybody who follows the link to
    unsubscribe ends it, and mail scanners follow every link.

    Example: billing-sync notifications confirm "https://sns...&Token=2336412f37f..."
    """
    token = parse_qs(urlsplit(link).query).get("Token", [link.strip()])[0]
    answer = stack.client("sns").confirm_subscription(
        TopicArn=stack.output("AlarmTopic" if alarms else "NotificationTopic"),
        Token=token,
        AuthenticateOnUnsubscribe="true",
    )
    click.echo(f"Confirmed: {answer['SubscriptionArn']}. Now: billing-sync check")


@notifications.command()
@click.option("--by", default="", metavar="NAME", help="Who received it, where it is not you.")
@as_json
@of_a_stack
def external(*, stack: Stack, by: str, as_json: bool) -> None:
    """Record that notifications arrive by a rule of your own on the stack's bus.

    Puts a test event with six digits on the bus and asks for them. Afterwards the topic needs no
    subscriber. The rule has to match "Billing Sync Notification Test" and "Billing Sync Finished".

    Example: billing-sync notifications external --by Ann
    """
    code = f"{secrets.randbelow(10**6):06d}"
    answer = stack.invoke("permission-check", {"notify": code})
    console = terminal(aside=as_json)
    console.print(answer["result"], markup=False)
    console.print(ARRIVED)
    try:
        typed = str(click.prompt("Digits", err=True)).strip()
    except click.Abort:
        click.echo(err=True)
        raise Unanswered("no answer; nothing was confirmed.") from None
    if typed != code:
        raise Refused("these are not the digits of the test event; nothing was confirmed.")
    record_confirmed(stack, "external_notifications", by=by, as_json=as_json)
