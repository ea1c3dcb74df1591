"""Whether ConnectWise has the expected quantities and no other change, without the product.

Nothing here reads the ledger or the plan; it compares both vendors' records with a second
computation from the same counts.
"""

from collections import Counter

from tools.sandbox.vendor_servers import StandIns
from tools.sandbox.world.expected import expected_quantities


def disagreements(
    stand_ins: StandIns, *, released: frozenset[int], undone: frozenset[int] = frozenset()
) -> list[str]:
    """A sentence for each thing that is not as it must be; empty when all is well.

    A person released these additions, and took these of them back again.
    """
    return [
        *_wrong_quantities(stand_ins, released - undone),
        *_changed_too_often(stand_ins, undone),
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


def _changed_too_often(stand_ins: StandIns, undone: frozenset[int]) -> list[str]:
    times = Counter(change["addition_id"] for change in stand_ins.quantity_changes())
    allowed = {each: 2 if each in undone else 1 for each in times}
    return [
        f"addition {each}: changed {n} times, {allowed[each]} allowed"
        for each, n in sorted(times.items())
        if n > allowed[each]
    ]


def _changed_otherwise(stand_ins: StandIns) -> list[str]:
    return [
        f"addition {each}: changed {', '.join(names)}"
        for each, names in sorted(stand_ins.changed_fields().items())
        if set(names) != {"quantity"}
    ]
