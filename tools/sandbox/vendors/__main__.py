"""`python -m tools.sandbox.vendors --state FILE`: both stand-ins with the seeded world.

Writes addresses and credentials as JSON to FILE and then one line to standard output; ends on
SIGTERM or Ctrl-C.
`POST <huntress>/_sandbox/new-invoice` makes the world's new invoice appear, `…/usages/<id>` changes
what an organization uses.
"""

import argparse
import json
import signal
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from tools.sandbox.vendors.connectwise import DEMO_CLIENT_ID, ConnectWiseFake
from tools.sandbox.vendors.huntress import HuntressFake
from tools.sandbox.world.build import build_world


def main() -> None:
    """Serves until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m tools.sandbox.vendors")
    parser.add_argument("--state", type=Path, required=True, help="where to write the addresses")
    parser.add_argument("--calls-per-minute", type=int, default=60, help="Huntress's limit")
    options = parser.parse_args()
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    world = build_world(datetime.now(UTC).replace(microsecond=0))
    huntress = HuntressFake(world.huntress, calls_per_minute=options.calls_per_minute)
    connectwise = ConnectWiseFake(world.connectwise)
    huntress.admin.route(
        "POST",
        "new-invoice",
        lambda _: huntress.add_invoice(world.new_invoice(datetime.now(UTC))),
    )
    huntress.admin.route(
        "POST", r"usages/(\d+)", lambda usages, number: huntress.set_usages(int(number), usages)
    )
    with huntress, connectwise:
        _write(options.state, _addresses(huntress, connectwise, now=world.now))
        print(f"Huntress {huntress.url}, ConnectWise {connectwise.url}", flush=True)
        stop.wait()


def _addresses(
    huntress: HuntressFake, connectwise: ConnectWiseFake, *, now: datetime
) -> dict[str, object]:
    """What the two secrets hold, and the `now` from which the world can be built again."""
    return {
        "now": now.isoformat(),
        "huntress": {"base_url": huntress.url, "api_key": "hk_demo", "api_secret": "hs_demo"},
        "connectwise": {
            "site": connectwise.url,
            "login_company": "demo",
            "public_key": "pub",
            "private_key": "priv",
            "client_id": DEMO_CLIENT_ID,
        },
    }


def _write(path: Path, value: dict[str, object]) -> None:
    """All at once, so that a reader never sees half a file."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(value, indent=2) + "\n")
    part.replace(path)


if __name__ == "__main__":
    main()
