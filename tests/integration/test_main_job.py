"""The main job: an invoice appears, and every agreement bills what Huntress counted."""

from billing_sync.domain.runs.run import Verdict
from tests.integration.local_stack import LocalStack
from tests.integration.small_world import ALDER_EDR, COPPERFIELD_EDR, COPPERFIELD_SAT
from tools.sandbox.world.expected import expected_quantities


def test_an_invoice_appears_and_every_addition_ends_right(full_stack: LocalStack) -> None:
    stack = full_stack

    stack.sync()

    run = stack.newest()
    expected = expected_quantities(stack.world)
    assert {addition: stack.quantity(addition) for addition in expected} == expected
    changed = stack.connectwise.changed_fields_since(stack.before)
    assert set(changed.values()) == {frozenset({"quantity"})}
    assert stack.connectwise.same_elsewhere(stack.before)
    assert run.verdict is Verdict.ATTENTION
    assert run.wrote == len(stack.connectwise.quantity_changes) == len(stack.patches())
    assert all(sum(one.ended.values()) == one.usage for one in run.tie_out)


def test_a_small_month_is_written_reported_and_green(stack: LocalStack) -> None:
    stack.sync()

    run = stack.newest()
    assert (run.verdict, run.wrote) == (Verdict.COMPLETE, 3)
    written = {one: stack.quantity(one) for one in (ALDER_EDR, COPPERFIELD_EDR, COPPERFIELD_SAT)}
    assert written == {ALDER_EDR: 25.0, COPPERFIELD_EDR: 65.0, COPPERFIELD_SAT: 44.0}
    assert stack.runs.active() is None
    assert "WROTE 3 quantities: complete" in stack.notices()[0]
