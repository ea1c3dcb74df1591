"""What the product asks of AWS, as short scripts: each is a sentence of the contract."""

import json
from random import Random
from typing import Any

from tests.aws.contract import Difference, Script, Session, plain

Item = dict[str, Any]
DYNAMODB_GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
DYNAMODB_API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/"
ABSENT = {
    "ConditionExpression": "attribute_not_exists(#pk)",
    "ExpressionAttributeNames": {"#pk": "pk"},
}


def key(sk: str, pk: str = "p") -> Item:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def item(sk: str, number: int = 0, pk: str = "p") -> Item:
    return {**key(sk, pk), "n": {"N": str(number)}}


def expecting(number: int) -> Item:
    """The condition that `n` has this value."""
    return {
        "ConditionExpression": "#n = :n",
        "ExpressionAttributeNames": {"#n": "n"},
        "ExpressionAttributeValues": {":n": {"N": str(number)}},
    }


def setting(number: int) -> Item:
    """An update of `n`."""
    return {
        "UpdateExpression": "SET #n = :new",
        "ExpressionAttributeNames": {"#n": "n"},
        "ExpressionAttributeValues": {":new": {"N": str(number)}},
    }


def partition(prefix: str = "", pk: str = "p") -> Item:
    """A query of one partition, or of a part of it."""
    names, values = {"#pk": "pk"}, {":pk": {"S": pk}}
    if not prefix:
        condition = "#pk = :pk"
    else:
        names, values = {**names, "#sk": "sk"}, {**values, ":sk": {"S": prefix}}
        condition = "(#pk = :pk AND begins_with(#sk, :sk))"
    return {
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }


def table(aws: Session) -> None:
    aws(
        "dynamodb",
        "create_table",
        TableName="t",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
    )
    aws.answers.clear()  # a table's description has much that nobody reads


def everything(aws: Session) -> None:
    """All items, in their order."""
    reply = aws.dynamodb("scan")
    aws.answers[-1] = sorted(reply["Items"], key=lambda one: (one["pk"]["S"], one["sk"]["S"]))


# --- DynamoDB -----------------------------------------------------------------------------------


def an_item_is_put_only_where_there_is_none(aws: Session) -> None:
    table(aws)
    aws.dynamodb("put_item", Item=item("a", 1), **ABSENT)
    aws.dynamodb("put_item", Item=item("a", 2), **ABSENT)
    everything(aws)


def a_condition_compares_one_value_or_several(aws: Session) -> None:
    table(aws)
    aws.dynamodb("put_item", Item=item("a", 1))
    aws.dynamodb("put_item", Item=item("a", 2), **expecting(1))
    aws.dynamodb("put_item", Item=item("a", 3), **expecting(1))
    one_of = {
        "ConditionExpression": "#n IN (:a, :b) AND attribute_exists(#pk)",
        "ExpressionAttributeNames": {"#n": "n", "#pk": "pk"},
        "ExpressionAttributeValues": {":a": {"N": "7"}, ":b": {"N": "2"}},
    }
    aws.dynamodb("put_item", Item=item("a", 4), **one_of)
    aws.dynamodb("put_item", Item=item("a", 5), **one_of)
    aws.dynamodb("delete_item", Key=key("a"), **expecting(9))
    aws.dynamodb("delete_item", Key=key("a"), **expecting(4))
    everything(aws)


def conditions_join_by_or_not_and_signs(aws: Session) -> None:
    table(aws)
    aws.dynamodb("put_item", Item=item("a", 5))
    for condition in ("#n < :v", "#n <= :v", "#n > :v", "#n >= :v", "#n <> :v", "NOT #n = :v"):
        for limit in ("4", "5", "10"):
            aws.dynamodb(
                "put_item",
                Item=item("a", 5),
                ConditionExpression=f"({condition}) OR attribute_not_exists(sk)",
                ExpressionAttributeNames={"#n": "n"},
                ExpressionAttributeValues={":v": {"N": limit}},
            )


