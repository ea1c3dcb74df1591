"""What an import would change, on a terminal."""

from collections import Counter

from rich.console import Console
from rich.markup import escape

from billing_sync.domain.invoices.lifecycle import InvoiceRecord
from tools.operator.terminal import print_list, table
from tools.operator.usage_file.differences import Difference
from tools.operator.usage_file.prepared import Prepared


def show_prepared(console: Console, prepared: Prepared) -> None:
    """What changes, what stays, the sums."""
    console.print(escape(about(prepared.record)))
    if prepared.moving:
        made = table(
            "\nWhat changes",
            Organization="fold",
            Product="left",
            Now="right",
            Imported="right",
            Why="fold",
        )
        for each in prepared.moving:
            made.add_row(*_cells(each), _units(each.after), escape(each.why or "counts differ"))
        console.print(made)
    same = len(prepared.changes) - len(prepared.moving)
    console.print(f"The same in both: {same} counts.")
    _left(console, prepared)
    _sums(console, prepared)
    sums = [f"{name}: lines {', '.join(map(str, n))}" for name, n in prepared.summed.items()]
    print_list(console, "Lines that were added up", sums)
    print_list(console, "Left out, as you said", prepared.skipped)
    if prepared.totals_line:
        console.print(f"\nLine {prepared.totals_line} has the totals, and they are right.")


def _left(console: Console, prepared: Prepared) -> None:
    """Each count that the file could have and has not; products that it does not have in a line."""
    spoken = {each.product for each in prepared.changes}
    missing = [each for each in prepared.left if each.product in spoken]
    others = Counter(each.product for each in prepared.left if each.product not in spoken)
    if missing or others:
        console.print("\n[bold]Not in the file, which is not zero: these stay as they are[/]")
    for product, many in others.items():
        console.print(f"- {product}: all {many} counts; no line has any")
    if missing:
        made = table("", Organization="fold", Product="left", Now="right", Why="fold")
        for each in missing:
            made.add_row(*_cells(each), escape(each.why))
        console.print(made)


def about(record: InvoiceRecord) -> str:
    """The invoice, and how far its usage is."""
    invoice = record.invoice
    read = (
        f"usage frozen {record.frozen_at:%Y-%m-%d %H:%M} UTC"
        if record.frozen_at
        else "usage not frozen yet"
    )
    return f"Invoice {invoice.id} of {invoice.created_at:%Y-%m-%d} ({invoice.plan}), {read}."


def _cells(each: Difference) -> tuple[str, str, str]:
    return escape(each.organization_name), each.product.value, _units(each.before)


def _units(units: int | None) -> str:
    return "unknown" if units is None else str(units)


def _sums(console: Console, prepared: Prepared) -> None:
    made = table(
        "\nSums of what is known",
        Product="left",
        Now="right",
        With_the_import="right",
        Still_unknown="right",
    )
    for product, (before, after, unknown) in prepared.sums().items():
        made.add_row(product.value, str(before), str(after), str(unknown))
    console.print(made)
