"""An import that is ready to be looked at: what it counts, what it changes, what it leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from billing_sync.domain.invoices.lifecycle import InvoiceRecord
from billing_sync.domain.vendors.usage import Cell, OrganizationUsage, Product
from tools.operator.usage_file.differences import Difference, differences, left
from tools.operator.usage_file.matching import Matched
from tools.operator.usage_file.totals import Counted


@dataclass(frozen=True, slots=True)
class Prepared:
    """`counts` by organization and product; `version` is the one they replace.

    `summed` tells the lines that were added up, by the organization's name.
    """

    record: InvoiceRecord
    version: int
    counts: dict[Cell, int]
    names: dict[int, str]
    changes: tuple[Difference, ...]
    left: tuple[Difference, ...]
    skipped: tuple[str, ...]
    summed: dict[str, tuple[int, ...]]
    totals_line: int

    @property
    def moving(self) -> tuple[Difference, ...]:
        """The counts that differ, or that were late or unknown."""
        return tuple(each for each in self.changes if each.moves)

    def sums(self) -> dict[Product, tuple[int, int, int]]:
        """By product: the present sum, the sum with the import, what stays unknown."""
        found: dict[Product, tuple[int, int, int]] = {}
        for each in (*self.changes, *self.left):
            before, after, unknown = found.get(each.product, (0, 0, 0))
            found[each.product] = (
                before + (each.before or 0),
                after + (each.after or 0),
                unknown + (each.after is None),
            )
        return {product: found[product] for product in Product if product in found}

    def as_json(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {
            "invoice": self.record.key,
            "over_version": self.version,
            "changes": [_plain(each) for each in self.moving],
            "same": len(self.changes) - len(self.moving),
            "left_as_they_are": [_plain(each) for each in self.left],
            "skipped": list(self.skipped),
            "summed": {name: list(lines) for name, lines in self.summed.items()},
        }


def prepared(
    record: InvoiceRecord,
    usage: Iterable[OrganizationUsage],
    counted: Counted,
    matched: Matched,
    *,
    version: int,
    organizations: Mapping[int, str],
) -> Prepared:
    """Put together what the file counts and what is current."""
    counts: dict[Cell, int] = {}
    lines: dict[int, tuple[int, ...]] = {}
    for name, organization_id in matched.ids.items():
        lines[organization_id] = (*lines.get(organization_id, ()), *counted.lines[name])
        for product, units in counted.units[name].items():
            cell = (organization_id, product)
            counts[cell] = counts.get(cell, 0) + units
    names = {organization_id: organizations[organization_id] for organization_id in lines}
    everything = tuple(usage)
    invoiced = record.invoice.created_at
    return Prepared(
        record=record,
        version=version,
        counts=counts,
        names=names,
        changes=differences(everything, counts, names=names, invoiced=invoiced),
        left=left(everything, counts, invoiced=invoiced),
        skipped=matched.skipped,
        summed={
            names[organization_id]: tuple(sorted(n))
            for organization_id, n in lines.items()
            if len(n) > 1
        },
        totals_line=counted.totals_line,
    )


def _plain(each: Difference) -> dict[str, Any]:
    return {
        "organization_id": each.organization_id,
        "organization": each.organization_name,
        "product": each.product.value,
        "before": "unknown" if each.before is None else each.before,
        "after": "unknown" if each.after is None else each.after,
        "why": each.why,
    }
