"""Hundreds of mappings at once: all are written or none, whoever and whatever comes between."""

from typing import Any

import pytest

from billing_sync.compose.aws import table
from tests.aws.faults import CutOff
from tests.aws.memory import Call, Params, Proceed
from tests.integration.installed_stack import Installed
from tools.operator.config_book import ConfigBook, Edit
from tools.operator.errors import Refused, Unreachable
from tools.operator.mapping.batch_write import write_all
from tools.operator.mapping.entry import Kind, Line
from tools.operator.mapping.importing import Import
from tools.operator.mapping.reading import FileLine, file_lines
from tools.operator.mapping.sheet import rows, sheet
from tools.operator.mapping.table import MOVING_IN, MappingTable

MANY = 260
TRANSACTION = "TransactWriteItems"
EXISTING = range(1, 201)


def item(number: int, company_id: int) -> dict[str, Any]:
    return {"pk": "MAPPING", "sk": f"ORG#{number}", "company_id": company_id}


def line(number: int, company_id: int = 250) -> Line:
    return Line(Kind.ORGANIZATION, number, f"Organization {number}", company_id)


@pytest.fixture
def book(bare_stack: Installed) -> ConfigBook:
    with bare_stack.config.batch_writer() as batch:
        for number in EXISTING:
            batch.put_item(Item=item(number, 9))
    return ConfigBook(table("config"), by="Ann")


@pytest.fixture
def empty(bare_stack: Installed) -> ConfigBook:
    return ConfigBook(table("config"), by="Ann")


def edits_of(book: ConfigBook) -> list[Edit]:
    """More changes than three transactions take: moved, then added."""
    table = MappingTable.read(book)
    lines = [line(number) for number in range(1, MANY + 1)]
    return [Edit(table.item(one), book.signed(one.item())) for one in lines]


def test_more_changes_than_one_transaction_takes_are_all_made(book: ConfigBook) -> None:
    write_all(book, edits_of(book))

    table = MappingTable.read(book)
    assert len(table.organizations) == MANY and table.wrong == []
    assert {one.company_id for one in table.organizations.values()} == {250}


@pytest.mark.parametrize("number", [240, 1], ids=["third turn", "first turn"])
def test_a_change_by_somebody_else_in_any_turn_sets_all_others_back(
    book: ConfigBook, bare_stack: Installed, number: int
) -> None:
    edits, before = edits_of(book), book.items("MAPPING")
    theirs = item(number, 777)
    bare_stack.config.put_item(Item=theirs)

    with pytest.raises(Refused) as refused:
        write_all(book, edits)

    assert f"somebody changed MAPPING / ORG#{number} meanwhile" in str(refused.value)
    assert "Nothing is changed" in str(refused.value)
    others = [one for one in before if one["sk"] != theirs["sk"]]
    assert [one for one in book.items("MAPPING") if one["sk"] != theirs["sk"]] == others
    assert book.item("MAPPING", f"ORG#{number}") == theirs


def test_what_somebody_changes_after_us_is_left_to_them_and_named(
    book: ConfigBook, bare_stack: Installed
) -> None:
    edits, before = edits_of(book), book.items("MAPPING")
    bare_stack.config.put_item(Item=item(240, 777))
    transactions = 0

    def corrected_after_the_second(call: Call, proceed: Proceed) -> Params:
        nonlocal transactions
        reply = proceed()
        transactions += call.operation == "TransactWriteItems"
        if transactions == 2:
            bare_stack.config.put_item(Item=item(5, 555))
        return reply

    with (
        bare_stack.memory.listening(corrected_after_the_second),
        pytest.raises(Refused) as refused,
    ):
        write_all(book, edits)

    assert "All else was reverted, but not MAPPING / ORG#5" in str(refused.value)
    theirs = {"ORG#5", "ORG#240"}
    now = {one["sk"]: one for one in book.items("MAPPING")}
    assert now.pop("ORG#5") == item(5, 555) and now.pop("ORG#240") == item(240, 777)
    assert now == {one["sk"]: one for one in before if one["sk"] not in theirs}


@pytest.mark.parametrize("made", [False, True], ids=["not made", "made, answer lost"])
def test_when_aws_fails_once_in_the_third_turn_everything_is_set_back(
    book: ConfigBook, bare_stack: Installed, made: bool
) -> None:
    edits, before = edits_of(book), book.items("MAPPING")
    cut_off = CutOff("config", TRANSACTION, at=3, applied=made, once=True)

    with (
        bare_stack.memory.listening(cut_off),
        pytest.raises(Unreachable, match="Nothing is changed"),
    ):
        write_all(book, edits)

    assert book.items("MAPPING") == before


@pytest.mark.parametrize("made", [False, True], ids=["not made", "made, answer lost"])
def test_an_import_that_was_cut_off_is_finished_by_the_same_file(
    empty: ConfigBook, bare_stack: Installed, made: bool
) -> None:
    file = sheet(line(number) for number in range(1, MANY + 1))
    with (
        bare_stack.memory.listening(CutOff("config", TRANSACTION, at=2, applied=made)),
        pytest.raises(Unreachable, match=r"part of it may remain\. Repeat the same command"),
    ):
        imported(file, empty).write(empty)
    stands = 199 if made else 99  # the mark of the move is one of the first hundred
    assert len(empty.items("MAPPING")) == stands and empty.item(*MOVING_IN)
    assert "by Ann at 2026-07-14T" in MappingTable.read(empty).cut_off

    again = imported(file, empty)
    again.write(empty)

    assert (again.unchanged, len(again.replacements)) == (stands, MANY - stands)
    assert sheet(MappingTable.read(empty).lines.values()) == file
    assert MappingTable.read(empty).cut_off == ""
    assert imported(file, empty).nothing_to_do


def test_another_file_does_not_pass_for_the_one_that_was_cut_off(
    empty: ConfigBook, bare_stack: Installed
) -> None:
    file = sheet(line(number) for number in range(1, MANY + 1))
    with (
        bare_stack.memory.listening(CutOff("config", TRANSACTION, at=2)),
        pytest.raises(Unreachable),
    ):
        imported(file, empty).write(empty)

    with pytest.raises(Refused, match="was removed from the table since the export"):
        imported(sheet(line(number) for number in range(1, MANY + 2)), empty)


def test_a_cut_off_import_of_changes_is_finished_although_its_lines_are_older(
    book: ConfigBook, bare_stack: Installed
) -> None:
    older = {one.line.key: one.seen for one in file_lines(rows(exported(book)))}
    lines = [FileLine(n, line(n), older.get(line(n).key, "")) for n in range(1, MANY + 1)]
    with (
        bare_stack.memory.listening(CutOff("config", TRANSACTION, at=2, applied=True)),
        pytest.raises(Unreachable),
    ):
        Import.of(lines, MappingTable.read(book)).write(book)

    again = Import.of(lines, MappingTable.read(book))
    again.write(book)

    assert again.unchanged == 200
    assert {one.company_id for one in MappingTable.read(book).organizations.values()} == {250}


def imported(content: bytes, book: ConfigBook) -> Import:
    lines = file_lines(rows(content))
    return Import.of(lines, MappingTable.read(book))


def exported(book: ConfigBook) -> bytes:
    return sheet(MappingTable.read(book).lines.values())
