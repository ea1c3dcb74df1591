"""The vendors' keys: kept where they work, asked for until they do."""

from tools.operator.check_view import show_lines
from tools.operator.credentials.storing import refused, store, stored, tried
from tools.operator.credentials.vendors import VENDORS
from tools.operator.errors import Refused
from tools.operator.setup.context import Setup


def store_keys(name: str, setup: Setup) -> None:
    """Keep keys that work; else take them from where the command says, and try them at once.

    Raises `Refused` when keys from a file or the environment do not work: nobody can be asked.
    """
    vendor, given = VENDORS[name], setup.source.unattended
    if not given and stored(setup.stack, vendor):
        lines = tried(setup.stack, vendor)
        show_lines(setup.console, lines)
        if not refused(lines):
            setup.print(f"{vendor.name}'s keys are stored and work.")
            return
    while True:
        lines = store(setup.stack, vendor, setup.source.read(vendor))
        show_lines(setup.console, lines)
        if not refused(lines):
            return
        if given:
            raise Refused(f"{vendor.name} rejected these keys.")
        setup.print(f"{vendor.name} rejected these keys. Please try again.")
