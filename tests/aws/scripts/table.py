"""A table and its items, as the scripts write and read them."""

from typing import Any

from tests.aws.contract import Session

Item = dict[str, Any]
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
