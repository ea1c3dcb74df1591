"""The outcome of each row of a plan, and the reason where it has one."""

from enum import StrEnum


class Outcome(StrEnum):
    """The result of a row. Before it is applied, `updated` means that it is to be written."""

    UNCHANGED = "unchanged"
    UPDATED = "updated"
    HELD = "held"
    BLOCKED = "blocked"
    EXCLUDED = "excluded"
    CONFLICT = "conflict"
    FAILED = "failed"


class Reason(StrEnum):
    """Why a row has its outcome, for programs; the row's message is for people."""

    NONE = ""
    # blocked: somebody has to fix something
    NO_ADDITION = "no_addition"
    NO_AGREEMENT = "no_agreement"
    AMBIGUOUS = "ambiguous"
    ADDITION_FUTURE = "addition_not_yet_effective"
    ADDITION_ENDED = "addition_no_longer_effective"
    AGREEMENT_TYPE = "agreement_type_not_allowed"
    AGREEMENT_FUTURE = "agreement_future"
    AGREEMENT_EXPIRED = "agreement_expired"
    AGREEMENT_CANCELLED = "agreement_cancelled"
    PIN_NOT_FOUND = "pinned_agreement_not_found"
    SPLIT_BLOCKED = "split_not_possible"
    SHARED_ITEM = "two_products_on_one_item"
    RULES_DIFFER = "combined_rules_differ"
    INCLUDED_TWICE = "included_with_less_included"
    UNKNOWN_USAGE = "unknown_usage"
    NOT_READ = "not_read"
    GONE = "addition_gone"
    REFUSED = "refused_by_connectwise"
    OTHER_INVOICE = "another_invoices_product"
    # held: a guard asks for a person's decision
    REMAPPED = "remapped"
    SILENT = "silent"
    ZERO = "zero_usage"
    RISE = "rise"
    FALL = "fall"
    MONEY = "money"
    EDITED = "edited"
    LATE = "late_usage"
    MAXIMUM = "maximum"
    SPLIT = "split"
    BILLING_CYCLE = "billing_cycle"
    ORPHANED = "orphaned"
    RUN_GUARD = "run_guard"
    APPROVAL = "approval_required"
    SECOND_BILLING_EVENT = "second_billing_event"
    UNKNOWN_PLAN = "unknown_plan"
    STOPPED = "stopped"
    UNDONE = "undone"
    NO_HISTORY = "no_history"
    # the others
    NOT_BILLED = "not_billed"
    ZERO_KEPT = "zero_kept"
    CHANGED_SINCE_PLAN = "changed_since_plan"
    ACCEPTED_BUT_UNCHANGED = "accepted_but_unchanged"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    DEADLINE = "deadline"
