"""`python -m tools.sandbox`: the whole product on this machine until Ctrl-C.

`python -m tools.sandbox stop` ends the one that runs and waits until it is gone.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

from tools.sandbox.addresses import VendorAddresses
from tools.sandbox.description import Description
from tools.sandbox.ending import end_in_good_order
from tools.sandbox.errors import SandboxError
from tools.sandbox.lock import stop
from tools.sandbox.programs import ROOT
from tools.sandbox.running import DESCRIPTION, running_sandbox
from tools.sandbox.seed import KEYS


def main() -> int:
    """The exit status: 0 when all went as asked."""
    parser = argparse.ArgumentParser(prog="python -m tools.sandbox", description=__doc__)
    parser.add_argument("action", nargs="?", choices=["start", "stop"], default="start")
    parser.add_argument("--folder", type=Path, default=ROOT / "build", help="where its files go")
    parser.add_argument("--empty", action="store_true", help="set nothing up after deploying")
    options = parser.parse_args()
    folder = options.folder.resolve()
    try:
        return _start(folder, empty=options.empty) if options.action == "start" else _stop(folder)
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 1


def _start(folder: Path, *, empty: bool) -> int:
    end_in_good_order()
    try:
        vendors = VendorAddresses.from_environment(os.environ)
        with running_sandbox(folder, vendors=vendors, report=_print, empty=empty) as sandbox:
            _print(_how_to_use(sandbox, folder / DESCRIPTION))
            if empty:
                _print(f"Set it up:                 {_setup(folder, sandbox)}")
            signal.pause()
    except KeyboardInterrupt:
        _print("The sandbox has ended.")
    return 0


def _stop(folder: Path) -> int:
    _print("The sandbox has ended." if stop(folder) else "No sandbox runs.")
    return 0


def _print(line: str) -> None:
    print(line, flush=True)


def _setup(folder: Path, sandbox: Description) -> str:
    keys = f" (the vendors' keys are in {folder / 'sandbox' / KEYS})" if sandbox.world_now else ""
    return f".venv/bin/billing-sync setup --sandbox {folder}{keys}"


def _how_to_use(sandbox: Description, file: Path) -> str:
    exports = " ".join(f"{name}={value}" for name, value in sandbox.aws.environment.items())
    new_invoice = (
        f"Make the invoice appear:   curl -X POST {sandbox.vendors.huntress_url}"
        "/_sandbox/new-invoice\n"
    )
    return (
        f"\nThe stack {sandbox.stack} runs. Sync is off: nothing is written until you turn it on.\n"
        f"Everything about it:       {file}\n"
        f"Huntress and ConnectWise:  {sandbox.vendors.huntress_url}"
        f"  {sandbox.vendors.connectwise_url}\n"
        f"{new_invoice if sandbox.world_now else ''}"
        f"For AWS tools:             export {exports}\n"
        "End it:                    Ctrl-C, or `make sandbox-stop`"
    )


if __name__ == "__main__":
    sys.exit(main())
