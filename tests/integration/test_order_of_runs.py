"""Sequence numbers order what happened to an addition, also where a run began long after it."""

from decimal import Decimal

from tests.integration.local_stack import LocalStack
from tests.integration.small_world import ALDER, ALDER_EDR, COPPERFIELD_ORGANIZATION


def test_the_audit_tells_writes_in_the_order_in_which_they_were_made(stack: LocalStack) -> None:
    stack.invoice_appears()
    stack.press({"by": "Ann"})
    (asked,) = stack.put_events()  # Ann's event is on its way
    stack.tick()
    stack.settle()  # the invoice's own run writes 25
    stack.set_settings(guards={"rise_units": 1000, "money": 100000})
    stack.change_item("MAPPING", f"ORG#{COPPERFIELD_ORGANIZATION}", company_id=ALDER)
    stack.deliver_event(asked)  # Ann's run begins only now and writes 25 + 65
    stack.settle()

    items = stack.ledger_table.query(f"ADDITION#{ALDER_EDR}", "AUDIT#")
    written = [item["target"] for item in items if item["outcome"] == "updated"]
    assert [Decimal(one) for one in written][-1] == Decimal(str(stack.quantity(ALDER_EDR)))
