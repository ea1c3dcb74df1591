"""Names that differ in writing only are one; names that differ in meaning stay two."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.operator.suggestions.normal import normalised

# Reproducible: a red run here is red everywhere.
reproducible = settings(max_examples=300, deadline=None, derandomize=True)

ONE_NAME = [
    ("Acme, Inc.", "ACME L.L.C."),
    ("Acme (Pty) Ltd", "acme"),
    ("Keppler Werkzeugbau GmbH", "Keppler Werkzeugbau"),
    ("ООО Ромашка", "Ромашка"),  # noqa: RUF001
    ("A.B.C. Supply", "ABC Supply"),
    ("A B C Supply", "ABC Supply"),
    ("J&K Roofing", "J and K Roofing"),
    ("The Orchard Room", "Orchard Room, The"),
    ("O'Malley’s", "OMalleys"),  # noqa: RUF001
    ("Garçon Pâtisserie", "Garcon Patisserie"),
    ("Café ❤️", "Cafe"),
    ("Acme\u200b Foods", "Acme  Foods "),
    ("Tri-County Mfg", "Tri County Manufacturing"),
    ("St. Brendan Svcs", "Saint Brendan Services"),
    ("1st Choice", "First Choice"),
    ("Acme LLC - Denver", "Acme (Denver)"),
    ("Smith & Co", "Smith and Company"),
]

TWO_NAMES = [
    ("Acme - Denver", "Acme"),
    ("Acme - CO", "Acme Co."),
    ("Acme NV", "Acme"),
    ("Site 1", "Site 2"),
    ("Store 12", "Store 012"),
    ("Smith & Co", "Smith"),
    ("St. Mary School", "St. Mark School"),
    ("Harbor Spa", "Harbor"),
    ("カス工業", "ガス工業"),
    ("किरण", "कीरण"),
    ("Dental Associates", "Dental Association"),
    ("Smith Enterprises", "Smith Entertainment"),
    ("Bank of Ohio", "Ohio Bank"),
]


@pytest.mark.parametrize(("left", "right"), ONE_NAME)
def test_a_name_written_in_two_ways_is_one_name(left: str, right: str):
    assert normalised(left) == normalised(right) != ""


@pytest.mark.parametrize(("left", "right"), TWO_NAMES)
def test_what_distinguishes_businesses_stays(left: str, right: str):
    assert normalised(left) != normalised(right)


@pytest.mark.parametrize("name", ["The Limited", "Co", "LLC", "The"])
def test_a_name_of_legal_forms_only_keeps_one(name: str):
    assert normalised(name) != ""


def test_a_name_without_a_letter_or_digit_is_empty():
    assert normalised("*** -- ***") == ""


PIECES = (
    "Acme A. B & + The Inc. Co CO LLC ( ) , dba d/b/a formerly St Ltd 12 1st ß 株式会社 's / S.A. İ"
)
pieces = st.sampled_from([*PIECES.split(), " - ", "\u0308"])


@reproducible
@given(st.lists(pieces | st.text(max_size=4), max_size=8), st.sampled_from(["", " "]))
def test_normalising_again_changes_nothing(words: list[str], between: str):
    once = normalised(between.join(words))

    assert normalised(once) == once
