"""Records of ConnectWise that were read and cannot be used: each belongs to its own company."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from billing_sync.domain.errors import too_many
from billing_sync.domain.plan.in_effect import addition_problem, agreement_trouble
from billing_sync.domain.plan.plan import Row
from billing_sync.domain.plan.reasons import Reason
from billing_sync.domain.planning.agreement_index import Holdings
from billing_sync.domain.planning.candidates import item_of
from billing_sync.domain.vendors.connectwise import (
    Addition,
    Agreement,
    CatalogItem,
    UnusableAddition,
)
from billing_sync.domain.wording import in_short, some


@dataclass(frozen=True, slots=True)
class UnusableRecords:
    """What cannot be used: `blocking` by company id, and what is `ignored`.

    `items` are the company and catalog item that an unusable addition bills. `unread` are lists
    with too many such records, which count as not read.
    """

    blocking: Mapping[int, tuple[str, ...]]
    items: frozenset[tuple[int, int]]
    ignored: tuple[str, ...]
    unread: tuple[str, ...]

    def warned(self, rows: Iterable[Row]) -> tuple[str, ...]:
        """The records that no blocked row names."""
        blocked = {row.company_id for row in rows if row.reason is Reason.UNUSABLE}
        unnamed = (m for c, messages in self.blocking.items() if c not in blocked for m in messages)
        return in_short((*self.ignored, *unnamed))


@dataclass(frozen=True, slots=True)
class _Record:
    """One of them, in words; it blocks this company, or none, and may bill it these items.

    It may bill any company where its `company_id` is 0.
    """

    message: str
    company_id: int | None = None
    items: frozenset[int] = frozenset()


def unusable_records(
    holdings: Holdings,
    unusable: Iterable[UnusableAddition],
    additions: Iterable[Addition],
    catalog: Mapping[int, CatalogItem],
) -> UnusableRecords:
    """What is wrong in these records, and whom it keeps from being billed.

    A record blocks its company where it may bill one of our catalog items today. An addition whose
    agreement was not read is left out.
    """
    agreements = {a.id: a for own in holdings.agreements.values() for a in own}
    unusable, additions = tuple(unusable), tuple({a.id: a for a in additions}.values())
    found = [
        *(
            _addition(each, agreements.get(each.agreement_id), holdings, catalog)
            for each in unusable
        ),
        *(_agreement(a, holdings, catalog) for a in agreements.values() if a.problem),
    ]
    blocking: dict[int, tuple[str, ...]] = {}
    for record in found:
        if record.company_id:
            messages = blocking.get(record.company_id, ())
            blocking[record.company_id] = (*messages, record.message)
    ignored = [record.message for record in found if record.company_id is None]
    return UnusableRecords(
        blocking={company: some(messages) for company, messages in blocking.items()},
        items=frozenset(
            (record.company_id, item_id)
            for record in found
            if record.company_id
            for item_id in record.items
        ),
        ignored=(*ignored, *_of_unread(additions, agreements, catalog)),
        unread=(
            # guard: unknown-company-unread - it may be any of our companies
            *(record.message for record in found if record.company_id == 0),
            *_unread_lists(found, len(additions), unusable, agreements),
        ),
    )


def _addition(
    addition: UnusableAddition,
    agreement: Agreement | None,
    holdings: Holdings,
    catalog: Mapping[int, CatalogItem],
) -> _Record:
    name = f"addition {addition.id or 'without an id'}"
    if agreement is None:
        return _Record(
            f"{name} of agreement {addition.agreement_id} cannot be used: {addition.problem}."
        )
    where = f"{name} on '{agreement.name}' (id {agreement.id})"
    message = (
        f"{where}{_of_company(agreement)} cannot be used: {addition.problem}. Correct it in"
        f" ConnectWise: Finance > Agreements > '{agreement.name}' > Additions."
    )
    item_id = item_of(addition, catalog.values())
    if item_id is None or not _in_effect(addition, agreement, holdings):
        return _Record(message)
    return _Record(message, agreement.company_id, frozenset({item_id}))


def _agreement(
    agreement: Agreement, holdings: Holdings, catalog: Mapping[int, CatalogItem]
) -> _Record:
    message = (
        f"agreement '{agreement.name}' (id {agreement.id}){_of_company(agreement)} cannot be"
        f" used: {agreement.problem}. Correct it in ConnectWise: Finance > Agreements >"
        f" '{agreement.name}'."
    )
    items = frozenset(
        item_id
        for addition in holdings.additions.get(agreement.company_id, [])
        if addition.agreement_id == agreement.id
        and (item_id := item_of(addition, catalog.values())) is not None
        and _in_effect(addition, agreement, holdings)
    )
    return _Record(message, agreement.company_id, items) if items else _Record(message)


def _of_company(agreement: Agreement) -> str:
    return f" of {agreement.company_name}" if agreement.company_name else ""


def _in_effect(
    addition: Addition | UnusableAddition, agreement: Agreement, holdings: Holdings
) -> bool:
    """Whether it may bill its company today."""
    today, allowed = holdings.today, holdings.allowed_types
    trouble = agreement_trouble(agreement, today=today, allowed_types=allowed)
    usable = trouble is None or trouble.reason is Reason.UNUSABLE
    return usable and addition_problem(addition, today=today) is None


def _of_unread(
    additions: Iterable[Addition],
    agreements: Mapping[int, Agreement],
    catalog: Mapping[int, CatalogItem],
) -> Iterator[str]:
    """Additions that a list shows and whose own agreement was not read."""
    for addition in additions:
        if addition.agreement_id in agreements or item_of(addition, catalog.values()) is None:
            continue
        shown = agreements.get(addition.listed_under)
        where = (
            f"'{shown.name}' (id {shown.id}) of {shown.company_name} lists"
            if shown
            else "ConnectWise lists"
        )
        yield (
            f"{where} addition {addition.id} of agreement {addition.agreement_id}, which was not"
            " read: it is not Active, or hidden from the API member. The addition is left out."
        )


def _unread_lists(
    found: list[_Record],
    usable: int,
    unusable: tuple[UnusableAddition, ...],
    agreements: Mapping[int, Agreement],
) -> Iterator[str]:
    broken = sum(bool(agreement.problem) for agreement in agreements.values())
    for name, bad, of, first in (
        ("additions", len(unusable), usable + len(unusable), found[:1]),
        ("agreements", broken, len(agreements), found[-1:]),
    ):
        if too_many(bad, of):  # guard: few-unusable-records
            yield (
                f"{bad} of {of} {name} cannot be used, so the list counts as not read:"
                f" {first[0].message}"
            )
