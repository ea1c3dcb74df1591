"""The inputs of the checks, each read once."""

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from billing_sync.domain.checks.additions import pretended
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.vendors.connectwise import Member
from billing_sync.domain.vendors.huntress import Actor, Invoice, Organization
from billing_sync.domain.vendors.usage import OrganizationUsage
from billing_sync.flows.checks.ports import ConnectWiseToCheck, HuntressToCheck, WrittenAdditions
from billing_sync.flows.checks.run_check import Once
from billing_sync.flows.planning.checkpoints import ReadAtOnce
from billing_sync.flows.planning.read_connectwise import Gather, Gathered
from billing_sync.flows.ports import Clock, Config


class Facts:
    """Created for every run of the checks; a value is read when a check first needs it."""

    def __init__(
        self,
        huntress: Callable[[], HuntressToCheck],
        connectwise: Callable[[], ConnectWiseToCheck],
        config: Config,
        written: WrittenAdditions,
        clock: Clock,
    ) -> None:
        self.huntress, self.connectwise, self.written = huntress, connectwise, written
        self.clock = clock
        self.actor: Once[Actor] = Once("Huntress credentials", lambda: huntress().actor())
        self.invoices: Once[tuple[Invoice, ...]] = Once(
            "Huntress invoices", lambda: huntress().invoices(self.actor.needed().invoice_source)
        )
        self.organizations: Once[tuple[Organization, ...]] = Once(
            "Huntress organizations",
            lambda: huntress().organizations(self.actor.needed().invoice_source),
        )
        self.member: Once[Member] = Once("ConnectWise credentials", lambda: connectwise().member())
        self.settings: Once[Settings] = Once("Settings", config.settings)
        self.mappings: Once[Mappings] = Once("Mappings", config.mappings)
        self.gathered: Once[Gathered] = Once("Places", self._gathered)

    @property
    def today(self) -> date:
        """The day in the settings' time zone."""
        zone = ZoneInfo(self.settings.needed().time_zone)
        return self.clock().astimezone(zone).date()

    def usage(self) -> tuple[OrganizationUsage, ...]:
        """Usage by the counts in Huntress's list of organizations."""
        return pretended(
            self.organizations.needed(),
            self.mappings.needed(),
            self.settings.needed(),
            at=self.clock(),
        )

    def _gathered(self) -> Gathered:
        """What the planner would read."""
        settings, mappings = self.settings.needed(), self.mappings.needed()
        connectwise = self.connectwise().in_zone(ZoneInfo(settings.time_zone))
        gather = Gather(connectwise, ReadAtOnce(), settings, mappings, self.today)
        return gather.gather(self.usage(), self.written.written())
