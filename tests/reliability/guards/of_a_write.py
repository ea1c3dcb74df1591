"""The guards of one write: intent before, read-back after, at most one effect per addition."""

from tests.reliability.mutants import Guard

GUARDS = (
    Guard(
        "only an applying run is worked on",
        "applying-runs-only",
        "never",
        "integration/test_apply_repeats.py::test_a_message_of_a_stopped_run_writes_nothing",
    ),
    Guard(
        "only an applying run takes an intent",
        "intent-of-applying-run",
        "gone",
        "integration/test_stop.py::test_a_stop_while_a_company_is_being_applied_keeps_it_from_writing",
    ),
    Guard(
        "an intent that was not taken is not acted on",
        "no-patch-without-intent",
        "gone",
        "integration/test_stop.py::test_a_stop_while_a_company_is_being_applied_keeps_it_from_writing",
    ),
    Guard(
        "the intent is written before the PATCH",
        "intent-before-patch",
        "never",
        "integration/test_apply_unclear_writes.py::test_a_write_whose_answer_was_lost_is_not_written_twice",
    ),
    Guard(
        "the audit is written with the intent",
        "audit-with-intent",
        "gone",
        "integration/test_apply_repeats.py::test_a_message_delivered_again_after_its_work_writes_nothing",
    ),
    Guard(
        "a row that is done is not looked at again",
        "done-rows-skipped",
        "never",
        "integration/test_guards_alone.py::test_a_held_row_is_not_even_read_when_its_company_is_applied",
    ),
    Guard(
        "a row that is done stays done",
        "done-stays-done",
        "gone",
        "integration/test_races.py::test_a_late_worker_changes_nothing_in_a_run_that_was_stopped_and_closed",
    ),
    Guard(
        "a row that another worker went on with is left to it",
        "one-worker-per-row",
        "gone",
        "integration/test_guards_alone.py::test_a_worker_that_read_before_an_edit_leaves_the_row_to_the_one_that_wrote_after_it",
    ),
    Guard(
        "what is there already is not written",
        "nothing-to-write",
        "never",
        "integration/test_apply_changed_since_plan.py::test_an_edit_to_the_very_target_leaves_nothing_to_write",
    ),
    Guard(
        "an edit since the plan is a conflict",
        "edit-since-plan",
        "never",
        "integration/test_apply_changed_since_plan.py::test_an_edit_after_the_plan_is_never_overwritten",
    ),
    Guard(
        "another quantity after an intent is a conflict",
        "edit-after-intent",
        "gone",
        "unit/apply/test_protocol.py::test_after_an_intent_another_quantity_or_another_touch_is_somebodys_change",
    ),
    Guard(
        "an addition saved since the intent is a conflict",
        "save-after-intent",
        "gone",
        "integration/test_apply_changed_since_plan.py::test_an_edit_back_to_the_old_value_after_our_write_stands",
    ),
    Guard(
        "a write may land for two minutes",
        "settling-time",
        "never",
        "integration/test_apply_unclear_writes.py::test_a_delivery_before_the_write_settled_decides_nothing",
    ),
    Guard(
        "five attempts are the most",
        "five-attempts",
        "never",
        "integration/test_apply_unclear_writes.py::test_five_attempts_that_never_land_end_as_failed",
    ),
    Guard(
        "the agreement and the catalog item are looked at before a first write",
        "writable-at-first",
        "gone",
        "integration/test_apply_changed_since_plan.py::test_what_can_no_longer_be_written_is_blocked_with_the_reason",
    ),
    Guard(
        "the agreement and the catalog item are looked at before another attempt",
        "writable-again",
        "gone",
        "unit/apply/test_protocol.py::test_what_may_no_longer_be_written_is_not_tried_again",
    ),
    Guard(
        "a 200 counts only for the quantity that is there then",
        "read-back",
        "always",
        "integration/test_apply_unclear_writes.py::test_a_200_that_changes_nothing_is_failed_and_told",
    ),
    Guard(
        "another quantity found after a 200 is a conflict",
        "edit-after-200",
        "never",
        "integration/test_apply_unclear_writes.py::test_a_write_undone_at_once_by_somebody_else_is_a_conflict",
    ),
    Guard(
        "a refusal cancels its intent only when no earlier write may still land",
        "only-last-intent",
        "always",
        "integration/test_apply_unclear_writes.py::test_a_write_that_lands_after_the_next_one_was_refused_is_known_as_ours",
    ),
    Guard(
        "a refusal cancels its intent",
        "refusal-cancels",
        "never",
        "integration/test_apply_pauses.py::test_too_many_writes_hands_the_message_back_and_writes_once",
    ),
    Guard(
        "a 404 is no answer before the credentials are known to work",
        "credentials-before-404",
        "gone",
        "integration/test_apply_pauses.py::test_a_404_that_means_wrong_keys_pauses_and_blocks_nothing",
    ),
    Guard(
        "a PATCH is never sent twice",
        "patch-once",
        "gone",
        "integration/test_http.py::test_a_write_is_never_sent_twice",
    ),
    Guard(
        "a redirect is not followed",
        "no-redirect",
        "flipped",
        "integration/test_http_refusals.py::test_a_redirected_write_is_looked_at_again",
    ),
    Guard(
        "the answer to a write is about the addition that was written",
        "written-addition",
        "never",
        "integration/test_connectwise_writes.py::test_a_write_without_a_clear_answer_is_ambiguous_and_not_repeated",
    ),
    Guard(
        "the answer to a read is about the addition that was asked for",
        "read-addition",
        "never",
        "integration/test_guards_alone.py::test_an_answer_about_another_addition_decides_nothing",
    ),
    Guard(
        "an item of the ledger is read as of now",
        "consistent-get",
        "gone",
        "integration/test_guards_alone.py::test_every_read_of_the_ledger_is_strongly_consistent",
    ),
    Guard(
        "lists of the ledger are read as of now",
        "consistent-query",
        "gone",
        "integration/test_guards_alone.py::test_every_read_of_the_ledger_is_strongly_consistent",
    ),
)
