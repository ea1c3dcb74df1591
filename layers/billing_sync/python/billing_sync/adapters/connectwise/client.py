"""ConnectWise PSA's REST API: agreements and additions; it writes only quantities."""

from collections.abc import Collection, Iterable
from copy import copy
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Self

from billing_sync.adapters.aws.secrets import ConnectWiseCredentials
from billing_sync.adapters.connectwise import conditions as connectwise_query
from billing_sync.adapters.connectwise.additions import AdditionsReader
from billing_sync.adapters.connectwise.advice import advice
from billing_sync.adapters.connectwise.api import PAGE_SIZE, ConnectWiseApi, Params
from billing_sync.adapters.connectwise.catalog import CatalogReader
from billing_sync.adapters.connectwise.replies import (
    AdditionReply,
    AgreementReply,
    listed_agreement,
    parsed,
)
from billing_sync.adapters.connectwise.setup import ConnectWiseSetup
from billing_sync.adapters.connectwise.setup_replies import (
    CompanyReply,
    MemberReply,
    SaveReply,
)
from billing_sync.adapters.http.allowed_hosts import connectwise_address
from billing_sync.adapters.http.rate_limit import Timing
from billing_sync.adapters.http.transport import Transport, Vendor
from billing_sync.domain.errors import (
    Blocked,
    CredentialsRejected,
    NotFound,
    Retryable,
)
from billing_sync.domain.vendors.connectwise import (
    Addition,
    Agreement,
    BulkRead,
    CatalogItem,
    Company,
    Member,
    Save,
)

_MODEL = "application/vnd.connectwise.com+json"  # without a version, replies change with upgrades
_AGREEMENTS = "finance/agreements"
_AGREEMENT_FIELDS = {
    "fields": "id,name,type/id,type/name,company/id,company/name,company/identifier,"
    "agreementStatus,cancelledFlag,startDate,endDate,dateCancelled,billStartDate,"
    "nextInvoiceDate,billingCycle/name,parentAgreement/id,billProducts,currency/currencyCode"
}
_ACTIVE = 'agreementStatus="Active"'
_COMPANIES = "company/companies"
_COMPANY_FIELDS = {"fields": "id,identifier,name,deletedFlag"}


