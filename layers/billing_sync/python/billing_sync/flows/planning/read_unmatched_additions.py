"""The full audit's reading: agreements of companies that no organization is mapped to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from billing_sync.domain.errors import BillingSyncError
from billing_sync.domain.plan.unmatched import Others
from billing_sync.domain.vendors.connectwise import Addition, BulkRead, UnusableAddition
from billing_sync.flows.planning.checkpoints import Stages
from billing_sync.flows.ports import ConnectWise

STAGE = 500  # agreements
THE_LIST = 0  # stands for the list itself where a read's `unread` goes by agreement id


@dataclass(frozen=True, slots=True)
class Audit:
    """Reads once per run and never in the way of billing: what fails is told and left out."""

    connectwise: ConnectWise
    stages: Stages

    def read(self, *, mapped: Collection[int], items: Sequence[int]) -> Others:
        """Additions of these catalog items that companies other than the `mapped` have.

        Raises `OutOfTime` as a `Stages` does, and nothing of what the client raises.
        """
        listed = self.stages.read("all active agreements", (), self._list, once=True)
        if THE_LIST in listed.unread:
            return Others(unlisted=listed.unread[THE_LIST])
        known = frozenset(mapped)
        agreements = tuple(a for a in listed.agreements if a.company_id not in known)
        ids = sorted(agreement.id for agreement in agreements)
        additions: list[Addition] = []
        unread: dict[int, str] = {}
        unusable: list[UnusableAddition] = []
        failed = ""
        for start in range(0, len(ids), STAGE):
            some = ids[start : start + STAGE]
            if failed:  # whoever does not answer at all is not asked five hundred times more
                unread |= dict.fromkeys(some, failed)
                continue
            read = self._additions(some, items)
            additions += read.additions
            unread |= read.unread
            unusable += read.unusable
            failed = read.unread[some[0]] if len(read.unread) == len(some) else ""
        return Others(agreements, tuple(additions), unread, unusable=tuple(unusable))

    def _list(self, _: Sequence[int]) -> BulkRead:
        try:
            return BulkRead(self.connectwise.all_active_agreements())
        except BillingSyncError as error:
            return BulkRead(unread={THE_LIST: str(error)})

    def _additions(self, agreement_ids: Sequence[int], items: Sequence[int]) -> BulkRead:
        def reading(ids: Sequence[int]) -> BulkRead:
            try:
                return self.connectwise.additions(ids, items)
            except BillingSyncError as error:
                return BulkRead(unread=dict.fromkeys(ids, str(error)))

        what = f"audited additions of {', '.join(map(str, items))}"
        return self.stages.read(what, agreement_ids, reading, once=True)
