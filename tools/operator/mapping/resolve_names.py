"""Which organization or company a person means: by id, or by a name that only one has."""

from collections.abc import Iterable, Mapping

from tools.operator.errors import Refused
from tools.operator.mapping.table import MappingTable
from tools.operator.mapping.vendor_lists import ListedAgreement, ListedCompany, Lists
from tools.operator.suggestions.normal import normalised

MOST_SHOWN = 15


def organization_names(lists: Lists, table: MappingTable) -> dict[int, str]:
    """Every organization that Huntress lists or a mapping names."""
    stored = {one.organization_id: one.organization_name for one in table.organizations.values()}
    wrong = {one.id: "" for one in table.wrong if one.key.startswith("MAPPING / ORG#")}
    return wrong | stored | {one.id: one.name for one in (lists.organizations or {}).values()}


def the_organization(said: str, names: Mapping[int, str]) -> int:
    """The id of the organization; raises `Refused` with choices where it is none or several."""
    return _the_one("organization", said, {key: (name,) for key, name in names.items()})


def the_company(said: str, companies: Mapping[int, ListedCompany]) -> int:
    """The id of the company, which may also be named by its identifier."""
    return _the_one(
        "company", said, {one.id: (one.name, one.identifier) for one in companies.values()}
    )


def searched(said: str, companies: Iterable[ListedCompany]) -> list[ListedCompany]:
    """The companies whose name, identifier or id has what was said, by name."""
    wanted = said.strip().casefold()
    found = [
        one
        for one in companies
        if wanted in one.name.casefold()
        or wanted in one.identifier.casefold()
        or wanted == str(one.id)
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id)) if wanted else []


def the_agreement(agreement_id: int, company: ListedCompany) -> ListedAgreement:
    """The company's agreement; raises `Refused` with those it has."""
    for each in company.agreements:
        if each.id == agreement_id:
            return each
    raise Refused(
        f"--agreement is {agreement_id}, which is no agreement of {company.name} ({company.id})."
        f" It has: {_agreements(company)}"
    )


def the_type(said: str, company: ListedCompany) -> str:
    """The agreement type as ConnectWise writes it; raises `Refused` with the company's."""
    for each in company.agreements:
        if each.type.strip().casefold() == said.strip().casefold():
            return each.type.strip()
    raise Refused(
        f"--agreement-type is {said!r}, and no agreement of {company.name} ({company.id}) is of"
        f" that type. It has: {_agreements(company)}"
    )


def _agreements(company: ListedCompany) -> str:
    told = [f"{each.id} '{each.name}' of type '{each.type}'" for each in company.agreements]
    return ", ".join(told) or "none"


def _the_one(kind: str, said: str, names: Mapping[int, tuple[str, ...]]) -> int:
    text = said.strip()
    if text.isascii() and text.isdecimal() and int(text) in names:
        return int(text)
    plain = text.casefold()
    same = [key for key, own in names.items() if plain in [each.strip().casefold() for each in own]]
    if not same and normalised(text):
        same = [key for key, own in names.items() if normalised(text) == normalised(own[0])]
    if len(same) == 1:
        return same[0]
    if same:
        raise Refused(f"{said!r} may be several; say the id:\n{_choices(same, names)}")
    near = [key for key, own in names.items() if plain and plain in " ".join(own).casefold()]
    if near:
        raise Refused(
            f"no {kind} has the name or id {said!r}. These have it in their name; say the id:\n"
            f"{_choices(near, names)}"
        )
    raise Refused(
        f"no {kind} has the name or id {said!r}. 'billing-sync mappings list' shows what there is."
    )


def _choices(keys: list[int], names: Mapping[int, tuple[str, ...]]) -> str:
    in_order = sorted(keys, key=lambda key: (names[key][0].casefold(), key))
    told = [f"  {key}  {names[key][0]}" for key in in_order[:MOST_SHOWN]]
    more = len(keys) - len(told)
    return "\n".join([*told, *([f"  and {more} more"] if more > 0 else [])])
