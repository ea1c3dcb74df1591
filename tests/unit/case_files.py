"""Reads `tests/cases/<topic>/<name>/input.toml`; what a case does not say is as in `builders`.

A company has the id of its place in the file (1, 2, …) and its organizations 101, 102, …; an
organization is mapped to the company of its own name unless `[mapping]` says otherwise: another
company's name, or `{ excluded = "why" }`, or `{ company = "Acme", agreement_id = 20 }`.
`[imported]` are counts of a person's file, of the day `imported` of the invoice.
"""

import tomllib
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from billing_sync.domain.apply.row_state import Written
from billing_sync.domain.config.destinations import NO_PIN, FixedUnits, Pin, Split
from billing_sync.domain.config.mappings import Absent, CompanyRules, Mappings, OrganizationMapping
from billing_sync.domain.config.overrides import GuardChoice, QuantityChoice, ZeroPolicy
from billing_sync.domain.config.settings import Approval, Guards, Settings
from billing_sync.domain.invoices.product_scope import plan_key
from billing_sync.domain.planning.make_plan import PlanInputs
from billing_sync.domain.planning.previous_cycle import LastCycle
from billing_sync.domain.usage.absence import Counted
from billing_sync.domain.usage.imports import effective_usage, version_of
from billing_sync.domain.vendors.connectwise import (
    Addition,
    Agreement,
    BillCustomer,
    CatalogItem,
    UnusableAddition,
)
from billing_sync.domain.vendors.huntress import InvoiceSource
from billing_sync.domain.vendors.usage import Cell, OrganizationUsage, Product, UsageSource
from tests.unit.builders import (
    ITEM_IDS,
    TODAY,
    a_usage,
    an_addition,
    an_agreement,
    an_invoice,
    an_item,
    readings,
    some_settings,
)

QUANTITY_RULES = {rule.name for rule in fields(QuantityChoice)}


def read_case(path: Path) -> dict[str, Any]:
    """The entries of a case; amounts are exact."""
    return tomllib.loads(path.read_text(), parse_float=Decimal)


