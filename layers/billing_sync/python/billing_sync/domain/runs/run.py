"""A run: one pass over one invoice, from the request to the closing totals."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from billing_sync.domain.config.settings import Settings
from billing_sync.domain.errors import Blocked
from billing_sync.domain.forecast.forecast import ForecastBasis
from billing_sync.domain.invoices.lifecycle import invoice_key
from billing_sync.domain.plan.plan import Coverage, ProductTieOut, Row
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.plan.unmatched import AuditSum
from billing_sync.domain.statement.billing_status import StatusSum
from billing_sync.domain.statement.invoice_total import InvoiceTieOut
from billing_sync.domain.vendors.huntress import Invoice
from billing_sync.domain.vendors.usage import Product

BY_INVOICE = "invoice"
# Rows held for these are released by themselves, never together with others.
RELEASED_APART = frozenset({Reason.ENDS_BEFORE_INVOICE.value})


class Mode(StrEnum):
    """The purpose of a run."""

    PREVIEW = "preview"
    SYNC = "sync"
    RELEASE = "release"
    UNDO = "undo"

    @property
    def writes(self) -> bool:
        """Whether such a run may change a quantity."""
        return self is not Mode.PREVIEW  # guard: preview-writes-nothing


class Status(StrEnum):
    """The state of a run; only `applying` lets company-sync write."""

    REQUESTED = "requested"
    PLANNING = "planning"
    APPLYING = "applying"
    PAUSED = "paused"
    ENDING = "ending"
    CLOSED = "closed"


class Pending(StrEnum):
    """What a run still waits for, found however many runs came after it."""

    OPEN = "open"  # from its creation until it is closed
    ANNOUNCE = "announce"  # from then until people were notified
    WATCH = "watch"  # until the last look for drift
    REMIND = "remind"  # until nothing it holds needs a reminder


class Verdict(StrEnum):
    """How a closed run ended; only `complete` is green."""

    COMPLETE = "complete"
    PREVIEWED = "previewed"
    HELD = "held"
    ATTENTION = "needs attention"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    STOPPED = "stopped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Request:
    """Who requested a run, and its purpose. `by` is as stated.

    `companies` narrows the run; empty is all. `source_run_id` is the run that is released or
    undone, or whose undo is previewed; `plan_hash` is of the plan that was reviewed for a release,
    which takes the rows held for these `reasons` only, or without any the rows of no such reason.
    `as_of_now` plans from usage read now and from no invoice: a forecast.
    """

    mode: Mode
    by: str
    companies: tuple[int, ...] = ()
    source_run_id: str = ""
    plan_hash: str = ""
    as_of_now: bool = False
    reasons: tuple[str, ...] = ()

    @property
    def undoes(self) -> bool:
        """Whether it reverts what an earlier run wrote, or previews that."""
        return bool(self.source_run_id) and self.mode is not Mode.RELEASE

    def check_companies(self, known: Iterable[int], *, problem: str, way_out: str) -> None:
        """Raise `Blocked` where `companies` has others than `known`; `problem` leads to them."""
        unknown = sorted(set(self.companies).difference(known))
        if unknown:
            ids = ", ".join(map(str, unknown))
            raise Blocked(f"companies: {problem} {ids}. {way_out}")


@dataclass(frozen=True, slots=True)
class Run:
    """`RUN#<id>/META`. `sequence` numbers requests; `plan_pass` names its rows.

    Runs are ordered by turns, never by a clock or by when they were requested: a writing run takes
    the next `turn` with `RUN/ACTIVE` (0: it never held it). `after_turn` is the newest turn that
    was taken when its planning began, its own included.

    `settings` are those that were current when it was planned. `tie_out`, `statuses` and `outcomes`
    are as planned until the run closes, then as it ended. `invoice_tie_out` is None where there was
    nothing to compare, `audit` where there was no full audit. `watched_at` is when drift was last
    looked for, `trails_read` how many audit trails of its rows were read. `products` are
    those that its invoice covers, `other_products` those of the cycle's other invoices that it
    bills, by key; () is all. `counted_for` and `usage_version` are as in its plan. `other_invoices`
    are the keys of further invoices whose units its rows bill or wait for. `remind_at` is when the
    first reminder of held rows is due.
    `forecast` is what a forecast compares with.
    """

    id: str
    sequence: int
    status: Status
    request: Request
    requested_at: datetime
    turn: int = 0
    after_turn: int = 0
    invoice: Invoice | None = None
    planning_since: datetime | None = None
    plan_pass: int = 0
    plan_hash: str = ""
    planned_at: datetime | None = None
    settings: Settings | None = None
    coverage: Coverage | None = None
    guard_messages: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    tie_out: tuple[ProductTieOut, ...] = ()
    statuses: tuple[StatusSum, ...] = ()
    invoice_tie_out: InvoiceTieOut | None = None
    audit: AuditSum | None = None
    outcomes: dict[str, int] = field(default_factory=dict)
    wrote: int = 0
    pause_reason: str = ""
    paused_at: datetime | None = None
    progress_at: datetime | None = None
    ending: Verdict | None = None
    verdict: Verdict | None = None
    note: str = ""
    closed_at: datetime | None = None
    announced_at: datetime | None = None
    watched_at: datetime | None = None
    trails_read: int = 0
    products: tuple[Product, ...] = ()
    other_products: dict[str, tuple[Product, ...]] = field(default_factory=dict)
    counted_for: str = ""
    remind_at: datetime | None = None
    forecast: ForecastBasis | None = None
    usage_version: int = 0
    other_invoices: tuple[str, ...] = ()

    @property
    def about(self) -> str:
        """The invoice's name in the ledger, or `now`, as it goes into a plan's hash."""
        return invoice_key(self.invoice) if self.invoice else "now"

    @property
    def open(self) -> bool:
        """Whether the run has not closed yet."""
        return self.status is not Status.CLOSED

    @property
    def automatic(self) -> bool:
        """Whether an invoice started it, not a person."""
        return self.request.by == BY_INVOICE

    @property
    def waits_for_retry(self) -> bool:
        """Whether nobody is planning it: its invoice is tried again by the watch."""
        return self.automatic and self.status is Status.REQUESTED

    @property
    def applied(self) -> bool:
        """Whether it was applied to ConnectWise: planned in full, and not only previewed."""
        complete = self.coverage is not None and self.coverage.complete
        return self.request.mode.writes and self.planned_at is not None and complete

    @property
    def keeps_rows(self) -> bool:
        """Whether the rows it copied are its own; a run refused before planning has none."""
        return self.open or bool(self.plan_hash)

    @property
    def green(self) -> bool:
        """Whether a finance lead may stop reading here."""
        return self.verdict is Verdict.COMPLETE


def apart(row: Row) -> tuple[str, ...]:
    """The reasons that a release must name to take this row; () for those taken together."""
    return tuple(sorted(RELEASED_APART.intersection(row.reasons)))


def releases(run: Run, rows: Iterable[Row]) -> Iterator[tuple[tuple[Row, ...], dict[str, object]]]:
    """The rows that are released together, each time with the event that releases them."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(apart(row), []).append(row)
    for reasons, group in sorted(groups.items()):
        event: dict[str, object] = {
            "action": "release",
            "run_id": run.id,
            "plan_hash": run.plan_hash,
            "by": "<your name>",
            "companies": sorted({row.company_id for row in group}),
        }
        yield tuple(group), event | ({"reasons": list(reasons)} if reasons else {})


def run_id(sequence: int, mode: Mode) -> str:
    """`000012-sync`: sorts as it happened and says what it was."""
    return f"{sequence:06d}-{mode}"


def verdict_of(
    outcomes: dict[str, int], coverage: Coverage | None, mode: Mode, *, unbilled: bool = False
) -> Verdict:
    """How a run ended, from its rows by outcome; the worst outcome wins.

    Usage that no client is billed for, or charged for (`unbilled`), is never green.
    """
    if coverage and not coverage.complete:
        return Verdict.INCOMPLETE
    if mode is Mode.PREVIEW:
        return Verdict.PREVIEWED
    if outcomes.get("failed"):
        return Verdict.FAILED
    if outcomes.get("conflict") or outcomes.get("blocked") or unbilled:
        return Verdict.ATTENTION
    if outcomes.get("held"):
        return Verdict.HELD
    return Verdict.COMPLETE
