"""A random year of billing: twelve invoices, with faults and people's actions."""

from random import Random

from tests.reliability.boundaries import Fate, Happenings
from tests.reliability.provider import Days, Provider

HOUR, A_MONTH = 3600, 30 * 24 * 3600
FATES = (Fate.KILLED, Fate.UNSENT, Fate.UNANSWERED, Fate.REPEATED)
BOUNDARIES = 40
FEWEST_HERE = 3  # organizations that stay


class Year:
    """`chance` decides everything; `days` gives the state afterwards."""

    def __init__(self, provider: Provider, chance: Random) -> None:
        self._chance = chance
        self.days: Days = provider.begin(self._fortune)
        self._here = list(self.days.business.organizations)

    def _fortune(self) -> Happenings:
        """No fault in two of three invocations."""
        if self._chance.random() > 1 / 3:
            return {}
        return {self._chance.randint(1, BOUNDARIES): [self._chance.choice(FATES)]}

    def month(self) -> None:
        """One billing cycle, from the counts to a release of held rows."""
        business, courier = self.days.business, self.days.courier
        courier.wait(A_MONTH)
        for organization_id in self._here:
            business.count_moves(organization_id, "edr", self._chance.randint(-2, 4))
            business.count_moves(organization_id, "sat", self._chance.choice([-1, 0, 0, 1]))
        self._sometimes_somebody_leaves()
        self._sometimes_somebody_edits()
        business.invoice_appears()
        courier.tick()
        courier.one_event(0)
        courier.wait(HOUR / 60)
        self._sometimes_somebody_edits()
        courier.rest()
        self._sometimes_somebody_releases()
        courier.rest()
        self.days.promises.hold()

    def _sometimes_somebody_leaves(self) -> None:
        if self._chance.random() < 1 / 6 and len(self._here) > FEWEST_HERE:
            gone = self._here.pop(self._chance.randrange(len(self._here)))
            self.days.business.leaves(gone)
            self.days.operators.map(gone, "none")

    def _sometimes_somebody_edits(self) -> None:
        if self._chance.random() < 1 / 3:
            addition_id = self._chance.choice(self.days.business.additions)
            self.days.business.edit(addition_id, self._chance.randint(1, 60))
            self.days.courier.wait(1)

    def _sometimes_somebody_releases(self) -> None:
        newest = self.days.stack.newest()
        if newest.outcomes.get("held") and self._chance.random() < 2 / 3:
            self.days.operators.release(newest)
