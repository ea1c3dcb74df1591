"""What a planner has read is kept for the next one, however large it is."""

from random import Random
from string import ascii_letters

from billing_sync.adapters.ledger.checkpoints import LedgerStages
from billing_sync.adapters.ledger.usage import LedgerUsage
from billing_sync.domain.vendors.connectwise import BulkRead
from billing_sync.domain.vendors.huntress import Organization
from tests.integration.local_stack import LocalStack
from tests.unit.builders import an_agreement

RUN, STAGE = "000001-sync", "1#all active agreements"


def names(count: int, seed: int) -> list[str]:
    """Names that do not compress: twice as large as an item of DynamoDB."""
    chance = Random(seed)
    return ["".join(chance.choices(ascii_letters, k=100)) for _ in range(count)]


def a_large_read(seed: int = 1) -> BulkRead:
    return BulkRead(tuple(an_agreement(n, name=name) for n, name in enumerate(names(10_000, seed))))


def test_a_read_larger_than_an_item_is_kept_in_pieces(bare_stack: LocalStack) -> None:
    book, read = LedgerStages(bare_stack.ledger_table), a_large_read()

    book.keep(RUN, STAGE, read)

    assert book.kept(RUN, STAGE) == read
    assert book.kept(RUN, "2#all active agreements") is None


def test_of_two_planners_reads_the_first_stays_whole(bare_stack: LocalStack) -> None:
    book, first = LedgerStages(bare_stack.ledger_table), a_large_read()

    book.keep(RUN, STAGE, first)
    book.keep(RUN, STAGE, a_large_read(seed=2))
    book.keep(RUN, STAGE, BulkRead())

    assert book.kept(RUN, STAGE) == first


def test_a_list_of_organizations_larger_than_an_item_is_kept_in_pieces(
    bare_stack: LocalStack,
) -> None:
    usage = LedgerUsage(bare_stack.ledger_table)
    listed = tuple(Organization(n, name) for n, name in enumerate(names(10_000, 1)))

    usage.keep_listed("account#5003", listed)

    assert usage.listed("account#5003") == listed
