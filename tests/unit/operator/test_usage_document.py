"""A person's CSV file: what is read, and what is refused with line, value and way out."""

from pathlib import Path

import click
import pytest

from billing_sync.domain.vendors.usage import Product
from tools.operator.errors import Refused
from tools.operator.usage_file.columns import Columns, ColumnsType
from tools.operator.usage_file.document import Document, read_document
from tools.operator.usage_file.totals import Counted, count

EDR, SAT = Product.EDR, Product.SAT
COLUMNS = Columns("Name", {"EDR": EDR})
BOTH = Columns("Name", {"EDR": EDR, "SAT": SAT})


@pytest.fixture
def read(tmp_path: Path):
    """Reads what a file of these bytes or this text has."""

    def document(content: bytes | str) -> Document:
        file = tmp_path / "report.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_document(file)

    return document


def counted(document: Document, columns: Columns = COLUMNS, known: tuple[str, ...] = ()) -> Counted:
    return count(document, columns, known)


@pytest.mark.parametrize(
    "content",
    [
        "Name,EDR\nAcme & Söhne,14\n",
        'Name;EDR\r\n"Acme & Söhne";14\r\n',
        "Name\tEDR\nAcme & Söhne\t14",
        "\n Name , EDR \n\n Acme & Söhne , 14 \n,\n",
        "Name,EDR\nAcme & Söhne,14\n".encode("utf-8-sig"),
        "Name\tEDR\nAcme & Söhne\t14\n".encode("utf-16"),
    ],
    ids=["commas", "semicolons", "tabs", "spaces", "byte order mark", "utf-16"],
)
def test_what_spreadsheets_save_is_read(read, content):
    document = read(content)

    assert counted(document).units == {"Acme & Söhne": {EDR: 14}}
    assert len(document.sha256) == 64


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "report.csv is empty"),
        (" \n\n", "report.csv is empty"),
        ("Name,EDR\n", "a heading and no lines below it"),
        (b"PK\x03\x04\x00", "a workbook or a PDF.*CSV UTF-8"),
        ("Name,EDR\nAcme,1\nSöhne,2\n".encode("latin-1"), "line 3: it is not UTF-8 text"),
        ("Name EDR\nAcme 14\n", "one column only, 'Name EDR'"),
        ("Name,EDR\nAcme, Inc.,14\n", "line 2: it has 3 values and the heading 2.*in quotes"),
        ('Name,EDR\n"Acme,14\n', "line 2: .*Check its quotes"),
    ],
    ids=lambda each: str(each)[:20],
)
def test_what_is_no_such_file_is_refused(read, content, message):
    with pytest.raises(Refused, match=f"(?s){message}"):
        read(content)


@pytest.mark.parametrize(
    "cell", ["-1", "1.5", "1,204", "1 204", "many", "n/a", "\N{SUPERSCRIPT TWO}"]
)
def test_what_is_no_whole_number_is_refused_with_line_column_and_value(read, cell):
    with pytest.raises(Refused, match=f"line 3: EDR is '{cell}', which is no whole number"):
        counted(read(f'Name,EDR\nAcme,1\nBolt,"{cell}"\n'))


def test_an_empty_cell_says_nothing_and_a_zero_says_zero(read):
    document = read("Name,EDR,SAT\nAcme,,0\nBolt,-,\N{EN DASH}\n")

    assert counted(document, BOTH).units == {"Acme": {SAT: 0}, "Bolt": {}}


def test_a_file_that_counts_nothing_at_all_is_refused(read):
    with pytest.raises(Refused, match="no count in its columns EDR"):
        counted(read("Name,EDR\nAcme,\n"))


def test_lines_of_one_organization_and_columns_of_one_product_add_up(read):
    columns = Columns("Name", {"Servers": EDR, "Workstations": EDR})
    document = read("Name,Site,Servers,Workstations\nAcme,A,1,2\nBolt,A,5,\nAcme,B,3,4\n")

    found = counted(document, columns)

    assert found.units == {"Acme": {EDR: 10}, "Bolt": {EDR: 5}}
    assert found.lines == {"Acme": (2, 4), "Bolt": (3,)}


def test_two_lines_that_are_the_same_cell_by_cell_are_refused(read):
    with pytest.raises(Refused, match="lines 2 and 4 are the same"):
        counted(read("Name,EDR\nAcme,1\nBolt,2\nAcme,1\n"))


@pytest.mark.parametrize("name", ["", "Total", "TOTALS:", "Grand total", "Sum"])
def test_a_totals_line_at_the_end_is_no_organization_and_must_be_right(read, name):
    lines = "Name,EDR,SAT\nAcme,1,4\nBolt,2,5\n"

    found = counted(read(f"{lines}{name},3,\n"), BOTH)

    assert (set(found.units), found.totals_line) == ({"Acme", "Bolt"}, 4)
    with pytest.raises(Refused, match="totals say 8 sat, and the lines above total 9"):
        counted(read(f"{lines}{name},3,8\n"), BOTH)
    with pytest.raises(Refused, match="line 4: the totals say 4 edr"):
        counted(read(f"{lines}{name},4,9\n"), BOTH)


def test_an_organization_of_that_name_is_one(read):
    found = counted(read("Name,EDR\nAcme,1\nTotal,2\n"), known=("Total",))

    assert found.units == {"Acme": {EDR: 1}, "Total": {EDR: 2}} and found.totals_line == 0


def test_a_line_without_a_name_that_is_not_the_last_is_refused(read):
    with pytest.raises(Refused, match="line 2: no organization is named"):
        counted(read("Name,EDR\n,3\nAcme,1\n"))


def test_columns_are_understood_with_quotes_around_a_comma():
    text = '"Clients, all"=organization, EDR = edr ,"SAT, EU"=sat'

    columns = ColumnsType().convert(text, None, None)

    assert columns == Columns("Clients, all", {"EDR": EDR, "SAT, EU": SAT})
    assert Columns.of_item(columns.item()) == columns


@pytest.mark.parametrize(
    "text",
    [
        *("", "A", "A=", "=edr", "A=edr", "A=organization", "A=organization,B=agents"),
        *("A=organization,A=edr", "A=organization,B=organization,C=edr"),
    ],
)
def test_columns_that_cannot_be_understood_are_refused_with_an_example(text):
    with pytest.raises(click.BadParameter, match="--columns"):
        ColumnsType().convert(text, None, None)


def test_remembered_columns_that_are_wrong_are_reported_with_the_fix():
    with pytest.raises(Refused, match=r"USAGE_IMPORT / COLUMNS .* Give --columns"):
        Columns.of_item({"organization": "Name", "units": {"EDR": "agents"}})


def test_a_column_that_the_file_has_twice_is_not_chosen_by_chance(read):
    assert COLUMNS.absent_from(read("Name,EDR,EDR\nAcme,1,2\n")) == ["EDR"]
