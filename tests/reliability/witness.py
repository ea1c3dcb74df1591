"""Observes our calls to ConnectWise: what we read, and whether each write was allowed."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from billing_sync.adapters.ledger.items import from_item
from billing_sync.domain.apply.row_state import AuditEntry
from billing_sync.domain.runs.run import Run
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import OURS
from tests.reliability.operators import Operators
from tools.sandbox.vendors.messages import Call, Reply

ADDITION = re.compile(r"/finance/agreements/\d+/additions/(\d+)$")
READS = re.compile(r"/system/bundles$")


@dataclass(frozen=True, slots=True)
class Seen:
    """One addition at our last read."""

    quantity: Decimal
    last_updated: str


class Witness:
    """`wrong` lists every write that was not allowed; `effects` counts our changes."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack
        stack.connectwise.before("", "", self._asked)
        stack.connectwise.after("", ADDITION.pattern, self._answered)

    def begin(self, operators: Operators) -> None:
        """Start again, with these operators."""
        self._operators = operators
        self.wrong: list[str] = []
        self.effects: Counter[tuple[str, int]] = Counter()
        self.seen: dict[int, Seen] = {}
        self._written_over: dict[tuple[str, int], str] = {}
        self._changes = self._ours()

    def _asked(self, call: Call) -> None:
        addition = ADDITION.search(call.path)
        if call.method == "PATCH" and addition:
            self._write_asked(int(addition[1]), call.json())
        elif call.method != "GET" and not (call.method == "POST" and READS.search(call.path)):
            self.wrong.append(f"{call.method} {call.path} was asked")

    def _write_asked(self, addition_id: int, body: object) -> None:
        if not isinstance(body, list) or [{**operation, "value": 0} for operation in body] != [
            {"op": "replace", "path": "quantity", "value": 0}
        ]:
            self.wrong.append(f"more than a quantity: {json.dumps(body)}")
            return
        write = f"{body[0]['value']} for {addition_id}"
        run = self._stack.runs.get(self._stack.runs.active() or "")
        if run is None or not run.open:
            self.wrong.append(f"{write}, and no run is writing")
            return
        why_not = self._why_not(run, addition_id, body)
        self.wrong += [f"{write} by {run.id}: {why}" for why in why_not]

    def _why_not(self, run: Run, addition_id: int, body: list[dict[str, float]]) -> list[str]:
        last, seen = self._audit(run, addition_id)[-1:], self.seen[addition_id]
        if not last or last[0].kind != "intent" or last[0].target != Decimal(str(body[0]["value"])):
            return ["no intent precedes it"]
        why = [] if seen.quantity == last[0].before else [f"{seen.quantity} was read before it"]
        over = self._written_over.setdefault((run.id, addition_id), seen.last_updated)
        if over != seen.last_updated:
            why.append("a person saved the addition since the first write")
        off = self._operators.off_since
        if off and run.planning_since and run.planning_since >= off:
            why.append(f"it was begun after sync was switched off at {off}")
        return why

    def _answered(self, call: Call, reply: Reply | None) -> None:
        addition_id = int(ADDITION.search(call.path)[1])  # type: ignore[index]
        changes, self._changes = self._changes, self._ours()
        if self._changes > changes:
            self.effects[self._stack.runs.active() or "", addition_id] += 1
        if reply and reply.status == 200:
            held = self._stack.connectwise.state.additions[addition_id]
            self.seen[addition_id] = Seen(
                Decimal(str(held["quantity"])), held["_info"]["lastUpdated"]
            )

    def _ours(self) -> int:
        return sum(change.by == OURS for change in self._stack.connectwise.quantity_changes)

    def _audit(self, run: Run, addition_id: int) -> list[AuditEntry]:
        items = self._stack.ledger_table.query(f"ADDITION#{addition_id}")
        return [from_item(AuditEntry, item) for item in items if item["run_id"] == run.id]
