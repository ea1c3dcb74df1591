"""The last steps: everything is checked, the plan is seen, and a person turns sync on."""

from tools.operator.asking import Declined
from tools.operator.check_view import show_checks
from tools.operator.errors import Refused
from tools.operator.runs.following import GOT_THROUGH, followed
from tools.operator.runs.requesting import request
from tools.operator.runs.view import show_run
from tools.operator.settings.attributes import choices, with_attribute
from tools.operator.settings.edit import put_in_force
from tools.operator.settings.reader import Reading, SettingsBook, settings_of
from tools.operator.setup.context import Setup


def check_all(setup: Setup) -> None:
    """Run every check; raises `Refused` where one fails."""
    answer = setup.stack.invoke("permission-check", {})
    show_checks(setup.console, answer)
    if not str(answer["result"]).startswith("READY"):
        raise Refused("fix what is marked, then `billing-sync setup` goes on from here.")


def show_preview(setup: Setup) -> None:
    """Plan with today's numbers, or the last invoice's, and write nothing."""
    preview = followed(setup.stack, request(setup.stack, "preview"))
    show_run(setup.console, preview)
    if preview["verdict"] not in GOT_THROUGH:
        raise Refused("the preview did not get through; try again with `billing-sync setup`.")


def turn_on(setup: Setup) -> None:
    """The last question; without a yes sync stays off, and everything else stays as set up."""
    book = settings_of(setup.stack)
    read = book.read()
    if (read.current or {}).get("sync_enabled") is True:
        setup.print("Sync is on: the next Huntress invoice is billed by itself.")
        return
    if setup.turn_on is not False and _turned_on(setup, book, read):
        return
    setup.print("Sync stays off. `billing-sync settings set sync_enabled true` turns it on.")


def _turned_on(setup: Setup, book: SettingsBook, read: Reading) -> bool:
    chosen = with_attribute(choices(read.current), "sync_enabled", value=True)
    try:
        put_in_force(book, read, chosen=chosen, yes=setup.turn_on is True)
    except Declined:
        return False
    return True
