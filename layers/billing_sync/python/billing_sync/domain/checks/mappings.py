"""Whether the mappings fit today's records of Huntress and ConnectWise, as pure functions."""

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
    """Whether the name differs from the one last seen; case and blanks do not count."""
    return bool(now.strip() and seen.strip()) and _plain(now) != _plain(seen)


def unmapped(organizations: Iterable[Organization], mappings: Mappings) -> Found:
    """Organizations that are neither mapped nor excluded, the largest first."""
    organizations = tuple(organizations)
    everything = counted(len(organizations), "organization")
    left = [o for o in organizations if o.id not in mappings.organizations]
    if not left:
        excluded = sum(m.company_id is None for m in mappings.organizations.values())
        return passed(f"{everything}, each mapped or excluded ({excluded} excluded)")
    largest = sorted(left, key=lambda o: (-sum(o.list_counts.values()), o.id))
    return warned(
        f"{len(left)} of {everything} not mapped: nobody is billed for their usage",
        SUGGEST,
        details=(f"{_name(organization)}{_counts(organization)}" for organization in largest),
    )


def gone(organizations: Iterable[Organization], mappings: Mappings) -> Found:
    """Mapped organizations that Huntress no longer lists: their usage is unknown, never zero."""
    listed = {organization.id for organization in organizations}
    left = [m for m in _mapped(mappings) if m.organization_id not in listed]
    if not left:
        return passed("every mapped organization is in Huntress")
    return warned(
        f"{counted(len(left), 'mapped organization')} not in Huntress any more, which blocks their"
        " companies",
        f"Where it left for good: billing-sync mappings remove {left[0].organization_id}",
        details=(f"{_mapped_name(m)}, billed to {m.company_name or m.company_id}" for m in left),
    )


def renamed(organizations: Iterable[Organization], mappings: Mappings) -> Found:
    """Names other than when mapped; the id decides, but a new name may be a new client."""
    changes = [
        f"'{mapping.organization_name}' is now '{organization.name}' (id {organization.id})"
        for organization in organizations
        if (mapping := mappings.organizations.get(organization.id))
        and is_new_name(organization.name, mapping.organization_name)
    ]
    if not changes:
        return passed("every organization has the name it was mapped by")
    return warned(f"{counted(len(changes), 'organization')} renamed", HEAL, details=changes)


def alike(organizations: Iterable[Organization], mappings: Mappings) -> Found:
    """Organizations of one name that are billed apart.

    A wrong organization key in an installer silently makes a second one
    (docs/vendors/huntress.md#identity-of-organizations).
    """
    by_name: dict[str, list[Organization]] = {}
    for organization in organizations:
        by_name.setdefault(_plain(organization.name), []).append(organization)
    names = [
        f"{same[0].name} (ids {', '.join(str(organization.id) for organization in same)})"
        for same in by_name.values()
        if len({_target(organization, mappings) for organization in same}) > 1
    ]
    if not names:
        return passed("no two organizations of one name are billed apart")
    return warned(
        f"{counted(len(names), 'name')} of several organizations that are billed apart: perhaps one"
        " client twice, by a wrong organization key in an installer",
        "Look at them: billing-sync mappings list. In Huntress, move the agents to one of them, or"
        " map both to one company.",
        details=names,
    )


def companies_gone(agreements: Iterable[Agreement], mappings: Mappings) -> Found:
    """Mapped companies of which ConnectWise shows no agreement."""
    seen = {agreement.company_id for agreement in agreements}
    left = [company_id for company_id in mappings.company_ids() if company_id not in seen]
    if not left:
        return passed("every mapped company has an agreement")
    return warned(
        f"{counted(len(left), 'mapped company', 'mapped companies')} without any agreement: never"
        " made, hidden from the API member, or the company was deleted or merged",
        "Look for it in ConnectWise: Companies, then map to the right one: billing-sync mappings"
        " set. Hidden agreements: see 'ConnectWise restrictions'.",
        details=(f"{mappings.company_name(company_id)} (id {company_id})" for company_id in left),
    )


def companies_renamed(agreements: Iterable[Agreement], mappings: Mappings) -> Found:
    """Company names other than when mapped, by the agreements."""
    now = {agreement.company_id: agreement.company_name for agreement in agreements}
    changes = [
        f"'{name}' is now '{now[company_id]}' (id {company_id})"
        for company_id, name in sorted(_seen_names(mappings))
        if is_new_name(now.get(company_id, ""), name)
    ]
    if not changes:
        return passed("every company has the name it was mapped by")
    companies = counted(len(changes), "company", "companies")
    return warned(f"{companies} renamed", HEAL, details=changes)


def _seen_names(mappings: Mappings) -> Iterator[tuple[int, str]]:
    seen = {(m.company_id, m.company_name) for m in _mapped(mappings) if m.company_name}
    by_company = Counter(company_id for company_id, _ in seen)
    for company_id, name in seen:
        if company_id is not None and by_company[company_id] == 1:
            yield company_id, name


def _mapped(mappings: Mappings) -> list[OrganizationMapping]:
    found = (m for m in mappings.organizations.values() if m.company_id is not None)
    return sorted(found, key=lambda m: m.organization_id)


def _target(organization: Organization, mappings: Mappings) -> object:
    """The organization's company, or that it is excluded or unmapped."""
    mapping = mappings.organizations.get(organization.id)
    return "unmapped" if mapping is None else mapping.company_id or "excluded"


def _name(organization: Organization) -> str:
    return f"{organization.name} (id {organization.id})"


def _mapped_name(mapping: OrganizationMapping) -> str:
    name = mapping.organization_name or "organization"
    return f"{name} (id {mapping.organization_id})"


def _counts(organization: Organization) -> str:
    counts: Mapping[str, int] = {
        p.value: units for p, units in organization.list_counts.items() if units
    }
    text = ", ".join(f"{units} {product}" for product, units in counts.items())
    return f": {text}" if text else ""


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
