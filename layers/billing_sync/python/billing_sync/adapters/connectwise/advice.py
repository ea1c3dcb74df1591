"""How to fix what ConnectWise refuses, named as on its screens."""

from billing_sync.adapters.http.errors import Refusal

_AGREEMENTS = "Finance > Agreements: Inquire Level All"
_PRODUCTS = "(if it is All already, also Procurement > Products: Inquire Level All)"
_ADDITIONS = f"{_AGREEMENTS} {_PRODUCTS}"
_PERMISSIONS = {
    "/additions": _ADDITIONS,
    "/system/bundles": _ADDITIONS,
    "/finance/agreements": _AGREEMENTS,
    "/procurement/catalog": "Procurement > Product Catalog: Inquire Level All",
}


def advice(refusal: Refusal) -> str:
    """One sentence, or "" where the vendor's message has to be enough."""
    if refusal.of_version:
        current = refusal.current_version
        newest = f" ConnectWise's newest version is {current}." if current else ""
        return (
            "Set api_version in the ConnectWise secret to a version that ConnectWise still"
            f" supports.{newest}"
        )
    if refusal.of_client_id:  # by 400, 401 or 403
        return "Check client_id in the ConnectWise secret (developer.connectwise.com/ClientID)."
    if refusal.status == 401:
        return (
            "Check login_company, public_key and private_key in the ConnectWise secret"
            " (System > Members > API Members > API Keys)."
        )
    if refusal.status == 403:
        return (
            "In ConnectWise: System > Security Roles > the role of the API member >"
            f" {_permission(refusal)}."
        )
    if refusal.status == 404:
        return "It is gone, or on ConnectWise's cloud the company or the keys are wrong."
    return ""


def _permission(refusal: Refusal) -> str:
    if refusal.writes:
        return f"Finance > Agreements: Edit Level All {_PRODUCTS}"
    named = (right for part, right in _PERMISSIONS.items() if part in refusal.path)
    return next(named, "the right to inquire this")
