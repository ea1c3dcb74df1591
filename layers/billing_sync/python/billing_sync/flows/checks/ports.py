"""The ports of the checks."""

from collections.abc import Sequence
from typing import Protocol

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.runs.audience import Subscribers
from billing_sync.domain.vendors.connectwise import (
    ApiVersion,
    Member,
    OwnMember,
    SecurityLevel,
    Site,
)
from billing_sync.domain.vendors.huntress import (
    Actor,
    Invoice,
    InvoiceSource,
    Organization,
    OrganizationDetail,
    UsageLine,
)
from billing_sync.flows.ports import ConnectWise


class HuntressToCheck(Protocol):
    """The reads from Huntress."""

    def actor(self) -> Actor: ...
    def invoices(self, source: InvoiceSource) -> tuple[Invoice, ...]: ...
    def organizations(self, source: InvoiceSource) -> tuple[Organization, ...]: ...
    def organization(self, organization_id: int) -> OrganizationDetail: ...
    def usage_lines(self, invoice_id: int) -> tuple[UsageLine, ...]: ...


class SetupToCheck(Protocol):
    """One small read each."""

    def site(self) -> Site: ...
    def api_version(self) -> ApiVersion: ...
    def security(self) -> tuple[SecurityLevel, ...]: ...
    def own_member(self) -> OwnMember: ...
    def customized(self) -> tuple[str, ...]: ...
    def active_agreements(self, company_ids: Sequence[int] = ()) -> tuple[int, ...]: ...
    def catalog_size(self) -> int: ...
    def additions(self, agreement_id: int) -> int: ...
    def bundle_problem(self, agreement_ids: Sequence[int]) -> str: ...


class ConnectWiseToCheck(ConnectWise, Protocol):
    """The reads from ConnectWise."""

    @property
    def setup(self) -> SetupToCheck: ...
    def member(self) -> Member: ...


class Checks(Protocol):
    """The last finding of every check, by its name."""

    def last(self) -> dict[str, str]: ...
    def save(self, found: dict[str, str]) -> None: ...


class WrittenAdditions(Protocol):
    """The last quantity written to each addition."""

    def written(self) -> tuple[Written, ...]: ...


class Topic(Protocol):
    """A topic and its subscribers."""

    def subscribers(self) -> Subscribers: ...
