"""Whether the mappings fit what Huntress and ConnectWise hold today."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum, auto

from billing_sync.domain.checks.check import Found, passed, warned
from billing_sync.domain.config.mappings import Mappings, OrganizationMapping
from billing_sync.domain.vendors.connectwise import Agreement
from billing_sync.domain.vendors.huntress import Organization
from billing_sync.domain.wording import counted

SUGGEST = "Map or exclude them: billing-sync mappings suggest"
HEAL = "See and update them: billing-sync mappings heal"


class Change(Enum):
    """What may have changed at a vendor since a mapping was set."""

    ORGANIZATION_GONE = auto()
    ORGANIZATION_RENAMED = auto()
    COMPANY_GONE = auto()  # without any agreement: deleted, merged, or never had one
    COMPANY_RENAMED = auto()


def changes(
    mapping: OrganizationMapping,
    *,
    organizations: Mapping[int, str] | None = None,
    companies: Mapping[int, str] | None = None,
) -> dict[Change, str]:
    """What changed at the vendors since a mapping was set, with the present name if renamed.

    `organizations` are Huntress's names by id, `companies` those of companies that have an
    agreement. None is a list that was not read: nothing is known of it.
    """
    found = {}
    if organizations is not None:
        name = organizations.get(mapping.organization_id)
        if name is None:
            found[Change.ORGANIZATION_GONE] = ""
        elif is_new_name(name, mapping.organization_name):
            found[Change.ORGANIZATION_RENAMED] = name.strip()
    if companies is not None and mapping.company_id is not None:
        name = companies.get(mapping.company_id)
        if name is None:
            found[Change.COMPANY_GONE] = ""
        elif is_new_name(name, mapping.company_name):
            found[Change.COMPANY_RENAMED] = name.strip()
    return found


def is_new_name(now: str, seen: str) -> bool:
    """Whether a name that was seen is another one now; case and gaps make no other name."""
    return bool(now.strip() and seen.strip()) and plain(now) != plain(seen)


def of_one_name(
    organizations: Mapping[int, str], spelling: Callable[[str], str]
) -> Iterator[tuple[int, ...]]:
    """The ids of organizations whose names have one spelling.

    A wrong organization key in an installer silently makes a second one
    (docs/vendors/huntress.md#identity-of-organizations).
    """
    by_name: dict[str, list[int]] = {}
    for organization_id, name in organizations.items():
        by_name.setdefault(spelling(name), []).append(organization_id)
    return (tuple(same) for name, same in by_name.items() if name and len(same) > 1)


def unmapped(organizations: Iterable[Organization], mappings: Mappings) -> Found:
    """Each organization is to be mapped or excluded; the largest are named first."""
    listed = tuple(organizations)
    left = [each for each in listed if each.id not in mappings.organizations]
    if not left:
        excluded = sum(m.company_id is None for m in mappings.organizations.values())
        total = counted(len(listed), "organization")
        return passed(f"{total}, each mapped or excluded ({excluded} excluded)")
    largest = sorted(left, key=lambda each: (-sum(each.list_counts.values()), each.id))
    return warned(
        f"{len(left)} of {counted(len(listed), 'organization')} not mapped: nobody is billed for"
        " their usage",
        SUGGEST,
        details=(f"{_name(each)}{_counts(each)}" for each in largest),
    )


def gone(organizations: Iterable[Organization], mappings: Mappings) -> Found:
    """A mapped organization that Huntress no longer lists: its usage is unknown, never zero."""
    names = _organization_names(organizations)
    found = [
        mapping
        for mapping in _in_order(mappings)
        if mapping.company_id is not None
        and Change.ORGANIZATION_GONE in changes(mapping, organizations=names)
    ]
    if not found:
        return passed("every mapped organization is in Huntress")
    return warned(
        f"{counted(len(found), 'mapped organization')} not in Huntress any more, which blocks their"
        " companies",
        f"Where it left for good: billing-sync mappings remove {found[0].organization_id}",
        details=(f"{_mapped_name(m)}, billed to {m.company_name or m.company_id}" for m in found),
    )


def renamed(organizations: Iterable[Organization], mappings: Mappings) -> Found:
    """Names as last seen by whoever mapped; the id counts, but a new name may be a new client."""
    names = _organization_names(organizations)
    renames = [
        f"'{mapping.organization_name}' is now '{name}' (id {mapping.organization_id})"
        for mapping in _in_order(mappings)
        if (name := changes(mapping, organizations=names).get(Change.ORGANIZATION_RENAMED))
    ]
    if not renames:
        return passed("every organization has the name it was mapped by")
    return warned(f"{counted(len(renames), 'organization')} renamed", HEAL, details=renames)


def alike(organizations: Iterable[Organization], mappings: Mappings) -> Found:
    """Organizations of one name that are not mapped to the same company."""
    names = _organization_names(organizations)
    apart = [
        f"{names[same[0]]} (ids {', '.join(map(str, same))})"
        for same in of_one_name(names, plain)
        if len({_place(organization_id, mappings) for organization_id in same}) > 1
    ]
    if not apart:
        return passed("no two organizations of one name are billed apart")
    return warned(
        f"{counted(len(apart), 'name')} of several organizations that are billed apart: perhaps one"
        " client twice, by a wrong organization key in an installer",
        "Look at them: billing-sync mappings list. In Huntress, move the agents to one of them, or"
        " map both to one company.",
        details=apart,
    )


def companies_gone(agreements: Iterable[Agreement], mappings: Mappings) -> Found:
    """Mapped companies of which ConnectWise shows no agreement at all."""
    names = _company_names(agreements)
    found = {
        mapping.company_id: mappings.company_name(mapping.company_id)
        for mapping in mappings.organizations.values()
        if mapping.company_id and Change.COMPANY_GONE in changes(mapping, companies=names)
    }
    if not found:
        return passed("every mapped company has an agreement")
    return warned(
        f"{counted(len(found), 'mapped company', 'mapped companies')} without any agreement: never"
        " made, hidden from the API member, or the company was deleted or merged",
        "Look for it in ConnectWise: Companies, then map to the right one: billing-sync mappings"
        " set. Hidden agreements: see 'ConnectWise restrictions'.",
        details=(f"{name} (id {company_id})" for company_id, name in sorted(found.items())),
    )


def companies_renamed(agreements: Iterable[Agreement], mappings: Mappings) -> Found:
    """Company names as last seen by whoever mapped, against those on their agreements."""
    names = _company_names(agreements)
    renames = {
        (mapping.company_id or 0, mapping.company_name, name)
        for mapping in mappings.organizations.values()
        if (name := changes(mapping, companies=names).get(Change.COMPANY_RENAMED))
    }
    if not renames:
        return passed("every company has the name it was mapped by")
    companies = counted(len({company_id for company_id, *_ in renames}), "company", "companies")
    details = (f"'{seen}' is now '{now}' (id {at})" for at, seen, now in sorted(renames))
    return warned(f"{companies} renamed", HEAL, details=details)


def _in_order(mappings: Mappings) -> list[OrganizationMapping]:
    return sorted(mappings.organizations.values(), key=lambda mapping: mapping.organization_id)


def _organization_names(organizations: Iterable[Organization]) -> dict[int, str]:
    return {organization.id: organization.name for organization in organizations}


def _company_names(agreements: Iterable[Agreement]) -> dict[int, str]:
    return {agreement.company_id: agreement.company_name for agreement in agreements}


def _place(organization_id: int, mappings: Mappings) -> object:
    """What became of an organization: its company, excluded, or nothing yet."""
    mapping = mappings.organizations.get(organization_id)
    return "unmapped" if mapping is None else mapping.company_id or "excluded"


def _name(organization: Organization) -> str:
    return f"{organization.name} (id {organization.id})"


def _mapped_name(mapping: OrganizationMapping) -> str:
    name = mapping.organization_name or "organization"
    return f"{name} (id {mapping.organization_id})"


def _counts(organization: Organization) -> str:
    counts = ", ".join(f"{n} {product}" for product, n in organization.list_counts.items() if n)
    return f": {counts}" if counts else ""


def plain(name: str) -> str:
    """The name as it is compared: without case and stray gaps."""
    return " ".join(name.split()).casefold()
