"""The state whose tables and messages are kept: two invoices' runs, and one that waits.

Of the first run Alder's row was released, Xenon's released and undone, Copperfield's declined, and
Ullswater's still waits. The second run is being applied: nobody knows whether its write of Alder
arrived. A third invoice waits for it.
"""

import json
from contextlib import chdir
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import time_machine

from tests.integration.aws_endpoint import AwsEndpoint
from tests.integration.conftest import START
from tests.integration.local_stack import Event, LocalStack, local_stack
from tests.integration.operator_line import OperatorLine
from tests.integration.small_world import (
    ALDER,
    ALDER_EDR,
    ALDER_ORGANIZATION,
    COPPERFIELD,
    COPPERFIELD_EDR,
    COPPERFIELD_ORGANIZATION,
    COPPERFIELD_SAT,
    TREFOIL,
    TREFOIL_FLAT,
    TREFOIL_REST,
    ULLSWATER,
    ULLSWATER_EDR,
    VESPER,
    VESPER_NORTH,
    VESPER_SOUTH,
    XENON,
    XENON_EDR,
    XENON_ITDR,
)
from tests.kept.stored import keep
from tools.sandbox.vendors.faults import Fault, FaultKind
from tools.sandbox.world.build import World, build_world, world_of
from tools.sandbox.world.edge_cases import EXCLUDED, UNMAPPED
from tools.sandbox.world.huntress_records import PLAN

MINUTE, DAY = 60, 24 * 3600
COMPANIES = frozenset({ALDER, COPPERFIELD, TREFOIL, ULLSWATER, VESPER, XENON})
VESPER_SOUTH_ORGANIZATION, TREFOIL_ORGANIZATION, ULLSWATER_ORGANIZATION = 36, 38, 39
BY = {"by": "Ann"}
FIRST, APPLYING = "000001-sync", "000007-sync"
WAITING = "account#5005"
# What the additions hold once the second run is done.
QUANTITIES = {
    ALDER_EDR: 42.0,
    COPPERFIELD_EDR: 63.0,
    COPPERFIELD_SAT: 44.0,
    TREFOIL_FLAT: 30.0,
    TREFOIL_REST: 14.0,
    ULLSWATER_EDR: 15.0,
    VESPER_NORTH: 22.0,
    VESPER_SOUTH: 34.0,
    XENON_EDR: 20.0,
    XENON_ITDR: 22.0,
}


def six_companies(now: datetime) -> World:
    """The companies, an organization that is not mapped and one that is excluded."""
    chosen = tuple(each for each in build_world(now).companies if each.id in COMPANIES)
    excluded, _ = EXCLUDED[0]
    return world_of(chosen, (UNMAPPED[0], excluded), now=now)


def keep_the_state(folder: Path, clock: time_machine.Traveller, workplace: Path) -> None:
    """Bring a new stack into the state, and keep it in the folder."""
    with (
        local_stack(START, six_companies) as stack,
        AwsEndpoint(stack) as door,
        chdir(workplace),
    ):
        story = _Story(stack, OperatorLine(door), clock)
        story.what_people_set()
        story.the_first_invoice()
        story.decisions()
        story.looks()
        keep(folder, stack, in_flight=story.the_second_and_third_invoice())


