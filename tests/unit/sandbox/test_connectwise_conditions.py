"""The stand-in for ConnectWise reads conditions as its Developer Guide describes them."""

import pytest

from tools.sandbox.vendors.connectwise_conditions import Shape, predicate
from tools.sandbox.vendors.connectwise_errors import RefusedError

SHAPE = Shape(
    frozenset({"id", "name", "company/id", "cancelledFlag", "cancelledDate", "agreementStatus"}),
    {"agreementStatus": frozenset({"Active", "Cancelled"})},
)
ROWS = [
    {"id": 1, "name": "One", "company": {"id": 10}, "cancelledFlag": False},
    {"id": 2, "name": "Two", "company": {"id": 20}, "cancelledFlag": True},
    {"id": 3, "name": "Three", "company": {"id": 20}, "cancelledFlag": False}
    | {"cancelledDate": "2026-02-01T00:00:00Z", "agreementStatus": "Active"},
]


def found(conditions):
    fits = predicate(conditions, SHAPE)
    return [row["id"] for row in ROWS if fits(row)]


@pytest.mark.parametrize(
    ("conditions", "ids"),
    [
        ("", [1, 2, 3]),
        ("id=2", [2]),
        ("company/id in (20, 30)", [2, 3]),
        ("company/id not in (20,30)", [1]),
        ("cancelledFlag = False", [1, 3]),
        ("cancelledDate=null", [1, 2]),
        ("cancelledDate != null", [3]),
        ("cancelledDate > [2026-01-31T00:00:00Z]", [3]),
        ('agreementStatus="Active" and cancelledFlag=false', [3]),
        ("name='one' or name like \"T%\"", [1, 2, 3]),
        ('name contains "wo"', [2]),
        ("not (id=1 or id=2) AND company/id >= 20", [3]),
        ("id < 3 and company/id = 20 or id = 1", [1, 2]),
    ],
)
def test_conditions_pick_rows(conditions, ids):
    assert found(conditions) == ids


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ("invoiceDate=null", "invoiceDate is not a recognized name."),
        ('agreementStatus="Canceled"', "Enum value supplied was invalid"),
        ("id=1 id=2", "Unexpected text: id"),
        ("id in (1", "Expected ) before "),
        ("id ? 1", "Unexpected character at 2:  ? 1"),
        ("id near 1", "Unknown operator: near"),
        ("id =", "Unexpected value: "),
    ],
)
def test_what_connectwise_does_not_know_is_refused(conditions, message):
    with pytest.raises(RefusedError) as refused:
        found(conditions)
    assert refused.value.status == 400
    assert refused.value.body["code"] == "ApiFindCondition"
    assert refused.value.body["message"] == message
