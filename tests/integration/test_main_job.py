"""The main job: an invoice appears, and every agreement bills what Huntress counted."""

from billing_sync.domain.run import Verdict
from tests.integration.local_stack import LocalStack
from tools.sandbox.world.expected import expected_quantities


def test_an_invoice_appears_and_every_addition_ends_right(stack: LocalStack) -> None:
    stack.invoice_appears()
    stack.tick()
    stack.settle()

    run = stack.newest()
    print(run.verdict, run.outcomes, run.note, run.guard_messages)
    expected = expected_quantities(stack.world)
    actual = {addition: stack.quantity(addition) for addition in expected}
    assert actual == expected
    assert run.verdict is Verdict.ATTENTION
