"""Random months of billing, for the tests of undo and release."""

from random import Random

from tests.reliability.business import COUNTS
from tests.reliability.provider import Days

MOST_MOVED = 6  # units of one organization's product in a month


def counts_move(days: Days, chance: Random) -> None:
    """Every organization uses more or less of every product."""
    for organization_id in days.business.organizations:
        for product in COUNTS:
            by = chance.randint(-MOST_MOVED, MOST_MOVED)
            days.business.count_moves(organization_id, product, by)


def invoice_is_taken(days: Days) -> None:
    """The month's invoice appears, and its run ends."""
    days.business.invoice_appears()
    days.courier.tick()
    days.courier.rest()


def people_edit(days: Days, chance: Random, quantity: float) -> set[int]:
    """The additions, some or none, that people set to this quantity."""
    edited = set(chance.sample(days.business.additions, chance.choice([0, 0, 1, 3])))
    for addition_id in edited:
        days.business.edit(addition_id, quantity)
    return edited
