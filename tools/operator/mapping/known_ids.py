"""The ids in changed mappings, against what Huntress and ConnectWise have."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from billing_sync.domain.wording import in_short
from tools.operator.errors import Refused
from tools.operator.mapping.entry import Kind, Line
from tools.operator.mapping.importing import Import
from tools.operator.mapping.vendor_lists import ListedAddition, ListedCompany, ListedOrganization

NAMED_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class KnownIds:
    """What there is; `item_problems` says by id why a catalog item may not be written.

    `additions` are those of a company, read only where one of them is pinned.
    """

    organizations: Mapping[int, ListedOrganization]
    companies: Mapping[int, ListedCompany]
    item_problems: Callable[[Collection[int]], Mapping[int, str]]
    additions: Callable[[int], Mapping[int, ListedAddition]]

    def check(self, found: Import) -> None:
        """Raises `Refused` naming every new id that is not there.

        An id that the present mapping has already is not new: its record may be gone by now.
        """
        changes = [(each.was, each.now) for each in found.replacements]
        wrong = [problem for change in changes for problem in self._of(*change, found)]
        wrong += self._items(changes)
        if wrong:
            problems = "\n".join(f"- {each}" for each in in_short(wrong, most=NAMED_AT_ONCE))
            raise Refused(f"nothing was written; not in Huntress or ConnectWise:\n{problems}")

    def _of(self, was: Line | None, now: Line, found: Import) -> Iterator[str]:
        is_new = now.key not in found.table.items
        if now.kind is Kind.COMPANY:
            if is_new and now.id not in self.companies:
                yield _no_company(now, now.id)
            yield from self._agreements(now, now.id, _split_ids(now) - _split_ids(was))
            yield from self._additions(now, now.id, _pins(now) - _pins(was))
            return
        if is_new and now.id not in self.organizations:
            yield f"{now.called}: Huntress lists no organization {now.id}"
        moved = was is None or was.company_id != now.company_id
        if now.company_id and moved and now.company_id not in self.companies:
            yield _no_company(now, now.company_id)
        elif now.agreement_id and (moved or was is None or was.agreement_id != now.agreement_id):
            yield from self._agreements(now, now.company_id, {now.agreement_id})
        pins = _pins(now) if moved else _pins(now) - _pins(was)
        yield from self._additions(now, now.company_id, pins)

    def _additions(
        self, line: Line, company_id: int, pins: Collection[tuple[str, int]]
    ) -> Iterator[str]:
        listed = self.additions(company_id) if pins and company_id in self.companies else {}
        for product, addition_id in sorted(pins):
            found = listed.get(addition_id)
            if found is None or product not in found.products:
                own = sorted(key for key, each in listed.items() if product in each.products)
                yield (
                    f"{line.called}: company {company_id} has no addition {addition_id} of"
                    f" {product}; it has {', '.join(map(str, own)) or 'none'}"
                )

    def _agreements(self, line: Line, company_id: int, ids: Iterable[int]) -> Iterator[str]:
        company = self.companies.get(company_id)
        has = {agreement.id for agreement in company.agreements} if company else set[int]()
        for agreement_id in sorted(set(ids) - has):
            name = company.name if company else "company"
            yield (
                f"{line.called}: {name} ({company_id}) has no agreement {agreement_id};"
                f" it has {', '.join(map(str, sorted(has))) or 'none'}"
            )

    def _items(self, changes: Iterable[tuple[Line | None, Line]]) -> Iterator[str]:
        named = {
            item_id: now for was, now in changes for item_id in _item_ids(now) - _item_ids(was)
        }
        for item_id, problem in self.item_problems(sorted(named)).items():
            yield f"{named[item_id].called}: {problem}"


def _no_company(line: Line, company_id: int) -> str:
    return (
        f"{line.called}: ConnectWise shows no company {company_id};"
        " 'billing-sync companies' lists those there are"
    )


def _rules(line: Line | None) -> dict[str, Any]:
    return dict(json.loads(line.rules)) if line and line.rules else {}


def _pins(line: Line | None) -> set[tuple[str, int]]:
    rules = _rules(line)
    splits = rules.get("split", {}).items()
    named = {(product, key) for product, split in splits for key in split.get("additions", ())}
    return named | set(rules.get("additions", {}).items())


def _item_ids(line: Line | None) -> set[int]:
    return set(_rules(line).get("catalog_items", {}).values())


def _split_ids(line: Line | None) -> set[int]:
    splits = _rules(line).get("split", {}).values()
    fixed = {part["agreement_id"] for split in splits for part in split["fixed"]}
    return fixed | {split["remainder"] for split in splits}
