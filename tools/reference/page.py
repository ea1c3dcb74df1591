"""The page: one section for each model, one row for each of its attributes."""

from pydantic import BaseModel

from billing_sync.adapters.config.destinations import FixedItem, SplitItem
from billing_sync.adapters.config.items import (
    CompanyItem,
    OrganizationItem,
    ProductItem,
    SettingsItem,
)
from billing_sync.adapters.config.rules import GuardItem, RowGuardItem
from tools.reference.meanings import MEANINGS, MORE
from tools.reference.types import Types

INTRODUCTION = """\
# Which settings are there?

Every attribute of settings and mappings, with what may be written for it and what holds where
nothing is. What they are for: [how do I configure it?](configure.md). `billing-sync settings` and
`billing-sync mappings` change and check them; an attribute that is not here is refused.

This page is made by `make reference` from the code that reads the settings.
"""
KEYS = ("pk", "sk")
SECTIONS: dict[type[BaseModel], tuple[str, str]] = {
    SettingsItem: (
        "Settings",
        "One item in the config table: `pk` = `SETTINGS`, `sk` = `CURRENT`. The versions before it"
        " are kept as `V#<number>`.",
    ),
    ProductItem: (
        "A product",
        "In the settings: `products.edr.catalog_item_id`. Products are `edr`, `itdr`, `sat`,"
        " `siem`, `ispm`.",
    ),
    GuardItem: ("Limits for all", "In the settings: `guards.money`."),
    RowGuardItem: (
        "Limits on rows",
        "Of a product (`products.edr.guards.money`) or a company (`guards.money`); what is left out"
        " stays as the wider limits say.",
    ),
    OrganizationItem: (
        "Mapping of an organization",
        "`pk` = `MAPPING`, `sk` = `ORG#<Huntress organization id>`.",
    ),
    CompanyItem: (
        "Rules of a company",
        "`pk` = `MAPPING`, `sk` = `COMPANY#<ConnectWise company id>`.",
    ),
    SplitItem: ("A split", "In the rules of a company: `split.edr.remainder`."),
    FixedItem: ("Fixed units", "In a split."),
}


def page() -> str:
    """The whole page; raises KeyError where an attribute has no meaning written down."""
    return "\n".join([INTRODUCTION, *(_section(model) for model in SECTIONS)])


def _section(model: type[BaseModel]) -> str:
    title, introduction = SECTIONS[model]
    schema = model.model_json_schema()
    sections = {each.__name__: told[0] for each, told in SECTIONS.items()}
    types = Types(schema.get("$defs", {}), sections=sections)
    lines = [f"## {title}\n", f"{introduction}\n"]
    lines += ["| attribute | what | default | meaning |", "|---|---|---|---|"]
    for name, meaning in MEANINGS[model].items():
        told = schema["properties"][name]
        default = types.default(told, required=name in schema.get("required", ()))
        cells = (f"`{name}`", types.words(told), default, meaning + _more(model, name))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _more(model: type[BaseModel], name: str) -> str:
    return f" ([more]({MORE[model, name]}))" if (model, name) in MORE else ""
