"""Every quantity in ConnectWise can be rebuilt from the audit entries alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

import pytest

from billing_sync.adapters.ledger.items import from_item
from billing_sync.adapters.ledger.table import LedgerTable
from billing_sync.domain.apply.row_state import AuditEntry
from tests.integration.local_stack import LocalStack
from tests.integration.run_assertions import OURS
from tests.integration.small_world import ALDER, COPPERFIELD, DRUMLIN, XENON
from tests.reliability.provider import Provider, provider
from tests.reliability.years import Year
from tools.sandbox.vendors.connectwise_state import QuantityChange

pytestmark = pytest.mark.slow("twelve months with every kind of fault")
EASTGATE, FERNHILL = 305, 306
YEARS, MONTHS = 5, 12


@dataclass(frozen=True, slots=True)
class Story:
    """One addition's year, from our audit and from the history that ConnectWise keeps."""

    first: Decimal
    final: Decimal
    audit: tuple[AuditEntry, ...]
    changes: tuple[QuantityChange, ...]

    @property
    def writes(self) -> list[AuditEntry]:
        """The results of writes that ConnectWise accepted."""
        return [
            entry for entry in self.audit if (entry.kind, entry.outcome) == ("result", "updated")
        ]

    @property
    def ours(self) -> list[QuantityChange]:
        """Our changes, by ConnectWise's history."""
        return [change for change in self.changes if change.by == OURS]

    @property
    def edits(self) -> list[QuantityChange]:
        """Changes by people."""
        return [change for change in self.changes if change.by != OURS]

    def rebuilt(self) -> Decimal:
        """The quantity by the audit alone: its first `before`, then the target of every write."""
        quantity = self.audit[0].before
        for write in self.writes:
            quantity = write.target
        return quantity

    def held(self, before: AuditEntry) -> Decimal:
        """The quantity in ConnectWise when this entry was written."""
        earlier = [change.after for change in self.changes if change.at < before.at]
        return Decimal(str(earlier[-1])) if earlier else self.first


def story(stack: LocalStack, addition_id: int) -> Story:
    changes = stack.connectwise.quantity_changes
    items = LedgerTable(stack.ledger).query(f"ADDITION#{addition_id}", "AUDIT#")
    return Story(
        first=Decimal(str(stack.before.additions[addition_id]["quantity"])),
        final=Decimal(str(stack.quantity(addition_id))),
        audit=tuple(from_item(AuditEntry, item) for item in items),
        changes=tuple(change for change in changes if change.addition_id == addition_id),
    )


@pytest.fixture(scope="module")
def installed() -> Iterator[Provider]:
    """One stack, restored to its beginning for every year."""
    with provider(ALDER, COPPERFIELD, DRUMLIN, XENON, EASTGATE, FERNHILL) as ready:
        yield ready


@pytest.fixture(scope="module", params=range(YEARS), ids="year-{}".format)
def lived(installed: Provider, request: pytest.FixtureRequest) -> Year:
    """A simulated year; each parameter is another one, and each is reproducible."""
    year = Year(installed, Random(request.param))
    for _ in range(MONTHS):
        year.month()
    return year


@pytest.fixture
def stories(lived: Year) -> list[Story]:
    return [story(lived.days.stack, addition_id) for addition_id in lived.days.business.additions]


def test_every_quantity_is_rebuilt_from_the_audit_alone(stories: list[Story]) -> None:
    audited = [addition for addition in stories if addition.audit]
    nobody_edited = [addition for addition in audited if not addition.edits]

    assert [addition.rebuilt() for addition in nobody_edited] == [
        addition.final for addition in nobody_edited
    ]
    for addition in audited:
        last = Decimal(str(addition.ours[-1].after)) if addition.ours else addition.audit[0].before
        assert addition.rebuilt() == last
    assert nobody_edited and len(nobody_edited) < len(audited)


def test_what_was_never_written_has_no_entry_and_holds_what_people_left_there(
    stories: list[Story],
) -> None:
    unaudited = [addition for addition in stories if not addition.audit]

    for addition in unaudited:
        left = Decimal(str(addition.edits[-1].after)) if addition.edits else addition.first
        assert (addition.ours, addition.final) == ([], left)
    assert unaudited


def test_every_change_of_ours_is_one_result_and_nothing_else_is(
    stories: list[Story], lived: Year, record_property: Callable[[str, object], None]
) -> None:
    changed = [[(Decimal(str(c.before)), Decimal(str(c.after))) for c in s.ours] for s in stories]
    results = [[(write.before, write.target) for write in s.writes] for s in stories]

    assert changed == results
    record_property("runs", len(lived.days.stack.all_runs()))
    record_property("writes", sum(map(len, results)))
    assert sum(map(len, results)) > 2 * MONTHS


def test_before_each_write_stood_what_the_audit_says_and_only_people_changed_it_in_between(
    stories: list[Story],
) -> None:
    for addition in stories:
        last, since = addition.first, 0
        for entry in addition.audit:
            if entry.kind == "intent":
                edited = [e for e in addition.edits[since:] if e.at < entry.at]
                assert entry.before == addition.held(entry)
                assert entry.before == last or edited
                since += len(edited)
            last = entry.target if entry.outcome == "updated" else entry.before
