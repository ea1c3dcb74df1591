"""The guards of places: a split is billed wholly or not at all, and each place is a row."""

from tests.reliability.mutants import Guard

GUARDS = (
    Guard(
        "a split is written wholly or not at all",
        "whole-split",
        "never",
        "unit/planning/test_splits.py::test_a_split_is_not_half_written_when_another_product_claims_one_of_its_additions",
    ),
    Guard(
        "a split with fewer units than are fixed waits",
        "fixed-units",
        "always",
        "unit/planning/test_splits.py::test_with_too_few_units_a_row_that_is_right_by_chance_waits_with_the_others",
    ),
    Guard(
        "an addition that ends before its agreement's next invoice is held",
        "ends-before-invoice",
        "always",
        "integration/test_ending_lines.py::test_a_line_that_ends_before_the_invoice_is_held_and_names_its_successor",
    ),
    Guard(
        "a line that ends is never released together with others",
        "released-apart",
        "gone",
        "integration/test_ending_lines.py::test_a_line_that_ends_is_released_only_by_its_own_reason",
    ),
    Guard(
        "a released row is still what today's mappings and settings lead to",
        "planned-as-configured",
        "always",
        "integration/test_release_of_changed_rows.py::test_a_held_row_that_changed_since_is_blocked_by_its_release",
    ),
    Guard(
        "rows without an addition are distinguished by their place",
        "row-per-place",
        "gone",
        "unit/planning/test_pins.py::test_rows_without_an_addition_are_told_apart_by_their_place",
    ),
    Guard(
        "a check does not pass where no quantity could be written",
        "ready-can-write",
        "never",
        "unit/checks/test_additions.py::test_where_no_row_could_be_written_it_fails_and_says_why",
    ),
)
