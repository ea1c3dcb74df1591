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
    """Something to look at: its name, the problem, the fix."""

    title: str
    problem: str
    fix: str


@dataclass(frozen=True, slots=True)
class Renaming:
    """A valid mapping, with the names that it should have."""

    was: Line
    now: Line

    def text(self) -> str:
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
    """Write the names as they are now; the companies stay."""
    edits = []
    for renaming in renamings:
        item = seen.table.items[renaming.was.key]
        fresh = {
            name: value for name, value in renaming.now.item().items() if name.endswith("_name")
        }
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
    for standing in broken:
        gone = _is_gone(standing, seen)
        likely = _again(standing, seen) if gone else elsewhere.get(standing.organization_id, "")
        yield Finding(
            _named(standing), standing.note, " ".join(filter(None, (standing.fix, likely)))
        )


def _is_gone(standing: Standing, seen: Overview) -> bool:
    return Change.ORGANIZATION_GONE in seen.changes.get(standing.organization_id, {})


def _again(gone: Standing, seen: Overview) -> str:
    """An unmapped organization of the same name may be the one that is gone, made again."""
    name = normalised(gone.organization)
    same = [
        standing
        for standing in seen.of(State.UNMAPPED)
        if normalised(standing.organization) == name
    ]
    names = ", ".join(f"{_named(standing)}, which uses {standing.used}" for standing in same)
    return f"Of the same name and unmapped: {names}." if names and name else ""


def _elsewhere(broken: Sequence[Standing], seen: Overview) -> dict[int, str]:
    """By organization id another company that may be the one it became."""
    billed_to = {
        standing.organization_id: standing.company_id for standing in broken if standing.company_id
    }
    found = suggest(
        [
            Organization(standing.organization_id, standing.organization)
            for standing in broken
            if standing.company_id
        ],
        [
            Company(each.id, each.name, each.identifier)
            for each in (seen.lists.companies or {}).values()
            if each.usable
        ],
    )
    sentences = {}
    for suggested in found:
        others = [
            s for s in suggested.suggestions if s.company.id != billed_to[suggested.organization.id]
        ]
        for best in others[:1]:
            company = f"{best.company.name} ({best.company.id})"
            sentences[suggested.organization.id] = f"It may be {company}: {best.evidence.reason}."
    return sentences


def _look_alikes(seen: Overview) -> Iterator[Finding]:
    """Organizations of one name, one of which a wrong installer key may have made."""
    names = {key: listed.name for key, listed in sorted((seen.lists.organizations or {}).items())}
    by_id = {standing.organization_id: standing for standing in seen.standings}
    for same in of_one_name(names, normalised):
        found = [by_id[organization_id] for organization_id in same]
        usage = "; ".join(
            f"{_named(standing)} uses {standing.used}, {_billed(standing)}" for standing in found
        )
        idle = [_named(standing) for standing in found if not any(standing.used.units.values())]
        yield Finding(
            f"{len(found)} organizations are called {names[same[0]]}", usage, _one_or_two(idle)
        )


def _one_or_two(idle: Sequence[str]) -> str:
    if idle:
        sentence = f"{', '.join(idle)} uses nothing."
        return f"{sentence} If it is left over, delete it in Huntress, or exclude it."
    return (
        "If they are one business, an installer had the wrong organization key: move the agents in"
        " Huntress. Until then map both to the one company: their units add up. An agent that is in"
        " both is billed twice."
    )


def _billed(standing: Standing) -> str:
    if standing.company_id:
        return f"billed to {standing.company or 'company'} ({standing.company_id})"
    return str(standing.state)


def _without_effect(seen: Overview) -> Iterator[Finding]:
    """Rules of companies without an organization, and exclusions of organizations that are gone."""
    for line in seen.table.lines.values():
        if line.kind is Kind.COMPANY and not seen.table.of(line.id):
            fix = "They have no effect. Map an organization to it, or delete the item."
            yield Finding(
                line.called,
                f"has rules, and no organization is mapped to it: {line.rules}",
                fix,
            )
    for standing in seen.of(State.EXCLUDED):
        if _is_gone(standing, seen):
            fix = f"If it left for good: billing-sync mappings remove {standing.organization_id}"
            yield Finding(_named(standing), f"is excluded, and {GONE}", fix)


def _named(standing: Standing) -> str:
    return (
        f"{standing.organization} ({standing.organization_id})"
        if standing.organization_id
        else standing.organization
    )