def a_missing_attribute_never_has_the_value(aws: Session) -> None:
    table(aws)
    aws.dynamodb("put_item", Item=key("a"))
    aws.dynamodb("put_item", Item=item("a", 1), **expecting(0))
    aws.dynamodb("delete_item", Key=key("nobody"), **expecting(0))


def numbers_compare_by_value_and_types_differ(aws: Session) -> None:
    table(aws)
    aws.dynamodb("put_item", Item={**key("a"), "n": {"N": "1.0"}})
    aws.dynamodb("put_item", Item=item("a", 2), **expecting(1))
    aws.dynamodb("put_item", Item={**key("a"), "n": {"S": "3"}})
    aws.dynamodb("put_item", Item=item("a", 4), **expecting(3))


def an_update_sets_attributes_and_makes_a_missing_item(aws: Session) -> None:
    table(aws)
    aws.dynamodb("put_item", Item={**item("a", 1), "kept": {"BOOL": True}})
    aws.dynamodb("update_item", Key=key("a"), **setting(2))
    aws.dynamodb("update_item", Key=key("b"), **setting(3))
    everything(aws)


def an_update_removes_an_attribute(aws: Session) -> None:
    table(aws)
    aws.dynamodb("put_item", Item=item("a", 1))
    names = {"ExpressionAttributeNames": {"#n": "n"}}
    aws.dynamodb("update_item", Key=key("a"), UpdateExpression="REMOVE #n", **names)
    everything(aws)


COUNTING: Item = {
    "Key": key("a"),
    "UpdateExpression": "ADD #n :one",
    "ExpressionAttributeNames": {"#n": "n"},
    "ExpressionAttributeValues": {":one": {"N": "1"}},
}


def count(aws: Session) -> None:
    aws.dynamodb("update_item", **COUNTING, ReturnValues="UPDATED_NEW")


def a_counter_counts(aws: Session) -> None:
    table(aws)
    aws.dynamodb("put_item", Item=item("a", 5))
    count(aws)
    count(aws)


def a_new_counter_returns_its_number_alone(aws: Session) -> None:
    table(aws)
    count(aws)


def deleting_what_is_not_there_is_no_error(aws: Session) -> None:
    table(aws)
    aws.dynamodb("delete_item", Key=key("a"))
    aws.dynamodb("get_item", Key=key("a"), ConsistentRead=True)


def a_partition_is_listed_in_order_from_either_end(aws: Session) -> None:
    table(aws)
    for sk in ("b#2", "a", "b#10", "c", "b#1", "é"):
        aws.dynamodb("put_item", Item=item(sk))
    aws.dynamodb("put_item", Item=item("b#3", pk="q"))
    aws.dynamodb("query", **partition())
    aws.dynamodb("query", **partition("b#"))
    aws.dynamodb("query", **partition("b#", pk="nobody"))
    aws.dynamodb("query", **partition(), ScanIndexForward=False)


def a_page_ends_at_its_limit_and_the_next_goes_on(aws: Session) -> None:
    table(aws)
    for number in range(5):
        aws.dynamodb("put_item", Item=item(f"a#{number}", number))
    for forward in (True, False):
        more: Item = {}
        for _ in range(4):
            reply = aws.dynamodb(
                "query", **partition("a#"), Limit=2, ScanIndexForward=forward, **more
            )
            if "LastEvaluatedKey" not in reply:
                break
            more = {"ExclusiveStartKey": reply["LastEvaluatedKey"]}


def a_page_ends_at_one_megabyte(aws: Session) -> None:
    table(aws)
    for number in range(5):
        large = {**item(f"a#{number}", number), "text": {"S": "x" * 300_000}}
        aws.dynamodb("put_item", Item=large)
    reply = aws.dynamodb("query", **partition())
    start = {"ExclusiveStartKey": reply["LastEvaluatedKey"]}
    more = aws.dynamodb("query", **partition(), **start)
    counts = [[page["Count"], "LastEvaluatedKey" in page] for page in (reply, more)]
    aws.answers[-2:] = counts


