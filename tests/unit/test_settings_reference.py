"""docs/settings.md says what the model says, attribute by attribute."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from tools.reference.__main__ import PAGE
from tools.reference.meanings import MEANINGS, MORE
from tools.reference.page import KEYS, SECTIONS, page

DOCS = PAGE.parent


def test_the_page_is_what_the_model_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make reference` and commit the page"


@pytest.mark.parametrize("model", SECTIONS, ids=lambda model: model.__name__)
def test_every_attribute_has_a_meaning_and_no_other_has(model: type[BaseModel]) -> None:
    assert set(MEANINGS[model]) == model.model_fields.keys() - set(KEYS)


def test_every_model_that_people_write_has_a_section() -> None:
    nested = {name for model in SECTIONS for name in model.model_json_schema().get("$defs", {})} - {
        "Product",
        "ZeroPolicy",
        "Approval",
    }

    assert nested <= {model.__name__ for model in SECTIONS}
    assert MEANINGS.keys() == SECTIONS.keys()
    assert {model for model, _ in MORE} <= SECTIONS.keys()


def test_limits_defaults_and_choices_are_told() -> None:
    lines = {re.sub(r" \|.*", "", line[2:]): line for line in reversed(page().splitlines())}

    assert "| whole number from 1 to 60 | `7` |" in lines["`release_valid_days`"]
    assert "| `hold`, `write` or `keep` | `hold` |" in lines["`zero_policy`"]
    assert "| number from 0 to 1000 | `50` |" in lines["`rise_percent`"]
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
