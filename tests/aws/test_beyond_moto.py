"""What AWS does and moto does not: overlapping writes, lost answers, calls taken in part."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError

from tests.aws.contract import STARTS
from tests.aws.faults import CutOff, Part, refused
from tests.aws.memory import Call, InMemoryAws, Params, Proceed
from tests.aws.scripts.table import expecting, item, key, setting
from tests.clock import world_clock


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with world_clock(STARTS, tick=False) as traveller:
        yield traveller


@pytest.fixture
def memory(clock: time_machine.Traveller) -> Iterator[InMemoryAws]:
    aws = InMemoryAws()
    with aws.active():
        aws.dynamodb.create_table(TableName="t")
        yield aws


@pytest.fixture
def dynamodb(memory: InMemoryAws) -> Any:
    return boto3.client("dynamodb")


def put(client: Any, sk: str, number: int = 0) -> None:
    client.put_item(TableName="t", Item=item(sk, number))


def transact(client: Any, *sks: str, check: str = "") -> None:
    changes: list[Any] = [{"Put": {"TableName": "t", "Item": item(sk, 1)}} for sk in sks]
    if check:
        condition = {"TableName": "t", "Key": key(check), **expecting(0)}
        changes.append({"ConditionCheck": condition})
    client.transact_write_items(TransactItems=changes)


def test_two_transactions_that_overlap_on_an_item_conflict_a_condition_check_counts(
    memory: InMemoryAws, dynamodb: Any, clock: time_machine.Traveller
) -> None:
    put(dynamodb, "shared")
    memory.dynamodb.write_seconds = 0.02
    with memory.dynamodb.called_by("first"):
        transact(dynamodb, "a", check="shared")

    with (
        memory.dynamodb.called_by("second"),
        pytest.raises(ClientError, match="TransactionConflict") as raised,
    ):
        transact(dynamodb, "b", check="shared")

    codes = [reason["Code"] for reason in raised.value.response["CancellationReasons"]]
    assert codes == ["None", "TransactionConflict"] and memory.dynamodb.conflicts == 1
    clock.shift(0.03)
    with memory.dynamodb.called_by("second"):
        transact(dynamodb, "b", check="shared")


def test_a_single_write_that_meets_a_transaction_is_refused(
    memory: InMemoryAws, dynamodb: Any
) -> None:
    memory.dynamodb.write_seconds = 0.02
    with memory.dynamodb.called_by("first"):
        transact(dynamodb, "a")

    for write in (
        lambda: put(dynamodb, "a"),
        lambda: dynamodb.update_item(TableName="t", Key=key("a"), **setting(2)),
        lambda: dynamodb.delete_item(TableName="t", Key=key("a")),
    ):
        with pytest.raises(ClientError, match="TransactionConflictException"):
            write()


def test_single_writes_that_overlap_are_made_one_after_the_other(
    memory: InMemoryAws, dynamodb: Any
) -> None:
    memory.dynamodb.write_seconds = 0.02
    for caller in ("first", "second"):
        with memory.dynamodb.called_by(caller):
            put(dynamodb, "a")

    assert memory.dynamodb.conflicts == 0


def test_reads_never_conflict_and_nobody_conflicts_with_himself(
    memory: InMemoryAws, dynamodb: Any
) -> None:
    memory.dynamodb.write_seconds = 0.02
    with memory.dynamodb.called_by("first"):
        transact(dynamodb, "a")
        transact(dynamodb, "a")

    assert dynamodb.get_item(TableName="t", Key=key("a"))["Item"] == item("a", 1)


def test_a_transaction_of_the_same_token_and_other_content_is_refused(dynamodb: Any) -> None:
    def send(number: int) -> None:
        change = {"Put": {"TableName": "t", "Item": item("a", number)}}
        dynamodb.transact_write_items(TransactItems=[change], ClientRequestToken="same")

    send(1)
    with pytest.raises(ClientError, match="IdempotentParameterMismatch"):
        send(2)


def test_a_token_is_forgotten_after_ten_minutes(
    dynamodb: Any, clock: time_machine.Traveller
) -> None:
    change = {"Put": {"TableName": "t", "Item": item("a", 1)}}
    send = {"TransactItems": [change], "ClientRequestToken": "same"}
    dynamodb.transact_write_items(**send)
    put(dynamodb, "a", 7)
    dynamodb.transact_write_items(**send)
    assert dynamodb.get_item(TableName="t", Key=key("a"))["Item"] == item("a", 7)

    clock.shift(601)
    dynamodb.transact_write_items(**send)

    assert dynamodb.get_item(TableName="t", Key=key("a"))["Item"] == item("a", 1)


@pytest.mark.parametrize("condition", ["#m = :n", "#n = :m", "#n = ", "= :n", "#n = :n )"])
def test_an_expression_that_cannot_be_read_is_refused(dynamodb: Any, condition: str) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        dynamodb.put_item(
            TableName="t", Item=item("a"), **expecting(0) | {"ConditionExpression": condition}
        )


@pytest.mark.parametrize("condition", ["size(#n) = :n", "#n BETWEEN :n AND :n"])
def test_what_the_product_does_not_use_is_not_passed_over(dynamodb: Any, condition: str) -> None:
    with pytest.raises(NotImplementedError):
        dynamodb.put_item(
            TableName="t", Item=item("a"), **expecting(0) | {"ConditionExpression": condition}
        )


def test_parameters_that_the_service_does_not_have_are_refused(dynamodb: Any) -> None:
    with pytest.raises(ParamValidationError):
        dynamodb.put_item(TableName="t", Item=item("a"), Condition="x")
    with pytest.raises(ParamValidationError):
        dynamodb.put_item(TableName="t", Item={"pk": "p"})


@pytest.mark.parametrize("applied", [False, True])
def test_a_call_is_cut_off_before_or_after_its_effect(
    memory: InMemoryAws, dynamodb: Any, applied: bool
) -> None:
    cut_off = CutOff("t", "PutItem", at=2, applied=applied, once=True)
    with memory.listening(cut_off):
        put(dynamodb, "a")
        with pytest.raises(EndpointConnectionError):
            put(dynamodb, "b")
        put(dynamodb, "c")

    kept = [one["sk"]["S"] for one in dynamodb.scan(TableName="t")["Items"]]
    assert kept == (["a", "b", "c"] if applied else ["a", "c"])


def test_throttling_is_an_answer_until_it_ends(memory: InMemoryAws, dynamodb: Any) -> None:
    throttled = refused("dynamodb", "ProvisionedThroughputExceededException", "PutItem", spared=1)
    with memory.listening(throttled):
        put(dynamodb, "a")
        with pytest.raises(dynamodb.exceptions.ProvisionedThroughputExceededException):
            put(dynamodb, "b")
    put(dynamodb, "b")


def test_items_that_a_batch_leaves_unprocessed_are_not_there(
    memory: InMemoryAws, dynamodb: Any
) -> None:
    def report(reply: Params, entry: Any) -> None:
        reply["UnprocessedItems"] = {"t": [entry]}

    part = Part("t", "BatchWriteItem", lambda asked: asked["RequestItems"]["t"].pop(), report, 1)
    puts = [{"PutRequest": {"Item": item(sk)}} for sk in "ab"]
    with memory.listening(part):
        reply = dynamodb.batch_write_item(RequestItems={"t": puts})

    assert reply["UnprocessedItems"] == {"t": [{"PutRequest": {"Item": item("b")}}]}
    assert [one["sk"]["S"] for one in dynamodb.scan(TableName="t")["Items"]] == ["a"]


def test_a_listener_sees_the_call_and_may_carry_it_out_twice(
    memory: InMemoryAws, dynamodb: Any
) -> None:
    seen: list[Call] = []

    def twice(call: Call, proceed: Proceed) -> Params:
        seen.append(call)
        proceed()
        return proceed()

    put(dynamodb, "a", 1)
    with memory.listening(twice), pytest.raises(ClientError, match="ConditionalCheckFailed"):
        dynamodb.put_item(TableName="t", Item=item("a", 2), **expecting(1))

    assert [(call.operation, call.table) for call in seen] == [("PutItem", "t")]


def test_a_snapshot_brings_everything_back(
    memory: InMemoryAws, dynamodb: Any, clock: time_machine.Traveller
) -> None:
    sqs, secrets, s3 = boto3.client("sqs"), boto3.client("secretsmanager"), boto3.client("s3")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="kept")
    secrets.create_secret(Name="s", SecretString="kept")
    s3.create_bucket(Bucket="bucket")
    put(dynamodb, "kept")
    then = memory.snapshot()
    sqs.purge_queue(QueueUrl=url)
    secrets.put_secret_value(SecretId="s", SecretString="changed")
    s3.put_object(Bucket="bucket", Key="changed", Body=b"", ContentType="text/plain")
    put(dynamodb, "changed")

    for _ in range(2):
        memory.restore(then)
        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
        assert message["Body"] == "kept"
        assert secrets.get_secret_value(SecretId="s")["SecretString"] == "kept"
        assert s3.list_objects_v2(Bucket="bucket")["KeyCount"] == 0
        assert [one["sk"]["S"] for one in dynamodb.scan(TableName="t")["Items"]] == ["kept"]
        put(dynamodb, "changed again")


def test_a_message_is_at_most_256_kilobytes(memory: InMemoryAws) -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    with pytest.raises(ClientError, match="262144"):
        sqs.send_message(QueueUrl=url, MessageBody="x" * (256 * 1024 + 1))


def test_a_message_is_gone_after_its_retention(
    memory: InMemoryAws, clock: time_machine.Traveller
) -> None:
    sqs = boto3.client("sqs")
    attributes = {"MessageRetentionPeriod": "3600"}
    url = sqs.create_queue(QueueName="q", Attributes=attributes)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps({}))
    clock.shift(3601)

    assert "Messages" not in sqs.receive_message(QueueUrl=url)
