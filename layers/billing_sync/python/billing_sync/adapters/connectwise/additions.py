"""All additions of many agreements: in bundles, and one by one where a bundle fails."""

from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import tzinfo

from pydantic import ValidationError

from billing_sync.adapters.connectwise.api import PAGE_SIZE, ConnectWiseApi, Row
from billing_sync.adapters.connectwise.replies import BundleReply, listed_addition
from billing_sync.domain.errors import Blocked, CallRefused, PermissionDenied, Retryable
from billing_sync.domain.vendors.connectwise import Addition, BulkRead, UnusableAddition

BUNDLE = 50  # what public integrations send; no maximum is documented
_AT_ONCE = 4


@dataclass(slots=True)
class _Gathered:
    """The results of a bulk read."""

    catalog_item_ids: frozenset[int]
    zone: tzinfo
    additions: dict[int, Addition] = field(default_factory=dict)
    unusable: set[UnusableAddition] = field(default_factory=set)
    unread: dict[int, str] = field(default_factory=dict)
    denied: list[PermissionDenied] = field(default_factory=list)

    def take(self, agreement_id: int, rows: Iterable[Row]) -> None:
        """Keep the rows of our catalog items, an addition listed twice only once."""
        for row in filter(self._of_catalog_items, rows):
            addition = listed_addition(row, listed_under=agreement_id, zone=self.zone)
            if isinstance(addition, UnusableAddition):
                self.unusable.add(addition)
            else:
                self.additions.setdefault(addition.id, addition)

    def _of_catalog_items(self, row: Row) -> bool:
        product = row.get("product")
        catalog_item_id = product.get("id") if isinstance(product, dict) else None
        # Without an id the planner compares the identifier, so these rows stay.
        return not isinstance(catalog_item_id, int) or catalog_item_id in self.catalog_item_ids


class AdditionsReader:
    """Reads additions in bulk; remembers when ConnectWise refuses bundles altogether."""

    def __init__(self, api: ConnectWiseApi) -> None:
        self._api = api
        self._bundles_refused = False

    def read(
        self, agreement_ids: Collection[int], catalog_item_ids: Collection[int], *, zone: tzinfo
    ) -> BulkRead:
        """The additions of these catalog items, and which agreements could not be read and why.

        Raises `PermissionDenied` when no agreement may be read.
        """
        gathered = _Gathered(frozenset(catalog_item_ids), zone)
        ids = sorted(set(agreement_ids))
        for start in range(0, len(ids), BUNDLE):
            chunk = ids[start : start + BUNDLE]
            read = self._bundled(chunk)
            for agreement_id, rows in read.items():
                gathered.take(agreement_id, rows)
            self._read_singly(
                [agreement_id for agreement_id in chunk if agreement_id not in read], gathered
            )
        if ids and len(gathered.denied) == len(ids):
            raise gathered.denied[0]
        return BulkRead(
            additions=tuple(gathered.additions[number] for number in sorted(gathered.additions)),
            unread=gathered.unread,
            unusable=tuple(sorted(gathered.unusable, key=lambda u: (u.agreement_id, u.id))),
        )

    def count(self, agreement_id: int) -> int:
        """How many additions the agreement has; raises what the transport raises."""
        path = f"finance/agreements/{agreement_id}/additions"
        number = self._api.count(path, "")
        self._api.get(path, {"page": 1, "pageSize": 1})
        return number

    def bundle(self, agreement_ids: Sequence[int]) -> dict[int, list[Row]]:
        """The complete lists of one bundle, by agreement; raises what the transport raises."""
        requests = [
            {
                "version": "2020.1",
                "sequenceNumber": agreement_id,
                "resourceType": "addition",
                "apiRequest": {
                    "parentId": agreement_id,
                    "page": {"page": 1, "pageSize": PAGE_SIZE},
                },
            }
            for agreement_id in agreement_ids
        ]
        reply = self._api.post_read("system/bundles", {"requests": requests})
        try:
            results = BundleReply.model_validate(reply).results
        except ValidationError:
            raise Blocked("ConnectWise: POST /system/bundles answered in another shape.") from None
        return {
            result.sequence_number: result.entities or []
            for result in results
            if result.complete and result.sequence_number in set(agreement_ids)
        }

    def _bundled(self, agreement_ids: Sequence[int]) -> dict[int, list[Row]]:
        if self._bundles_refused:
            return {}
        try:
            return self.bundle(agreement_ids)
        except (Blocked, CallRefused):
            self._bundles_refused = True  # whoever refuses everything refuses the single reads too
        except Retryable as error:
            if error.retry_after is not None:
                raise  # ConnectWise requested a wait: do not replace one call by fifty now
        return {}

    def _read_singly(self, agreement_ids: Sequence[int], gathered: _Gathered) -> None:
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            answers = list(pool.map(self._single, agreement_ids))
        for agreement_id, answer in zip(agreement_ids, answers, strict=True):
            if isinstance(answer, list):
                gathered.take(agreement_id, answer)
                continue
            gathered.unread[agreement_id] = str(answer)
            if isinstance(answer, PermissionDenied):
                gathered.denied.append(answer)

    def _single(self, agreement_id: int) -> list[Row] | Retryable | Blocked | PermissionDenied:
        path = f"finance/agreements/{agreement_id}/additions"
        try:
            return self._api.rows(path, {}, expected=self._api.count(path, ""))
        except (Retryable, Blocked, PermissionDenied) as error:
            return error
