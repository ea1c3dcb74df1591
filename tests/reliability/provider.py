"""A Managed Service Provider at work, which can start again from the same beginning."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.clock import world_clock
from tests.integration.conftest import START
from tests.integration.local_stack import LocalStack, local_stack
from tests.integration.small_world import small_world
from tests.reliability.business import Business
from tests.reliability.message_delivery import Courier, Fortune
from tests.reliability.operators import Operators
from tests.reliability.promises import Promises
from tests.reliability.witness import Witness
from tests.reliability.world import Moment, World, heard_world


@dataclass(frozen=True, slots=True)
class Days:
    """A period of business: its actors and the checks of it."""

    world: World
    stack: LocalStack
    business: Business
    courier: Courier
    operators: Operators
    witness: Witness
    promises: Promises


@dataclass(frozen=True, slots=True)
class Provider:
    """A stack that is installed, with sync on and the first look done."""

    world: World
    moment: Moment
    witness: Witness

    def begin(self, fortune: Fortune = dict) -> Days:
        """Everything as at the beginning; `fortune` gives each invocation its happenings."""
        self.world.restart(self.moment, {})
        stack = self.world.stack
        promises = Promises(stack, self.witness)
        courier = Courier(self.world, fortune=fortune, look=promises.hold)
        operators = Operators(stack, courier)
        operators.rotate(right=True)
        self.witness.begin(operators)
        return Days(self.world, stack, Business(stack), courier, operators, self.witness, promises)


@contextmanager
def provider(*companies: int) -> Iterator[Provider]:
    """A provider with these companies; its clock stands still unless it is moved."""
    with (
        world_clock(START, tick=False) as clock,
        local_stack(START, small_world(*companies)) as stack,
    ):
        stack.configure()
        stack.tick()
        with heard_world(stack, clock) as world:
            yield Provider(world, world.moment(), Witness(stack))
