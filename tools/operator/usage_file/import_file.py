"""From the file to a stored version: understand, match, show, ask, store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import click

from billing_sync.domain.invoices.lifecycle import InvoiceRecord, InvoiceState
from billing_sync.domain.usage.imports import UsageImport
from billing_sync.domain.vendors.usage import OrganizationUsage
from billing_sync.flows.invoices.import_usage import Importing, Origin
from tools.operator.answer import print_answer
from tools.operator.asking import agree
from tools.operator.config_book import ConfigBook, Edit
from tools.operator.errors import Refused
from tools.operator.terminal import print_list, terminal
from tools.operator.usage_file.choosing_columns import ask_columns
from tools.operator.usage_file.columns import EXAMPLE, KEY, Columns
from tools.operator.usage_file.document import Document
from tools.operator.usage_file.matching import Matching
from tools.operator.usage_file.prepared import Prepared, prepared
from tools.operator.usage_file.totals import count
from tools.operator.usage_file.view import show_prepared


@dataclass(frozen=True, slots=True)
class FileImport:
    """One import by the person named `by`; with `yes` nothing is asked."""

    importing: Importing
    book: ConfigBook
    by: str
    yes: bool
    as_json: bool

    def run(
        self,
        record: InvoiceRecord,
        document: Document,
        *,
        columns: Columns | None,
        match: Mapping[str, int],
        skip: Iterable[str],
    ) -> None:
        """Show what the file changes, ask, and store it; raises `Refused` with the way out."""
        self.importing.refuse_if_closed(record)
        remembered = self.book.item(*KEY)
        columns = self._columns(document, columns, remembered)
        version = self.importing.usage.version(record.key)
        usage = self.importing.usage.of(record.key, version=version)
        organizations = self._organizations(usage)
        counted = count(document, columns, organizations.values())
        matched = Matching(organizations, ask=not self.yes).match(
            [name for name, units in counted.units.items() if units], chosen=match, skip=skip
        )
        ready = prepared(
            record, usage, counted, matched, version=version, organizations=organizations
        )
        if not ready.counts:
            raise Refused("every line was left out: nothing to import.")
        origin = Origin(
            self.by, document.name, document.sha256, columns.meanings(), matched.skipped
        )
        if not self.as_json:
            show_prepared(terminal(), ready)
            self._warn(record)
        if self._stored_before(ready, document):
            self._report(ready, version, [f"This file is already current, as version {version}."])
            return
        agree("\nStore this as the exact usage of the invoice?", yes=self.yes)
        self._remember(columns, remembered)
        number = self._save(ready, origin).number
        self._report(ready, number, [f"Stored as version {number}.", self._next(record)])

    def _columns(
        self, document: Document, given: Columns | None, remembered: dict[str, object] | None
    ) -> Columns:
        """As given, else as remembered where the file has them, else as a person says."""
        columns = given or (Columns.of_item(remembered) if remembered else None)
        absent = columns.absent_from(document) if columns else []
        if columns and not absent:
            return columns
        problem = (
            f"{document.name} does not have once the column {', '.join(absent)}" if absent else ""
        )
        if given or self.yes:
            has = ", ".join(document.heading)
            raise click.UsageError(
                f"{problem or 'no columns are remembered'}. It has {has}. Say what they are, as in"
                f" {EXAMPLE}"
            )
        if problem:
            click.echo(f"{problem}, as remembered.", err=True)
        return ask_columns(document)

    def _organizations(self, usage: Iterable[OrganizationUsage]) -> dict[int, str]:
        """Everybody the invoice's usage or a mapping knows, by id."""
        mapped = {
            int(str(item["sk"]).removeprefix("ORG#")): str(item.get("organization_name") or "")
            for item in self.book.items("MAPPING", "ORG#")
        }
        found = mapped | {
            organization.organization_id: organization.organization_name for organization in usage
        }
        return {
            organization_id: name or f"organization {organization_id}"
            for organization_id, name in found.items()
        }

    def _warn(self, record: InvoiceRecord) -> None:
        """A version that no run will use is perhaps meant for another invoice."""
        if not self.importing.in_use(record):
            note = "a newer invoice was billed since, and runs are over the last one: no run will"
            print_list(terminal(), "Is this the right invoice?", [f"{note} use these counts"])

    def _stored_before(self, ready: Prepared, document: Document) -> bool:
        """Whether this very file made the current version and changes nothing more."""
        versions = self.importing.imports.all(ready.record.key)
        newest = next((each for each in versions if each.number == ready.version), None)
        return newest is not None and newest.sha256 == document.sha256 and not ready.moving

    def _remember(self, columns: Columns, remembered: dict[str, object] | None) -> None:
        if remembered is None or Columns.of_item(remembered) != columns:
            self.book.write([Edit(remembered, self.book.signed(columns.item()))])

    def _save(self, ready: Prepared, origin: Origin) -> UsageImport:
        return self.importing.save(
            ready.record, ready.counts, names=ready.names, over=ready.version, origin=origin
        )

    def _report(self, ready: Prepared, version: int, sentences: list[str]) -> None:
        if self.as_json:
            print_answer({"version": version, **ready.as_json()})
        else:
            print_list(terminal(), "Done", sentences)

    def _next(self, record: InvoiceRecord) -> str:
        if record.state is InvoiceState.WAITING:
            return "No quantity has changed: the invoice's run, still to come, will use it."
        if not self.importing.in_use(record):
            return "No quantity has changed."
        return "No quantity has changed. See what it brings: billing-sync preview; then sync."
