"""ConnectWise's replies about the set-up: the catalog, the API member and what its role may do."""

from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field

from billing_sync.adapters.connectwise.replies import (
    Flag,
    Money,
    OptionalReference,
    Reference,
    Reply,
    Text,
)
from billing_sync.domain.vendors.connectwise import (
    CatalogItem,
    Company,
    Member,
    OwnMember,
    Save,
    SecurityLevel,
    Site,
)

# A row of the role that is not as documented must not hide the others: it is read as it is.
Label = Annotated[str, BeforeValidator(lambda value: value if isinstance(value, str) else "")]
Level = Annotated[str, BeforeValidator(lambda value: "" if value is None else str(value))]
Known = Annotated[bool | None, BeforeValidator(lambda v: v if isinstance(v, bool) else None)]


class CatalogItemReply(Reply):
    """A product of the catalog."""

    id: int
    identifier: Text = ""
    description: Text = ""
    product_class: Text = ""
    inactive_flag: Flag = False
    price: Money = None
    cost: Money = None

    def catalog_item(self) -> CatalogItem:
        """The reply as a `CatalogItem`."""
        return CatalogItem(
            id=self.id,
            identifier=self.identifier,
            description=self.description,
            product_class=self.product_class,
            inactive=self.inactive_flag,
            price=self.price,
            cost=self.cost,
        )


class CompanyReply(Reply):
    """A company."""

    id: int
    identifier: Text = ""
    name: Text = ""
    deleted_flag: Flag = False

    def company(self) -> Company:
        """The reply as a `Company`."""
        return Company(id=self.id, name=self.name, identifier=self.identifier)


class MemberReply(Reply):
    """The member behind the credentials, short form."""

    id: int
    identifier: Text = ""
    first_name: Text = ""
    last_name: Text = ""
    full_name: Text = ""

    def member(self) -> Member:
        """The reply as a `Member`, with the first name that is filled."""
        name = self.full_name or f"{self.first_name} {self.last_name}".strip()
        return Member(id=self.id, identifier=self.identifier, name=name or self.identifier)


class SaveReply(Reply):
    """A line of a record's audit trail; its wording is not documented and only shown."""

    entered_date: AwareDatetime
    entered_by: Text = ""
    text: Text = ""

    def save(self) -> Save:
        """The reply as a `Save`."""
        return Save(at=self.entered_date, by=self.entered_by, text=self.text)


class SecurityReply(Reply):
    """One function of the member's role. Which of the labels are filled is not documented."""

    module_name: Label = ""
    module_description: Label = ""
    module_identifier: Label = ""
    module_function_name: Label = ""
    module_function_description: Label = ""
    module_function_identifier: Label = ""
    inquire_level: Level = ""
    add_level: Level = ""
    edit_level: Level = ""
    delete_level: Level = ""
    custom_flag: Known = None
    report_flag: Known = None

    def security_level(self) -> SecurityLevel:
        """The reply as a `SecurityLevel`, named by the first label that is filled."""
        module = self.module_name or self.module_description or self.module_identifier
        function = (
            self.module_function_name
            or self.module_function_description
            or self.module_function_identifier
        )
        return SecurityLevel(
            module=module.strip(),
            function=function.strip(),
            inquire=self.inquire_level,
            add=self.add_level,
            edit=self.edit_level,
            delete=self.delete_level,
            customized=bool(self.custom_flag),
            report=bool(self.report_flag),
            module_labels=_labels(
                self.module_name, self.module_description, self.module_identifier
            ),
            function_labels=_labels(
                self.module_function_name,
                self.module_function_description,
                self.module_function_identifier,
            ),
        )


class OwnMemberReply(Reply):
    """The API member's own limits."""

    admin_flag: Known = None
    restrict_location_flag: Known = None
    restrict_department_flag: Known = None
    structure_level: OptionalReference = Reference()

    def member(self) -> OwnMember:
        """The reply as an `OwnMember`."""
        return OwnMember(
            admin=self.admin_flag,
            location_restricted=self.restrict_location_flag,
            department_restricted=self.restrict_department_flag,
            structure_level=self.structure_level.name,
        )


class CustomizeReply(Reply):
    """One entry of a role's allow-lists."""

    customize_identifier: Label = ""
    item_identifier: Label = ""


class SiteReply(Reply):
    """The login page's company info; its names start with capital letters."""

    company_name: Text = Field(default="", alias="CompanyName")
    version_number: Text = Field(default="", alias="VersionNumber")

    def site(self) -> Site:
        """The reply as a `Site`."""
        return Site(self.company_name, self.version_number)


def _labels(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))