def a_transaction_is_made_whole(aws: Session) -> None:
    table(aws)
    aws.dynamodb("put_item", Item=item("kept", 1))
    aws.dynamodb("put_item", Item=item("gone", 1))
    aws.dynamodb(
        "transact_write_items",
        TransactItems=[
            {"Put": {"TableName": "t", "Item": item("new", 1), **ABSENT}},
            {"Update": {"TableName": "t", "Key": key("other"), **setting(5)}},
            {"Delete": {"TableName": "t", "Key": key("gone"), **expecting(1)}},
            {"ConditionCheck": {"TableName": "t", "Key": key("kept"), **expecting(1)}},
        ],
    )
    everything(aws)


def a_transaction_with_one_false_condition_changes_nothing(aws: Session) -> None:
    table(aws)
    aws.dynamodb("put_item", Item=item("kept", 1))
    aws.dynamodb(
        "transact_write_items",
        TransactItems=[
            {"Put": {"TableName": "t", "Item": item("new", 1), **ABSENT}},
            {"ConditionCheck": {"TableName": "t", "Key": key("kept"), **expecting(2)}},
            {"Delete": {"TableName": "t", "Key": key("nobody"), **expecting(1)}},
            {"Put": {"TableName": "t", "Item": item("last", 1)}},
        ],
    )
    everything(aws)


def a_transaction_takes_an_item_once_and_a_hundred_items(aws: Session) -> None:
    table(aws)
    put = {"Put": {"TableName": "t", "Item": item("a", 1)}}
    check = {"ConditionCheck": {"TableName": "t", "Key": key("a"), **ABSENT}}
    aws.dynamodb("transact_write_items", TransactItems=[put, check])
    puts = [{"Put": {"TableName": "t", "Item": item(f"{n:03}")}} for n in range(101)]
    aws.dynamodb("transact_write_items", TransactItems=puts)
    aws.dynamodb("transact_write_items", TransactItems=puts[:100])
    everything(aws)


def a_batch_takes_twenty_five_items(aws: Session) -> None:
    table(aws)
    puts = [{"PutRequest": {"Item": item(f"{n:02}", n)}} for n in range(26)]
    aws.dynamodb("batch_write_item", RequestItems={"t": puts})


def a_batch_takes_each_item_once(aws: Session) -> None:
    table(aws)
    puts = [{"PutRequest": {"Item": item(f"{n:02}", n)}} for n in range(25)]
    aws.dynamodb("batch_write_item", RequestItems={"t": [puts[0], puts[0]]})
    aws.dynamodb("batch_write_item", RequestItems={"t": puts})
    deletes = [{"DeleteRequest": {"Key": key("03")}}, {"DeleteRequest": {"Key": key("99")}}]
    aws.dynamodb("batch_write_item", RequestItems={"t": deletes})
    everything(aws)


def placeholders_are_used(aws: Session) -> None:
    table(aws)
    aws.dynamodb(
        "put_item",
        Item=item("a"),
        ConditionExpression="attribute_not_exists(#n)",
        ExpressionAttributeNames={"#n": "n", "#more": "more"},
    )


def an_item_has_at_most_400_kilobytes(aws: Session) -> None:
    table(aws)
    for size in (390_000, 400 * 1024 + 1):
        aws.dynamodb("put_item", Item={**key("a"), "text": {"S": "x" * size}})


def keys_are_not_empty(aws: Session) -> None:
    table(aws)
    aws.dynamodb("put_item", Item=key(""))


def a_table_that_is_not_there_is_named_so(aws: Session) -> None:
    aws("dynamodb", "get_item", TableName="nobody", Key=key("a"))