@dataclass(frozen=True, slots=True)
class _Story:
    """The chapters, in their order."""

    stack: LocalStack
    operator: OperatorLine
    clock: time_machine.Traveller

    def what_people_set(self) -> None:
        """Two versions of the settings, and each kind of mapping and rule."""
        stack = self.stack
        stack.configure()
        wide = {"run_guarded_percent": 100, "product_total_percent": 1000, "money": 100_000}
        settings = {
            "products": {
                "edr": {"catalog_item_id": 101, "guards": {"fall_percent": 25}},
                "itdr": {"catalog_item_id": 102, "zero_policy": "keep"},
                "sat": {"catalog_item_id": 103, "minimum": 1, "maximum": 500},
                "siem": {"catalog_item_id": 104},
            },
            "sync_enabled": True,
            "time_zone": "America/New_York",
            "billing_cycles": ["Monthly"],
            "invoice_plans": {PLAN: ["edr", "itdr", "sat", "siem"]},
            "guards": wide,
        }
        Path("settings.json").write_text(json.dumps(settings))
        self._run("settings", "edit", "--from", "settings.json", "--yes")
        self._run("settings", "confirm-huntress-sync-off", "--yes")
        self._run("mappings", "set", f"{ALDER_ORGANIZATION}", f"{ALDER}", "--yes")
        self._run("mappings", "exclude", f"{EXCLUDED[0][0].id}", "--reason", "ours", "--yes")
        self._run("mappings", "not-billed", f"{ULLSWATER}", "sat", "--reason", "a gift", "--yes")
        self._run("mappings", "not-charged", f"{ALDER}", "sat", "--reason", "a pilot", "--yes")
        own = {"included": {"siem": 1}, "multiple_of": {"sat": 1}, "guards": {"rise_units": 5}}
        stack.change_item("MAPPING", f"COMPANY#{ALDER}", **own)
        limits = {"minimum": {"itdr": 1}, "maximum": {"itdr": 900}, "zero_policy": {"siem": "keep"}}
        key = {"pk": "MAPPING", "sk": f"COMPANY#{COPPERFIELD}"}
        stack.config.put_item(Item={**key, **limits, "billing_cycles": ["Monthly"]})
        own = {"agreement_type": "Managed Services", "absent": {"ispm": "not used"}}
        stack.change_item("MAPPING", f"ORG#{COPPERFIELD_ORGANIZATION}", **own)

    def the_first_invoice(self) -> None:
        """Four rows rise so much that they are held."""
        self._uses(ALDER_ORGANIZATION, 40)
        self._uses(COPPERFIELD_ORGANIZATION, 110)
        self._uses(ULLSWATER_ORGANIZATION, 30)
        self.stack.tick()
        self.stack.sync()
        self._later(MINUTE)

    def decisions(self) -> None:
        """Releases, an undo and a decline; somebody edits what the run wrote."""
        stack = self.stack
        plan = stack.press({"action": "show", "run_id": FIRST})["plan_hash"]
        release = {"action": "release", "run_id": FIRST, "plan_hash": plan, **BY}
        self._ask({**release, "companies": [ALDER]})
        released = self._ask({**release, "companies": [XENON]})
        self._ask({"action": "undo", "run_id": released["run_id"], **BY})
        decline = {"action": "decline", "run_id": FIRST, "companies": [COPPERFIELD], **BY}
        stack.press({**decline, "reason": "agreed with the client"})
        stack.connectwise.edit_addition(VESPER_NORTH, quantity=22.0, by="jsmith")
        self._later(DAY)

    def looks(self) -> None:
        """A check, a preview, a forecast, and a person's own counts for the first invoice."""
        self.stack.check()
        self._ask({"action": "preview", "companies": [XENON]})
        self._ask({"action": "forecast", "companies": [XENON]})
        Path("report.csv").write_text("Organization Name,Agents\nAlder & Finch Accountants,40\n")
        columns = ("--columns", "Organization Name=organization,Agents=edr")
        self._run("usage", "import", "5003", "report.csv", *columns, "--yes")

    def the_second_and_third_invoice(self) -> list[Event]:
        """The second run's messages; one of them was delivered, and its write got no answer."""
        stack = self.stack
        self._later(29 * DAY)
        self._uses(ALDER_ORGANIZATION, 42)
        self._uses(TREFOIL_ORGANIZATION, 19)
        self._uses(VESPER_SOUTH_ORGANIZATION, 34)
        stack.invoice_appears(id=5004)
        stack.tick()
        stack.deliver_events()
        self._passes(MINUTE)
        messages = stack.messages()
        (alder,) = (m for m in messages if json.loads(m["Body"])["company_id"] == ALDER)
        stack.connectwise.add_fault(Fault(FaultKind.DROP_BEFORE, method="PATCH"))
        stack.deliver_message(alder)
        assert stack.newest().id == APPLYING and stack.row(ALDER_EDR).intent
        stack.invoice_appears(id=5005)
        for _ in range(2):
            self._passes(6 * MINUTE)
            stack.tick()
            stack.deliver_events()
        self._passes(31 * MINUTE)
        stack.tick()
        stack.press({"action": "preview", "companies": [XENON]})
        return messages

    # --- one step -------------------------------------------------------------------------------

    def _run(self, *words: str) -> None:
        shown = self.operator(*words)
        assert shown.exit_code == 0, f"{' '.join(words)}: {shown.output}"

    def _uses(self, organization_id: int, agents: int) -> None:
        self.stack.huntress.set_usages(organization_id, {"edr": {"billable_agents_count": agents}})

    def _ask(self, event: Event) -> Event:
        answer = self.stack.ask(event)
        self._later(MINUTE)
        return answer

    def _passes(self, seconds: float) -> None:
        self.clock.shift(seconds)

    def _later(self, seconds: float) -> None:
        self._passes(seconds)
        self.stack.tick()
        self.stack.settle()
