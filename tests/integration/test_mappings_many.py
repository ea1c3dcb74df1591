"""Hundreds of mappings at once: validated first, counted when cut off, finished by repeating."""

from typing import Any

import pytest

from billing_sync.compose.aws import table
from tests.aws.faults import CutOff
from tests.aws.memory import Call, Listener, Params, Proceed
from tests.integration.installed_stack import Installed
from tools.operator.config_book import ConfigBook, Edit
from tools.operator.errors import Refused, Unreachable
from tools.operator.mapping.batch_write import write_all
from tools.operator.mapping.entry import Kind, Line
from tools.operator.mapping.importing import Import
from tools.operator.mapping.reading import FileLine, file_lines
from tools.operator.mapping.sheet import rows, sheet
from tools.operator.mapping.table import MappingTable

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
    return [Edit(table.item(line), book.signed(line.item())) for line in lines]


def test_more_changes_than_one_transaction_takes_are_all_made(book: ConfigBook) -> None:
    write_all(book, edits_of(book))

    table = MappingTable.read(book)
    assert len(table.organizations) == MANY and table.wrong == []
    assert {mapping.company_id for mapping in table.organizations.values()} == {250}


@pytest.mark.parametrize("number", [1, 240], ids=["first chunk", "third chunk"])
def test_a_change_by_somebody_else_before_the_first_write_keeps_every_chunk_out(
    book: ConfigBook, bare_stack: Installed, number: int
) -> None:
    edits = edits_of(book)
    bare_stack.config.put_item(Item=item(number, 777))
    before = book.items("MAPPING")

    with pytest.raises(Refused) as refused:
        write_all(book, edits)

    assert refused.value.message == (
        f"somebody changed organization 'Organization {number}' (id {number}) meanwhile; see"
        " 'billing-sync mappings list'. No changes were made. Repeat the command."
    )
    assert book.items("MAPPING") == before


@pytest.mark.parametrize(
    ("number", "made"), [(120, 100), (240, 200)], ids=["second chunk", "third chunk"]
)
def test_a_change_by_somebody_else_in_the_middle_is_named_and_what_was_made_stays(
    book: ConfigBook, bare_stack: Installed, number: int, made: int
) -> None:
    edits, before = edits_of(book), items_by_key(book)
    theirs = item(number, 777)
    with (
        bare_stack.memory.listening(after_the_first(bare_stack, theirs)),
        pytest.raises(Refused) as refused,
    ):
        write_all(book, edits)

    assert refused.value.message == (
        f"somebody changed organization 'Organization {number}' (id {number}) meanwhile; see"
        f" 'billing-sync mappings list'. {made} of 260 changes were made, {MANY - made} were not."
        " Repeat the same command to finish: changes already made count as unchanged."
    )
    ours = {edit.key: edit.after for edit in edits[:made]}
    assert items_by_key(book) == {**before, **ours, ("MAPPING", theirs["sk"]): theirs}


@pytest.mark.parametrize("number", [151, 210], ids=["one that is there", "one that is new"])
def test_up_to_a_hundred_changes_are_made_all_or_none(
    book: ConfigBook, bare_stack: Installed, number: int
) -> None:
    edits = edits_of(book)[150:250]
    bare_stack.config.put_item(Item=item(number, 777))
    before = book.items("MAPPING")

    with pytest.raises(Refused, match="No changes were made") as refused:
        write_all(book, edits)

    assert f"somebody changed organization 'Organization {number}'" in refused.value.message
    assert len(edits) == 100 and book.items("MAPPING") == before


def test_when_aws_fails_in_the_third_chunk_the_first_two_stay_and_are_counted(
    book: ConfigBook, bare_stack: Installed
) -> None:
    edits, before = edits_of(book), items_by_key(book)

    with (
        bare_stack.memory.listening(CutOff("config", TRANSACTION, at=3, once=True)),
        pytest.raises(Unreachable, match="200 of 260 changes were made, 60 were not") as failed,
    ):
        write_all(book, edits)

    assert "Repeat the same command to finish" in failed.value.message
    assert items_by_key(book) == {**before, **{edit.key: edit.after for edit in edits[:200]}}


def test_a_chunk_whose_answer_was_lost_counts_as_made(
    book: ConfigBook, bare_stack: Installed
) -> None:
    edits = edits_of(book)
    lost = CutOff("config", TRANSACTION, at=2, applied=True, once=True)

    with bare_stack.memory.listening(lost):
        write_all(book, edits)

    assert items_by_key(book) == {edit.key: edit.after for edit in edits}


@pytest.mark.parametrize("made", [False, True], ids=["not made", "made, answer lost"])
def test_a_chunk_that_cannot_be_read_again_is_reported_as_not_known(
    book: ConfigBook, bare_stack: Installed, made: bool
) -> None:
    edits = edits_of(book)

    with (
        bare_stack.memory.listening(CutOff("config", TRANSACTION, at=3, applied=made)),
        pytest.raises(Unreachable) as failed,
    ):
        write_all(book, edits)

    assert (
        "200 of 260 changes are confirmed. It is not known whether the next 60 were made. Repeat"
        " the same command to finish" in failed.value.message
    )
    now = items_by_key(book)
    assert sum(now.get(edit.key) == edit.after for edit in edits) == (260 if made else 200)


