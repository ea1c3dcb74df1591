"""Huntress: credentials, invoices, organizations, and that its own sync does not write too."""

from collections.abc import Iterator
from dataclasses import dataclass

from billing_sync.domain.checks.check import Check, Found, failed, passed, unverified, warned
from billing_sync.domain.checks.other_writers import other_writers
from billing_sync.domain.errors import NotFound, PermissionDenied
from billing_sync.domain.invoices.lifecycle import counts
from billing_sync.domain.vendors.huntress import InvoiceSource, Organization, OrganizationDetail
from billing_sync.domain.wording import counted
from billing_sync.flows.checks.inputs import Facts
from billing_sync.flows.checks.run_check import Missing, tried

KEY = (
    "In Huntress: API Credentials > User API Credentials > Add, for a user with the Admin"
    " permission (Finance sees invoices and perhaps no organizations). Then: billing-sync"
    " credentials huntress"
)
OF_A_RESELLER = (
    "In Huntress: API Credentials of the reseller, for a user with the Admin permission. Then:"
    " billing-sync credentials huntress"
)
TRIED = 3  # organizations; all of them are a call each, at 60 a minute
OFF = "Integrations > ConnectWise > Billing > Sync With ConnectWise Agreements: No"


@dataclass(frozen=True, slots=True)
class HuntressChecks:
    """The checks of Huntress."""

    facts: Facts

    def all(self) -> Iterator[Check]:
        """Each check in turn."""
        yield tried("Huntress credentials", self._actor, fix=KEY, keys=KEY)
        yield tried("Huntress invoices", self._invoices, fix=KEY, keys=KEY)
        yield tried("Huntress organizations", self._organizations, fix=KEY, keys=KEY)
        yield tried("Huntress usage", self._usage, fix=KEY, keys=KEY)
        yield tried("Huntress's own sync", self._own_sync)
        yield tried("Other writers", self._other_writers)

    def _actor(self) -> Found:
        actor = self.facts.actor()
        return passed(
            f"{actor.invoice_source} credentials of {actor.account_name or actor.user_email}"
        )

    def _invoices(self) -> Found:
        self.facts.actor.needed()
        invoices = self.facts.invoices()
        usage = sum(invoice.has_usage for invoice in invoices)
        return passed(f"{counted(len(invoices), 'invoice')}, {usage} of them with usage")

    def _organizations(self) -> Found:
        found = self.facts.organizations()
        if not found:
            return failed("Huntress lists no organization for these credentials", KEY)
        return passed(counted(len(found), "organization"))

    def _usage(self) -> Found:
        """The counts that a sync bills, from where it reads them."""
        if self.facts.actor.needed().invoice_source is InvoiceSource.RESELLER:
            return self._usage_lines()
        return self._usage_details()

    def _usage_lines(self) -> Found:
        counted_invoices = list(filter(counts, self.facts.invoices.needed()))
        if not counted_invoices:
            return warned("no invoice with usage yet, so its usage lines could not be tried")
        newest = counted_invoices[-1]
        try:
            lines = self.facts.huntress().usage_lines(newest.id)
        except PermissionDenied as error:
            return failed(str(error), OF_A_RESELLER)
        if not lines:
            return unverified(f"invoice {newest.id} has usage, and no usage line is shown")
        return passed(f"invoice {newest.id} shows {counted(len(lines), 'usage line')}")

    def _usage_details(self) -> Found:
        """Of some organizations, mapped and large ones first.

        Raises `PermissionDenied` where none of them may be read.
        """
        read: list[OrganizationDetail] = []
        denied: dict[str, PermissionDenied] = {}
        for organization in self._largest()[:TRIED]:
            try:
                read.append(self.facts.huntress().organization(organization.id))
            except PermissionDenied as error:
                denied[organization.name] = error
            except NotFound:  # deleted since the list was read
                continue
        if denied and not read:
            raise next(iter(denied.values()))
        if not read:
            return unverified("needs an organization, and none could be read")
        names = ", ".join(detail.organization.name for detail in read)
        if not any(reading.units is not None for detail in read for reading in detail.readings):
            if any(any(detail.organization.list_counts.values()) for detail in read):
                message = f"no usage in the details of {names}, which Huntress's list counts"
                return failed(message, KEY)
            return warned(f"no usage to be read: {names} have none")
        if denied:
            return warned(
                f"{counted(len(denied), 'organization')} may not be read: the usage is unknown,"
                " which blocks the companies",
                KEY,
                details=denied,
            )
        return passed(f"tried with {names}: can be read")

    def _largest(self) -> list[Organization]:
        try:
            mapped = self.facts.mappings.needed().organizations
        except Missing:
            mapped = {}
        return sorted(
            self.facts.organizations.needed(),
            key=lambda o: (o.id not in mapped, -sum(o.list_counts.values()), o.id),
        )

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
