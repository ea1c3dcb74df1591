"""ConnectWise: site, credentials, the role's rights, and whether reading works."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from billing_sync.domain.checks import permissions as rights
from billing_sync.domain.checks.check import Check, Found, failed, passed, unverified, warned
from billing_sync.domain.errors import (
    BillingSyncError,
    CredentialsRejected,
    NotConfigured,
    Retryable,
)
from billing_sync.domain.wording import counted
from billing_sync.flows.checks.inputs import Facts
from billing_sync.flows.checks.ports import SetupToCheck
from billing_sync.flows.checks.run_check import Missing, Once, tried

Value = TypeVar("Value")
SITE = "site in the ConnectWise secret is the host of your login page, as in na.myconnectwise.net."


class ConnectWiseChecks:
    """The checks of ConnectWise; a granted right is also tried."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._site = Once("ConnectWise site and company", self._read_site)
        self._levels = Once("ConnectWise role", lambda: self._setup().security())
        self._own_member = Once("ConnectWise member", lambda: self._setup().own_member())
        self._an_agreement = Once("ConnectWise agreements", self._read_agreement)

    def all(self) -> Iterator[Check]:
        """Each check in turn."""
        yield tried("ConnectWise site and company", self._site)
        yield tried("ConnectWise credentials", self._member)
        for needed in rights.RIGHTS:
            yield tried(f"ConnectWise {needed}", partial(self._right, needed))
        yield tried("ConnectWise restrictions", self._restrictions)
        yield tried("ConnectWise agreements", self._agreements, fix=rights.AGREEMENTS.fix)
        yield tried("ConnectWise additions", self._additions)
        yield tried("ConnectWise bundles", self._bundles)
        yield tried("ConnectWise catalog", self._catalog, fix=rights.CATALOG.fix)

    def _setup(self) -> SetupToCheck:
        """The setup, for checks that need valid credentials."""
        self._facts.member.needed()
        return self._facts.connectwise().setup

    def _read_site(self) -> Found:
        try:
            site = self._facts.connectwise().setup.site()
        except (CredentialsRejected, NotConfigured):
            raise
        except Retryable as error:
            return unverified(str(error), f"Wrong host? {SITE} If it is right, run it again.")
        except BillingSyncError as error:
            return self._unknown_site(error)
        return passed(f"{site.company_name or 'the company'}, ConnectWise {site.version}".strip())

    def _unknown_site(self, error: BillingSyncError) -> Found:
        """The finding for a site without the login page's company info, which may still work."""
        try:
            self._facts.member()
        except BillingSyncError:
            return failed(str(error), SITE)
        return warned(f"works, but does not show the path of its API: {error}", SITE)

    def _member(self) -> Found:
        self._site.needed()
        member = self._facts.member()
        return passed(f"API member {member.identifier} ({member.name})")

    def _right(self, needed: rights.Needed) -> Found:
        try:
            levels = self._levels()
        except BillingSyncError as error:
            return unverified(f"the role cannot be read: {error}", needed.fix)
        own = self._or_none(self._own_member)
        return rights.judged(needed, levels, admin=own.admin if own else None)

    def _restrictions(self) -> Found:
        return rights.hidden_rows(
            self._or_none(self._levels),
            self._or_none(self._own_member),
            self._or_none(lambda: self._setup().customized()),
        )

    def _or_none(self, read: Callable[[], Value]) -> Value | None:
        """A value that a sync does not need; raises `Missing` without credentials."""
        try:
            return read()
        except BillingSyncError:
            return None

    def _read_agreement(self) -> int:
        found = self._setup().an_agreement()
        if found is None:
            raise Missing("needs an Active agreement, and none is to be seen")
        return found

    def _agreements(self) -> Found:
        if self._setup().an_agreement() is None:
            return warned(
                "no Active agreement is to be seen: there is none, or the role hides them",
                rights.AGREEMENTS.fix,
            )
        return passed("can be read")

    def _additions(self) -> Found:
        agreement_id = self._an_agreement.needed()
        number = self._setup().additions(agreement_id)
        return passed(f"can be read: {number} on agreement {agreement_id}")

    def _bundles(self) -> Found:
        problem = self._setup().bundle_problem(self._an_agreement.needed())
        if problem:
            return warned(
                f"{problem} Additions are read one agreement at a time: slower, not wrong",
                "Nothing needs to be done.",
            )
        return passed("work: 50 agreements in one call")

    def _catalog(self) -> Found:
        return passed(f"can be read: {counted(self._setup().catalog_size(), 'item')}")
