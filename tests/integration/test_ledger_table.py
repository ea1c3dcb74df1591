"""Writes of the ledger where others write at the same time, or the answer is lost."""

from collections.abc import Iterator

import pytest

from billing_sync.adapters.ledger.table import Change, LedgerTable
from billing_sync.domain.errors import Retryable
from tests.aws.memory import Call, InMemoryAws, Listener, Params, Proceed
from tests.clock import world_clock
from tests.integration.conftest import START
from tests.integration.local_aws import aws_client, local_aws


@pytest.fixture
def memory() -> Iterator[InMemoryAws]:
    aws = InMemoryAws()
    with world_clock(START), aws.active():
        local_aws()
        yield aws


@pytest.fixture
def table(memory: InMemoryAws) -> LedgerTable:
    return LedgerTable(aws_client("dynamodb"), "ledger")


def sent_twice(call: Call, proceed: Proceed) -> Params:
    """The answer is lost, and boto3 sends the call again."""
    if call.operation in ("PutItem", "UpdateItem", "TransactWriteItems"):
        proceed()
    return proceed()


def without_token(call: Call, proceed: Proceed) -> Params:
    """As `sent_twice`, by a caller whose token DynamoDB has forgotten."""
    call.params.pop("ClientRequestToken", None)
    return sent_twice(call, proceed)


NEW = Change("RUN#1", "META", put={"status": "requested", "turn": 1}, absent=("pk",))
BEGUN = Change("RUN#1", "META", set={"status": "planning"}, when={"status": "requested"})
ACTIVE = Change("RUN", "ACTIVE", put={"run_id": "1"}, absent=("pk",))


def test_a_write_that_meets_a_transaction_is_made_a_moment_later(
    table: LedgerTable, memory: InMemoryAws
) -> None:
    assert table.write(NEW)
    memory.dynamodb.write_seconds = 0.02
    with memory.dynamodb.called_by("another worker"):
        assert table.write(BEGUN, ACTIVE)

    assert table.write(Change("RUN#1", "META", set={"note": "seen"}, when={"turn": 1}))

    assert memory.dynamodb.conflicts >= 1
    item = table.get("RUN#1", "META")
    assert item is not None and (item["status"], item["note"]) == ("planning", "seen")


def test_a_transaction_that_meets_another_one_is_made_a_moment_later(
    table: LedgerTable, memory: InMemoryAws
) -> None:
    assert table.write(NEW)
    memory.dynamodb.write_seconds = 0.02
    with memory.dynamodb.called_by("another worker"):
        assert table.write(Change("RUN#1", "META", when={"turn": 1}), ACTIVE)

    assert table.write(BEGUN, Change("RUN#1", "ROW", put={"done": False}))

    assert memory.dynamodb.conflicts >= 1


def test_an_item_that_stays_busy_is_told_as_such(table: LedgerTable, memory: InMemoryAws) -> None:
    memory.dynamodb.write_seconds = 3600
    with memory.dynamodb.called_by("another worker"):
        table.write(NEW, ACTIVE)

    with pytest.raises(Retryable, match="ledger is busy"):
        table.write(BEGUN)


@pytest.mark.parametrize("lost", [sent_twice, without_token])
@pytest.mark.parametrize("changes", [(NEW,), (NEW, ACTIVE)], ids=["alone", "transaction"])
def test_a_write_whose_answer_was_lost_counts_as_made(
    table: LedgerTable, memory: InMemoryAws, changes: tuple[Change, ...], lost: Listener
) -> None:
    with memory.listening(lost):
        assert table.write(*changes)
        assert table.write(BEGUN)


@pytest.mark.parametrize("changes", [(BEGUN,), (BEGUN, ACTIVE)], ids=["alone", "transaction"])
def test_a_condition_that_another_write_broke_is_told(
    table: LedgerTable, changes: tuple[Change, ...]
) -> None:
    table.write(Change("RUN#1", "META", put={"status": "closed", "turn": 1}))

    assert not table.write(*changes)

    assert table.get("RUN", "ACTIVE") is None
