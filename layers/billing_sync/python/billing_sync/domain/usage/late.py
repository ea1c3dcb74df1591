"""When a count is too late for its invoice: it may no longer be what Huntress billed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from billing_sync.domain.vendors.usage import UsageSource

LATE_AFTER = timedelta(hours=24)


def is_late(source: UsageSource, read_at: datetime, *, invoiced_at: datetime) -> bool:
    """Whether a count was read more than a day after the invoice; exact sources never are late."""
    return source is UsageSource.ORGANIZATION_DETAIL and read_at - invoiced_at > LATE_AFTER


def late_day(counts: Iterable[tuple[UsageSource, datetime]], *, invoiced_at: datetime) -> str:
    """The day of the last of these counts that is late, as `2026-07-04`; "" where none is."""
    late = [
        read_at for source, read_at in counts if is_late(source, read_at, invoiced_at=invoiced_at)
    ]
    return f"{max(late):%Y-%m-%d}" if late else ""
