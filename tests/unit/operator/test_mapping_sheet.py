"""The file of all mappings: nothing is lost or run as a formula between table and spreadsheet."""

import csv
import io
import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing_sync.adapters.config.mappings import CompanyItem, OrganizationItem
from tests.unit.chance import numbered, some
from tools.operator.errors import Refused
from tools.operator.mapping.entry import Kind, Line
from tools.operator.mapping.reading import file_lines
from tools.operator.mapping.sheet import COLUMNS, as_meant, defused, rows, sheet

reproducible = settings(max_examples=300, deadline=None, derandomize=True)
HEADING = ",".join(COLUMNS)

# What files and spreadsheets stumble over, more often than chance would bring it.
AWKWARD = "=+-@'\";,\t\r\n\u2028\ufeff 1aé東🙂\uff1d"
awkward = st.text(AWKWARD, max_size=8) | st.text(max_size=8)
texts = awkward.filter(lambda text: max(text, default="") < "\ud800" or max(text) > "\udfff")


def a_name(chance: Random) -> str:
    letters = [
        chance.choice(AWKWARD),
        chr(chance.randrange(0x250)),
        chr(chance.choice((chance.randrange(0xD800), chance.randrange(0xE000, 0x110000)))),
    ]
    return "".join(
        chance.choice(letters) if chance.random() < 0.5 else chance.choice(AWKWARD)
        for _ in range(chance.randint(0, 8))
    ).strip()


def a_reason(chance: Random) -> str:
    return a_name(chance) or chance.choice(("ours", "=1"))


def a_line(chance: Random) -> Line:
    number, name = chance.randint(1, chance.choice((20, 10**9))), a_name(chance)
    company = chance.randint(1, 10**9)
    match chance.choice(("mapped", "pinned", "excluded", "company")):
        case "mapped":
            place = chance.choice((0, chance.randint(1, 10**9)))
            return Line(
                Kind.ORGANIZATION,
                number,
                name,
                company_id=company,
                company_name=a_name(chance),
                agreement_id=place,
            )
        case "pinned":
            kind = a_reason(chance)
            return Line(Kind.ORGANIZATION, number, name, company_id=company, agreement_type=kind)
        case "excluded":
            return Line(Kind.ORGANIZATION, number, name, excluded=a_reason(chance))
        case _:
            products = {product: a_reason(chance) for product in some(chance, ("edr", "sat"), 2)}
            rules = {"not_billed": products} if products else {}
            text = json.dumps(rules, sort_keys=True, ensure_ascii=False)
            return Line(Kind.COMPANY, number, name, rules=text)


def some_lines(chance: Random) -> list[Line]:
    return list(
        {line.key: line for line in (a_line(chance) for _ in range(chance.randint(0, 5)))}.values()
    )


def read(text: str) -> list[Line]:
    return [row.line for row in file_lines(rows(text.encode()))]


@reproducible
@given(numbered(some_lines))
def test_what_went_out_comes_in_and_goes_out_as_the_same_bytes(given_lines: list[Line]):
    first = sheet(given_lines)

    found = file_lines(rows(first))

    assert {row.line for row in found} == set(given_lines)
    assert sheet(row.line for row in found) == first
    assert all(row.seen == row.line.seen for row in found)


@reproducible
@given(numbered(a_line))
def test_the_table_gives_back_what_a_line_put_into_it(line: Line):
    item = line.item()

    if line.kind is Kind.COMPANY:
        assert Line.of_company(line.id, CompanyItem.model_validate(item)) == line
    else:
        assert Line.of_organization(line.id, OrganizationItem.model_validate(item)) == line


@reproducible
@given(texts)
def test_no_text_is_a_formula_in_the_file_and_each_comes_back(text: str):
    cell = defused(text)

    assert as_meant(cell) == text
    for separator in ";\t":  # a spreadsheet may take another separator than the file's
        for part in cell.split(separator):
            assert not part.startswith(tuple("=+-@＝＋－＠"))  # noqa: RUF001 - full width runs too


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+44 Ltd", "'+44 Ltd"),
        ("-Dash", "'-Dash"),
        ("@home", "'@home"),
        ("'=1", "''=1"),
        ("'t Hooft", "'t Hooft"),
        ("A;=1", "A;'=1"),
        ("A - B", "A - B"),
    ],
)
def test_an_apostrophe_stands_before_what_a_spreadsheet_would_run(name: str, cell: str):
    line = Line(Kind.ORGANIZATION, 7, name, 250)

    assert next(csv.reader(io.StringIO(sheet([line]).decode().splitlines()[1])))[2] == cell
    assert read(sheet([line]).decode()) == [line]


def test_the_file_is_utf_8_with_commas_and_lines_of_windows_organizations_first():
    lines = [
        Line(Kind.COMPANY, 250, "Ä", rules="{}"),
        Line(Kind.ORGANIZATION, 10, "B, C", 250),
        Line(Kind.ORGANIZATION, 9, 'The "A"', excluded="ours"),
    ]

    lines_written = sheet(lines).decode().split("\r\n")

    assert lines_written == [
        HEADING,
        f'organization,9,"The ""A""",,,,,ours,,{lines[2].seen}',
        f'organization,10,"B, C",250,,,,,,{lines[1].seen}',
        f"company,250,Ä,,,,,,{{}},{lines[0].seen}",
        "",
    ]


