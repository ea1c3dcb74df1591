"""Guards on one row: every limit it exceeds, with the numbers."""

from decimal import Decimal

from billing_sync.domain.config.overrides import QuantityRules, ZeroPolicy
from billing_sync.domain.config.settings import Guards
from billing_sync.domain.plan.guards import Guarded
from billing_sync.domain.plan.plan import Part, Row
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.vendors.connectwise import Agreement
from billing_sync.domain.wording import plain, some, with_currency


def row_guards(
    row: Row,
    agreement: Agreement,
    *,
    limits: Guards,
    rules: QuantityRules,
    shared: tuple[Part, ...] = (),
    undone: str,
    late: str,
    moved: str,
    already_billed: str = "",
) -> tuple[Guarded, ...]:
    """Every guard that fires on a row about to be written, the most important first.

    `shared` are the parts of the whole split, whose organizations are compared as a whole.
    `undone` is the run that undid our write of this billing cycle. `late` is the message that the
    usage was counted too long after its invoice, `moved` the message that an organization came from
    another company or left for one, `already_billed` that another invoice of the cycle billed the
    usage; "" when not.
    """
    found = (
        _undone(undone),
        Guarded(Reason.SECOND_BILLING_EVENT, already_billed) if already_billed else None,
        Guarded(Reason.REMAPPED, moved) if moved else None,
        _silent(row, shared),
        _zero(row, shared, rules),
        _edited(row),
        Guarded(Reason.LATE, late) if late else None,
        _maximum(row, rules),
        _movement(row, shared, limits),
        _money(row, limits),
        _billing_cycle(agreement, limits),
    )
    return tuple(guarded for guarded in found if guarded)


def _undone(run_id: str) -> Guarded | None:
    if not run_id:  # guard: undone-waits
        return None
    message = f"run {run_id} undid what was written here in this billing cycle"
    return Guarded(Reason.UNDONE, message)


def _silent(row: Row, shared: tuple[Part, ...]) -> Guarded | None:
    """A fall that takes a product for unused because its source does not show it.

    Not where our own last quantity was made in the same way.
    """
    assert row.before is not None and row.target is not None
    silent = [
        f"{source.organization_name} ({part.product})"
        for part in shared or row.parts
        for source in part.sources
        if source.silent and not (source.billed_units == 0 and row.before == row.last_written)
    ]
    if silent and row.target < row.before:  # guard: silent-is-held
        names = ", ".join(some(silent))
        return Guarded(Reason.SILENT, f"Huntress shows no count for {names}, which counts as 0")
    return None


def _zero(row: Row, shared: tuple[Part, ...], rules: QuantityRules) -> Guarded | None:
    if rules.zero_policy is not ZeroPolicy.HOLD or any(part.known_units for part in row.parts):
        return None
    nothing = "nothing is left" if any(part.known_units for part in shared) else "nothing was used"
    return Guarded(Reason.ZERO, f"{nothing} and {plain(row.before)} are billed")


def _edited(row: Row) -> Guarded | None:
    if row.last_written is None or row.last_written == row.before:
        return None
    move = f"from {plain(row.last_written)} (our last write) to {plain(row.before)}"
    return Guarded(Reason.EDITED, f"somebody changed it {move}")


def _maximum(row: Row, rules: QuantityRules) -> Guarded | None:
    if rules.maximum is None or row.target is None or row.target <= rules.maximum:
        return None
    where = f"MAPPING / COMPANY#{row.company_id}, {for_each('maximum', row)}"
    over = f"{plain(row.target)} exceeds the maximum of {rules.maximum}"
    return Guarded(Reason.MAXIMUM, f"{over}, which {where} can raise")


def for_each(rule: str, row: Row) -> str:
    """`maximum.edr`, the attributes of a company's mapping for a row's products."""
    return " and ".join(f"{rule}.{part.product}" for part in row.parts)


def _movement(row: Row, shared: tuple[Part, ...], limits: Guards) -> Guarded | None:
    """The addition's own movement, else that of one organization among several."""
    assert row.before is not None and row.target is not None
    found = _moved_too_far(row.before, row.target, limits)
    sources = [source for part in shared or row.parts for source in part.sources]
    if found or len(sources) == 1:
        return found
    shares = (
        _moved_too_far(Decimal(s.billed_units), Decimal(s.units), limits, of=s.organization_name)
        for s in sources
        if s.units is not None and s.billed_units is not None
    )
    return next(filter(None, shares), None)


def _moved_too_far(
    before: Decimal, after: Decimal, limits: Guards, *, of: str = ""
) -> Guarded | None:
    """The guard on a rise or fall, which needs both its percentage and its units exceeded."""
    change = after - before
    percent = abs(change / before) * 100 if before else Decimal("Infinity")
    move = f"{of} {plain(before)} -> {plain(after)}".strip()
    if change > limits.rise_units and percent > limits.rise_percent:
        limit = f"{plain(limits.rise_percent)} % and {limits.rise_units} units"
        return Guarded(Reason.RISE, f"{move} rises by more than {limit}")
    if -change > limits.fall_units and percent > limits.fall_percent:
        limit = f"{plain(limits.fall_percent)} % and {limits.fall_units} units"
        return Guarded(Reason.FALL, f"{move} falls by more than {limit}")
    return None


def _money(row: Row, limits: Guards) -> Guarded | None:
    limit = limits.money.get(row.currency)
    if limit is None:
        others = "".join(f'"{each}": {plain(money)}, ' for each, money in limits.money.items())
        return Guarded(
            Reason.MONEY,
            f"changes in {row.currency} have no limit. Set one: billing-sync settings set"
            f" guards.money '{{{others}\"{row.currency}\": LIMIT}}'",
        )
    if row.money is None or abs(row.money) <= limit:
        return None
    moved = with_currency(row.money, row.currency, sign="+")
    return Guarded(Reason.MONEY, f"{moved} a cycle exceeds {plain(limit)}")


def _billing_cycle(agreement: Agreement, limits: Guards) -> Guarded | None:
    if agreement.billing_cycle.casefold() in {cycle.casefold() for cycle in limits.billing_cycles}:
        return None
    allowed = ", ".join(limits.billing_cycles)
    message = f"billed '{agreement.billing_cycle}', and only {allowed} is updated without approval"
    return Guarded(Reason.BILLING_CYCLE, message)