def any_changes_in_any_order(aws: Session) -> None:
    """The same random changes leave the same table."""
    table(aws)
    chance = Random(7)
    for _ in range(120):
        sk, number, old = chance.choice("abcd"), chance.randint(0, 3), chance.randint(0, 3)
        condition = chance.choice([{}, ABSENT, expecting(old)])
        match chance.choice(["put", "update", "delete", "transaction"]):
            case "put":
                aws.dynamodb("put_item", Item=item(sk, number), **condition)
            case "update":
                aws.dynamodb("update_item", Key=key(sk), **setting(number))
            case "delete":
                aws.dynamodb("delete_item", Key=key(sk), **condition)
            case _:
                other = chance.choice([each for each in "abcd" if each != sk])
                aws.dynamodb(
                    "transact_write_items",
                    TransactItems=[
                        {"Put": {"TableName": "t", "Item": item(sk, number), **condition}},
                        {"Update": {"TableName": "t", "Key": key(other), **setting(old)}},
                    ],
                )
    everything(aws)


# --- SQS ----------------------------------------------------------------------------------------


def queue(aws: Session, name: str = "q.fifo", **attributes: str) -> str:
    fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    reply = aws("sqs", "create_queue", QueueName=name, Attributes={**fifo, **attributes})
    return str(reply["QueueUrl"])


def send(aws: Session, url: str, body: str, group: str = "g") -> None:
    ids = {"MessageGroupId": group, "MessageDeduplicationId": f"{group}:{body}"}
    aws("sqs", "send_message", QueueUrl=url, MessageBody=body, **ids)


def receive(aws: Session, url: str, most: int = 10) -> list[Item]:
    """Received messages; of each answer only what a consumer reads is compared."""
    reply = aws(
        "sqs", "receive_message", QueueUrl=url, MaxNumberOfMessages=most, AttributeNames=["All"]
    )
    messages = reply.get("Messages", [])
    compared = ("ApproximateReceiveCount", "MessageGroupId", "MessageDeduplicationId")
    aws.answers[-1] = [
        [plain(one["Body"]), [one["Attributes"].get(name) for name in compared]] for one in messages
    ]
    return messages


def counts(aws: Session, url: str) -> None:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    aws("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=names)


def a_group_keeps_its_order_and_waits_for_what_is_in_flight(aws: Session) -> None:
    url = queue(aws)
    for body, group in (("1", "a"), ("2", "a"), ("3", "b")):
        send(aws, url, body, group)
    (first,) = receive(aws, url, most=1)
    receive(aws, url, most=1)
    receive(aws, url)
    counts(aws, url)
    aws("sqs", "delete_message", QueueUrl=url, ReceiptHandle=first["ReceiptHandle"])
    receive(aws, url)
    counts(aws, url)


def the_same_message_within_five_minutes_is_one(aws: Session) -> None:
    url = queue(aws)
    send(aws, url, "1")
    send(aws, url, "1")
    counts(aws, url)
    aws.clock.shift(301)
    send(aws, url, "1")
    counts(aws, url)


def a_message_reappears_after_its_visibility_and_counts_its_receives(aws: Session) -> None:
    url = queue(aws, VisibilityTimeout="60")
    send(aws, url, "1")
    receive(aws, url)
    aws.clock.shift(59)
    receive(aws, url)
    aws.clock.shift(2)
    receive(aws, url)


def visibility_is_changed_up_to_twelve_hours_from_the_receive(aws: Session) -> None:
    url = queue(aws, "plain", VisibilityTimeout="60")
    aws("sqs", "send_message", QueueUrl=url, MessageBody="1")
    (message,) = receive(aws, url)
    change = {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]}
    aws("sqs", "change_message_visibility", **change, VisibilityTimeout=3600)
    aws.clock.shift(1800)
    receive(aws, url)
    aws("sqs", "change_message_visibility", **change, VisibilityTimeout=43_000)
    aws("sqs", "change_message_visibility", **change, VisibilityTimeout=0)
    aws.clock.shift(1)
    receive(aws, url)


