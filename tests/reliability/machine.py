"""Everything that may happen around this product, as rules that Hypothesis runs in any order."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from billing_sync.domain.runs.run import Run
from tests.reliability.boundaries import Fate, Happenings
from tests.reliability.business import COUNTS
from tests.reliability.provider import Provider

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
A_MONTH = 30 * DAY
Item = TypeVar("Item")

pick = st.integers(0, 11)  # one of several, however many there are
boundary = st.integers(1, 60)
fate = st.sampled_from([kind for kind in Fate if kind is not Fate.LATE])
quantity = st.sampled_from(["another", "before", "target"])


class Machine(RuleBasedStateMachine):
    """One example: from the installed product until no work is left.

    The promises are checked after every invocation; nothing else changes the ledger.
    """

    def __init__(self, provider: Provider, counted: Counter[str]) -> None:
        super().__init__()
        self._next: Happenings = {}
        self.days = provider.begin(self._befalls)
        self._counted = counted

    def _befalls(self) -> Happenings:
        happenings, self._next = self._next, {}
        return happenings

    @invariant()
    def a_second_passes(self) -> None:
        self._counted["steps"] += 1
        self.days.world.shift(1)

    def teardown(self) -> None:
        """Fix everything; then all work must end."""
        self._next = {}
        self.days.operators.fix()
        self.days.courier.rest()
        self.days.promises.kept_at_rest(self.days.courier.notices)
        self._counted["examples"] += 1
        self._counted["runs"] += len(self.days.stack.all_runs())
        self._counted["writes"] += self.days.witness.effects.total()

    @initialize()
    def the_first_invoice_appears(self) -> None:
        self.days.business.invoice_appears()
        self.days.courier.tick()

    # --- time and AWS ---------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([MINUTE, 3 * MINUTE, 16 * MINUTE, 65 * MINUTE, 5 * HOUR]))
    def time_passes(self, seconds: int) -> None:
        self.days.courier.wait(seconds)
        self.days.courier.tick()

    @rule(hours=st.integers(1, 4))
    def quiet_hours_pass(self, hours: int) -> None:
        for _ in range(hours):
            self.days.courier.settle()
            self.days.courier.wait(HOUR)
            self.days.courier.tick()

    @rule()
    def everything_arrives(self) -> None:
        self.days.courier.settle()

    @rule(pick=pick)
    def an_event_arrives(self, pick: int) -> None:
        self.days.courier.one_event(pick)

    @rule(pick=pick, times=st.integers(1, 2))
    def a_message_arrives(self, pick: int, times: int) -> None:
        self.days.courier.one_message(pick, times=times)

    @rule(pick=pick)
    def an_old_event_arrives_again(self, pick: int) -> None:
        self.days.courier.old_event(pick)

    @rule()
    def old_messages_are_redriven_days_later(self) -> None:
        self.days.courier.wait(3 * DAY)
        self.days.courier.old_messages()

    @rule(number=boundary, fate=fate)
    def the_next_invocation_meets_its_fate(self, number: int, fate: Fate) -> None:
        self._next = {number: [fate]}

    # --- the vendors ----------------------------------------------------------------------------

    @rule(by=st.sampled_from([-2, 1, 2, 3]))
    def the_next_months_invoice_appears(self, by: int) -> None:
        self.days.courier.wait(A_MONTH)
        for organization_id in self.days.business.organizations:
            self.days.business.count_moves(organization_id, "edr", by)
        self.days.business.invoice_appears()
        self.days.courier.tick()

    @rule(
        by=st.sampled_from([-1, 1, 2]),
        on=st.sampled_from([True, True, True, False]),
        pick=pick,
        quantity=st.sampled_from(["", "", "another", "before", "target"]),
    )
    def a_month_goes_by(self, by: int, on: bool, pick: int, quantity: str) -> None:
        """The invoice, perhaps the switch, the plan, perhaps a person's edit, the writes."""
        self.the_next_months_invoice_appears(by)
        self.days.operators.switch(on=on)
        self.days.courier.one_event(0)
        if quantity:
            self._edit(pick, quantity)
        self.days.courier.settle()

    @rule(status=st.sampled_from(["open", "draft"]))
    def another_invoice_appears(self, status: str) -> None:
        self.days.business.invoice_appears(status=status)

    @rule()
    def the_newest_invoice_is_issued_anew(self) -> None:
        self.days.business.newest_invoice(status="voided")
        self.days.business.invoice_appears()

    @rule(status=st.sampled_from(["voided", "draft", "open", "paid"]))
    def the_newest_invoice_changes(self, status: str) -> None:
        self.days.business.newest_invoice(status=status)

    @rule(pick=pick, product=st.sampled_from(sorted(COUNTS)), by=st.sampled_from([-9, -1, 1, 2]))
    def a_count_moves(self, pick: int, product: str, by: int) -> None:
        organization_id = _one_of(self.days.business.organizations, pick)
        self.days.business.count_moves(organization_id, product, by)

    @rule(pick=pick, quantity=quantity)
    def a_person_edits(self, pick: int, quantity: str) -> None:
        self._edit(pick, quantity)

    @rule(number=boundary, pick=pick, quantity=quantity)
    def a_person_edits_during_the_next_invocation(
        self, number: int, pick: int, quantity: str
    ) -> None:
        self._next = {number: [lambda: self._edit(pick, quantity)]}

    @rule(pick=pick, status=st.sampled_from(["Cancelled", "Active", "Active"]))
    def an_agreement_changes(self, pick: int, status: str) -> None:
        self.days.business.agreement_is(_one_of(self.days.business.agreements, pick), status)

    @rule(pick=pick)
    def an_addition_ends(self, pick: int) -> None:
        self.days.business.addition_ends(_one_of(self.days.business.additions, pick))

    # --- the people who run it ------------------------------------------------------------------

    @rule(event=st.sampled_from([{}, {"action": "preview"}]))
    def somebody_presses_the_button(self, event: dict[str, object]) -> None:
        self.days.operators.press(event)

    @rule(pick=pick)
    def somebody_releases_what_a_run_held(self, pick: int) -> None:
        held = [run for run in self._runs() if run.outcomes.get("held") and not run.open]
        if held:
            self.days.operators.release(_one_of(held, pick))

    @rule(pick=pick)
    def somebody_undoes_a_run(self, pick: int) -> None:
        wrote = [run for run in self._runs() if run.wrote]
        if wrote:
            self.days.operators.undo(_one_of(wrote, pick))

    @rule(pick=pick)
    def somebody_stops_a_run(self, pick: int) -> None:
        running = [run for run in self._runs() if run.open]
        if running:
            self.days.operators.stop(_one_of(running, pick))

    @rule(on=st.sampled_from([True, True, False]))
    def sync_is_switched(self, on: bool) -> None:
        self.days.operators.switch(on=on)

    @rule(
        approval=st.sampled_from(["automatic", "automatic", "required"]),
        units=st.sampled_from([0, 5, 1000]),
    )
    def settings_change(self, approval: str, units: int) -> None:
        guards = {"rise_units": units, "fall_units": units}
        self.days.operators.set(approval=approval, guards=guards)

    @rule(pick=pick, company=st.sampled_from(["none", "right", "right", "another"]))
    def a_mapping_changes(self, pick: int, company: str) -> None:
        self.days.operators.map(_one_of(self.days.business.organizations, pick), company)

    @rule(right=st.sampled_from([True, True, False]))
    def the_key_is_rotated(self, right: bool) -> None:
        self.days.operators.rotate(right=right)

    def _runs(self) -> tuple[Run, ...]:
        return self.days.stack.all_runs()

    def _edit(self, pick: int, quantity: str) -> None:
        """A person sets an addition to the newest run's `target` or `before`, or to another number.

        An addition that is about to be written goes first.
        """
        states = [state for run in self._runs()[:2] for state in self.days.stack.runs.rows(run)]
        due = sorted({s.row.addition_id for s in states if s.row.addition_id and not s.done})
        addition_id = _one_of(due or self.days.business.additions, pick)
        rows = [state.row for state in states if state.row.addition_id == addition_id]
        values = [getattr(row, quantity, None) for row in rows]
        known = next((value for value in values if value is not None), None)
        another = (self.days.stack.quantity(addition_id) or 0) + 7
        self.days.business.edit(addition_id, another if known is None else float(known))


def _one_of(several: Sequence[Item], pick: int) -> Item:
    return several[pick % len(several)]
