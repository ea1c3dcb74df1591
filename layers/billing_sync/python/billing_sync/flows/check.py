"""Checking, read-only, whether a sync could work: one line per check, with the way to fix it."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol

from billing_sync.domain.connectwise import CatalogItem, Member, SecurityLevel
from billing_sync.domain.errors import BillingSyncError, Retryable
from billing_sync.domain.huntress import Actor, Invoice, InvoiceSource, Organization
from billing_sync.domain.in_force import named_items
from billing_sync.domain.settings import Settings
from billing_sync.flows.ports import Config

ROLE = "In ConnectWise: System > Security Roles > the API member's role >"


class Status(StrEnum):
    """What a check found, best first; "could not verify" is neither good nor bad."""

    PASS = "pass"  # noqa: S105 - a result, no password
    WARN = "warn"
    UNVERIFIED = "could not verify"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the answer."""

    check: str
    status: Status
    message: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """All lines, and the names of those that got worse."""

    checks: tuple[Check, ...]
    worse: tuple[str, ...]

    def told(self) -> dict[str, object]:
        """As people and programs get it."""
        lines = [asdict(one) for one in self.checks]
        return {"result": summary(self.checks), "worse": list(self.worse), "checks": lines}


class HuntressToCheck(Protocol):
    """What is asked of Huntress."""

    def actor(self) -> Actor: ...
    def invoices(self, source: InvoiceSource) -> tuple[Invoice, ...]: ...
    def organizations(self, source: InvoiceSource) -> tuple[Organization, ...]: ...


class ConnectWiseToCheck(Protocol):
    """What is asked of ConnectWise."""

    def member(self) -> Member: ...
    def security(self) -> tuple[SecurityLevel, ...]: ...
    def catalog_item(self, item_id: int) -> CatalogItem: ...


class Checks(Protocol):
    """What the last check found, by name of the check."""

    def last(self) -> dict[str, str]: ...
    def save(self, found: dict[str, str]) -> None: ...


@dataclass(frozen=True, slots=True)
class Needed:
    """A right the API member needs, and those it does not."""

    module: str
    function: str
    all_of: tuple[str, ...]
    none_of: tuple[str, ...] = ()


RIGHTS = (
    Needed("Finance", "Agreements", ("inquire", "edit"), ("add", "delete")),
    Needed("Procurement", "Product Catalog", ("inquire",), ("add", "edit", "delete")),
)