def a_message_received_too_often_is_a_dead_letter(aws: Session) -> None:
    dead = queue(aws, "dead.fifo")
    arn = aws("sqs", "get_queue_attributes", QueueUrl=dead, AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": 2}
    url = queue(aws, VisibilityTimeout="10", RedrivePolicy=json.dumps(policy))
    send(aws, url, "1", "a")
    send(aws, url, "2", "b")
    for _ in range(3):
        receive(aws, url)
        aws.clock.shift(11)
    counts(aws, url)
    receive(aws, dead)


def a_batch_of_messages_is_at_most_ten(aws: Session) -> None:
    url = queue(aws)
    entries = [
        {
            "Id": str(n),
            "MessageBody": str(n),
            "MessageGroupId": str(n % 2),
            "MessageDeduplicationId": str(n),
        }
        for n in range(11)
    ]
    aws("sqs", "send_message_batch", QueueUrl=url, Entries=entries)
    aws("sqs", "send_message_batch", QueueUrl=url, Entries=[entries[0], entries[0]])
    aws("sqs", "send_message_batch", QueueUrl=url, Entries=entries[:10])
    receive(aws, url)


def a_purged_queue_is_empty(aws: Session) -> None:
    url = queue(aws, "plain")
    aws("sqs", "send_message", QueueUrl=url, MessageBody="1")
    receive(aws, url)
    aws("sqs", "send_message", QueueUrl=url, MessageBody="2")
    aws("sqs", "purge_queue", QueueUrl=url)
    counts(aws, url)


def a_fifo_message_has_a_group(aws: Session) -> None:
    url = queue(aws)
    aws("sqs", "send_message", QueueUrl=url, MessageBody="1", MessageDeduplicationId="1")


def a_queue_that_is_not_there_is_named_so(aws: Session) -> None:
    url = queue(aws).replace("q.fifo", "nobody.fifo")
    aws("sqs", "receive_message", QueueUrl=url)


# --- EventBridge, SNS ---------------------------------------------------------------------------


def arn_of(aws: Session, url: str) -> str:
    reply = aws("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=["QueueArn"])
    return str(reply["Attributes"]["QueueArn"])


def event(detail: str, source: str = "ours") -> Item:
    return {"EventBusName": "bus", "Source": source, "DetailType": "Thing Done", "Detail": detail}


def bus(aws: Session) -> str:
    url = queue(aws, "events")
    aws("events", "create_event_bus", Name="bus")
    pattern = json.dumps({"source": ["ours"]})
    aws("events", "put_rule", Name="all", EventBusName="bus", EventPattern=pattern)
    targets = [{"Id": "queue", "Arn": arn_of(aws, url)}]
    aws("events", "put_targets", Rule="all", EventBusName="bus", Targets=targets)
    aws.answers.clear()
    return url


def an_event_reaches_the_targets_of_its_rules(aws: Session) -> None:
    url = bus(aws)
    aws("events", "put_events", Entries=[event('{"run": 7}'), event("{}", source="theirs")])
    receive(aws, url)
    receive(aws, url)


def a_malformed_event_is_refused_alone(aws: Session) -> None:
    url = bus(aws)
    aws("events", "put_events", Entries=[event("{"), event("{}")])
    aws.answers[-1] = aws.answers[-1][1]["FailedEntryCount"]  # type: ignore[index]
    receive(aws, url)


def at_most_ten_events_are_put_at_once(aws: Session) -> None:
    bus(aws)
    aws("events", "put_events", Entries=[event("{}")] * 11)


def events_of_more_than_256_kilobytes_are_refused(aws: Session) -> None:
    bus(aws)
    large = json.dumps({"text": "x" * 256 * 1024})
    aws("events", "put_events", Entries=[event(large)])


def a_message_reaches_the_subscribers_of_its_topic(aws: Session) -> None:
    url = queue(aws, "notices")
    topic = aws("sns", "create_topic", Name="n")["TopicArn"]
    aws("sns", "subscribe", TopicArn=topic, Protocol="sqs", Endpoint=arn_of(aws, url))
    aws("sns", "list_subscriptions_by_topic", TopicArn=topic)
    aws("sns", "publish", TopicArn=topic, Subject="Result", Message="Complete.")
    receive(aws, url)
    aws("sns", "publish", TopicArn=topic, Subject="x" * 101, Message="Complete.")
    aws("sns", "delete_topic", TopicArn=topic)
    aws("sns", "list_subscriptions_by_topic", TopicArn=topic)
    aws("sns", "publish", TopicArn=topic, Message="Nobody hears this.")


# --- S3, Secrets Manager ------------------------------------------------------------------------


def objects_are_kept_replaced_and_listed_by_prefix(aws: Session) -> None:
    aws("s3", "create_bucket", Bucket="bucket")
    for name, text in (("runs/2/a", "one"), ("runs/1/b", "two"), ("runs/2/a", "three")):
        aws(
            "s3",
            "put_object",
            Bucket="bucket",
            Key=name,
            Body=text.encode(),
            ContentType="text/csv",
        )
    aws("s3", "get_object", Bucket="bucket", Key="runs/2/a")
    aws.answers[-1] = [aws.answers[-1][1][name] for name in ("Body", "ContentType")]  # type: ignore[index]
    for prefix in ("runs/1", "runs/", "nobody"):
        reply = aws("s3", "list_objects_v2", Bucket="bucket", Prefix=prefix)
        aws.answers[-1] = [[one["Key"], one["Size"]] for one in reply.get("Contents", [])]
    aws("s3", "get_object", Bucket="bucket", Key="nobody")
    aws("s3", "get_object", Bucket="nobody", Key="a")


def a_secret_without_a_value_has_no_version(aws: Session) -> None:
    aws("secretsmanager", "create_secret", Name="s")
    aws.answers.clear()
    aws("secretsmanager", "get_secret_value", SecretId="s")
    aws("secretsmanager", "get_secret_value", SecretId="nobody")


def the_newest_value_of_a_secret_is_current(aws: Session) -> None:
    aws("secretsmanager", "create_secret", Name="s", SecretString="1")
    aws.answers.clear()
    aws("secretsmanager", "get_secret_value", SecretId="s")
    aws("secretsmanager", "put_secret_value", SecretId="s", SecretString="2")
    aws("secretsmanager", "get_secret_value", SecretId="s")
    aws("secretsmanager", "get_secret_value", SecretId="s", VersionStage="AWSPREVIOUS")
    reply = aws("secretsmanager", "describe_secret", SecretId="s")
    aws.answers[-1] = sorted(reply["VersionIdsToStages"].values())


def a_deleted_secret_is_unusable_until_it_is_restored(aws: Session) -> None:
    aws("secretsmanager", "create_secret", Name="s", SecretString="1")
    aws.answers.clear()
    aws("secretsmanager", "delete_secret", SecretId="s")
    aws.answers.clear()
    aws("secretsmanager", "get_secret_value", SecretId="s")
    aws("secretsmanager", "restore_secret", SecretId="s")
    aws("secretsmanager", "get_secret_value", SecretId="s")
    aws("secretsmanager", "delete_secret", SecretId="s", ForceDeleteWithoutRecovery=True)
    aws.answers.pop()
    aws("secretsmanager", "get_secret_value", SecretId="s")


def a_stage_is_moved_back_to_an_earlier_version(aws: Session) -> None:
    aws("secretsmanager", "create_secret", Name="s", SecretString="1")
    first = aws("secretsmanager", "get_secret_value", SecretId="s")["VersionId"]
    second = aws("secretsmanager", "put_secret_value", SecretId="s", SecretString="2")["VersionId"]
    aws.answers.clear()
    aws(
        "secretsmanager",
        "update_secret_version_stage",
        SecretId="s",
        VersionStage="AWSCURRENT",
        MoveToVersionId=first,
        RemoveFromVersionId=second,
    )
    aws("secretsmanager", "get_secret_value", SecretId="s")


# --- where moto is lenient ----------------------------------------------------------------------


def a_transaction_of_the_same_token_is_made_once(aws: Session) -> None:
    table(aws)
    counting = {"TableName": "t", **COUNTING}
    for _ in range(2):
        aws.dynamodb(
            "transact_write_items", TransactItems=[{"Update": counting}], ClientRequestToken="same"
        )
    everything(aws)


def a_placeholder_has_letters_digits_and_underscores(aws: Session) -> None:
    table(aws)
    aws.dynamodb(
        "put_item",
        Item=item("a"),
        ConditionExpression="attribute_not_exists(#sync-enabled)",
        ExpressionAttributeNames={"#sync-enabled": "sync-enabled"},
    )


def a_number_has_at_most_38_digits(aws: Session) -> None:
    table(aws)
    for digits in (38, 39):
        aws.dynamodb("put_item", Item={**key("a"), "n": {"N": "1" * digits}})


AGREED: tuple[Script, ...] = (
    an_item_is_put_only_where_there_is_none,
    a_condition_compares_one_value_or_several,
    conditions_join_by_or_not_and_signs,
    a_missing_attribute_never_has_the_value,
    numbers_compare_by_value_and_types_differ,
    an_update_sets_attributes_and_makes_a_missing_item,
    an_update_removes_an_attribute,
    a_counter_counts,
    deleting_what_is_not_there_is_no_error,
    a_partition_is_listed_in_order_from_either_end,
    a_page_ends_at_its_limit_and_the_next_goes_on,
    a_page_ends_at_one_megabyte,
    a_transaction_is_made_whole,
    a_transaction_with_one_false_condition_changes_nothing,
    a_transaction_takes_an_item_once_and_a_hundred_items,
    a_batch_takes_each_item_once,
    placeholders_are_used,
    an_item_has_at_most_400_kilobytes,
    keys_are_not_empty,
    a_table_that_is_not_there_is_named_so,
    any_changes_in_any_order,
    a_group_keeps_its_order_and_waits_for_what_is_in_flight,
    the_same_message_within_five_minutes_is_one,
    a_message_reappears_after_its_visibility_and_counts_its_receives,
    visibility_is_changed_up_to_twelve_hours_from_the_receive,
    a_message_received_too_often_is_a_dead_letter,
    a_batch_of_messages_is_at_most_ten,
    a_purged_queue_is_empty,
    a_fifo_message_has_a_group,
    a_queue_that_is_not_there_is_named_so,
    an_event_reaches_the_targets_of_its_rules,
    a_malformed_event_is_refused_alone,
    at_most_ten_events_are_put_at_once,
    a_message_reaches_the_subscribers_of_its_topic,
    objects_are_kept_replaced_and_listed_by_prefix,
    a_secret_without_a_value_has_no_version,
    the_newest_value_of_a_secret_is_current,
    a_deleted_secret_is_unusable_until_it_is_restored,
)
DIFFERENCES: dict[Script, Difference] = {
    a_new_counter_returns_its_number_alone: Difference(
        "moto adds the keys of an item that the update made",
        f"{DYNAMODB_API}API_UpdateItem.html",
    ),
    a_batch_takes_twenty_five_items: Difference(
        "moto takes larger batches",
        f"{DYNAMODB_API}API_BatchWriteItem.html",
    ),
    events_of_more_than_256_kilobytes_are_refused: Difference(
        "moto takes events of any size",
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html",
    ),
    a_transaction_of_the_same_token_is_made_once: Difference(
        "moto ignores ClientRequestToken",
        f"{DYNAMODB_API}API_TransactWriteItems.html",
    ),
    a_placeholder_has_letters_digits_and_underscores: Difference(
        "moto takes any character in a placeholder",
        f"{DYNAMODB_GUIDE}Expressions.ExpressionAttributeNames.html",
    ),
    a_number_has_at_most_38_digits: Difference(
        "moto stores a number of any length",
        f"{DYNAMODB_GUIDE}HowItWorks.NamingRulesDataTypes.html",
    ),
    a_stage_is_moved_back_to_an_earlier_version: Difference(
        "moto forgets which version is current after a stage was moved",
        "https://docs.aws.amazon.com/secretsmanager/latest/apireference/"
        "API_UpdateSecretVersionStage.html",
    ),
}
