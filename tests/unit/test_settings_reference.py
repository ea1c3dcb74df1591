"""docs/settings.md is made from the models of settings and mappings, attribute by attribute."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from billing_sync.adapters.config.destinations import FixedItem, SplitItem
from billing_sync.adapters.config.mappings import CompanyItem, OrganizationItem
from billing_sync.adapters.config.rules import GuardItem, RowGuardItem
from billing_sync.adapters.config.settings import ProductItem, SettingsItem
from tools.reference import PAGE, page

DOCS = PAGE.parent
MODELS = (
    *(SettingsItem, ProductItem, GuardItem, RowGuardItem),
    *(OrganizationItem, CompanyItem, SplitItem, FixedItem),
)


def test_the_page_is_what_the_models_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make reference` and commit the page"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_attribute_has_a_row_with_a_meaning(model: type[BaseModel]) -> None:
    section = page().partition(f"\n## {model.model_config['title']}\n")[2].partition("\n## ")[0]
    meanings = dict(re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", section, re.MULTILINE))

    assert meanings.keys() == model.model_fields.keys() - {"pk", "sk"}
    assert all(meanings.values())


def test_the_page_has_a_section_for_each_model_and_no_other() -> None:
    titles = re.findall(r"^## (.+)$", page(), re.MULTILINE)

    assert sorted(titles) == sorted(str(model.model_config["title"]) for model in MODELS)


def test_limits_defaults_and_choices_are_shown() -> None:
    lines = {re.sub(r" \|.*", "", line[2:]): line for line in reversed(page().splitlines())}

    assert "| whole number from 1 to 60 | `7` |" in lines["`release_valid_days`"]
    assert "| `hold`, `write` or `keep` | `hold` |" in lines["`zero_policy`"]
    assert "| number from 0 to 1000 | `10` |" in lines["`run_guarded_percent`"]
    assert "| text of up to 100 characters |  |" in lines["`agreement_type`"]
    assert "| whole number from 1 | required |" in lines["`catalog_item_id`"]
    assert '| list of texts | `["Monthly"]` |' in lines["`billing_cycles`"]
    assert "| map from product to [a product](#a-product) | required |" in lines["`products`"]


def test_every_link_of_the_page_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page()):
        file, _, anchor = target.partition("#")
        text = (DOCS / file).read_text(encoding="utf-8") if file else page()
        titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
        assert not anchor or anchor in anchors, target


def test_the_program_writes_where_the_test_reads() -> None:
    assert Path("docs/settings.md").resolve() == PAGE