class ConnectWiseClient:
    """ConnectWise as seen by one API member.

    Create one per process: it keeps the codebase, the rate limit and the connection.
    Besides the transport's errors, raises `Retryable` when a list is incomplete and `Blocked` when
    a record lacks what billing needs.
    """

    def __init__(
        self, credentials: ConnectWiseCredentials, *, timing: Timing, allow_loopback: bool = False
    ) -> None:
        vendor = Vendor(
            name="ConnectWise",
            base_url=connectwise_address(credentials.site, allow_loopback=allow_loopback),
            calls_per_minute=credentials.calls_per_minute,
            advice=advice,
            user=f"{credentials.login_company}+{credentials.public_key}",
            password=credentials.private_key,
            headers={
                "Accept": f"{_MODEL}; version={credentials.api_version}",
                "clientId": credentials.client_id,
            },
            secrets=(credentials.public_key, credentials.private_key, credentials.client_id),
            version_header="api-current-version",
        )
        transport = Transport(vendor, timing=timing)
        self._api = ConnectWiseApi(
            transport,
            login_company=credentials.login_company,
            version=credentials.api_version,
        )
        self._additions = AdditionsReader(self._api)
        self._catalog = CatalogReader(self._api)
        self.setup = ConnectWiseSetup(self._api, self._additions)
        self.zone: tzinfo = UTC

    def in_zone(self, zone: tzinfo) -> Self:
        """This client, for which moments are days of this time zone."""
        other = copy(self)
        other.zone = zone
        return other

    def member(self) -> Member:
        """The API member itself, which shows that the credentials work.

        It always exists; on ConnectWise's cloud, a 404 means wrong credentials.
        """
        try:
            reply = self._api.get("system/myMembers/info")
        except NotFound as error:
            raise CredentialsRejected(str(error)) from error
        return parsed("member", reply, MemberReply).member()

    def catalog_item(self, item_id: int) -> CatalogItem:
        """One product of the catalog; `NotFound` when it is gone."""
        return self._catalog.item(item_id)

    def catalog(self, search: str = "") -> tuple[CatalogItem, ...]:
        """The catalog with inactive products; with `search`, those whose names contain it."""
        return self._catalog.read(search)

    def active_agreements(self, company_ids: Collection[int]) -> tuple[Agreement, ...]:
        """The Active agreements of these companies, by id, and those without a usable company."""
        return _active(self._agreements_of(company_ids, _ACTIVE))

    def all_active_agreements(self) -> tuple[Agreement, ...]:
        """Every Active agreement, by id; `Blocked` for one without a company."""
        found = self._agreements(_ACTIVE, self._api.count(_AGREEMENTS, _ACTIVE))
        for agreement in found:
            if not agreement.company_id:
                raise Blocked(
                    f"ConnectWise: agreement {agreement.id} cannot be used: {agreement.problem}."
                )
        return _active(found)

    def all_agreements(self) -> tuple[Agreement, ...]:
        """Every agreement, whatever its status, by id."""
        return tuple(self._agreements("", self._api.count(_AGREEMENTS, "")))

    def companies(self) -> tuple[Company, ...]:
        """Every company that is not deleted; `PermissionDenied` to a role that sees none.

        A sync needs no company: each agreement names its own.
        """
        expected = self._api.count(_COMPANIES, "")
        rows = self._api.rows(_COMPANIES, _COMPANY_FIELDS, expected=expected)
        replies = [parsed("company", row, CompanyReply) for row in rows]
        return tuple(reply.company() for reply in replies if not reply.deleted_flag)

    def agreements_of(self, company_ids: Collection[int]) -> tuple[Agreement, ...]:
        """All agreements of these companies, whatever their status, by id."""
        return self._agreements_of(company_ids, "")

    def agreement(self, agreement_id: int) -> Agreement:
        """One agreement; `NotFound` when it is gone."""
        reply = self._api.get(f"{_AGREEMENTS}/{agreement_id}")
        agreement = parsed("agreement", reply, AgreementReply, zone=self.zone).agreement()
        if agreement.id != agreement_id:
            raise Retryable(f"ConnectWise: asked for agreement {agreement_id}, got {agreement.id}.")
        return agreement

    def additions(
        self, agreement_ids: Collection[int], catalog_item_ids: Collection[int]
    ) -> BulkRead:
        """The additions of these catalog items on these agreements, each addition once."""
        return self._additions.read(agreement_ids, catalog_item_ids, zone=self.zone)

    def addition(self, agreement_id: int, addition_id: int) -> Addition:
        """One addition as it is now; `NotFound` when it is gone."""
        reply = self._api.get(_addition_path(agreement_id, addition_id))
        addition = self._addition(reply, agreement_id)
        if addition.id != addition_id:  # guard: read-addition
            raise Retryable(f"ConnectWise: asked for addition {addition_id}, got {addition.id}.")
        return addition

    def trail(self, addition_id: int) -> tuple[Save, ...]:
        """Who saved the addition, oldest first, as far as ConnectWise's audit trail shows."""
        params: Params = {"type": "AgreementAddition", "id": addition_id}
        reply = self._api.unnumbered("system/audittrail", params)
        saves = [parsed("audit trail entry", row, SaveReply).save() for row in reply]
        return tuple(sorted(saves, key=lambda save: save.at))

    def wait_to_write(self) -> None:
        """Wait until the pace allows a write; `Retryable` where too little time is left."""
        self._api.wait_to_write()

    def set_quantity(self, agreement_id: int, addition_id: int, quantity: Decimal) -> Addition:
        """Write a quantity, once and at once, and return the addition in ConnectWise's reply.

        ConnectWise may answer 200 without having changed anything, so read it back. A
        reply that is not this addition is `Retryable` and ambiguous.
        """
        value = int(quantity) if quantity == int(quantity) else float(quantity)
        change = {"op": "replace", "path": "quantity", "value": value}
        reply = self._api.patch(_addition_path(agreement_id, addition_id), [change])
        try:
            addition = self._addition(reply, agreement_id)
        except (Blocked, Retryable) as error:
            raise Retryable(str(error), ambiguous=True) from error
        if addition.id != addition_id:  # guard: written-addition
            message = f"ConnectWise: wrote addition {addition_id}, it answered {addition.id}."
            raise Retryable(message, ambiguous=True)
        return addition

    def _addition(self, reply: object, agreement_id: int) -> Addition:
        parts = parsed("addition", reply, AdditionReply, zone=self.zone)
        return parts.addition(listed_under=agreement_id)

    def _agreements_of(self, company_ids: Collection[int], status: str) -> tuple[Agreement, ...]:
        companies = frozenset(company_ids)
        found = {
            agreement.id: agreement
            for conditions, expected in self._cheapest(companies, status)
            for agreement in self._agreements(conditions, expected)
            if agreement.company_id in companies or not agreement.company_id
        }
        return tuple(found[agreement_id] for agreement_id in sorted(found))

    def _cheapest(self, company_ids: Collection[int], status: str) -> list[tuple[str, int]]:
        """Conditions and their counts: by company, or everything where that takes fewer calls."""
        url = self._api.url(_AGREEMENTS)
        params: Params = {**_AGREEMENT_FIELDS, "orderBy": "id asc", "pageSize": PAGE_SIZE}
        narrow = connectwise_query.of_companies(company_ids, status, url=url, params=params)
        if len(narrow) > 1:
            total = self._api.count(_AGREEMENTS, status)
            if total // PAGE_SIZE + 1 < 2 * len(narrow):  # each narrow one: its count and a page
                return [(status, total)]
        return [(conditions, self._api.count(_AGREEMENTS, conditions)) for conditions in narrow]

    def _agreements(self, conditions: str, expected: int) -> list[Agreement]:
        rows = self._api.rows(
            _AGREEMENTS, _AGREEMENT_FIELDS, conditions=conditions, expected=expected
        )
        return [listed_agreement(row, zone=self.zone) for row in rows]


def _active(agreements: Iterable[Agreement]) -> tuple[Agreement, ...]:
    return tuple(a for a in agreements if a.status == "Active" or (a.problem and not a.status))


def _addition_path(agreement_id: int, addition_id: int) -> str:
    return f"{_AGREEMENTS}/{agreement_id}/additions/{addition_id}"
