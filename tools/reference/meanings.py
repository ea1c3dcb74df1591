"""What each attribute of settings and mappings means, by the model that has it."""

from billing_sync.adapters.config.destinations import FixedItem, SplitItem
from billing_sync.adapters.config.items import (
    CompanyItem,
    OrganizationItem,
    ProductItem,
    SettingsItem,
)
from billing_sync.adapters.config.rules import GuardItem, RowGuardItem

_RULES = {
    "zero_policy": "when nothing was used: `hold` for a person, `write` without one, or `keep`"
    " the quantity as it is",
    "included": "units that another price includes come off; if the addition has a *Less Included*"
    " of its own, the row is blocked",
    "minimum": "at least this many, also when nothing was used",
    "multiple_of": "up to the next multiple: packs of five",
    "maximum": "a quantity above it is held, with what was counted, until a person releases it",
}
_ROW_GUARDS = {
    "rise_percent": "a row is held that rises by more than so many per cent",
    "rise_units": "and by more than so many units",
    "fall_percent": "a row is held that falls by more than so many per cent",
    "fall_units": "and by more than so many units",
    "money": "a row is held whose change is worth more in a billing cycle",
}
_CYCLES = "agreement billing cycles that are written without a person's word"
_SIGNED = {"updated_by": "who changed it last", "updated_at": "when it was changed last"}
_AS_SEEN = "the name as last seen; for the reader"

MEANINGS: dict[type, dict[str, str]] = {
    SettingsItem: {
        "products": "what bills each product, with its rules and limits",
        "sync_enabled": "whether an invoice may start a run, and whether anything may be written",
        "time_zone": 'decides what "today" is, for example `America/New_York`',
        "zero_policy": "usage 0 on an existing addition",
        "approval": "`required` holds every run until it is released",
        "agreement_types": "names of the agreement types that may be written; empty: all",
        "billing_cycles": _CYCLES,
        "combined_catalog_items": "ids of catalog items that may bill several products, whose units"
        " then add up",
        "release_valid_days": "how long a plan may be released",
        "full_audit": "also look for additions that bill without usage, on companies that no"
        " organization is mapped to",
        "guards": "limits above which a person decides",
        "apply_after_days": "how many days after Huntress's invoice it is applied",
        "invoice_plans": "which products an invoice bills, by the text of its plan; empty: all",
        "huntress_sync_off": "who saw, and when, that Huntress's own *Sync With ConnectWise"
        " Agreements* is off; two syncs would overwrite each other",
        "version": "rises with each change; the command line counts it",
        **_SIGNED,
    },
    ProductItem: {
        "catalog_item_id": "id of the ConnectWise catalog item whose additions bill the product",
        "name": "for the reader; nothing depends on it",
        **_RULES,
        "guards": "the product's own limits on rows",
        "billing_cycles": _CYCLES,
    },
    GuardItem: {
        **_ROW_GUARDS,
        "run_guarded_percent": "the run is held when more than so many per cent of its rows are",
        "run_guarded_from_rows": "and it has at least so many rows",
        "run_zero_rows": "the run is held when more than so many additions fall to zero",
        "run_zero_percent": "and they are more than so many per cent of its rows",
        "product_total_percent": "the run is held when a product's total moves by more per cent"
        " against the last cycle",
    },
    RowGuardItem: _ROW_GUARDS,
    OrganizationItem: {
        "company_id": "ConnectWise company that is billed; this or `excluded`",
        "excluded": "nobody is billed",
        "reason": "why it is excluded; required then",
        "agreement_id": "the one agreement it is billed on",
        "agreement_type": "or the type of agreement, which survives a renewal",
        "organization_name": _AS_SEEN,
        "company_name": _AS_SEEN,
        **_SIGNED,
    },
    CompanyItem: {
        "not_billed": "products the company does not pay for, with the reason",
        "catalog_items": "catalog items of its own, over the settings', also for a product that"
        " the settings do not name",
        **_RULES,
        "guards": "the company's own limits on rows, for all its products",
        "billing_cycles": _CYCLES,
        "split": "a product on several agreements",
        "company_name": _AS_SEEN,
        **_SIGNED,
    },
    SplitItem: {
        "fixed": "agreements with fixed units, filled in this order",
        "remainder": "the agreement that is billed for whatever is left",
    },
    FixedItem: {
        "agreement_id": "the agreement",
        "units": "units billed on it",
    },
}

# Where the concept is explained.
MORE: dict[tuple[type, str], str] = {
    (SettingsItem, "zero_policy"): "configure.md#quantity-rules",
    (SettingsItem, "combined_catalog_items"): "configure.md#several-products-in-one-addition",
    (SettingsItem, "full_audit"): "verdicts.md#billed-without-usage",
    (SettingsItem, "apply_after_days"): "configure.md#when-an-invoice-is-applied",
    (SettingsItem, "invoice_plans"): "configure.md#invoices-by-product",
    (SettingsItem, "guards"): "guards.md",
    (OrganizationItem, "agreement_id"): "configure.md#several-agreements-pins",
    (CompanyItem, "split"): "configure.md#one-product-on-several-agreements-splits",
}
