"""The stand-ins for both vendors: running them, and their side door."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from tools.sandbox.addresses import VendorAddresses
from tools.sandbox.programs import ROOT, Program, running
from tools.sandbox.waiting import wait_for
from tools.sandbox.world.build import World, build_world

# Huntress allows 60 calls a minute, at which a demo would be mostly waiting.
CALLS_PER_MINUTE = 6000


@dataclass(frozen=True, slots=True)
class StandIns:
    """What the stand-ins report and accept that the vendors do not.

    `world_now` is the moment from which their world was built.
    """

    addresses: VendorAddresses
    world_now: datetime

    def world(self) -> World:
        """The world as it was before anything happened."""
        return build_world(self.world_now)

    def new_invoice(self) -> dict[str, Any]:
        """Huntress makes the invoice that the world is waiting for."""
        invoice: dict[str, Any] = self._huntress("POST", "new-invoice")
        return invoice

    def use(self, organization_id: int, usages: Mapping[str, object]) -> None:
        """From now on Huntress gives these entries of the organization's `actual_usages`."""
        self._huntress("POST", f"usages/{organization_id}", usages)

    def quantities(self) -> dict[int, int]:
        """The present quantity in ConnectWise by addition."""
        additions = self._connectwise("GET", "state")["additions"]
        return {int(key): int(row["quantity"]) for key, row in additions.items()}

    def quantity_changes(self) -> list[dict[str, Any]]:
        """Every change of a quantity in ConnectWise, oldest first."""
        changes: list[dict[str, Any]] = self._connectwise("GET", "quantity-changes")
        return changes

    def changed_fields(self) -> dict[int, list[str]]:
        """By addition which fields differ from the beginning, ConnectWise's `_info` aside."""
        fields: dict[str, list[str]] = self._connectwise("GET", "changed-fields")
        return {int(key): names for key, names in fields.items()}

    def calls(self) -> tuple[int, int]:
        """How many calls Huntress and ConnectWise had so far."""
        return len(self._huntress("GET", "requests")), len(self._connectwise("GET", "requests"))

    def _huntress(self, method: str, path: str, body: object = None) -> Any:
        return _side_door(method, self.addresses.huntress_url, path, body)

    def _connectwise(self, method: str, path: str) -> Any:
        return _side_door(method, self.addresses.connectwise_url, path)


@contextmanager
def running_stand_ins(folder: Path) -> Iterator[StandIns]:
    """Both stand-ins with the seeded world, while inside the `with`."""
    state = folder / "vendors.json"
    state.unlink(missing_ok=True)
    command: list[str | Path] = [sys.executable, "-m", "tools.sandbox.vendors", "--state", state]
    command += ["--calls-per-minute", str(CALLS_PER_MINUTE)]
    environment = {"PYTHONPATH": str(ROOT)}
    log = folder / "vendors.log"
    with running("The stand-ins", command, environment=environment, log=log) as program:
        wait_for("the stand-ins", lambda: _there(program, state), seconds=30)
        addresses = json.loads(state.read_text())
        yield StandIns(
            VendorAddresses.of_stand_ins(addresses), datetime.fromisoformat(addresses["now"])
        )


def _there(program: Program, state: Path) -> bool:
    program.require_running()
    return state.exists()


def _side_door(method: str, url: str, path: str, body: object = None) -> Any:
    with requests.Session() as session:
        session.trust_env = False  # never by way of a proxy
        reply = session.request(method, f"{url}/_sandbox/{path}", json=body, timeout=30)
    reply.raise_for_status()
    return reply.json()
