"""What changed since the mappings were set, and the fixes: by permission-check's rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from billing_sync.domain.checks.mappings import Change, is_new_name, of_one_name
from tools.operator.config_book import ConfigBook, Edit
from tools.operator.mapping.batch_write import write_all
from tools.operator.mapping.broken import GONE
from tools.operator.mapping.entry import Kind, Line
from tools.operator.mapping.overview import Overview, Standing, State
from tools.operator.suggestions.normal import normalised
from tools.operator.suggestions.suggesting import suggest
from tools.operator.suggestions.values import Company, Organization


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: of whom, what is wrong, what a person can do."""

    title: str
    told: str
    way_out: str


@dataclass(frozen=True, slots=True)
class Renaming:
    """A mapping that holds, with the names that it should tell."""

    was: Line
    now: Line

    def told(self) -> str:
        """Each name that changed."""
        pairs = [(self.was.name, self.now.name), (self.was.company_name, self.now.company_name)]
        names = [f"{old} → {new}" for old, new in pairs if old != new]
        return f"{self.was.kind} {self.was.id}: {', '.join(names)}"


@dataclass(frozen=True, slots=True)
class Health:
    """All that was found."""

    renamings: tuple[Renaming, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, seen: Overview) -> "Health":
        """Compare the mappings with what both vendors list."""
        return cls(
            tuple(_renamings(seen)),
            (*_broken(seen), *_look_alikes(seen), *_without_effect(seen)),
        )


def rename(book: ConfigBook, seen: Overview, renamings: Sequence[Renaming]) -> None:
    """Write the names as they are now; whom an organization is billed to stays."""
    edits = []
    for one in renamings:
        item = seen.table.items[one.was.key]
        fresh = {name: value for name, value in one.now.item().items() if name.endswith("_name")}
        edits.append(Edit(item, book.signed({**item, **fresh})))
    write_all(book, edits)


def _renamings(seen: Overview) -> Iterator[Renaming]:
    companies = seen.lists.companies or {}
    for line in seen.table.lines.values():
        if line.kind is Kind.ORGANIZATION:
            changes = seen.changes.get(line.id, {})
            name = changes.get(Change.ORGANIZATION_RENAMED, line.name)
            company_name = changes.get(Change.COMPANY_RENAMED, line.company_name)
            now = replace(line, name=name, company_name=company_name)
        else:
            name = companies[line.id].name.strip() if line.id in companies else ""
            now = replace(line, name=name) if is_new_name(name, line.name) else line
        if now != line:
            yield Renaming(line, now)


def _broken(seen: Overview) -> Iterator[Finding]:
    broken = seen.of(State.BROKEN)
    elsewhere = _elsewhere(broken, seen)
    for one in broken:
        gone = _is_gone(one, seen)
        maybe = _again(one, seen) if gone else elsewhere.get(one.organization_id, "")
        yield Finding(_named(one), one.told, " ".join(filter(None, (one.way_out, maybe))))


def _is_gone(one: Standing, seen: Overview) -> bool:
    return Change.ORGANIZATION_GONE in seen.changes.get(one.organization_id, {})


def _again(gone: Standing, seen: Overview) -> str:
    """An unmapped organization of the same name may be the one that is gone, made again."""
    name = normalised(gone.organization)
    same = [one for one in seen.of(State.UNMAPPED) if normalised(one.organization) == name]
    told = ", ".join(f"{_named(one)}, which uses {one.used}" for one in same)
    return f"Of the same name and unmapped: {told}." if told and name else ""


def _elsewhere(broken: Sequence[Standing], seen: Overview) -> dict[int, str]:
    """By organization id another company that may be the one it became."""
    billed_to = {one.organization_id: one.company_id for one in broken if one.company_id}
    found = suggest(
        [Organization(one.organization_id, one.organization) for one in broken if one.company_id],
        [
            Company(each.id, each.name, each.identifier)
            for each in (seen.lists.companies or {}).values()
            if each.usable
        ],
    )
    told = {}
    for one in found:
        others = [s for s in one.suggestions if s.company.id != billed_to[one.organization.id]]
        for best in others[:1]:
            company = f"{best.company.name} ({best.company.id})"
            told[one.organization.id] = f"It may be {company}: {best.evidence.reason}."
    return told


def _look_alikes(seen: Overview) -> Iterator[Finding]:
    """Organizations of one name, one of which a wrong installer key may have made."""
    names = {key: listed.name for key, listed in sorted((seen.lists.organizations or {}).items())}
    standing = {one.organization_id: one for one in seen.standings}
    for same in of_one_name(names, normalised):
        found = [standing[organization_id] for organization_id in same]
        told = "; ".join(f"{_named(one)} uses {one.used}, {_billed(one)}" for one in found)
        idle = [_named(one) for one in found if not any(one.used.units.values())]
        yield Finding(
            f"{len(found)} organizations are called {names[same[0]]}", told, _one_or_two(idle)
        )


def _one_or_two(idle: Sequence[str]) -> str:
    if idle:
        told = f"{', '.join(idle)} uses nothing."
        return f"{told} If it is left over, delete it in Huntress, or exclude it."
    return (
        "If they are one business, an installer had the wrong organization key: move the agents in"
        " Huntress. Until then map both to the one company: their units add up. An agent that is in"
        " both is billed twice."
    )


def _billed(one: Standing) -> str:
    if one.company_id:
        return f"billed to {one.company or 'company'} ({one.company_id})"
    return str(one.state)


def _without_effect(seen: Overview) -> Iterator[Finding]:
    """Rules of companies nobody is mapped to, and exclusions of organizations that are gone."""
    for line in seen.table.lines.values():
        if line.kind is Kind.COMPANY and not seen.table.of(line.id):
            way_out = "They have no effect. Map an organization to it, or delete the item."
            yield Finding(
                line.called,
                f"has rules, and no organization is mapped to it: {line.rules}",
                way_out,
            )
    for one in seen.of(State.EXCLUDED):
        if _is_gone(one, seen):
            way_out = f"If it left for good: billing-sync mappings remove {one.organization_id}"
            yield Finding(_named(one), f"is excluded, and {GONE}", way_out)


def _named(one: Standing) -> str:
    return (
        f"{one.organization} ({one.organization_id})" if one.organization_id else one.organization
    )
