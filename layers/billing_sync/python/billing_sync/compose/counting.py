"""Which numbers our functions tell CloudWatch; the stack's alarms listen to these names."""

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from billing_sync.domain.runs.run import Verdict
from billing_sync.flows.report.report import Reported
from billing_sync.flows.tick import Ticked

RUN_METRICS = {
    Verdict.HELD: "RunHeld",
    Verdict.ATTENTION: "RunHeld",
    Verdict.FAILED: "RunFailed",
    Verdict.INCOMPLETE: "RunIncomplete",
}


def count(**numbers: int) -> None:
    """Publish these metrics at once; nothing is published for 0."""
    given = {name: number for name, number in numbers.items() if number}
    if not given:
        return
    metrics = Metrics()
    for name, number in given.items():
        metrics.add_metric(name, MetricUnit.Count, number)
    metrics.flush_metrics()


def count_tick(ticked: Ticked) -> None:
    """Publish what a tick saw; "looked" also when there is deliberately nothing to look at yet."""
    look = ticked.look
    count(
        Looked=0 if ticked.trouble else 1,
        InvoiceWaitingTooLong=len(look.waiting_too_long),
        DaysSinceCountedInvoice=look.since_counted.days if look.since_counted else 0,
    )


def count_report(reported: Reported) -> None:
    """Publish that a run closed in a way that somebody should look at."""
    verdict = reported.run.verdict
    name = RUN_METRICS.get(verdict) if verdict and reported.first else None
    if name:
        count(**{name: 1})
