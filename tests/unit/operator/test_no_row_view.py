"""Usage not billed to any agreement, grouped by its reason and not by organization."""

from tools.operator.runs.no_row_view import in_no_row


def remainder(name, product, units, kind="not_configured", message="name an item"):
    values = {"organization": name, "organization_id": 1, "product": product, "units": units}
    return {**values, "kind": kind, "message": message}


def test_organizations_with_one_reason_are_one_sentence_with_their_sum():
    sentences = in_no_row([remainder("Birch", "siem", 4), remainder("Alder", "siem", 3)])

    assert list(sentences) == ["Alder, Birch: 7 siem not configured: name an item"]


def test_reasons_stay_apart_and_an_organization_has_its_products_together():
    unmapped = {"kind": "unmapped", "message": "map it"}
    sentences = in_no_row(
        [
            remainder("Alder", "edr", 25, **unmapped),
            remainder("Birch", "edr", 1),
            remainder("Alder", "sat", 2, **unmapped),
        ]
    )

    assert list(sentences) == [
        "Alder: 25 edr, 2 sat unmapped: map it",
        "Birch: 1 edr not configured: name an item",
    ]


def test_unknown_units_are_not_zero_and_excluded_units_are_left_out():
    sentences = in_no_row(
        [
            remainder("Alder", "edr", "unknown"),
            remainder("Birch", "edr", 2),
            remainder("Cole", "edr", 9, kind="excluded"),
        ]
    )

    assert list(sentences) == [
        "Alder, Birch: 2 edr, edr unknown 1 times not configured: name an item"
    ]
