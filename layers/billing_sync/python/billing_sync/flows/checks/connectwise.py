"""ConnectWise: site, credentials, the role's rights, and whether reading works."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from billing_sync.domain.checks import api_version
from billing_sync.domain.checks import permissions as rights
from billing_sync.domain.checks.check import Check, Found, failed, passed, unverified, warned
from billing_sync.domain.errors import (
    BillingSyncError,
    Blocked,
    CredentialsRejected,
    NotConfigured,
    PermissionDenied,
    RefusedInFront,
    Retryable,
)
from billing_sync.domain.wording import counted
from billing_sync.flows.checks.inputs import Facts
from billing_sync.flows.checks.ports import SetupToCheck
from billing_sync.flows.checks.run_check import Missing, Once, tried

Value = TypeVar("Value")
KEYS = "Store keys that work: billing-sync credentials connectwise"
_NOT_SHOWN = (PermissionDenied, Blocked)  # of the role, by an API that answers
SITE = "site in the ConnectWise secret is the host of your login page, as in na.myconnectwise.net."


@dataclass(frozen=True, slots=True)
class _Seen:
    """Some Active agreements: of mapped companies, or anybody's where none of those is seen."""

    ids: tuple[int, ...]
    mapped: bool


class ConnectWiseChecks:
    """The checks of ConnectWise; a granted right is also tried."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._site = Once("ConnectWise site and company", self._read_site)
        self._levels = Once("ConnectWise role", lambda: self._setup().security())
        self._own_member = Once("ConnectWise member", lambda: self._setup().own_member())
        self._some_agreements = Once("ConnectWise agreements", self._read_agreements)

    def all(self) -> Iterator[Check]:
        """Each check in turn."""
        try_ = partial(tried, keys=KEYS)
        yield try_("ConnectWise site and company", self._site)
        yield try_("ConnectWise credentials", self._member)
        yield try_("ConnectWise API version", self._api_version)
        for needed in rights.RIGHTS:
            yield try_(f"ConnectWise {needed}", partial(self._right, needed))
        yield try_("ConnectWise restrictions", self._restrictions)
        yield try_("ConnectWise agreements", self._agreements, fix=rights.AGREEMENTS.fix)
        yield try_("ConnectWise additions", self._additions)
        yield try_("ConnectWise bundles", self._bundles)
        yield try_("ConnectWise catalog", self._catalog, fix=rights.CATALOG.fix)

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
        fix = "" if isinstance(error, RefusedInFront) else SITE
        try:
            self._facts.member()
        except BillingSyncError:
            return failed(str(error), fix)
        return warned(f"works, but does not show the path of its API: {error}", fix)

    def _member(self) -> Found:
        self._site.needed()
        member = self._facts.member()
        return passed(f"API member {member.identifier} ({member.name})")

    def _api_version(self) -> Found:
        return api_version.judged(self._setup().api_version())

    def _right(self, needed: rights.Needed) -> Found:
        try:
            levels = self._levels()
        except _NOT_SHOWN as error:
            found = unverified(f"the role cannot be read: {error}", needed.fix)
            return rights.confirmed(found, self._confirmed_by())
        own = self._or_none(self._own_member)
        found = rights.judged(needed, levels, admin=own.admin if own else None)
        return rights.confirmed(found, self._confirmed_by())

    def _restrictions(self) -> Found:
        found = rights.hidden_rows(
            self._or_none(self._levels),
            self._or_none(self._own_member),
            self._or_none(lambda: self._setup().customized()),
        )
        return rights.confirmed(found, self._confirmed_by())

    def _confirmed_by(self) -> str:
        """Who confirmed the role, and when; "" when nobody did."""
        try:
            return self._facts.settings().connectwise_role_confirmed
        except BillingSyncError:
            return ""

    def _or_none(self, read: Callable[[], Value]) -> Value | None:
        """A value that a sync does not need, None where it is never shown.

        Raises `Missing` without credentials, and what says nothing of the role.
        """
        try:
            return read()
        except _NOT_SHOWN:
            return None

    def _read_agreements(self) -> "_Seen":
        mapped = self._mapped()
        found = self._setup().active_agreements(mapped) if mapped else ()
        if found:
            return _Seen(found, mapped=True)
        return _Seen(self._setup().active_agreements(), mapped=False)

    def _mapped(self) -> tuple[int, ...]:
        try:
            return self._facts.mappings().company_ids()
        except BillingSyncError:
            return ()

    def _agreements(self) -> Found:
        if not self._some_agreements().ids:
            return warned(
                "no Active agreement is to be seen: there is none, or the role hides them",
                rights.AGREEMENTS.fix,
            )
        return passed("can be read")

    def _seen_agreements(self) -> "_Seen":
        seen = self._some_agreements.needed()
        if not seen.ids:
            raise Missing("needs an Active agreement, and none is to be seen")
        return seen

    def _additions(self) -> Found:
        """Of one agreement; a sync reads those of mapped companies only."""
        seen = self._seen_agreements()
        agreement_id = seen.ids[0]
        try:
            number = self._setup().additions(agreement_id)
        except PermissionDenied as error:
            if seen.mapped:
                raise
            return unverified(f"tried on an agreement of a company that is not mapped: {error}")
        return passed(f"can be read: {number} on agreement {agreement_id}")

    def _bundles(self) -> Found:
        agreement_ids = self._seen_agreements().ids
        problem = self._setup().bundle_problem(agreement_ids)
        if problem:
            return warned(
                f"{problem} Additions are read one agreement at a time: slower, not wrong",
                "Nothing needs to be done.",
            )
        return passed(f"work: tried with {counted(len(agreement_ids), 'agreement')} in one call")

    def _catalog(self) -> Found:
        return passed(f"can be read: {counted(self._setup().catalog_size(), 'item')}")
