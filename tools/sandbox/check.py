"""Whether ConnectWise holds what it must and nothing else changed, found without the product.

Nothing here reads the ledger or the plan; it compares both vendors' records with a second
computation from the same counts.
"""

from collections import Counter

from tools.sandbox.stand_ins import StandIns
from tools.sandbox.world.expected import expected_quantities


def disagreements(stand_ins: StandIns, *, released: frozenset[int]) -> list[str]:
    """A sentence for each thing that is not as it must be; empty when all is well."""
    return [
        *_wrong_quantities(stand_ins, released),
        *_changed_more_than_once(stand_ins),
        *_changed_otherwise(stand_ins),
    ]


def _wrong_quantities(stand_ins: StandIns, released: frozenset[int]) -> list[str]:
    expected = expected_quantities(stand_ins.world(), released=released)
    found = stand_ins.quantities()
    return [
        f"addition {each}: ConnectWise has {found.get(each)}, expected {expected.get(each)}"
        for each in sorted(expected.keys() | found.keys())
        if expected.get(each) != found.get(each)
    ]


def _changed_more_than_once(stand_ins: StandIns) -> list[str]:
    times = Counter(change["addition_id"] for change in stand_ins.quantity_changes())
    return [f"addition {each}: changed {n} times" for each, n in sorted(times.items()) if n > 1]


def _changed_otherwise(stand_ins: StandIns) -> list[str]:
    return [
        f"addition {each}: changed {', '.join(names)}"
        for each, names in sorted(stand_ins.changed_fields().items())
        if set(names) != {"quantity"}
    ]