def test_nothing_is_written_when_the_table_cannot_be_validated(
    book: ConfigBook, bare_stack: Installed
) -> None:
    edits, before = edits_of(book), book.items("MAPPING")

    with (
        bare_stack.memory.listening(CutOff("config", "Query", once=True)),
        pytest.raises(Unreachable, match="No changes were made"),
    ):
        write_all(book, edits)

    assert book.items("MAPPING") == before


@pytest.mark.parametrize("made", [False, True], ids=["not made", "made, answer lost"])
def test_an_import_into_an_empty_table_that_was_cut_off_is_finished_by_the_same_file(
    empty: ConfigBook, bare_stack: Installed, made: bool
) -> None:
    file = sheet(line(number) for number in range(1, MANY + 1))
    with (
        bare_stack.memory.listening(CutOff("config", TRANSACTION, at=2, applied=made)),
        pytest.raises(Unreachable, match="100 of 260 changes are confirmed"),
    ):
        imported(file, empty).write(empty)
    stands = 200 if made else 100
    assert len(empty.items("MAPPING")) == stands

    again = imported(file, empty)
    again.write(empty)

    assert (again.unchanged, len(again.replacements)) == (stands, MANY - stands)
    assert sheet(MappingTable.read(empty).lines.values()) == file
    assert imported(file, empty).nothing_to_do


def test_finishing_names_only_the_line_that_somebody_mapped_meanwhile(
    empty: ConfigBook, bare_stack: Installed
) -> None:
    lines = [line(number) for number in range(1, MANY + 1)]
    with (
        bare_stack.memory.listening(after_the_first(bare_stack, item(240, 777))),
        pytest.raises(Refused, match="200 of 260 changes were made"),
    ):
        imported(sheet(lines), empty).write(empty)

    with pytest.raises(Refused) as refused:
        imported(sheet(lines), empty)
    imported(sheet(line for line in lines if line.id != 240), empty).write(empty)

    assert [text for text in refused.value.message.splitlines() if text.startswith("-")] == [
        "- line 241: organization 'Organization 240' (id 240) was changed since the export, now"
        " company 777"
    ]
    assert "Delete these lines from the file" in refused.value.message
    companies = [mapping.company_id for mapping in MappingTable.read(empty).organizations.values()]
    assert (len(companies), companies.count(250), companies.count(777)) == (260, 259, 1)


@pytest.mark.parametrize("removed", [[5], [101], [200], [150, 151]])
def test_a_mapping_that_was_removed_does_not_pass_for_a_cut_off_import(
    book: ConfigBook, removed: list[int]
) -> None:
    file = exported(book)
    book.write([Edit(book.item("MAPPING", f"ORG#{each}"), None) for each in removed])

    with pytest.raises(Refused, match="was removed from the table since the export"):
        imported(file, book)


def test_a_table_that_has_other_mappings_does_not_pass_for_an_empty_one(
    empty: ConfigBook, bare_stack: Installed
) -> None:
    bare_stack.config.put_item(Item=item(900, 9))

    with pytest.raises(Refused, match="was removed from the table since the export"):
        imported(sheet([line(1)]), empty)


def test_a_cut_off_import_of_changes_is_finished_although_its_lines_are_older(
    book: ConfigBook, bare_stack: Installed
) -> None:
    older = {row.line.key: row.seen for row in file_lines(rows(exported(book)))}
    lines = [FileLine(n, line(n), older.get(line(n).key, "")) for n in range(1, MANY + 1)]
    with (
        bare_stack.memory.listening(CutOff("config", TRANSACTION, at=2, applied=True)),
        pytest.raises(Unreachable),
    ):
        Import.of(lines, MappingTable.read(book)).write(book)

    again = Import.of(lines, MappingTable.read(book))
    again.write(book)

    assert again.unchanged == 200
    assert {mapping.company_id for mapping in MappingTable.read(book).organizations.values()} == {
        250
    }


def after_the_first(stack: Installed, theirs: dict[str, Any]) -> Listener:
    """Somebody else writes an item as soon as the first chunk is made."""
    made = 0

    def listener(call: Call, proceed: Proceed) -> Params:
        nonlocal made
        reply = proceed()
        if call.operation == TRANSACTION:
            made += 1
            if made == 1:
                stack.config.put_item(Item=theirs)
        return reply

    return listener


def items_by_key(book: ConfigBook) -> dict[tuple[str, str], Any]:
    return {(item["pk"], item["sk"]): item for item in book.items("MAPPING")}


def imported(content: bytes, book: ConfigBook) -> Import:
    lines = file_lines(rows(content))
    return Import.of(lines, MappingTable.read(book))


def exported(book: ConfigBook) -> bytes:
    return sheet(MappingTable.read(book).lines.values())
