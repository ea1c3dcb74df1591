"""Importing a person's counts as the exact usage of an invoice; what is planned next uses them."""

from collections.abc import Mapping
from dataclasses import dataclass

from billing_sync.domain.errors import Blocked
from billing_sync.domain.invoices.lifecycle import InvoiceRecord, InvoiceState, counts
from billing_sync.domain.runs.run import Pending
from billing_sync.domain.usage.imports import UsageImport, version_of
from billing_sync.domain.vendors.usage import Cell
from billing_sync.flows.ports import Clock, Imports, Invoices, Runs, UsageBook


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the counts come from, as `UsageImport` keeps it."""

    by: str
    file: str
    sha256: str
    columns: dict[str, str]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Importing:
    """Makes a new version of an invoice's usage; the frozen one and earlier ones stay."""

    invoices: Invoices
    runs: Runs
    usage: UsageBook
    imports: Imports
    clock: Clock

    def invoice(self, name: str) -> InvoiceRecord:
        """The invoice of this id, or of this key as in `account#5003`.

        Raises `Blocked` where we saw no such invoice.
        """
        seen = sorted(self.invoices.all(), key=lambda r: r.invoice.created_at, reverse=True)
        found = [r for r in seen if name in (r.key, str(r.invoice.id))]
        if len(found) == 1:
            return found[0]
        if found:
            keys = " or ".join(sorted(record.key for record in found))
            raise Blocked(f"INVOICE is '{name}', and there are several: write {keys}")
        newest = ", ".join(_told(r) for r in seen[:5] if counts(r.invoice)) or "none"
        raise Blocked(f"INVOICE is '{name}', and no such invoice was seen. The newest: {newest}")

    def refuse_if_closed(self, record: InvoiceRecord) -> None:
        """Raises `Blocked` where nothing may be imported now, saying until when."""
        if not counts(record.invoice):  # guard: no-import-into-drafts
            why = record.invoice.status if record.invoice.has_usage else "made by hand"
            raise Blocked(
                f"invoice {record.invoice.id} does not count: it is {why}. Import into the invoice"
                " that bills this usage."
            )
        pending = filter(None, map(self.runs.get, self.runs.pending(Pending.OPEN)))
        going_on = [run for run in pending if run.about == record.key and not run.waits_for_retry]
        if going_on:  # guard: no-import-while-open
            run = going_on[0]
            raise Blocked(
                f"run {run.id} of this invoice is {run.status}: import again when it is closed, or"
                f' stop it (test-sync, {{"action": "stop", "run_id": "{run.id}"}})'
            )

    def in_use(self, record: InvoiceRecord) -> bool:
        """Whether a run over it is still to come or can be asked for: it waits, or is the last."""
        billing = [r.invoice for r in self.invoices.all() if counts(r.invoice)]
        last = max(billing, key=lambda invoice: (invoice.created_at, invoice.id))
        return record.state is InvoiceState.WAITING or record.invoice == last

    def save(
        self,
        record: InvoiceRecord,
        counted: Mapping[Cell, int],
        *,
        names: Mapping[int, str],
        over: int,
        origin: Origin,
    ) -> UsageImport:
        """Put these counts in force over version `over`, which the person was shown.

        Raises `Blocked` when a run or another import was faster; then nothing has changed.
        """
        active = self.runs.active()
        self.refuse_if_closed(record)
        at = self.clock()
        usage = version_of(
            self.usage.of(record.key, version=over),
            counted,
            names=names,
            at=at,
        )
        made = UsageImport(
            number=self.imports.next_number(record.key),
            previous=over,
            by=origin.by,
            at=at,
            file=origin.file,
            sha256=origin.sha256,
            columns=origin.columns,
            skipped=origin.skipped,
        )
        if not self.imports.save(record.key, made, usage, active=active):
            raise Blocked(
                "a run began or somebody imported meanwhile; nothing was stored. Look at"
                f" `billing-sync usage show {record.invoice.id}`, then repeat the command."
            )
        return made


def _told(record: InvoiceRecord) -> str:
    return f"{record.invoice.id} of {record.invoice.created_at:%Y-%m-%d}"
