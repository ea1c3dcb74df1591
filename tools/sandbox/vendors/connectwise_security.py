"""Security roles as ConnectWise has them: levels by module function, allow-lists, "My"."""

from tools.sandbox.vendors.connectwise_errors import no_permission
from tools.sandbox.vendors.connectwise_state import ConnectWiseState, Record

AGREEMENTS = ("Finance", "Agreements")
CATALOG = ("Procurement", "Product Catalog")
COMPANIES = ("Companies", "Company Maintenance")


def security_row(
    function: tuple[str, str], *, inquire: str = "None", edit: str = "None", id_: int
) -> Record:
    """One row of mySecurity with the levels None, My or All."""
    module, name = function
    return {
        "id": id_,
        "addLevel": "None",
        "editLevel": edit,
        "deleteLevel": "None",
        "inquireLevel": inquire,
        "moduleFunctionName": name,
        "moduleFunctionDescription": name,
        "myAllFlag": True,
        "moduleFunctionIdentifier": name.replace(" ", ""),
        "reportFlag": False,
        "restrictFlag": False,
        "customFlag": False,
        "moduleDescription": module,
        "moduleIdentifier": module,
        "moduleName": module,
        "sortOrder": id_,
    }


def least_privilege() -> list[Record]:
    """The smallest role that can change quantities."""
    return [
        security_row(AGREEMENTS, inquire="All", edit="All", id_=101),
        security_row(CATALOG, inquire="All", id_=214),
        security_row(COMPANIES, id_=301),
    ]


def level(state: ConnectWiseState, function: tuple[str, str], kind: str) -> str:
    """The role's level; `kind` is inquire, edit, add or delete. No row is None."""
    for row in state.security:
        if (row["moduleName"], row["moduleFunctionName"]) == function:
            return str(row[f"{kind}Level"] or "None")
    return "None"


def require(state: ConnectWiseState, function: tuple[str, str], kind: str = "inquire") -> None:
    """Raises RefusedError (403) when the role has no such right at all."""
    if level(state, function, kind) == "None":
        raise no_permission()


def visible_agreements(state: ConnectWiseState, kind: str = "inquire") -> list[Record]:
    """What the role may see: "My" and allow-lists shorten the list without a word."""
    require(state, AGREEMENTS, kind)
    rows = list(state.agreements.values())
    if level(state, AGREEMENTS, kind) == "My":
        rows = [row for row in rows if row["id"] in state.my_agreement_ids]
    allowed = {
        item["itemIdentifier"]
        for item in state.customize_items
        if item["customizeIdentifier"] == "FinanceAgreements"
    }
    return [row for row in rows if not allowed or row["type"]["name"] in allowed]
