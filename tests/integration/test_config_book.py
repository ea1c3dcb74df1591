"""Two people change the config table: no change is lost or written by half."""

import pytest

from tests.integration.installed_stack import Installed
from tools.operator.config_book import ConfigBook, Edit
from tools.operator.errors import Refused

KEY = {"pk": "MAPPING", "sk": "ORG#7"}
OTHER = {"pk": "MAPPING", "sk": "ORG#8"}


@pytest.fixture
def book(bare_stack: Installed) -> ConfigBook:
    return ConfigBook(bare_stack.config_table, by="Ann")


def test_an_item_is_added_changed_and_removed_by_who_read_it(book: ConfigBook) -> None:
    added = book.signed({**KEY, "company_id": 250})
    book.write([Edit(None, added)])
    assert added["updated_by"] == "Ann" and added["updated_at"].endswith("Z")

    moved = {**added, "company_id": 251}
    book.write([Edit(book.item(*KEY.values()), moved)])
    assert book.items("MAPPING", "ORG#") == [moved]

    book.write([Edit(moved, None)])
    assert book.items("MAPPING") == []


@pytest.mark.parametrize(
    "theirs",
    [{"company_id": 252}, {"company_id": 250, "agreement_id": 3}, {"excluded": True}, None],
    ids=str,
)
def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    book: ConfigBook, bare_stack: Installed, theirs: dict[str, object] | None
) -> None:
    read = {**KEY, "company_id": 250}
    if theirs is not None:
        bare_stack.config.put_item(Item={**KEY, **theirs})

    for after in ({**KEY, "company_id": 9}, None):
        with pytest.raises(Refused, match="somebody changed MAPPING / ORG#7 meanwhile"):
            book.write([Edit(read, after)])
    left = [{**KEY, **theirs}] if theirs is not None else []
    assert book.items("MAPPING") == left


def test_what_somebody_else_added_meanwhile_is_not_overwritten(
    book: ConfigBook, bare_stack: Installed
) -> None:
    bare_stack.config.put_item(Item={**KEY, "company_id": 252})

    with pytest.raises(Refused, match="ORG#7"):
        book.write([Edit(None, {**KEY, "company_id": 9})])

    assert book.items("MAPPING") == [{**KEY, "company_id": 252}]


def test_of_several_changes_none_is_made_when_one_is_late(
    book: ConfigBook, bare_stack: Installed
) -> None:
    bare_stack.config.put_item(Item={**OTHER, "company_id": 252})
    edits = [Edit(None, {**item, "company_id": 9}) for item in (KEY, OTHER)]

    with pytest.raises(Refused, match=r"one of 2 items \(MAPPING / ORG#7, ...\)"):
        book.write(edits)

    assert book.items("MAPPING") == [{**OTHER, "company_id": 252}]
