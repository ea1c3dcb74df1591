"""The next steps of a run, each with the exact event to use."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.plan.plan import Remainder, RemainderKind, Row
from billing_sync.domain.plan.reasons import Outcome
from billing_sync.domain.report.steps import Step
from billing_sync.domain.runs.run import Run, Verdict, releases
from billing_sync.domain.statement.billing_status import BillingStatus
from billing_sync.domain.wording import names_in_short

COMPANIES_SHOWN = 20
SYNC_LATER = Step("Not everything was read, so nothing was written. Sync again later.")
CORRECT = Step("Nothing was written. Correct what is listed under Not read, then sync again.")
ENDING = (
    "Only if the agreement's next invoice still bills what ends before it: write those rows with"
)
PLAN_AGAIN = Step("The plan is too old to be released. Plan it again with", {})


def what_next(
    run: Run, rows: list[Row], remainders: tuple[Remainder, ...], *, now: datetime | None = None
) -> list[Step]:
    """The next steps about rows that no newer run took, each with the exact event to use."""
    if run.open:
        return [Step("Follow it with", {"action": "show", "run_id": run.id})]
    steps: list[Step] = []
    if run.coverage and not run.coverage.complete:
        steps.append(CORRECT if run.coverage.to_correct else SYNC_LATER)
    releases = list(_releases(run, rows))
    if releases:
        steps += releases if may_be_released(run, now) else [PLAN_AGAIN]
    unmapped = {r.organization_name for r in remainders if r.kind is RemainderKind.UNMAPPED}
    if unmapped:
        steps.append(Step(f"Map or exclude {names_in_short(unmapped)}; nobody is billed for them"))
    if any(s.status is BillingStatus.NOT_CHARGED for s in run.statuses if s.findings):
        steps.append(Step("Charge for what is not charged, or accept it: each row says how"))
    again = Step("sync again with", {})
    if run.request.undoes:  # a sync would write again what an undo reverted
        again = Step("set by hand what is wrong")
    if any(row.outcome is Outcome.BLOCKED for row in rows):
        steps.append(replace(again, do=f"Fix what each blocked row says, then {again.do}"))
    if any(row.outcome in (Outcome.CONFLICT, Outcome.FAILED) for row in rows):
        look = "Look at the conflict and failed rows in ConnectWise"
        steps.append(replace(again, do=f"{look}, then {again.do}"))
    return steps


def may_be_released(run: Run, now: datetime | None) -> bool:
    """Whether the plan is young enough to be released."""
    if now is None or run.planned_at is None or run.settings is None:
        return True
    return now <= run.planned_at + timedelta(days=run.settings.release_valid_days)


def _releases(run: Run, rows: list[Row]) -> Iterator[Step]:
    """What writes planned or held rows; those that end before the invoice have one of their own."""
    preview = run.verdict is Verdict.PREVIEWED
    waiting = (row for row in rows if row.outcome is Outcome.HELD or (preview and row.to_write))
    for group, event in releases(run, waiting):
        whole = preview and "reasons" not in event
        # A few companies are listed, to choose from.
        many = len({row.company_id for row in group}) > COMPANIES_SHOWN
        shown = {k: v for k, v in event.items() if k != "companies" or not (whole or many)}
        yield Step(ENDING if "reasons" in event else _WRITE[preview], shown)


_WRITE = {True: "Write this plan with", False: "Write held rows with"}


def way_back(run: Run, states: Iterable[RowState]) -> list[Step]:
    """The event that undoes a closed run, while it wrote something that no run undid."""
    written = [s for s in states if s.row.outcome is Outcome.UPDATED and not s.copied_by]
    if run.open or not run.wrote or not written:
        return []
    event = {"action": "undo", "run_id": run.id, "by": "<your name>"}
    return [Step("Only if it was wrong: set back what it wrote with", event)]
