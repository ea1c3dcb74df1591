"""Metrics in CloudWatch's embedded format; the stack's alarms use their names."""

from collections.abc import Mapping

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit


def count(numbers: Mapping[str, int]) -> None:
    """Publish these metrics at once, by name; nothing is published for 0."""
    given = {name: number for name, number in numbers.items() if number}
    if not given:
        return
    metrics = Metrics()
    for name, number in given.items():
        metrics.add_metric(name, MetricUnit.Count, number)
    metrics.flush_metrics()
