"""Why a mapping does not bill any more, and what to do about it."""

from collections.abc import Container

from billing_sync.domain.checks.mappings import Change
from billing_sync.domain.config.mappings import OrganizationMapping
from tools.operator.mapping.vendor_lists import ListedAgreement, ListedCompany, Lists

GONE = "the organization is gone from Huntress"
_SET = "billing-sync mappings set"


def why_broken(
    mapping: OrganizationMapping, changes: Container[Change], lists: Lists
) -> tuple[str, str]:
    """The reason and the way out; ("", "") where it is in order, or cannot be known.

    An excluded organization is billed nowhere, so nothing of it can break.
    """
    if mapping.company_id is None:
        return "", ""
    if Change.ORGANIZATION_GONE in changes:
        return GONE, (
            f"Its usage is unknown, which holds up all of company {mapping.company_id}. If it left"
            f" for good: billing-sync mappings remove {mapping.organization_id}"
        )
    if Change.COMPANY_GONE in changes:
        return _company_gone(mapping)
    company = (lists.companies or {}).get(mapping.company_id)
    if company is None:
        return "", ""
    if not company.usable:
        return _no_agreement(mapping, company)
    return _pin(mapping, company)


def _company_gone(mapping: OrganizationMapping) -> tuple[str, str]:
    return (
        f"company {mapping.company_id} has no agreement in ConnectWise: it was deleted, merged into"
        " another, or never had one",
        f"If it was merged: {_SET} {mapping.organization_id} <the company it became>. If it is to"
        " be billed: give it an agreement. If not: billing-sync mappings exclude"
        f" {mapping.organization_id} --reason ...",
    )


def _no_agreement(mapping: OrganizationMapping, company: ListedCompany) -> tuple[str, str]:
    reasons = "; ".join(_reason(each) for each in company.agreements) or "it has none"
    return f"no agreement of the company takes a quantity now: {reasons}", (
        "In ConnectWise: Finance > Agreements, renew one or make a new one. If the company was"
        f" merged: {_SET} {mapping.organization_id} <the company it became>"
    )


def _pin(mapping: OrganizationMapping, company: ListedCompany) -> tuple[str, str]:
    pin = mapping.pin
    meant = [each for each in company.agreements if pin.covers(each.id, each.type)]
    if not pin or any(not each.why_not for each in meant):
        return "", ""
    named = (
        f"agreements of type '{pin.agreement_type}'"
        if pin.agreement_type
        else f"agreement {pin.agreement_id}"
    )
    why = "; ".join(_reason(each) for each in meant) or "the company has none such"
    others = ", ".join(f"{each.id} '{each.name}' ({each.type})" for each in company.usable)
    return f"it is pinned to {named}: {why}", (
        f"Pin it to another, or to none: {_SET} {mapping.organization_id} {company.id} --agreement"
        f" ...; its agreements that take a quantity: {others}"
    )


def _reason(agreement: ListedAgreement) -> str:
    return f"'{agreement.name}' (id {agreement.id}) {agreement.why_not}"
