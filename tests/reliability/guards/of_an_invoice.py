"""The guards of an invoice: it moves its own products, on its day, once, and people know of it."""

from tests.reliability.mutants import Guard

GUARDS = (
    Guard(
        "an invoice moves only what its plan bills",
        "own-products",
        "gone",
        "integration/test_one_event_by_product.py::test_a_sat_invoice_five_days_after_the_edr_one_moves_sat_alone_and_is_not_held",
    ),
    Guard(
        "an invoice of an unknown plan is wholly held",
        "unknown-plan",
        "always",
        "integration/test_one_event_by_product.py::test_an_unknown_plan_is_wholly_held_until_the_settings_name_it",
    ),
    Guard(
        "an addition that bills two invoices' products is not moved by one of them",
        "shared-addition",
        "never",
        "unit/invoices/test_product_scope.py::test_an_addition_that_bills_another_invoices_product_too_is_not_moved",
    ),
    Guard(
        "an invoice of other products is no second billing event",
        "other-products",
        "gone",
        "integration/test_one_event_by_product.py::test_a_sat_invoice_five_days_after_the_edr_one_moves_sat_alone_and_is_not_held",
    ),
    Guard(
        "a product is compared with its own last cycle",
        "own-last-cycle",
        "never",
        "integration/test_one_event_by_product.py::test_the_next_months_invoices_are_each_compared_with_their_own_last_cycle",
    ),
    Guard(
        "a delayed invoice waits for its day",
        "delayed-start",
        "never",
        "integration/test_apply_after_days.py::test_the_run_begins_with_its_day_in_the_offices_time_zone_and_with_the_frozen_counts",
    ),
    Guard(
        "a wait that was asked for raises no alarm",
        "asked-for-wait",
        "gone",
        "integration/test_apply_after_days.py::test_while_it_waits_no_event_is_put_and_no_alarm_is_raised",
    ),
    Guard(
        "an invoice that is issued again is not counted again",
        "reissue-keeps-counts",
        "never",
        "integration/test_voided_invoices.py::test_an_invoice_issued_again_bills_what_the_voided_one_counted",
    ),
    Guard(
        "only a voided invoice is replaced by another",
        "only-voided-replaced",
        "gone",
        "unit/invoices/test_cycle.py::test_no_other_invoice_is_replaced",
    ),
    Guard(
        "counts that are taken over stay as late as they were",
        "late-as-counted",
        "gone",
        "unit/invoices/test_cycle.py::test_counts_taken_over_are_late_by_the_invoice_they_were_counted_for",
    ),
    Guard(
        "a voided invoice is reported once",
        "voided-reported-once",
        "gone",
        "integration/test_voided_invoices.py::test_two_deliveries_of_the_event_tell_once",
    ),
    Guard(
        "a reminder is sent once",
        "one-reminder",
        "gone",
        "integration/test_reminders.py::test_two_deliveries_of_the_event_tell_once",
    ),
    Guard(
        "no reminder of rows that were released",
        "no-reminder-of-released",
        "gone",
        "integration/test_reminders.py::test_what_was_released_is_not_brought_to_mind",
    ),
    Guard(
        "no reminder of rows that a newer sync planned again",
        "no-reminder-of-overtaken",
        "gone",
        "integration/test_reminders.py::test_a_newer_sync_reminds_instead_of_the_older_one",
    ),
    Guard(
        "no reminder to release held rows of a voided invoice",
        "no-reminder-of-voided",
        "never",
        "integration/test_reminders.py::test_what_an_invoice_that_was_voided_holds_is_not_brought_to_mind",
    ),
    Guard(
        "imported counts take precedence over the frozen ones",
        "imported-over-frozen",
        "never",
        "integration/test_usage_import.py::test_a_late_invoice_is_billed_from_the_imported_counts",
    ),
    Guard(
        "a count that was imported is not frozen as if Huntress's API gave it",
        "frozen-without-imports",
        "gone",
        "integration/test_usage_import.py::test_an_import_while_usage_is_still_being_frozen_stands_over_what_is_frozen_later",
    ),
    Guard(
        "a first import over what was frozen comes first",
        "first-import",
        "gone",
        "integration/test_usage_import_races.py::test_of_two_imports_at_once_the_later_one_is_refused_and_nothing_is_mixed",
    ),
    Guard(
        "an import replaces only the version that its author was shown",
        "next-import",
        "gone",
        "integration/test_usage_import_races.py::test_of_two_imports_at_once_the_later_one_is_refused_and_nothing_is_mixed",
    ),
    Guard(
        "nobody imports while a run of the invoice is open",
        "no-import-while-open",
        "never",
        "integration/test_usage_import_races.py::test_an_import_during_a_run_of_the_invoice_is_refused_naming_it",
    ),
    Guard(
        "a run that begins while somebody imports keeps the import out",
        "no-import-during-run",
        "gone",
        "integration/test_usage_import_races.py::test_a_run_that_begins_during_an_import_keeps_it_out",
    ),
    Guard(
        "an invoice that does not count takes no import",
        "no-import-into-drafts",
        "never",
        "integration/test_usage_import.py::test_an_invoice_that_does_not_count_takes_no_import",
    ),
    Guard(
        "a forecast shown again compares with the same usage",
        "forecast-version",
        "gone",
        "integration/test_usage_import.py::test_a_forecast_told_again_compares_with_what_was_in_force_when_it_was_asked",
    ),
    Guard(
        "an invoice that somebody imported is previewed, however late it was seen",
        "preview-of-import",
        "gone",
        "integration/test_usage_import.py::test_a_baseline_invoice_that_was_never_counted_is_previewed_from_the_import",
    ),
    Guard(
        "a declined row is taken from whoever releases it",
        "declined-or-released",
        "gone",
        "integration/test_decline.py::test_of_a_decline_and_a_release_at_once_one_happens",
    ),
    Guard(
        "a row is declined once",
        "decided-once",
        "gone",
        "integration/test_decline.py::test_of_a_decline_and_a_release_at_once_one_happens",
    ),
    Guard(
        "an undo plans no units",
        "undo-plans-nothing",
        "never",
        "unit/statement/test_statement.py::test_an_undo_leaves_the_units_to_be_decided_and_counts_none_of_its_own",
    ),
    Guard(
        "what the newest sync of a company left out is not on the statement",
        "left-out-is-gone",
        "never",
        "unit/statement/test_statement.py::test_a_row_that_the_newest_sync_of_its_company_left_out_is_dropped",
    ),
)
