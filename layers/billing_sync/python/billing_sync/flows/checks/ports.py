"""What the checks ask of the outside."""

from typing import Protocol

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.checks.check import Subscribers
from billing_sync.domain.vendors.connectwise import Member, OwnMember, SecurityLevel, Site
from billing_sync.domain.vendors.huntress import Actor, Invoice, InvoiceSource, Organization
from billing_sync.flows.ports import ConnectWise


class HuntressToCheck(Protocol):
    """What is asked of Huntress."""

    def actor(self) -> Actor: ...
    def invoices(self, source: InvoiceSource) -> tuple[Invoice, ...]: ...
    def organizations(self, source: InvoiceSource) -> tuple[Organization, ...]: ...


class SetupToCheck(Protocol):
    """One small question each."""

    def site(self) -> Site: ...
    def security(self) -> tuple[SecurityLevel, ...]: ...
    def own_member(self) -> OwnMember: ...
    def customized(self) -> tuple[str, ...]: ...
    def an_agreement(self) -> int | None: ...
    def catalog_size(self) -> int: ...
    def additions(self, agreement_id: int) -> int: ...
    def bundle_problem(self, agreement_id: int) -> str: ...


class ConnectWiseToCheck(ConnectWise, Protocol):
    """What is asked of ConnectWise."""

    @property
    def setup(self) -> SetupToCheck: ...
    def member(self) -> Member: ...


class Checks(Protocol):
    """The last known finding of every check, by its name."""

    def last(self) -> dict[str, str]: ...
    def save(self, found: dict[str, str]) -> None: ...


class WrittenAdditions(Protocol):
    """The last quantity we wrote to every addition we ever wrote."""

    def written(self) -> tuple[Written, ...]: ...


class Topic(Protocol):
    """The notification topic."""

    def subscribers(self) -> Subscribers: ...