class CaseFile:
    """One case as the domain's values; `companies` are ids by name."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self._raw = raw
        known = {"about", "today", "invoice", "usage", "mapping", "company", "agreement"}
        known |= {"settings", "written", "last_cycle", "last_billed", "second_event", "imported"}
        known |= {"undone"}
        known |= {"counted_before"}
        assert raw.keys() <= known, f"unknown: {raw.keys() - known}"
        self._organizations = {name: 101 + i for i, name in enumerate(self._raw["usage"])}
        names = [
            *(a["company"] for a in self._raw.get("agreement", [])),
            *(c for c in map(self._company_of, self._organizations) if isinstance(c, str)),
            *self._raw.get("company", {}),
        ]
        self.companies = {name: 1 + i for i, name in enumerate(dict.fromkeys(names))}

    def inputs(self) -> PlanInputs:
        invoiced = self._raw.get("invoice", {}).get("date", TODAY)
        raw_agreements = self._raw.get("agreement", [])
        settings, mappings = self._settings(), self._mappings()
        return PlanInputs(
            usage=self._in_force(),
            mappings=mappings,
            settings=settings,
            catalog=self._catalog(settings, mappings),
            agreements=tuple(self._agreement(raw) for raw in raw_agreements),
            additions=tuple(
                self._addition(added, raw["id"])
                for raw in raw_agreements
                for added in raw.get("additions", [])
                if "unusable" not in added
            ),
            today=self._raw.get("today", TODAY),
            invoice=an_invoice(
                created_at=_morning(invoiced), source=self._source(), **self._plan()
            ),
            unread={raw["id"]: raw["not_read"] for raw in raw_agreements if "not_read" in raw},
            written=tuple(self._written(raw) for raw in self._raw.get("written", [])),
            previous_usage=self._previous_usage(),
            last_cycle=self._last_cycle(),
            second_event=self._raw.get("second_event", ""),
            unusable=tuple(
                self._unusable(added, raw["id"])
                for raw in raw_agreements
                for added in raw.get("additions", [])
                if "unusable" in added
            ),
            undone=dict.fromkeys(self._raw.get("undone", []), "000002-undo"),
            counted_before=self._counted_before(),
        )

    def _catalog(self, settings: Settings, mappings: Mappings) -> dict[int, CatalogItem]:
        """Items with the products' names; those of a company's own have their number's."""
        named = {item: self._identifier(p) for p, item in settings.products.items()}
        own = {i for rules in mappings.companies.values() for i in rules.catalog_items.values()}
        names = {item: f"HUNTRESS-{item}" for item in own} | named
        return {item: an_item(item, name) for item, name in names.items()}

    def _plan(self) -> dict[str, str]:
        """The text of the invoice's plan, where a case is about it."""
        return {k: v for k, v in self._raw.get("invoice", {}).items() if k == "plan"}

    def _source(self) -> InvoiceSource:
        lines = self._raw.get("invoice", {}).get("usage_from") == UsageSource.RESELLER_INVOICE
        return InvoiceSource.RESELLER if lines else InvoiceSource.ACCOUNT

    def _last_cycle(self) -> LastCycle:
        """`"Branch" = { company = "Acme", edr = 5 }`: where and for what it was billed."""
        companies, units = {}, {}
        for name, raw in self._raw.get("last_billed", {}).items():
            number = self._organizations[name]
            companies[number] = self.companies[raw["company"]]
            units |= {(number, p): raw[p] for p in Product if p in raw}
        return LastCycle(companies, units)

    def _previous_usage(self) -> tuple[OrganizationUsage, ...]:
        """The units of `[last_cycle]`, all of them of the first organization."""
        if "last_cycle" not in self._raw:
            return ()
        first, *others = self._organizations.values()
        return (a_usage(first, self._raw["last_cycle"]), *(a_usage(one, {}) for one in others))

    def _counted_before(self) -> dict[Cell, Counted]:
        """`"Branch" = { edr = 5 }`: what invoice 5002 counted."""
        return {
            (self._organizations[name], reading.product): Counted(reading, name, "account#5002")
            for name, raw in self._raw.get("counted_before", {}).items()
            for reading in readings(raw)
        }

    def _company_of(self, organization: str) -> str | dict[str, str] | None:
        mapped = self._raw.get("mapping", {}).get(organization, organization)
        return mapped if isinstance(mapped, str) else mapped.get("company", mapped)

    def _pin(self, organization: str) -> Pin:
        mapped = self._raw.get("mapping", {}).get(organization, {})
        if isinstance(mapped, str):
            return NO_PIN
        return Pin(mapped.get("agreement_id", 0), mapped.get("agreement_type", ""))

    def _absent(self, organization: str) -> dict[Product, Absent]:
        mapped = self._raw.get("mapping", {}).get(organization, {})
        given = {} if isinstance(mapped, str) else mapped.get("absent", {})
        return {Product(product): Absent(why) for product, why in given.items()}

    @staticmethod
    def _pinned_additions(raw: object) -> dict[Product, int]:
        """`additions = { edr = 701 }` of an organization or a company."""
        pinned = raw.get("additions", {}) if isinstance(raw, dict) else {}
        return {Product(product): addition_id for product, addition_id in pinned.items()}

    def _in_force(self) -> tuple[OrganizationUsage, ...]:
        """What was frozen, an empty table being nobody, with what was imported over it."""
        numbers, raw = self._organizations, self._raw.get("imported", {})
        frozen = tuple(self._usage(name) for name in numbers if self._raw["usage"][name])
        counts = {(numbers[name], Product(p)): raw[name][p] for name in raw for p in raw[name]}
        at = _morning(self._raw.get("invoice", {}).get("imported", TODAY))
        names = {number: name for name, number in numbers.items()}
        version = version_of(frozen, counts, names=names, at=at)
        return effective_usage(frozen, version)

    def _usage(self, name: str) -> OrganizationUsage:
        invoice = self._raw.get("invoice", {})
        read = invoice.get("counted", invoice.get("date", TODAY))
        return a_usage(
            self._organizations[name],
            self._raw["usage"][name],
            name=name,
            source=UsageSource(invoice.get("usage_from", "organization_detail")),
            read_at=_morning(read) + timedelta(minutes=10),
        )

    def _mappings(self) -> Mappings:
        organizations: dict[int, OrganizationMapping] = {}
        for name, number in self._organizations.items():
            mapped = self._company_of(name)
            if isinstance(mapped, str):
                organizations[number] = OrganizationMapping(
                    number,
                    self.companies[mapped],
                    organization_name=name,
                    company_name=mapped,
                    pin=self._pin(name),
                    absent=self._absent(name),
                    additions=self._pinned_additions(self._raw.get("mapping", {}).get(name)),
                )
            elif "excluded" in mapped:
                organizations[number] = OrganizationMapping(
                    number, None, excluded=mapped["excluded"]
                )
        rules = {
            self.companies[name]: self._company_rules(self.companies[name], raw)
            for name, raw in self._raw.get("company", {}).items()
        }
        return Mappings(organizations, rules)

    @classmethod
    def _company_rules(cls, company_id: int, raw: dict[str, dict[str, object]]) -> CompanyRules:
        """As in the config table: each rule by product."""
        not_billed = {Product(p): why for p, why in raw.get("not_billed", {}).items()}
        not_charged = {Product(p): why for p, why in raw.get("not_charged", {}).items()}
        rules = {rule: by_product for rule, by_product in raw.items() if rule in QUANTITY_RULES}
        choices = {
            product: quantity_choice({r: by[product] for r, by in rules.items() if product in by})
            for product in Product
        }
        return CompanyRules(
            company_id,
            not_billed,
            choices,
            guard_choice(raw),
            catalog_items={Product(p): item for p, item in raw.get("catalog_items", {}).items()},
            splits={Product(p): split(s) for p, s in raw.get("split", {}).items()},
            not_charged=not_charged,
            additions=cls._pinned_additions(raw),
        )

    def _settings(self) -> Settings:
        raw = dict(self._raw.get("settings", {}))
        given = raw.pop("catalog_items", None)
        products = {Product(p): item for p, item in given.items()} if given else ITEM_IDS
        currency = raw.pop("currency", "USD")
        limits = {"money": 500} | raw.pop("guards", {})
        guards = {k: limit(k, v, currency=currency) for k, v in limits.items()}
        rules = raw.pop("products", {})
        plans = {
            plan_key(text): tuple(map(Product, named))
            for text, named in raw.pop("invoice_plans", {}).items()
        }
        cycles = {"billing_cycles": tuple(raw.pop("billing_cycles", ("Monthly",)))}
        return some_settings(
            products=products,
            zero_policy=ZeroPolicy(raw.pop("zero_policy", "hold")),
            quantity={Product(p): quantity_choice(q) for p, q in rules.items()},
            product_guards={Product(p): guard_choice(q) for p, q in rules.items()},
            approval=Approval(raw.pop("approval", "automatic")),
            guards=Guards(**guards, **cycles),
            invoice_plans=plans,
            currency=currency,
            **{name: tuple(values) for name, values in raw.items()},
        )

    def _agreement(self, raw: dict[str, object]) -> Agreement:
        fields = {
            k: v for k, v in raw.items() if k not in {"id", "additions", "company", "not_read"}
        }
        company = str(raw["company"])
        return an_agreement(
            raw["id"], **fields, company_id=self.companies[company], company_name=company
        )

    def _unusable(self, raw: dict[str, object], agreement_id: int) -> UnusableAddition:
        return UnusableAddition(
            raw["id"],
            agreement_id,
            raw["unusable"],
            catalog_item_id=ITEM_IDS[Product(raw["bills"])],
            cancelled_date=raw.get("cancelled_date"),
        )

    def _addition(self, raw: dict[str, object], agreement_id: int) -> Addition:
        fields = dict(raw)
        fields["listed_under"] = agreement_id
        agreement_id = fields.pop("agreement", agreement_id)
        product = Product(fields.pop("bills"))
        fields.setdefault("catalog_item_id", ITEM_IDS.get(product))
        fields.setdefault("catalog_item_identifier", self._identifier(product))
        if fields["catalog_item_id"] == "none":
            fields["catalog_item_id"] = None
        for name in ("quantity", "less_included", "unit_price"):
            if name in fields:
                fields[name] = None if fields[name] == "none" else Decimal(fields[name])
        fields["bill_customer"] = BillCustomer(fields.get("bill_customer", "Billable"))
        return an_addition(fields.pop("id"), agreement_id=agreement_id, **fields)

    def _written(self, raw: dict[str, object]) -> Written:
        return Written(
            addition_id=raw["addition"],
            agreement_id=raw["agreement"],
            catalog_item_id=ITEM_IDS[Product(raw["bills"])],
            company_id=self.companies[raw["company"]],
            company_name=raw["company"],
            quantity=Decimal(raw["quantity"]),
            run_id="000001-sync",
        )

    @staticmethod
    def _identifier(product: Product) -> str:
        return f"HUNTRESS-{product.upper()}"


