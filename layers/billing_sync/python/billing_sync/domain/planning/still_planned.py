"""Whether today's mappings and settings still lead to a row that was planned earlier."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from billing_sync.domain.config.effective import catalog_items, pin_of, quantity_rules
from billing_sync.domain.config.mappings import Mappings
from billing_sync.domain.config.overrides import ZeroPolicy
from billing_sync.domain.config.settings import Settings
from billing_sync.domain.plan.in_effect import NotInEffect
from billing_sync.domain.plan.plan import Part, PartSource, Row
from billing_sync.domain.plan.quantity import billed_quantity
from billing_sync.domain.plan.reasons import Outcome, Reason
from billing_sync.domain.planning.splits import shares
from billing_sync.domain.vendors.usage import Product
from billing_sync.domain.wording import plain


@dataclass(frozen=True, slots=True)
class StillPlanned:
    """Compares rows with what is configured today."""

    mappings: Mappings
    settings: Settings

    def checked(self, copy: Row, planned: Row, plan: Iterable[Row]) -> Row:
        """The copy of a planned row to be written, blocked where it would not be planned today.

        `plan` are all the rows of its run. A copy that reverts its write has another quantity,
        which no pin, split or quantity rule leads to.
        """
        found = [*self._assigned(planned), *self._orphaned(planned, plan)]
        if copy.target == planned.target:
            found += [*self._placed(planned, plan), *self._quantity(planned)]
        if not found:  # guard: planned-as-configured
            return copy
        messages = "; ".join(dict.fromkeys(problem.message for problem in found))
        return replace(
            copy,
            outcome=Outcome.BLOCKED,
            reason=found[0].reason,
            message=f"changed since the plan: {messages}. Preview again.",
        )

    def _assigned(self, row: Row) -> Iterator[NotInEffect]:
        """Units that go to another company, to another catalog item or to nobody today."""
        rules = self.mappings.rules(row.company_id)
        items = catalog_items(rules, self.settings)
        for product, source in _sources(row):
            name = f"organization '{source.organization_name}' (id {source.organization_id})"
            mapping = self.mappings.organizations.get(source.organization_id)
            if mapping is None:
                yield _mapping(f"{name} is no longer mapped")
            elif mapping.company_id is None:
                yield _mapping(f"{name} is excluded: {mapping.excluded}")
            elif mapping.company_id != row.company_id:
                company = self.mappings.company_name(mapping.company_id)
                yield _mapping(f"{name} is mapped to {company} (id {mapping.company_id})")
            elif product in rules.not_billed:
                yield _mapping(f"{product} is not billed: {rules.not_billed[product]}")
            elif product not in items:
                yield _settings(f"no catalog item bills {product}")
            elif items[product] != row.catalog_item_id:
                yield _settings(f"{product} is billed through catalog item {items[product]}")

    def _orphaned(self, row: Row, plan: Iterable[Row]) -> Iterator[NotInEffect]:
        """An addition that was nobody's, where an organization is billed through its item today.

        One that the plan has in this company was mapped to it then, and counts only for a product
        that was billed through another item.
        """
        if row.reason is not Reason.ORPHANED:
            return
        own = [r for r in plan if r.company_id == row.company_id and any(_sources(r))]
        if row.catalog_item_id in {r.catalog_item_id for r in own}:
            return
        items = catalog_items(self.mappings.rules(row.company_id), self.settings)
        billed = {product for product, item_id in items.items() if item_id == row.catalog_item_id}
        planned = [each for r in own for each in _sources(r)]
        known = {source.organization_id for _, source in planned}
        moved = {source.organization_id for product, source in planned if product in billed}
        for mapping in self.mappings.organizations.values() if billed else ():
            is_new = mapping.organization_id not in known or mapping.organization_id in moved
            if mapping.company_id == row.company_id and is_new:
                name = f"organization '{mapping.organization_name}' (id {mapping.organization_id})"
                yield _mapping(f"{name} is mapped to this company")

    def _placed(self, row: Row, plan: Iterable[Row]) -> Iterator[NotInEffect]:
        """Units that a pin or a split leads elsewhere today; an orphaned addition has none."""
        if row.reason is Reason.ORPHANED:
            return
        rules = self.mappings.rules(row.company_id)
        split = rules.splits.get(row.parts[0].product) if len(row.parts) == 1 else None
        if split:
            whole = [
                r for r in plan if (r.company_id, r.products) == (row.company_id, row.products)
            ]
            divided = shares(_together(row.parts[0].product, whole), split)
            units = {str(pin): s.part for pin, s in zip(split.pins, divided, strict=True)}
            renamed = row.any_type and row.addition_id not in split.additions
            if units.get(row.place) != row.parts[0] or renamed:
                yield _mapping(f"{row.products} is split in another way")
            return
        pins = {
            (product, source.organization_id): pin_of(
                product, self.mappings.organizations[source.organization_id], rules
            )
            for product, source in _sources(row)
            if source.organization_id in self.mappings.organizations
        }
        if ", ".join(str(pin) for pin in sorted(set(pins.values())) if pin) == row.place:
            return
        for (product, organization_id), pin in pins.items():
            leads_here = pin.addition_id == row.addition_id or (
                pin.agreement_id and pin.agreement_id == row.agreement_id
            )
            if not leads_here:
                where = f"is pinned to {pin}" if pin else "is no longer pinned"
                yield _mapping(f"{product} of organization {organization_id} {where}")

    def _quantity(self, row: Row) -> Iterator[NotInEffect]:
        """Units that quantity rules turn into another quantity today."""
        if not any(_sources(row)) or row.before is None or row.target is None:
            return
        company = self.mappings.rules(row.company_id)
        rules = quantity_rules(row.parts[0].product, company, self.settings)
        if row.parts[0].product in company.splits and rules.zero_policy is ZeroPolicy.KEEP:
            rules = replace(rules, zero_policy=ZeroPolicy.HOLD)
        units = sum(part.known_units for part in row.parts)
        today = billed_quantity(units, rules, used="", before=row.before).target
        if today != row.target:
            quantities = f"{plain(today)}, not {plain(row.target)}"
            yield _settings(f"by the rules of {row.products} the quantity would be {quantities}")
        if len(row.parts) > 1 and row.catalog_item_id not in self.settings.combined_catalog_items:
            yield _settings(f"{row.products} no longer add up in one catalog item")


def _sources(row: Row) -> Iterator[tuple[Product, PartSource]]:
    return ((part.product, source) for part in row.parts for source in part.sources)


def _together(product: Product, rows: Iterable[Row]) -> Part:
    """The one part that a split divided: each organization's units on all places."""
    by_organization: dict[int, PartSource] = {}
    for _, source in (each for row in rows for each in _sources(row)):
        known = by_organization.get(source.organization_id)
        units = (known.units or 0 if known else 0) + (source.units or 0)
        by_organization[source.organization_id] = replace(source, units=units)
    return Part(product, tuple(by_organization[key] for key in sorted(by_organization)))


def _mapping(message: str) -> NotInEffect:
    return NotInEffect(Reason.MAPPING_CHANGED, message)


def _settings(message: str) -> NotInEffect:
    return NotInEffect(Reason.SETTINGS_CHANGED, message)
