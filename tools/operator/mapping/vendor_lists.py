"""What Huntress and ConnectWise have, as permission-check lists it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from rich.console import Console

from billing_sync.adapters.ledger.items import from_item
from billing_sync.domain.checks.mappings import Change, changes
from billing_sync.domain.config.mappings import OrganizationMapping
from tools.operator.errors import Refused
from tools.operator.stack import Stack


@dataclass(frozen=True, slots=True)
class ListedOrganization:
    """A Huntress organization; `listed` are its list's counts by product, which are evidence."""

    id: int
    name: str
    listed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListedAgreement:
    """A ConnectWise agreement; `why_not` says why it takes no write now, "" if it does."""

    id: int
    name: str
    type: str
    status: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class ListedCompany:
    """A ConnectWise company with its agreements."""

    id: int
    name: str
    identifier: str = ""
    agreements: tuple[ListedAgreement, ...] = ()

    @property
    def active(self) -> bool:
        """Whether it has an Active agreement."""
        return any(each.status == "Active" for each in self.agreements)

    @property
    def usable(self) -> tuple[ListedAgreement, ...]:
        """The agreements that take a write now."""
        return tuple(each for each in self.agreements if not each.why_not)


@dataclass(frozen=True, slots=True)
class ListedItem:
    """A catalog item; `price` is "" where it has none."""

    id: int
    identifier: str
    price: str = ""

    @property
    def money(self) -> Decimal | None:
        """The price of a unit."""
        return Decimal(self.price) if self.price else None


@dataclass(frozen=True, slots=True)
class ListedAddition:
    """An addition of a company, in words; `why_not` says why it is not in effect today."""

    id: int
    products: tuple[str, ...]
    description: str
    why_not: str = ""

    def __str__(self) -> str:
        return f"{self.description}{f' ({self.why_not})' if self.why_not else ''}"


Listed = TypeVar("Listed", ListedOrganization, ListedCompany, ListedItem, ListedAddition)


@dataclass(frozen=True, slots=True)
class Lists:
    """Everything by id; None where a list could not be read, and `not_read` says why.

    A company that is not in `companies` is gone only where `all_companies`.
    """

    organizations: dict[int, ListedOrganization] | None
    companies: dict[int, ListedCompany] | None
    catalog: dict[int, ListedItem]
    not_read: tuple[str, ...] = ()
    all_companies: bool = True

    def changes(self, mappings: Iterable[OrganizationMapping]) -> dict[int, dict[Change, str]]:
        """By organization id what changed since it was mapped, with the present name if renamed."""
        names = {"organizations": _names(self.organizations), "companies": _names(self.companies)}
        found = {mapping.organization_id: changes(mapping, **names) for mapping in mappings}
        if not self.all_companies:
            for of_mapping in found.values():
                of_mapping.pop(Change.COMPANY_GONE, None)
        return found


def organizations(stack: Stack) -> dict[int, ListedOrganization]:
    """Huntress's organizations; raises `Refused` with what is wrong."""
    return _read(stack, "organizations", ListedOrganization)[0]


def companies(stack: Stack) -> dict[int, ListedCompany]:
    """ConnectWise's companies, with or without an Active agreement."""
    return _read(stack, "companies", ListedCompany)[0]


def additions(stack: Stack, company_id: int) -> dict[int, ListedAddition]:
    """The additions of a company; raises `Refused` with what is wrong, or was not read."""
    found, note = _read(stack, "additions", ListedAddition, company=company_id)
    if note:
        raise Refused(f"the additions cannot be read. {note}")
    return found


def lists(stack: Stack, *, with_prices: bool = True) -> Lists:
    """All that can be read; what cannot is in `not_read` and does not stop the rest."""
    not_read: list[str] = []

    def tried(name: str, kind: type[Listed]) -> tuple[dict[int, Listed] | None, str]:
        try:
            found, note = _read(stack, name, kind)
        except Refused as error:
            not_read.append(str(error))
            return None, ""
        if note:
            not_read.append(f"{name}: {note}")
        return found, note

    organizations_listed, _ = tried("organizations", ListedOrganization)
    companies_listed, note = tried("companies", ListedCompany)
    catalog = tried("catalog", ListedItem)[0] if with_prices else None
    return Lists(
        organizations_listed,
        companies_listed,
        catalog or {},
        tuple(not_read),
        all_companies=not note,
    )


def _names(
    listed: Mapping[int, ListedOrganization] | Mapping[int, ListedCompany] | None,
) -> dict[int, str] | None:
    return None if listed is None else {key: record.name for key, record in listed.items()}


def _read(
    stack: Stack, name: str, kind: type[Listed], **more: int
) -> tuple[dict[int, Listed], str]:
    console = Console(stderr=True)
    with console.status(f"{stack.name}: reading the {name} …") as status:
        if not console.is_terminal:
            status.stop()
        answer = stack.invoke("permission-check", {"list": name, **more})
    if "items" not in answer:
        raise Refused(f"the {name} cannot be read: {answer.get('result', answer)}")
    found = [from_item(kind, each) for each in answer["items"]]
    return {each.id: each for each in found}, str(answer.get("note", ""))
