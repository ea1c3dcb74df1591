"""Settings and mappings from the config table; problems are reported by key and attribute."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeVar

from pydantic import ValidationError

from billing_sync.adapters.config.item import ConfigItem
from billing_sync.adapters.config.mappings import CompanyItem, OrganizationItem
from billing_sync.adapters.config.rules import BY_CURRENCY, NUMBER
from billing_sync.adapters.config.settings import SettingsItem
from billing_sync.adapters.ledger.items import Item
from billing_sync.adapters.ledger.table import LedgerTable
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.errors import NotConfigured

Kind = TypeVar("Kind", bound=ConfigItem)
SETTINGS_KEY = {"pk": "SETTINGS", "sk": "CURRENT"}
PROBLEMS_SHOWN = 10
NO_ATTRIBUTES = (NUMBER, BY_CURRENCY, "[key]")  # steps of a place that nobody writes
FIXES = {
    "missing": "it is required; add it",
    "extra_forbidden": "there is no such attribute; correct its name or remove it",
    "bool_type": "must be true or false",
    "string_pattern_mismatch": "must be the ISO code of a currency, as in USD",
    "list_type": 'must be a list, as in ["Monthly"]',
}


class ConfigTable:
    """Reads the config table; raises `NotConfigured` with item, attribute, value and fix."""

    def __init__(self, table: LedgerTable) -> None:
        self._table = table

    def sync_enabled(self) -> bool:
        """Whether sync is on or meant to be: any value but `false` or none.

        Read when an invoice appears, which wrong settings must not lose.
        """
        return (self._current() or {}).get("sync_enabled", False) is not False

    def settings(self) -> Settings:
        """The current settings."""
        item = self._current()
        if item is None:
            raise NotConfigured(
                "the config table has no item SETTINGS / CURRENT. Add it with version 1 and"
                " products.<product>.catalog_item_id for every product you bill."
            )
        problems: list[str] = []
        parsed = _parsed(SettingsItem, item, problems)
        if parsed is None:
            raise NotConfigured("; ".join(problems))
        return parsed.value()

    def mappings(self) -> Mappings:
        """All mappings; one wrong item refuses them all, so that no client is billed by a part."""
        problems: list[str] = []
        organizations, companies = {}, {}
        for item in self._table.query("MAPPING"):
            kind, _, number = str(item["sk"]).partition("#")
            if kind not in ("ORG", "COMPANY") or not number.isdecimal():
                problems.append(
                    f"MAPPING / {item['sk']}: the key must be ORG#<organization id> or"
                    " COMPANY#<company id>; rename or delete the item"
                )
            elif kind == "ORG" and (org := _parsed(OrganizationItem, item, problems)):
                organizations[int(number)] = org.value(int(number))
            elif kind == "COMPANY" and (company := _parsed(CompanyItem, item, problems)):
                companies[int(number)] = company.value(int(number))
        if problems:
            more = len(problems) - PROBLEMS_SHOWN
            shown = problems[:PROBLEMS_SHOWN] + ([f"and {more} more"] if more > 0 else [])
            raise NotConfigured("; ".join(shown))
        return Mappings(organizations, companies)

    def _current(self) -> Item | None:
        return self._table.get(*SETTINGS_KEY.values())


def wrong_in(kind: type[ConfigItem], item: Item) -> list[str]:
    """The problems of an item, as `ConfigTable` reports them; empty when it is valid."""
    problems: list[str] = []
    _parsed(kind, item, problems)
    return problems


def _parsed(kind: type[Kind], item: Item, problems: list[str]) -> Kind | None:
    try:
        return kind.model_validate(item)
    except ValidationError as error:
        problems += [f"{item['pk']} / {item['sk']}: {problem}" for problem in complaints(error)]
        return None


def complaints(error: ValidationError) -> Iterator[str]:
    """Attribute, value and fix of every problem of an item."""
    for problem in error.errors(include_url=False):
        steps = (str(step) for step in problem["loc"] if step not in NO_ATTRIBUTES)
        attribute = ".".join(steps) or "the item"
        given = problem["loc"] and problem["type"] != "missing"
        value = _shown(problem["input"]) if given else ""
        fix = FIXES.get(problem["type"], problem["msg"])
        yield f"{attribute}{value}: {fix}"


def _shown(value: object) -> str:
    """` is 5`; "" for a whole map, whose complaint names the wrong entry."""
    if isinstance(value, dict) and value:
        return ""
    return f" is {value}" if isinstance(value, Decimal) else f" is {value!r}"
