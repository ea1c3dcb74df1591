"""Which organization or company a person means: by id, or by a name that only one has."""

from collections.abc import Iterable, Mapping

from tools.operator.errors import Refused
from tools.operator.mapping.table import MappingTable
from tools.operator.mapping.vendor_lists import (
    ListedAddition,
    ListedAgreement,
    ListedCompany,
    Lists,
)
from tools.operator.suggestions.normal import normalised

MOST_SHOWN = 15


def organization_names(lists: Lists, table: MappingTable) -> dict[int, str]:
    """Every organization that Huntress lists or a mapping names."""
    stored = {
        mapping.organization_id: mapping.organization_name
        for mapping in table.organizations.values()
    }
    wrong = {item.id: "" for item in table.wrong if item.key.startswith("MAPPING / ORG#")}
    return (
        wrong | stored | {listed.id: listed.name for listed in (lists.organizations or {}).values()}
    )


def the_organization(text: str, names: Mapping[int, str]) -> int:
    """The id of the organization; raises `Refused` with choices where it is none or several."""
    return _resolved("organization", text, {key: (name,) for key, name in names.items()})


def the_company(text: str, companies: Mapping[int, ListedCompany]) -> int:
    """The id of the company, which may also be named by its identifier."""
    return _resolved(
        "company",
        text,
        {company.id: (company.name, company.identifier) for company in companies.values()},
    )


def searched(text: str, companies: Iterable[ListedCompany]) -> list[ListedCompany]:
    """The companies whose name, identifier or id has what was said, by name."""
    part = text.strip().casefold()
    found = [
        company
        for company in companies
        if part in company.name.casefold()
        or part in company.identifier.casefold()
        or part == str(company.id)
    ]
    return sorted(found, key=lambda company: (company.name.casefold(), company.id)) if part else []


def the_agreement(agreement_id: int, company: ListedCompany) -> ListedAgreement:
    """The company's agreement; raises `Refused` with those it has."""
    for each in company.agreements:
        if each.id == agreement_id:
            return each
    raise Refused(
        f"--agreement is {agreement_id}, which is no agreement of {company.name} ({company.id})."
        f" It has: {_agreements(company)}"
    )


def the_addition(addition_id: int, product: str, listed: Mapping[int, ListedAddition]) -> None:
    """Raises `Refused` with those there are where the company has no such addition."""
    own = [each for each in listed.values() if product in each.products]
    if addition_id not in [each.id for each in own]:
        found = "; ".join(map(str, own)) or "none"
        raise Refused(
            f"--addition is {addition_id}, and the company has no such addition of {product}. It"
            f" has: {found}"
        )


def the_type(text: str, company: ListedCompany) -> str:
    """The agreement type as ConnectWise writes it; raises `Refused` with the company's."""
    for each in company.agreements:
        if each.type.strip().casefold() == text.strip().casefold():
            return each.type.strip()
    raise Refused(
        f"--agreement-type is {text!r}, and no agreement of {company.name} ({company.id}) is of"
        f" that type. It has: {_agreements(company)}"
    )


def _agreements(company: ListedCompany) -> str:
    agreements = [f"{each.id} '{each.name}' of type '{each.type}'" for each in company.agreements]
    return ", ".join(agreements) or "none"


def _resolved(kind: str, entered: str, names: Mapping[int, tuple[str, ...]]) -> int:
    text = entered.strip()
    if text.isascii() and text.isdecimal() and int(text) in names:
        return int(text)
    plain = text.casefold()
    same = [key for key, own in names.items() if plain in [each.strip().casefold() for each in own]]
    if not same and normalised(text):
        same = [key for key, own in names.items() if normalised(text) == normalised(own[0])]
    if len(same) == 1:
        return same[0]
    if same:
        raise Refused(f"{entered!r} may be several; say the id:\n{_choices(same, names)}")
    near = [key for key, own in names.items() if plain and plain in " ".join(own).casefold()]
    if near:
        raise Refused(
            f"no {kind} has the name or id {entered!r}. These have it in their name; say the id:\n"
            f"{_choices(near, names)}"
        )
    raise Refused(
        f"no {kind} has the name or id {entered!r}. 'billing-sync mappings list' shows what there"
        " is."
    )


def _choices(keys: list[int], names: Mapping[int, tuple[str, ...]]) -> str:
    in_order = sorted(keys, key=lambda key: (names[key][0].casefold(), key))
    lines = [f"  {key}  {names[key][0]}" for key in in_order[:MOST_SHOWN]]
    more = len(keys) - len(lines)
    return "\n".join([*lines, *([f"  and {more} more"] if more > 0 else [])])
