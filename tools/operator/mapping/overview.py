"""All organizations and their mappings, what costs most on top."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from billing_sync.adapters.config.table import ConfigTable
from billing_sync.domain.checks.mappings import Change
from billing_sync.domain.config.mappings import OrganizationMapping
from billing_sync.domain.errors import NotConfigured
from tools.operator.config_book import ConfigBook
from tools.operator.mapping.broken import GONE, why_broken
from tools.operator.mapping.entry import PARTITION, Kind
from tools.operator.mapping.table import MappingTable, Wrong
from tools.operator.mapping.usage_value import Counted, Prices, Used
from tools.operator.mapping.vendor_lists import Lists, lists
from tools.operator.stack import Stack


class State(StrEnum):
    """What becomes of an organization's units, in the order in which somebody should look."""

    UNMAPPED = "unmapped"
    BROKEN = "broken"
    MAPPED = "mapped"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Standing:
    """An organization (or, with `organization_id` 0, a wrong item of none) and its mapping.

    `money` is of a cycle at catalog prices in `currency`, None where nothing it uses has one;
    `note` says why it is broken or excluded, or where it is pinned, `fix` what to do.
    """

    state: State
    organization_id: int
    organization: str
    company_id: int = 0
    company: str = ""
    used: Used = field(default_factory=Used)
    money: Decimal | None = None
    currency: str = ""
    without_price: tuple[str, ...] = ()
    note: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """Every organization that Huntress lists or a mapping names, in the order to look at them.

    `changes` are those at the vendors since an organization was mapped, by its id.
    """

    standings: tuple[Standing, ...]
    counted: Counted
    table: MappingTable
    lists: Lists
    changes: Mapping[int, Mapping[Change, str]]
    not_read: tuple[str, ...]

    def of(self, state: State) -> tuple[Standing, ...]:
        """Those in this state."""
        return tuple(standing for standing in self.standings if standing.state is state)


def overview(stack: Stack, book: ConfigBook) -> Overview:
    """Read everything; what cannot be read is in `not_read`."""
    table, found = MappingTable.read(book), lists(stack)
    not_read = list(found.not_read)
    try:
        settings = ConfigTable(stack.table("ConfigTable")).settings()
    except NotConfigured as error:
        settings = None
        not_read.append(f"no prices, for the settings are missing or wrong: {error}")
    counted = Counted.read(stack.table("LedgerTable"))
    changes = found.changes(table.organizations.values())
    making = _Making(table, found, changes, counted, Prices(settings, found.catalog))
    standings = tuple(sorted(making.all(), key=_worst_first))
    return Overview(standings, counted, table, found, changes, tuple(not_read))


def _worst_first(standing: Standing) -> tuple[int, Decimal, str, int]:
    at = list(State).index(standing.state)
    return (
        at,
        -(standing.money or Decimal(0)),
        standing.organization.casefold(),
        standing.organization_id,
    )


@dataclass(frozen=True, slots=True)
class _Making:
    table: MappingTable
    lists: Lists
    changes: Mapping[int, Mapping[Change, str]]
    counted: Counted
    prices: Prices

    def all(self) -> Iterator[Standing]:
        wrong = [self._wrong(item) for item in self.table.wrong]
        yield from wrong
        known = {standing.organization_id for standing in wrong}
        yield from map(self._mapped, self.table.organizations.values())
        for listed in (self.lists.organizations or {}).values():
            if listed.id not in known | self.table.organizations.keys():
                yield self._standing(State.UNMAPPED, listed.id, listed.name)

    def _mapped(self, mapping: OrganizationMapping) -> Standing:
        organizations, companies = self.lists.organizations or {}, self.lists.companies or {}
        listed = organizations.get(mapping.organization_id)
        name = listed.name if listed else mapping.organization_name
        changes = self.changes.get(mapping.organization_id, {})
        if mapping.company_id is None:
            note = mapping.excluded + (f" ({GONE})" if Change.ORGANIZATION_GONE in changes else "")
            return self._standing(State.EXCLUDED, mapping.organization_id, name, note=note)
        company = companies.get(mapping.company_id)
        reason, fix = why_broken(mapping, changes, self.lists)
        return self._standing(
            State.BROKEN if reason else State.MAPPED,
            mapping.organization_id,
            name,
            company_id=mapping.company_id,
            company=company.name if company else mapping.company_name,
            note=reason or _pins(mapping),
            fix=fix,
        )

    def _wrong(self, wrong: Wrong) -> Standing:
        """While it is there, no client is billed: it is one of the broken."""
        note = f"{wrong.key}: {wrong.reason}"
        if wrong.kind is Kind.ORGANIZATION:
            listed = (self.lists.organizations or {}).get(wrong.id)
            named = listed.name if listed else ""
            fix = f"billing-sync mappings set {wrong.id} <company>, or remove {wrong.id}"
            return self._standing(State.BROKEN, wrong.id, named, note=note, fix=fix)
        fix = f"Fix or delete {PARTITION} / ... in the DynamoDB console."
        return Standing(State.BROKEN, 0, wrong.key, note=wrong.reason, fix=fix)

    def _standing(
        self, state: State, organization_id: int, name: str, *, company_id: int = 0,
        company: str = "", note: str = "", fix: str = "",
    ) -> Standing:  # fmt: skip
        listed = (self.lists.organizations or {}).get(organization_id)
        used = self.counted.used(organization_id, listed)
        rules = self.table.companies.get(company_id)
        return Standing(
            state,
            organization_id,
            name or f"organization {organization_id}",
            company_id,
            company,
            used,
            self.prices.money(used, rules),
            self.prices.currency,
            self.prices.without(used, rules),
            note,
            fix,
        )


def _pins(mapping: OrganizationMapping) -> str:
    """Where an organization is pinned, "" where nowhere."""
    additions = sorted(mapping.additions.items())
    named = [str(mapping.pin), *(f"{product}: addition {key}" for product, key in additions)]
    return ", ".join(filter(None, named))
