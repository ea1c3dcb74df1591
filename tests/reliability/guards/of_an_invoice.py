"""The guards of an invoice: it moves its own products, on its day, once, and people know of it."""

from tests.reliability.mutants import Guard

PLANNING, PLANS, PLANNER = "domain/planning.py", "domain/invoice_plans.py", "flows/planner.py"
REISSUES, VOIDED, REMINDERS = "domain/reissues.py", "flows/voided.py", "flows/reminders.py"
BY_PRODUCT, DELAY = (
    "integration/test_one_event_by_product.py",
    "integration/test_apply_after_days.py",
)

GUARDS = (
    Guard(
        "an invoice moves only what its plan bills",
        PLANNING,
        "products = products_of(inputs.invoice, inputs.settings)",
        "products = ()",
        f"{BY_PRODUCT}::test_a_sat_invoice_five_days_after_the_edr_one_moves_sat_alone_and_is_not_held",
    ),
    Guard(
        "an invoice of an unknown plan is wholly held",
        PLANS,
        "if invoice is None or not known or plan_key(invoice.plan) in known:",
        "if True:",
        f"{BY_PRODUCT}::test_an_unknown_plan_is_wholly_held_until_the_settings_name_it",
    ),
    Guard(
        "an addition that bills two invoices' products is not moved by one of them",
        PLANS,
        "_half(row, products) if 0 < len(spoken) < len(row.parts) else row",
        "row",
        "unit/test_invoice_plans.py::test_an_addition_that_bills_another_invoices_product_too_is_not_moved",
    ),
    Guard(
        "an invoice of other products is no second billing event",
        PLANNER,
        " if overlap(ours, products_of(r.invoice, settings))",
        "",
        f"{BY_PRODUCT}::test_a_sat_invoice_five_days_after_the_edr_one_moves_sat_alone_and_is_not_held",
    ),
    Guard(
        "a product is compared with its own last cycle",
        "domain/last_cycle.py",
        "if wanted & spoken:",
        "if not chosen:",
        f"{BY_PRODUCT}::test_the_next_months_invoices_are_each_compared_with_their_own_last_cycle",
    ),
    Guard(
        "a delayed invoice waits for its day",
        "flows/starter.py",
        "if planned.waits_for_its_day(self.clock()):",
        "if False:",
        f"{DELAY}::test_the_run_begins_with_its_day_in_the_offices_time_zone_and_with_the_frozen_counts",
    ),
    Guard(
        "a wait that was asked for raises no alarm",
        "domain/invoices.py",
        "max(self.seen_at, self.apply_from or self.seen_at)",
        "self.seen_at",
        f"{DELAY}::test_while_it_waits_no_event_is_put_and_no_alarm_is_raised",
    ),
    Guard(
        "an invoice that is issued again is not counted again",
        "flows/freeze.py",
        "        if voided:",
        "        if False:",
        "integration/test_voided_invoices.py::test_an_invoice_issued_again_bills_what_the_voided_one_counted",
    ),
    Guard(
        "only a voided invoice is replaced by another",
        REISSUES,
        "        and other.voided\n",
        "",
        "unit/test_reissues.py::test_no_other_invoice_is_replaced",
    ),
    Guard(
        "counts that are taken over stay as late as they were",
        PLANNING,
        "inputs.counted_for or inputs.invoice",
        "inputs.invoice",
        "unit/test_reissues.py::test_counts_taken_over_are_late_by_the_invoice_they_were_counted_for",
    ),
    Guard(
        "people are told of a voided invoice once",
        VOIDED,
        " and record.voided_told_at is None",
        "",
        "integration/test_voided_invoices.py::test_two_deliveries_of_the_event_tell_once",
    ),
    Guard(
        "a reminder is told once",
        REMINDERS,
        " if d.before not in reminder.told",
        "",
        "integration/test_reminders.py::test_two_deliveries_of_the_event_tell_once",
    ),
    Guard(
        "nobody is reminded of what was released",
        REMINDERS,
        " if not self._taken(state)",
        "",
        "integration/test_reminders.py::test_what_was_released_is_not_brought_to_mind",
    ),
    Guard(
        "nobody is reminded of what a newer sync planned anew",
        REMINDERS,
        " if row.company_id not in overtaken",
        "",
        "integration/test_reminders.py::test_a_newer_sync_reminds_instead_of_the_older_one",
    ),
    Guard(
        "nobody is asked to release what a voided invoice holds",
        REMINDERS,
        "if invoice and invoice.voided:",
        "if False:",
        "integration/test_reminders.py::test_what_an_invoice_that_was_voided_holds_is_not_brought_to_mind",
    ),
)
