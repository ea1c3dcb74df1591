"""A mapping in one writing: what it means, without who wrote it and when."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from billing_sync.adapters.config.mappings import CompanyItem, OrganizationItem
from billing_sync.adapters.ledger.items import Item

PARTITION = "MAPPING"
# Neither digits nor vowels: no spreadsheet takes it for a number, a date or a word.
_LETTERS = "bcdfghjkmnpqrstv"
_SEEN_LETTERS = 12
# Have columns of their own, or do not belong to the meaning.
_NO_RULES = {"pk", "sk", "updated_by", "updated_at", "company_name"}


class Kind(StrEnum):
    """Whose mapping it is."""

    ORGANIZATION = "organization"
    COMPANY = "company"

    @property
    def prefix(self) -> str:
        """How its sort keys begin."""
        return "ORG#" if self is Kind.ORGANIZATION else "COMPANY#"


@dataclass(frozen=True, slots=True)
class Line:
    """`MAPPING/ORG#<id>` or `MAPPING/COMPANY#<id>`; two that mean the same are equal.

    `excluded` is the reason, `rules` a company's own rules as JSON, or what an organization's
    mapping says about its products.
    0 and "" stand for nothing.
    """

    kind: Kind
    id: int
    name: str = ""
    company_id: int = 0
    company_name: str = ""
    agreement_id: int = 0
    agreement_type: str = ""
    excluded: str = ""
    rules: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Partition and sort key."""
        return PARTITION, f"{self.kind.prefix}{self.id}"

    @property
    def called(self) -> str:
        """Its name and id, for people."""
        return (
            f"{self.kind} {self.name!r} (id {self.id})" if self.name else f"{self.kind} {self.id}"
        )

    @property
    def seen(self) -> str:
        """A fingerprint of all that importing the line would overwrite."""
        digest = hashlib.sha256(repr(astuple(self)).encode()).hexdigest()
        return "".join(_LETTERS[int(digit, 16)] for digit in digest[:_SEEN_LETTERS])

    @classmethod
    def of_organization(cls, organization_id: int, item: OrganizationItem) -> "Line":
        """What a checked item of an organization means."""
        return cls(
            kind=Kind.ORGANIZATION,
            id=organization_id,
            name=item.organization_name.strip(),
            company_id=item.company_id or 0,
            company_name=item.company_name.strip(),
            agreement_id=item.agreement_id or 0,
            agreement_type=item.agreement_type or "",
            excluded=item.reason.strip() if item.excluded else "",
            rules=written(own) if (own := _products(item)) else "",
        )

    @classmethod
    def of_company(cls, company_id: int, item: CompanyItem) -> "Line":
        """What a checked item of a company means."""
        rules = item.model_dump(mode="json", exclude_defaults=True, exclude=_NO_RULES)
        return cls(Kind.COMPANY, company_id, item.company_name.strip(), rules=written(rules))

    def item(self) -> Item:
        """The item as the table has it, unsigned; raises pydantic's `ValidationError`."""
        pk, sk = self.key
        if self.kind is Kind.COMPANY:
            named = {"company_name": self.name} if self.name else {}
            rules = json.loads(self.rules or "{}", parse_float=Decimal)
            company: Item = {"pk": pk, "sk": sk, **rules, **named}
            CompanyItem.model_validate(company)
            return company
        values = {
            "organization_name": self.name,
            "company_id": self.company_id,
            "company_name": self.company_name,
            "agreement_id": self.agreement_id,
            "agreement_type": self.agreement_type,
            "excluded": bool(self.excluded),
            "reason": self.excluded,
        }
        rules = json.loads(self.rules or "{}")
        organization = {"pk": pk, "sk": sk, **rules, **{n: v for n, v in values.items() if v}}
        OrganizationItem.model_validate(organization)
        return organization

    def means(self) -> str:
        """What it says, in words for a person."""
        if self.kind is Kind.COMPANY:
            return f"rules {self.rules}"
        if self.excluded:
            return f"excluded: {self.excluded}"
        company = f"{self.company_name} ({self.company_id})" if self.company_name else ""
        pin = f", agreement {self.agreement_id}" if self.agreement_id else ""
        pin += f", agreements of type '{self.agreement_type}'" if self.agreement_type else ""
        settled = "".join(f", {product} {why}" for product, why in sorted(self.absent().items()))
        pins = sorted(self.additions().items())
        pin += "".join(f", {product}: addition {key}" for product, key in pins)
        return f"{company or f'company {self.company_id}'}{pin}{settled}"

    def with_products(self, attribute: str, values: Mapping[str, Any]) -> "Line":
        """The organization's line with this about its products; it says the rest as before."""
        rules = {k: rule for k, rule in json.loads(self.rules or "{}").items() if k != attribute}
        rules |= {attribute: dict(values)} if values else {}
        return replace(self, rules=written(rules) if rules else "")

    def additions(self) -> dict[str, int]:
        """The only addition of an organization, by product."""
        return dict(json.loads(self.rules or "{}").get("additions", {}))

    def absent(self) -> dict[str, str]:
        """Why an organization has no count, by product."""
        return dict(json.loads(self.rules or "{}").get("absent", {}))


def _products(item: OrganizationItem) -> dict[str, Any]:
    """What the mapping says about products."""
    return item.model_dump(mode="json", exclude_defaults=True, include={"absent", "additions"})


def written(rules: Mapping[str, Any]) -> str:
    """Rules as JSON, in one order and with each number in one writing."""
    limits = {name: _plain(value) for name, value in rules.get("guards", {}).items()}
    settled = {**rules, **({"guards": limits} if limits else {})}
    return json.dumps(settled, sort_keys=True, ensure_ascii=False)


def _plain(limit: object) -> object:
    """12.50 and 12.5 are one limit; one that is not whole stays text, for JSON would round it."""
    number = Decimal(str(limit))
    return int(number) if number == number.to_integral_value() else f"{number.normalize():f}"
