"""What the product asks of DynamoDB: each script is a sentence of the contract."""

from random import Random

from tests.aws.contract import Difference, Script, Session
from tests.aws.scripts.table import (
    ABSENT,
    Item,
    everything,
    expecting,
    item,
    key,
    partition,
    setting,
    table,
)

DYNAMODB_GUIDE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
DYNAMODB_API = "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/"


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
}
