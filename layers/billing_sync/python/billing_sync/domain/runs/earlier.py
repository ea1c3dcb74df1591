"""The earlier runs that a new one is compared with."""

from collections.abc import Iterable

from billing_sync.domain.runs.run import Run
from billing_sync.domain.vendors.usage import Product


def last_cycles(syncs: Iterable[Run], products: tuple[Product, ...]) -> tuple[tuple[Run, ...], ...]:
    """The runs to compare these products (() is all) with, by invoice, newest first.

    For each product those over the newest invoice that covered it.
    """
    by_invoice: dict[int, list[Run]] = {}
    for run in syncs:
        assert run.invoice is not None
        by_invoice.setdefault(run.invoice.id, []).append(run)
    missing = set(products or Product)
    chosen: list[tuple[Run, ...]] = []
    for runs in by_invoice.values():
        covered = set(runs[0].products or Product)
        if missing & covered:  # guard: own-last-cycle
            chosen.append(tuple(runs))
            missing -= covered
    return tuple(chosen)