@dataclass(frozen=True, slots=True)
class PermissionCheck:
    """Runs every check; one that fails never keeps another from being run."""

    huntress: Callable[[], HuntressToCheck]
    connectwise: Callable[[], ConnectWiseToCheck]
    config: Config
    checks: Checks

    def run(self) -> "Answer":
        """All checks, and the names of those that got worse since last time."""
        found = tuple(self._all())
        before = self.checks.last()
        self.checks.save({one.check: one.status.value for one in found})
        order = list(Status)
        worse = tuple(
            one.check
            for one in found
            if order.index(one.status) > order.index(Status(before.get(one.check, one.status)))
        )
        return Answer(found, worse)

    def _all(self) -> Iterator[Check]:
        yield self._tried("Huntress credentials", self._actor)
        yield self._tried("Huntress invoices", self._invoices)
        yield self._tried("Huntress organizations", self._organizations)
        yield self._tried("ConnectWise credentials", self._member)
        yield from self._rights()
        yield self._tried("Settings", self._settings)
        yield self._tried("Mappings", self._mappings)
        yield from self._products()

    def _tried(self, name: str, check: Callable[[], str]) -> Check:
        try:
            return Check(name, Status.PASS, check())
        except Retryable as error:
            return Check(
                name, Status.UNVERIFIED, str(error), "Run the check again in some minutes."
            )
        except BillingSyncError as error:
            return Check(name, Status.FAIL, str(error))

    def _actor(self) -> str:
        actor = self.huntress().actor()
        return f"{actor.invoice_source} credentials of {actor.account_name or actor.user_email}"

    def _invoices(self) -> str:
        huntress = self.huntress()
        invoices = huntress.invoices(huntress.actor().invoice_source)
        return f"{len(invoices)} invoices, {sum(i.has_usage for i in invoices)} of them with usage"

    def _organizations(self) -> str:
        huntress = self.huntress()
        return f"{len(huntress.organizations(huntress.actor().invoice_source))} organizations"

    def _member(self) -> str:
        member = self.connectwise().member()
        return f"API member {member.identifier} ({member.name})"

    def _settings(self) -> str:
        settings = self.config.settings()
        state = "on" if settings.sync_enabled else "off"
        return f"version {settings.version}, sync is {state}, {len(settings.products)} products"

    def _mappings(self) -> str:
        mappings = self.config.mappings()
        excluded = sum(m.company_id is None for m in mappings.organizations.values())
        return f"{len(mappings.organizations)} organizations, {excluded} of them excluded"

    def _rights(self) -> Iterator[Check]:
        try:
            levels = self.connectwise().security()
        except BillingSyncError as error:
            for needed in RIGHTS:
                name = f"ConnectWise {needed.module} > {needed.function}"
                yield Check(name, Status.UNVERIFIED, str(error), _fix(needed))
            return
        for needed in RIGHTS:
            yield _right(needed, levels)

    def _products(self) -> Iterator[Check]:
        try:
            settings = self.config.settings()
        except BillingSyncError:
            return
        for product, item_id in settings.products.items():
            yield self._tried(f"Product {product}", partial(self._item, item_id))
        yield from self._own_items(settings)

    def _own_items(self, settings: Settings) -> Iterator[Check]:
        """The catalog items that only companies name, each once."""
        try:
            named = named_items(self.config.mappings(), settings)
        except BillingSyncError:
            return
        for item_id, where in named.items():
            if item_id not in settings.products.values():
                yield self._tried(where.replace(": ", ", "), partial(self._item, item_id))

    def _item(self, item_id: int) -> str:
        item = self.connectwise().catalog_item(item_id)
        return usable(item)


def usable(item: CatalogItem) -> str:
    """The catalog item in words; raises when no addition can be billed through it."""
    name = f"catalog item {item.identifier} (id {item.id})"
    if item.inactive:
        raise BillingSyncError(
            f"{name} is inactive. In ConnectWise: Procurement > Product Catalog > {item.identifier}"
            " > clear Inactive, or name another item."
        )
    if item.product_class == "Bundle":
        raise BillingSyncError(
            f"{name} is a bundle, which cannot be an agreement's addition. Name another item."
        )
    return f"{name}: {item.description}"


def _right(needed: Needed, levels: tuple[SecurityLevel, ...]) -> Check:
    name = f"ConnectWise {needed.module} > {needed.function}"
    found = [
        level
        for level in levels
        if _same(level.module, needed.module) and _same(level.function, needed.function)
    ]
    if len(found) != 1:
        told = f"mySecurity shows {len(found)} lines for it"
        return Check(name, Status.UNVERIFIED, told, _fix(needed))
    level = found[0]
    told = f"Inquire {level.inquire}, Add {level.add}, Edit {level.edit}, Delete {level.delete}"
    if not all(_same(getattr(level, right), "All") for right in needed.all_of):
        return Check(name, Status.FAIL, told, _fix(needed))
    if any(not _same(getattr(level, right) or "None", "None") for right in needed.none_of):
        return Check(name, Status.WARN, f"{told}: more than needed", _fix(needed))
    return Check(name, Status.PASS, told)


def _fix(needed: Needed) -> str:
    wanted = [f"{right.capitalize()} All" for right in needed.all_of]
    spare = [f"{right.capitalize()} None" for right in needed.none_of]
    return f"{ROLE} {needed.module} > {needed.function}: {', '.join(wanted + spare)}."


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.casefold()


def summary(checks: tuple[Check, ...]) -> str:
    """`READY: 12 checks passed`, or how many did not and in which way."""
    counts = {status: sum(one.status is status for one in checks) for status in Status}
    told = ", ".join(f"{number} {status}" for status, number in counts.items() if number)
    ready = counts[Status.FAIL] == counts[Status.UNVERIFIED] == 0
    return f"{'READY' if ready else 'NOT READY'}: {told}"