def test_a_fingerprint_differs_by_meaning_and_no_spreadsheet_reads_it_as_a_number():
    line = Line(Kind.ORGANIZATION, 7, "Acme", 250)
    others = [Line(Kind.ORGANIZATION, 7, "Acme", 251), Line(Kind.ORGANIZATION, 7, "Acm", 250)]

    assert line.seen == Line(Kind.ORGANIZATION, 7, "Acme", 250).seen
    assert len({line.seen, *(other.seen for other in others)}) == 3
    assert line.seen.isalpha() and not set(line.seen) & set("aeiou")


@pytest.mark.parametrize(
    "written",
    [
        f"\ufeff{HEADING}\norganization,7.0,Acme,250.00,,2720.0,,,,",
        f"{HEADING.replace(',', ';')}\norganization;7;Acme;250;;2720;;;;",
        f"{HEADING.replace(',', chr(9))}\norganization\t7\tAcme\t250\t\t2720\t\t\t\t",
        f"{HEADING}\r\n Organization , 7, Acme ,0250,,2720,,,,\r\n,,,,,,,,,\r\n\r\n",
        f"{HEADING},,\norganization,7,Acme,250,,2720,,,,,,\n",
        f"seen,{HEADING.removesuffix(',seen')}\n,organization,7,Acme,250,,2720,,,\n",
    ],
    ids=[
        "mark and decimals",
        "semicolons",
        "tabs",
        "spaces, empty lines",
        "empty columns",
        "order",
    ],
)
def test_the_habits_of_spreadsheets_are_understood(written: str):
    assert read(written) == [Line(Kind.ORGANIZATION, 7, "Acme", 250, agreement_id=2720)]


def wrong(text: str | bytes) -> str:
    with pytest.raises(Refused) as refused:
        file_lines(rows(text if isinstance(text, bytes) else text.encode()))
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (HEADING.encode("utf-16"), "the file is UTF-16"),
        (f"{HEADING}\norganization,7,É,250,,,,,,".encode("latin-1"), "line 2: there is a letter"),
        ("kind,id\n", "name, company_id"),
        (f"{HEADING},note\n", "note unknown"),
        (f"{HEADING},id\n", "id there twice"),
        ("", "the file is empty"),
        (f"{HEADING}\norganization,7,A,B,250,,,,,,x\n", "line 2: there are 11 values for 10"),
        (f'{HEADING}\norganization,7,"A,250,,,,,,\n', "Is a quotation mark missing"),
    ],
    ids=str,
)
def test_what_is_no_such_file_is_refused_with_the_way_out(content: str | bytes, message: str):
    assert message in wrong(content)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("customer,7,A,250,,,,,,", "line 2: kind is 'customer': say organization or company"),
        ("organization,,A,250,,,,,,", "line 2: id is '': give the id of the organization"),
        ("organization,1E+05,A,250,,,,,,", "line 2: id is '1E+05': give a whole number"),
        ("organization,7.5,A,250,,,,,,", "line 2: id is '7.5': give a whole number"),
        ("organization,-7,A,250,,,,,,", "line 2: id is '-7': give a whole number"),
        ("organization,7,A,0,,,,,,", "line 2: company_id is '0': give a whole number"),
        ('organization,7,A,"1,234",,,,,,', "line 2: company_id is '1,234': give a whole number"),
        ("organization,7,A,,,,,,,", "line 2: company_id is '' and excluded is ''"),
        ("organization,7,A,250,,,,ours,,", "company_id is 250 and excluded is 'ours': keep one"),
        ("organization,7,A,250,,1,Managed,,,", "agreement_id is 1 and agreement_type is 'Managed'"),
        ("organization,7,A,,,1,,ours,,", "agreement_id is 1 and excluded is true: keep one"),
        ("company,7,A,250,,,,,{},", "company_id is '250': a line of kind company has none"),
        ("company,7,A,,,,,,{,", "line 2: rules is '{': no JSON"),
        ("company,7,A,,,,,,[],", "line 2: rules is '[]': write"),
        ('company,7,A,,,,,,"{""sk"": ""X""}",', "rules has sk: it does not belong there"),
        (
            'company,7,A,,,,,,"{""minimum"": {""edr"": -1}}",',
            "line 2: rules: minimum.edr is -1: Input should be greater than or equal to 0",
        ),
        (
            'company,7,A,,,,,,"{""minimun"": {}}",',
            "rules: minimun is {}: there is no such attribute",
        ),
    ],
    ids=str,
)
def test_a_wrong_line_is_reported_with_its_number_column_value_and_fix(line: str, message: str):
    assert message in wrong(f"{HEADING}\n{line}\n")


def test_every_wrong_line_is_reported_by_its_number_even_after_line_breaks_in_a_name():
    good = 'organization,1,"A\nB",250,,,,,,'
    problem = wrong(f"{HEADING}\n{good}\norganization,x,A,250,,,,,,\norganization,1,A,9,,,,,,\n")

    assert "- line 4: id is 'x'" in problem
    assert "- line 5: id is 1: organization 'A' (id 1) is on line 2 already" in problem


def test_numbers_in_rules_have_one_writing():
    twice = [
        '{"guards": {"money": 12.50, "rise_units": 5.0}}',
        '{"guards": {"rise_units": 5, "money": "12.5"}}',
    ]

    found = [read(sheet_of(lines))[0] for lines in twice]

    assert found[0] == found[1]
    assert found[0].rules == '{"guards": {"money": "12.5", "rise_units": 5}}'


def sheet_of(rules_text: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(["company", "7", "A", *[""] * 5, rules_text, ""])
    return f"{HEADING}\n{out.getvalue()}"
