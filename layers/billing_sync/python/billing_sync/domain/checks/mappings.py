"""Whether the mappings fit what Huntress and ConnectWise hold today: pure findings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from billing_sync.domain.checks.check import Found, passed, warned
from billing_sync.domain.config.mappings import Mappings, OrganizationMapping
from billing_sync.domain.vendors.connectwise import Agreement
from billing_sync.domain.vendors.huntress import Organization
from billing_sync.domain.wording import counted

SUGGEST = "Map or exclude them: billing-sync mappings suggest"
HEAL = "See and update them: billing-sync mappings heal"


def is_new_name(now: str, seen: str) -> bool:
    """Whether a name that was seen is another one now; case and gaps make no other name."""
    return bool(now.strip() and seen.strip()) and _plain(now) != _plain(seen)


def unmapped(organizations: Iterable[Organization], mappings: Mappings) -> Found:
    """Each organization is to be mapped or excluded; the largest are named first."""
    everybody = tuple(organizations)
    left = [one for one in everybody if one.id not in mappings.organizations]
    if not left:
        excluded = sum(m.company_id is None for m in mappings.organizations.values())
        told = counted(len(everybody), "organization")
        return passed(f"{told}, each mapped or excluded ({excluded} excluded)")
    largest = sorted(left, key=lambda one: (-sum(one.list_counts.values()), one.id))
    return warned(
        f"{len(left)} of {counted(len(everybody), 'organization')} not mapped: nobody is billed for"
        " their usage",
        SUGGEST,
        details=(f"{_name(one)}{_counts(one)}" for one in largest),
    )


def gone(organizations: Iterable[Organization], mappings: Mappings) -> Found:
    """A mapped organization that Huntress no longer lists: its usage is unknown, never zero."""
    here = {one.id for one in organizations}
    left = [m for m in _mapped(mappings) if m.organization_id not in here]
    if not left:
        return passed("every mapped organization is in Huntress")
    return warned(
        f"{counted(len(left), 'mapped organization')} not in Huntress any more, which blocks their"
        " companies",
        f"Where it left for good: billing-sync mappings remove {left[0].organization_id}",
        details=(f"{_mapped_name(m)}, billed to {m.company_name or m.company_id}" for m in left),
    )


def renamed(organizations: Iterable[Organization], mappings: Mappings) -> Found:
    """Names as last seen by whoever mapped; the id counts, but a new name may be a new client."""
    told = [
        f"'{mapping.organization_name}' is now '{one.name}' (id {one.id})"
        for one in organizations
        if (mapping := mappings.organizations.get(one.id))
        and is_new_name(one.name, mapping.organization_name)
    ]
    if not told:
        return passed("every organization has the name it was mapped by")
    return warned(f"{counted(len(told), 'organization')} renamed", HEAL, details=told)


def alike(organizations: Iterable[Organization], mappings: Mappings) -> Found:
    """Organizations of one name that nobody put together.

    A wrong organization key in an installer silently makes a second one
    (docs/vendors/huntress.md#identity-of-organizations).
    """
    by_name: dict[str, list[Organization]] = {}
    for one in organizations:
        by_name.setdefault(_plain(one.name), []).append(one)
    told = [
        f"{same[0].name} (ids {', '.join(str(one.id) for one in same)})"
        for same in by_name.values()
        if len(same) > 1 and len({_place(one, mappings) for one in same}) > 1
    ]
    if not told:
        return passed("no two organizations of one name are billed apart")
    return warned(
        f"{counted(len(told), 'name')} of several organizations that are billed apart: perhaps one"
        " client twice, by a wrong organization key in an installer",
        "Look at them: billing-sync mappings list. In Huntress, move the agents to one of them, or"
        " map both to one company.",
        details=told,
    )


def companies_gone(agreements: Iterable[Agreement], mappings: Mappings) -> Found:
    """Mapped companies of which ConnectWise shows no agreement at all."""
    here = {agreement.company_id for agreement in agreements}
    left = [one for one in mappings.company_ids() if one not in here]
    if not left:
        return passed("every mapped company has an agreement")
    return warned(
        f"{counted(len(left), 'mapped company', 'mapped companies')} without any agreement: never"
        " made, hidden from the API member, or the company was deleted or merged",
        "Look for it in ConnectWise: Companies, then map to the right one: billing-sync mappings"
        " set. Hidden agreements: see 'ConnectWise restrictions'.",
        details=(f"{mappings.company_name(one)} (id {one})" for one in left),
    )


def companies_renamed(agreements: Iterable[Agreement], mappings: Mappings) -> Found:
    """Company names as last seen by whoever mapped, against those on their agreements."""
    now = {agreement.company_id: agreement.company_name for agreement in agreements}
    told = [
        f"'{name}' is now '{now[company_id]}' (id {company_id})"
        for company_id, name in sorted(_seen_names(mappings))
        if is_new_name(now.get(company_id, ""), name)
    ]
    if not told:
        return passed("every company has the name it was mapped by")
    companies = counted(len(told), "company", "companies")
    return warned(f"{companies} renamed", HEAL, details=told)


def _seen_names(mappings: Mappings) -> Iterator[tuple[int, str]]:
    seen = {(m.company_id, m.company_name) for m in _mapped(mappings) if m.company_name}
    by_company = Counter(company_id for company_id, _ in seen)
    for company_id, name in seen:
        if company_id is not None and by_company[company_id] == 1:
            yield company_id, name


def _mapped(mappings: Mappings) -> list[OrganizationMapping]:
    found = (m for m in mappings.organizations.values() if m.company_id is not None)
    return sorted(found, key=lambda m: m.organization_id)


def _place(one: Organization, mappings: Mappings) -> object:
    """What became of an organization: its company, excluded, or nothing yet."""
    mapping = mappings.organizations.get(one.id)
    return "unmapped" if mapping is None else mapping.company_id or "excluded"


def _name(one: Organization) -> str:
    return f"{one.name} (id {one.id})"


def _mapped_name(mapping: OrganizationMapping) -> str:
    name = mapping.organization_name or "organization"
    return f"{name} (id {mapping.organization_id})"


def _counts(one: Organization) -> str:
    counts: Mapping[str, int] = {p.value: units for p, units in one.list_counts.items() if units}
    told = ", ".join(f"{units} {product}" for product, units in counts.items())
    return f": {told}" if told else ""


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