def split(raw: dict[str, object]) -> Split:
    """As in the config table: fixed units, each on an agreement, and who gets what is left."""
    return Split(
        tuple(FixedUnits(**fixed) for fixed in raw["fixed"]),
        raw["remainder"],
        tuple(raw.get("additions", ())),
    )


def quantity_choice(raw: dict[str, object]) -> QuantityChoice:
    """Of a product's attributes those that are quantity rules."""
    rules = {rule: value for rule, value in raw.items() if rule in QUANTITY_RULES}
    policy = rules.pop("zero_policy", None)
    return QuantityChoice(**rules, zero_policy=ZeroPolicy(policy) if policy else None)


def guard_choice(raw: dict[str, object]) -> GuardChoice:
    """Of a product's or a company's attributes those that are limits."""
    limits = {name: limit(name, value) for name, value in raw.get("guards", {}).items()}
    cycles = {"billing_cycles": tuple(raw["billing_cycles"])} if "billing_cycles" in raw else {}
    return GuardChoice(**limits, **cycles)


def limit(name: str, value: object, *, currency: str = "") -> object:
    """A limit as the domain has it: of money one for each currency, a number for this one."""
    if name != "money":
        return Decimal(value)
    by_currency = value if isinstance(value, dict) else {currency: value}
    return {currency: Decimal(money) for currency, money in by_currency.items()}


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(6), UTC)
