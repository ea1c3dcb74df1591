"""A run's forecast, computed from the ledger alone: the same whenever it is shown."""

from collections.abc import Iterable
from dataclasses import dataclass

from billing_sync.domain.apply.row_state import RowState
from billing_sync.domain.forecast.compare import compare
from billing_sync.domain.forecast.forecast import Forecast, ForecastBasis
from billing_sync.domain.invoices.lifecycle import invoice_key
from billing_sync.domain.plan.plan import Remainder
from billing_sync.domain.runs.run import Run
from billing_sync.domain.vendors.usage import OrganizationUsage
from billing_sync.flows.ports import UsageBook


@dataclass(frozen=True, slots=True)
class StoredForecasts:
    """The forecasts of closed runs."""

    usage: UsageBook

    def of(
        self, run: Run, states: Iterable[RowState], remainders: Iterable[Remainder]
    ) -> Forecast | None:
        """The forecast of a closed run that is one, else None."""
        if run.forecast is None or run.open or run.coverage is None:
            return None
        return compare(
            run.forecast,
            (state.row for state in states),
            remainders,
            then=past_usage(self.usage, run.forecast),
            now=self.usage.of(current_usage_key(run)),
        )


def past_usage(usage: UsageBook, basis: ForecastBasis) -> tuple[OrganizationUsage, ...]:
    """The last invoice's usage in the version that was current when the forecast was requested."""
    if basis.last is None:
        return ()
    return usage.of(
        invoice_key(basis.last),
        version=basis.usage_version,  # guard: forecast-version
    )


def current_usage_key(run: Run) -> str:
    """Where a forecast keeps the usage it read, apart from every invoice's."""
    return f"now#{run.id}"
