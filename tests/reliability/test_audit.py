"""Every quantity that ConnectWise holds can be rebuilt from the audit entries alone."""

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
    """One addition's year: told by our audit, and by the history that ConnectWise keeps."""

    first: Decimal
    final: Decimal
    audit: tuple[AuditEntry, ...]
    changes: tuple[QuantityChange, ...]

    @property
    def writes(self) -> list[AuditEntry]:
        """The results that say that ConnectWise took a quantity of ours."""
        return [one for one in self.audit if (one.kind, one.outcome) == ("result", "updated")]

    @property
    def ours(self) -> list[QuantityChange]:
        """What we changed, as ConnectWise tells it."""
        return [change for change in self.changes if change.by == OURS]

    @property
    def edits(self) -> list[QuantityChange]:
        """What people changed."""
        return [change for change in self.changes if change.by != OURS]

    def rebuilt(self) -> Decimal:
        """The quantity by the audit alone: its first `before`, then every target it says we set."""
        quantity = self.audit[0].before
        for write in self.writes:
            quantity = write.target
        return quantity

    def held(self, before: AuditEntry) -> Decimal:
        """What ConnectWise held when this entry was written."""
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
    """One stack, put back to its beginning for every year."""
    with provider(ALDER, COPPERFIELD, DRUMLIN, XENON, EASTGATE, FERNHILL) as ready:
        yield ready


@pytest.fixture(scope="module", params=range(YEARS), ids="year-{}".format)
def lived(installed: Provider, request: pytest.FixtureRequest) -> Year:
    """A year that was lived through, each another one and each always the same."""
    year = Year(installed, Random(request.param))
    for _ in range(MONTHS):
        year.month()
    return year


@pytest.fixture
def stories(lived: Year) -> list[Story]:
    return [story(lived.days.stack, one) for one in lived.days.business.additions]


def test_every_quantity_is_rebuilt_from_the_audit_alone(stories: list[Story]) -> None:
    told = [one for one in stories if one.audit]
    nobody_edited = [one for one in told if not one.edits]

    assert [one.rebuilt() for one in nobody_edited] == [one.final for one in nobody_edited]
    for one in told:
        last = Decimal(str(one.ours[-1].after)) if one.ours else one.audit[0].before
        assert one.rebuilt() == last
    assert nobody_edited and len(nobody_edited) < len(told)


def test_what_was_never_written_has_no_entry_and_holds_what_people_left_there(
    stories: list[Story],
) -> None:
    untold = [one for one in stories if not one.audit]

    for one in untold:
        left = Decimal(str(one.edits[-1].after)) if one.edits else one.first
        assert (one.ours, one.final) == ([], left)
    assert untold


def test_every_change_of_ours_is_one_result_and_nothing_else_is(
    stories: list[Story], lived: Year, record_property: Callable[[str, object], None]
) -> None:
    changed = [[(Decimal(str(c.before)), Decimal(str(c.after))) for c in s.ours] for s in stories]
    told = [[(write.before, write.target) for write in s.writes] for s in stories]

    assert changed == told
    record_property("runs", len(lived.days.stack.all_runs()))
    record_property("writes", sum(map(len, told)))
    assert sum(map(len, told)) > 2 * MONTHS


def test_before_each_write_stood_what_the_audit_says_and_only_people_changed_it_in_between(
    stories: list[Story],
) -> None:
    for one in stories:
        last, since = one.first, 0
        for entry in one.audit:
            if entry.kind == "intent":
                edited = [e for e in one.edits[since:] if e.at < entry.at]
                assert entry.before == one.held(entry)
                assert entry.before == last or edited
                since += len(edited)
            last = entry.target if entry.outcome == "updated" else entry.before
