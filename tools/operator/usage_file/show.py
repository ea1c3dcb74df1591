"""`usage show`: the current usage of an invoice, and its sources."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape

from billing_sync.domain.invoices.lifecycle import InvoiceRecord
from billing_sync.domain.usage.imports import UsageImport
from billing_sync.domain.vendors.usage import OrganizationUsage
from tools.operator.terminal import print_list, table
from tools.operator.usage_file.view import about


def usage_as_json(
    record: InvoiceRecord,
    *,
    usage: Sequence[OrganizationUsage],
    frozen: Sequence[OrganizationUsage],
    versions: Sequence[UsageImport],
) -> dict[str, Any]:
    """Each current count with its source and time, what was frozen beside it, the versions."""
    first = {(o.organization_id, r.product): r.units for o in frozen for r in o.readings}
    return {
        "invoice": record.key,
        "about": about(record),
        "version": versions[0].number if versions else 0,
        "usage": [
            {
                "organization_id": organization.organization_id,
                "organization": organization.organization_name,
                "product": reading.product.value,
                "units": _units(reading.units),
                "frozen": _units(first.get((organization.organization_id, reading.product))),
                "source": organization.source_of(reading).value,
                "read_at": f"{organization.read_at_of(reading):%Y-%m-%dT%H:%M:%SZ}",
                "unknown": reading.unknown,
            }
            for organization in usage
            for reading in organization.readings
        ],
        "versions": [
            {
                "number": each.number,
                "previous": each.previous,
                "by": each.by,
                "at": f"{each.at:%Y-%m-%dT%H:%M:%SZ}",
                "file": each.file,
                "sha256": each.sha256,
                "columns": each.columns,
                "skipped": list(each.skipped),
            }
            for each in versions
        ],
    }


def show_usage(console: Console, usage: dict[str, Any]) -> None:
    """Print it; what was never used is left out, and counted."""
    console.print(escape(usage["about"]))
    used = [each for each in usage["usage"] if each["units"] != 0]
    made = table(
        "\nCurrent usage",
        Organization="fold",
        Product="left",
        Units="right",
        Frozen="right",
        Source="left",
        Read="left",
    )
    for each in used:
        made.add_row(
            escape(each["organization"]),
            each["product"],
            str(each["units"]),
            str(each["frozen"]),
            each["source"],
            each["read_at"][:16].replace("T", " "),
        )
    console.print(made)
    unknown = [each for each in used if each["unknown"]]
    print_list(
        console,
        "Unknown, because",
        (f"{u['organization']}, {u['product']}: {u['unknown']}" for u in unknown),
    )
    console.print(f"\nNot shown: {len(usage['usage']) - len(used)} counts of 0.")
    if not usage["versions"]:
        console.print("\nNothing was imported: this is what was read from Huntress's API.")
        return
    made = table("\nVersions, newest first", No="right", When="left", By="fold", File="fold")
    made.add_column("SHA-256")
    for each in usage["versions"]:
        when = each["at"][:16].replace("T", " ")
        cells = str(each["number"]), when, escape(each["by"]), escape(each["file"])
        made.add_row(*cells, each["sha256"][:12])
    console.print(made)


def _units(units: int | None) -> int | str:
    return "unknown" if units is None else units
