"""The set-up: settings, mappings, catalog, organizations, companies, places, notifications."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from billing_sync.domain.checks import mappings as check_mappings
from billing_sync.domain.checks.additions import places
from billing_sync.domain.checks.check import Check, Found, failed, passed, unverified, warned
from billing_sync.domain.config.effective import named_items
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.errors import BillingSyncError, NotFound
from billing_sync.domain.planning.make_plan import PlanInputs
from billing_sync.domain.runs.audience import Audience, Subscribers
from billing_sync.domain.vendors.catalog import unusable
from billing_sync.domain.vendors.connectwise import Agreement
from billing_sync.domain.vendors.huntress import Organization
from billing_sync.domain.wording import counted
from billing_sync.flows.checks.inputs import Facts
from billing_sync.flows.checks.ports import Topic
from billing_sync.flows.checks.run_check import Missing, tried
from billing_sync.flows.report.audience import AudienceBook

JudgeOrganizations = Callable[[Iterable[Organization], Mappings], Found]
JudgeCompanies = Callable[[Iterable[Agreement], Mappings], Found]
CHOOSE = "Name another item: billing-sync settings set products.<product>.catalog_item_id <id>"
SUBSCRIBE = (
    "In AWS: SNS > Topics > the stack's topic > Create subscription, or deploy with -c"
    " {setting}=you@example.com. Confirm it with the mail's link, unopened, so that no mail scanner"
    " can unsubscribe you: billing-sync notifications confirm LINK{option}"
)
EXTERNAL = (
    ". Where a rule of yours on the stack's bus notifies people: billing-sync notifications"
    " external"
)


@dataclass(frozen=True, slots=True)
class SetupChecks:
    """The checks of the set-up."""

    facts: Facts
    topic: Topic
    alarm_topic: Topic
    audience: AudienceBook

    def all(self) -> Iterator[Check]:
        """Each check in turn."""
        yield tried("Settings", self._settings)
        yield tried("Mappings", self._mappings)
        yield from self._products()
        yield from self._organizations()
        yield from self._companies()
        yield tried("Places", self._places)
        yield tried("Notifications", self._notifications)
        yield tried("Alarm notifications", self._alarm_notifications)

    def _settings(self) -> Found:
        settings = self.facts.settings()
        state = "on" if settings.sync_enabled else "off"
        products = counted(len(settings.products), "product")
        return passed(f"version {settings.version}, sync is {state}, {products}")

    def _mappings(self) -> Found:
        mappings = self.facts.mappings()
        excluded = sum(m.company_id is None for m in mappings.organizations.values())
        organizations = counted(len(mappings.organizations), "organization")
        return passed(f"{organizations}, {excluded} of them excluded")

    def _products(self) -> Iterator[Check]:
        """Every catalog item in use, by where it is named; none without settings.

        Without the mappings, only those in the settings.
        """
        try:
            settings = self.facts.settings.needed()
        except Missing:
            return
        for product, item_id in settings.products.items():
            yield tried(f"Product {product}", partial(self._item, item_id))
        try:
            named = named_items(self.facts.mappings.needed(), settings)
        except Missing:
            return
        for item_id, where in named.items():
            if item_id not in settings.products.values():
                yield tried(where.replace(": ", ", "), partial(self._item, item_id))

    def _item(self, item_id: int) -> Found:
        self.facts.member.needed()
        try:
            item = self.facts.connectwise().catalog_item(item_id)
        except NotFound as error:
            return failed(f"ConnectWise has no catalog item {item_id}: {error}", CHOOSE)
        name = f"catalog item {item.identifier} (id {item.id})"
        if problem := unusable(replace(item, inactive=False)):
            return failed(f"{name} is {problem}", CHOOSE)
        if item.inactive:
            path = f"Procurement > Product Catalog > {item.identifier}: clear Inactive"
            return warned(
                f"{name} is inactive: additions that carry it are billed, and none can be added",
                f"In ConnectWise: {path}. {CHOOSE}",
            )
        return passed(f"{name}: {item.description}")

    def _organizations(self) -> Iterator[Check]:
        for name, judge in (
            ("Organizations mapped", check_mappings.unmapped),
            ("Organizations gone", check_mappings.gone),
            ("Organizations renamed", check_mappings.renamed),
            ("Organizations alike", check_mappings.alike),
        ):
            yield tried(name, partial(self._of_organizations, judge))

    def _of_organizations(self, judge: JudgeOrganizations) -> Found:
        return judge(self.facts.organizations.needed(), self.facts.mappings.needed())

    def _companies(self) -> Iterator[Check]:
        for name, judge in (
            ("Companies there", check_mappings.companies_gone),
            ("Companies renamed", check_mappings.companies_renamed),
        ):
            yield tried(name, partial(self._of_companies, judge))

    def _of_companies(self, judge: JudgeCompanies) -> Found:
        agreements = self.facts.gathered.needed().agreements
        return judge(agreements, self.facts.mappings.needed())

    def _places(self) -> Found:
        try:
            gathered = self.facts.gathered()
        except BillingSyncError as error:
            return unverified(f"what ConnectWise bills could not be read: {error}")
        return places(
            PlanInputs(
                usage=self.facts.usage(),
                mappings=self.facts.mappings.needed(),
                settings=self.facts.settings.needed(),
                catalog=gathered.catalog,
                agreements=gathered.agreements,
                additions=gathered.additions,
                today=self.facts.today,
                unread=gathered.unread,
                unusable=gathered.unusable,
                written=self.facts.written.written(),
            )
        )

    def _notifications(self) -> Found:
        fix = SUBSCRIBE.format(setting="notification_email", option="") + EXTERNAL
        try:
            found = self.topic.subscribers()
        except BillingSyncError as error:
            return unverified(f"the subscribers cannot be read: {error}", fix)
        was = self.audience.get()
        now = was.found(subscribed=found.confirmed > 0, external=self._external(was))
        self.audience.save(now, was=was)
        if not now.reached:  # guard: silence-is-not-ready
            message = "no notifications are sent: the topic has no confirmed subscriber"
            return failed(message, fix, details=_waiting(found))
        external = [f"outside of the topic, as confirmed by {now.external}"] if now.external else []
        subscribers = [counted(found.confirmed, "confirmed subscriber")] if found.confirmed else []
        return passed("; ".join((*subscribers, *external)), details=_waiting(found))

    def _external(self, was: Audience) -> str:
        """Who receives notifications outside of the topic; without settings as before."""
        try:
            return self.facts.settings().external_notifications
        except BillingSyncError:
            return was.external

    def _alarm_notifications(self) -> Found:
        """Alarms have a topic of their own: one of them says that the other has no subscriber."""
        fix = SUBSCRIBE.format(setting="alarm_email", option=" --alarms")
        try:
            found = self.alarm_topic.subscribers()
        except BillingSyncError as error:
            return unverified(f"the subscribers cannot be read: {error}", fix)
        if not found.confirmed:
            message = "no alarms are sent: their topic has no confirmed subscriber"
            return warned(message, fix, details=_waiting(found))
        return passed(counted(found.confirmed, "confirmed subscriber"), details=_waiting(found))


def _waiting(subscribers: Subscribers) -> list[str]:
    return [f"not confirmed yet: {endpoint}" for endpoint in subscribers.pending]
