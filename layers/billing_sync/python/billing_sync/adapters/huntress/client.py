"""Huntress's REST API, reads only: credentials, invoices, organizations and their usage."""

from operator import attrgetter

from billing_sync.adapters.aws.secrets import HuntressCredentials
from billing_sync.adapters.http.allowed_hosts import huntress_address
from billing_sync.adapters.http.rate_limit import Timing
from billing_sync.adapters.http.transport import Transport, Vendor
from billing_sync.adapters.huntress.api import HuntressApi, Params, advice
from billing_sync.adapters.huntress.replies import (
    AccountReply,
    ActorReply,
    InvoiceReply,
    OrganizationReply,
    UsageLineReply,
)
from billing_sync.domain.errors import Retryable, too_many
from billing_sync.domain.vendors.huntress import (
    Actor,
    Invoice,
    InvoiceSource,
    Organization,
    OrganizationDetail,
    UsageLine,
)

_PAGE: Params = {"limit": 500}
_BY_ID: Params = {"limit": 500, "sort_field": "id", "sort_direction": "asc"}
_NEWEST: Params = {"limit": 500, "sort_field": "created_at", "sort_direction": "desc"}
_INVOICES = {
    InvoiceSource.ACCOUNT: "v1/invoices",
    InvoiceSource.RESELLER: "v1/reseller/invoices",
}


class HuntressClient:
    """Huntress as seen by one pair of credentials.

    Every list is read to its end. Besides the transport's errors, raises `Retryable` when a list
    is incomplete or a reply is not as Huntress documents it.
    """

    def __init__(
        self, credentials: HuntressCredentials, *, timing: Timing, allow_loopback: bool = False
    ) -> None:
        vendor = Vendor(
            name="Huntress",
            base_url=huntress_address(credentials.base_url, allow_loopback=allow_loopback),
            calls_per_minute=credentials.calls_per_minute,
            advice=advice,
            user=credentials.api_key,
            password=credentials.api_secret,
            headers={"Accept": "application/json"},
            secrets=(credentials.api_key, credentials.api_secret),
        )
        self._api = HuntressApi(Transport(vendor, timing=timing))

    def actor(self) -> Actor:
        """Whose credentials these are, and so whose invoices count."""
        return self._api.record("v1/actor", "actor", ActorReply).actor()

    def invoices(self, source: InvoiceSource) -> tuple[Invoice, ...]:
        """All invoices, oldest first. Reseller invoices cannot be sorted by Huntress."""
        params = _PAGE if source is InvoiceSource.RESELLER else _NEWEST
        replies = self._api.all(_INVOICES[source], "invoices", InvoiceReply, params=params)
        found = [reply.invoice(source) for reply in replies]
        return tuple(sorted(found, key=attrgetter("created_at", "id")))

    def invoice(self, source: InvoiceSource, invoice_id: int) -> Invoice:
        """One invoice as it is now; `NotFound` when it is gone or hidden from these credentials."""
        reply = self._api.record(f"{_INVOICES[source]}/{invoice_id}", "invoice", InvoiceReply)
        _check_id("invoice", invoice_id, reply.id)
        return reply.invoice(source)

    def organizations(self, source: InvoiceSource) -> tuple[Organization, ...]:
        """All organizations by id; a reseller's are those of all its accounts."""
        paths = ["v1/organizations"]
        if source is InvoiceSource.RESELLER:
            accounts = self._api.all("v1/accounts", "accounts", AccountReply, params=_BY_ID)
            paths = [f"v1/accounts/{account.id}/organizations" for account in accounts]
        found: dict[int, Organization] = {}
        for path in paths:
            replies = self._api.all(path, "organizations", OrganizationReply, params=_BY_ID)
            found |= {reply.id: reply.organization() for reply in replies}
        return tuple(found[organization_id] for organization_id in sorted(found))

    def organization(self, organization_id: int) -> OrganizationDetail:
        """One organization with its live, billable counts (account credentials only)."""
        path = f"v1/organizations/{organization_id}"
        reply = self._api.record(path, "organization", OrganizationReply)
        _check_id("organization", organization_id, reply.id)
        return reply.detail()

    def usage_lines(self, invoice_id: int) -> tuple[UsageLine, ...]:
        """What each organization used, by the invoice itself (reseller credentials only)."""
        name = "organization_usage_line_items"
        path = f"v1/reseller/invoices/{invoice_id}/{name}"
        lines = [reply.line() for reply in self._api.all(path, name, UsageLineReply, params=_PAGE)]
        without = sum(line.period is None for line in lines)
        if too_many(without, len(lines)):  # guard: few-lines-without-period
            raise Retryable(
                f"Huntress: GET /{path} is not usable:"
                f" {without} of {len(lines)} lines lack a period."
            )
        return tuple(lines)


def _check_id(record: str, expected: int, actual: int) -> None:
    if expected != actual:
        raise Retryable(f"Huntress: asked for {record} {expected}, it answered with {actual}.")
