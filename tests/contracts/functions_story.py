"""What the functions answer, put on the bus, queue, store, report and announce, in one story."""

from dataclasses import dataclass
from datetime import UTC, datetime
from json import loads
from typing import Any

import time_machine

from functions.permission_check import handler as permission_check
from tests.contracts.golden_files import Texts, items_of
from tests.integration.conftest import START
from tests.integration.local_stack import Event, LambdaContext, LocalStack, local_stack
from tools.sandbox.vendors.faults import Fault, FaultKind
from tools.sandbox.world.build import World, build_world, world_of
from tools.sandbox.world.edge_cases import EXCLUDED, UNMAPPED

MINUTE, DAY = 60, 24 * 3600
HARBOUR, OAKRIDGE, VALE, WICKHAM, XENON = 250, 253, 260, 261, 262
ELMSTEAD, FOXGLOVE, TREFOIL, FERNHILL = 269, 270, 273, 275
OAKRIDGE_JUNIOR, OAKRIDGE_ITDR, XENON_ITDR, TREFOIL_FLAT = 2530, 253002, 262002, 273001
COMPANIES = frozenset(
    {HARBOUR, OAKRIDGE, VALE, WICKHAM, XENON, ELMSTEAD, FOXGLOVE, TREFOIL, FERNHILL}
)
BY = {"by": "Ann"}
SYNC = "000001-sync"


def telling_world(now: datetime) -> World:
    """Companies of which each meets another outcome, an unmapped and an excluded organization."""
    chosen = tuple(each for each in build_world(now).companies if each.id in COMPANIES)
    excluded, _ = EXCLUDED[0]
    return world_of(chosen, (UNMAPPED[0], excluded), now=now)


def keep_functions(texts: Texts, clock: time_machine.Traveller) -> None:
    """Keep what a whole cycle of one invoice makes, from the first check to its voiding."""
    with local_stack(START, telling_world) as stack:
        story = _Story(stack, clock, texts)
        story.before_the_first_invoice()
        story.an_invoice()
        story.previews()
        story.a_pause()
        story.release_and_drift()
        story.undo_and_stop()
        story.reminder_and_voided()
        story.a_decision()
        texts.keep_json("bus_events", _events(stack))


