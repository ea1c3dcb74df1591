"""Huntress: credentials, invoices, organizations, and that its own sync does not write too."""

from collections.abc import Iterator
from dataclasses import dataclass

from billing_sync.domain.checks.check import Check, Found, passed, warned
from billing_sync.domain.checks.other_writers import other_writers
from billing_sync.domain.wording import counted
from billing_sync.flows.checks.inputs import Facts
from billing_sync.flows.checks.run_check import tried

KEY = (
    "In Huntress: API Credentials > User API Credentials > Add, for a user with the Admin or"
    " Finance permission; store key and secret in the Huntress secret."
)
OFF = "Integrations > ConnectWise > Billing > Sync With ConnectWise Agreements: No"


@dataclass(frozen=True, slots=True)
class HuntressChecks:
    """The checks of Huntress."""

    facts: Facts

    def all(self) -> Iterator[Check]:
        """Each check in turn."""
        yield tried("Huntress credentials", self._actor, fix=KEY)
        yield tried("Huntress invoices", self._invoices, fix=KEY)
        yield tried("Huntress organizations", self._organizations, fix=KEY)
        yield tried("Huntress's own sync", self._own_sync)
        yield tried("Other writers", self._other_writers)

    def _actor(self) -> Found:
        actor = self.facts.actor()
        return passed(
            f"{actor.invoice_source} credentials of {actor.account_name or actor.user_email}"
        )

    def _invoices(self) -> Found:
        source = self.facts.actor.needed().invoice_source
        invoices = self.facts.huntress().invoices(source)
        usage = sum(invoice.has_usage for invoice in invoices)
        return passed(f"{counted(len(invoices), 'invoice')}, {usage} of them with usage")

    def _organizations(self) -> Found:
        found = self.facts.organizations()
        if not found:
            return warned("Huntress lists no organization for these credentials", KEY)
        return passed(counted(len(found), "organization"))

    def _own_sync(self) -> Found:
        """Huntress's API does not show it, so a person confirms it."""
        confirmed = self.facts.settings.needed().huntress_sync_off
        if confirmed:
            return passed(f"off, as confirmed by {confirmed}")
        return warned(
            "not confirmed to be off; two syncs would overwrite each other",
            f"In Huntress: {OFF}. Then: billing-sync settings confirm-huntress-sync-off",
        )

    def _other_writers(self) -> Found:
        member = self.facts.member.needed()
        gathered = self.facts.gathered.needed()
        return other_writers(self.facts.written.written(), gathered.additions, member)