@dataclass(frozen=True, slots=True)
class _Story:
    """The chapters, in their order: each leaves the stack as the next one needs it."""

    stack: LocalStack
    clock: time_machine.Traveller
    texts: Texts

    def before_the_first_invoice(self) -> None:
        """Nothing is set up; then all of it is."""
        stack = self.stack
        self._check("check_not_ready", {})
        self._answer("test_sync_no_run", stack.press({"action": "show"}))
        self._answer("test_sync_invalid_event", stack.press({"action": "previw"}))
        self._answer("test_sync_unknown_run", stack.press({"action": "show", "run_id": SYNC}))
        stop = {"action": "stop", "run_id": SYNC, **BY}
        self._answer("sync_preview_only_looks", stack.look(stop))
        stack.configure()
        stack.tick()
        self._later()
        self._check("check_ready", {})
        self._check("check_one_vendor", {"only": "huntress"})
        for name in ("organizations", "companies"):
            self._check(f"list_{name}", {"list": name})
        self._check("list_catalog", {"list": "catalog", "search": "edr"})
        self._check("list_additions", {"list": "additions", "company": 253})
        self._check("check_invalid_event", {"list": "invoices"})
        self._check("check_notify", {"notify": "482913"})
        stack.put_huntress_secret(api_key="wrong")
        self._later()
        self._check("list_refused", {"list": "organizations"})
        stack.check()
        stack.put_huntress_secret()
        stack.settle()

    def an_invoice(self) -> None:
        """One automatic run: its events, messages, items, report files and mail."""
        stack = self.stack
        stack.invoice_appears()
        stack.tick()
        stack.deliver_events(seconds=10)  # too few: another invocation is asked for
        stack.deliver_events()
        stack.connectwise.edit_addition(TREFOIL_FLAT, quantity=28.0, by="jsmith")
        stack.connectwise.add_fault(
            Fault(FaultKind.IGNORE, method="PATCH", path=str(OAKRIDGE_ITDR), times=0)
        )
        self._later()
        waiting = stack.messages()
        self.texts.keep_json("queue", [_sent(message) for message in waiting])
        for message in waiting:
            stack.deliver_message(message)
        self._later()
        stack.settle()
        self._mail("finished")
        self.texts.keep("run.json", stack.report(SYNC))
        self.texts.keep("rows.csv", stack.report(SYNC, "rows.csv"))
        self.texts.keep("ledger_of_one_run.json", items_of(stack.ledger))

    def previews(self) -> None:
        """What looks and writes nothing; the first answer comes before the run has begun."""
        preview = {"action": "preview", "companies": [XENON, OAKRIDGE]}
        requested = self.stack.press(preview)
        self._answer("test_sync_requested", requested)
        self._answer("test_sync_preview", self._done(requested))
        forecast = {"action": "forecast", "companies": [XENON, VALE]}
        self._answer("test_sync_forecast", self._done(self.stack.press(forecast)))
        connectwise = self.stack.connectwise
        connectwise.bundles_status = 404
        down = {"status": 503, "headers": {"Retry-After": "3600"}, "times": 0}
        connectwise.add_fault(Fault(FaultKind.STATUS, path=str(OAKRIDGE_JUNIOR), **down))
        self._answer("test_sync_incomplete", self._done(self.stack.press(preview)))
        connectwise.clear_faults()
        connectwise.bundles_status = 200

    def a_pause(self) -> None:
        """A sync that is pressed twice; it pauses while ConnectWise lets nobody edit."""
        stack, sync = self.stack, {"companies": [OAKRIDGE]}
        pressed = stack.press(sync)
        stack.deliver_events()
        joined = stack.press(sync)
        assert joined["run_id"] == pressed["run_id"]
        self._answer("test_sync_joined", joined)
        (agreements, *_) = stack.connectwise.state.security
        agreements["editLevel"] = "None"
        self._answer("test_sync_paused", self._done(pressed))
        agreements["editLevel"] = "All"
        self._later(16 * MINUTE)
        stack.tick()
        self._answer("test_sync_sync", self._done(pressed))

    def release_and_drift(self) -> None:
        """A held row is released, and changed by somebody a day later."""
        stack = self.stack
        plan = self._shown(SYNC)["plan_hash"]
        release = {"action": "release", "run_id": SYNC, "companies": [XENON], **BY}
        refused = stack.press({**release, "plan_hash": "0" * 64})
        self._answer("test_sync_refused", self._done(refused))
        released = stack.press({**release, "plan_hash": plan})
        self._answer("test_sync_release", self._done(released))
        stack.taken(stack.aws.notices)
        stack.connectwise.edit_addition(XENON_ITDR, quantity=23.0, by="jsmith")
        self._later(DAY)
        stack.tick()
        stack.settle()
        self._mail("drift")

    def undo_and_stop(self) -> None:
        """The way back of the run, and a release of the same that is stopped before it wrote."""
        undo = {"action": "undo", "run_id": SYNC, **BY}
        preview = self.stack.press({**undo, "preview": True})
        self._answer("test_sync_undo_preview", self._done(preview))
        self._answer("test_sync_undo", self._done(self.stack.press(undo)))
        sync = self._done(self.stack.press({"companies": [WICKHAM, TREFOIL]}))
        reviewed = {"run_id": sync["run_id"], "plan_hash": sync["plan_hash"]}
        release = self.stack.press({"action": "release", **reviewed, **BY})
        self.stack.deliver_events()
        stop = {"action": "stop", "run_id": release["run_id"], **BY}
        self._answer("test_sync_ending", self.stack.press(stop))
        self._answer("test_sync_stop", self._done(release))
        self._answer("test_sync_runs", self.stack.press({"action": "show"}))
        self.stack.taken(self.stack.aws.notices)

    def a_decision(self) -> None:
        """A row that a sync held is left as it is."""
        run = self._done(self.stack.press({"companies": [XENON]}))
        decline = {"action": "decline", "run_id": run["run_id"], "companies": [XENON], **BY}
        answer = self.stack.press({**decline, "reason": "agreed with the client"})
        self._answer("test_sync_decline", answer)

    def reminder_and_voided(self) -> None:
        """What still waits is brought to mind; then Huntress voids the invoice."""
        stack = self.stack
        self.clock.move_to(datetime(2026, 7, 19, 9, 5, tzinfo=UTC))
        stack.tick()
        stack.settle()
        self._mail("reminder")
        stack.huntress.edit_invoice(5003, {"status": "voided"})
        self._later()
        stack.tick()
        stack.settle()
        self._mail("voided")

    # --- one step -------------------------------------------------------------------------------

    def _later(self, seconds: float = MINUTE) -> None:
        self.clock.shift(seconds)

    def _check(self, name: str, event: Event) -> None:
        self._answer(name, permission_check.handler(event, LambdaContext()))

    def _answer(self, name: str, answer: object) -> None:
        self.texts.keep_json(f"answers/{name}", answer)

    def _shown(self, run_id: str) -> Event:
        return self.stack.press({"action": "show", "run_id": run_id})

    def _done(self, asked: Event) -> Event:
        """The answer once the run is closed, a minute later."""
        self._later()
        self.stack.settle()
        return self._shown(asked["run_id"])

    def _mail(self, name: str) -> None:
        """The one mail since the last look, as SNS is given it."""
        (body,) = self.stack.taken(self.stack.aws.notices)
        mail = loads(body)
        self.texts.keep(f"mail/{name}.txt", f"{mail['Subject']}\n\n{mail['Message']}\n")


def _sent(message: Event) -> dict[str, Any]:
    """A message as it was put on the queue."""
    own = message["Attributes"]
    return {
        "body": message["Body"],
        "group": own["MessageGroupId"],
        "deduplication_id": own["MessageDeduplicationId"],
    }


def _events(stack: LocalStack) -> list[dict[str, Any]]:
    """The first event of each kind and form, as it was put on the bus."""
    first: dict[tuple[str, ...], dict[str, Any]] = {}
    for event in stack.events:
        form = (event["detail-type"], *event["detail"])
        put = {name: event[name] for name in ("source", "detail-type", "detail")}
        first.setdefault(form, put)
    return [first[form] for form in sorted(first)]
