"""ConnectWise's site, the API member and its role, and whether reading works."""

from billing_sync.adapters.connectwise.additions import AdditionsReader
from billing_sync.adapters.connectwise.api import PAGE_SIZE, ConnectWiseApi, Params, Row
from billing_sync.adapters.connectwise.replies import parsed
from billing_sync.adapters.connectwise.setup_replies import (
    CustomizeReply,
    OwnMemberReply,
    SecurityReply,
    SiteReply,
)
from billing_sync.domain.errors import BillingSyncError, Retryable
from billing_sync.domain.vendors.connectwise import OwnMember, SecurityLevel, Site

_ACTIVE = 'agreementStatus="Active"'
_FIRST_ROW: Params = {"fields": "id", "page": 1, "pageSize": 1}


class ConnectWiseSetup:
    """One small call each; raises as the client does."""

    def __init__(self, api: ConnectWiseApi, additions: AdditionsReader) -> None:
        self._api = api
        self._additions = additions

    def site(self) -> Site:
        """The site for this login company; needs no credentials."""
        return parsed("site", self._api.company_info(), SiteReply).site()

    def security(self) -> tuple[SecurityLevel, ...]:
        """Every function of the member's role with its levels."""
        rows = self._rows("system/mySecurity")
        return tuple(parsed("right", row, SecurityReply).security_level() for row in rows)

    def own_member(self) -> OwnMember:
        """The API member's own limits."""
        reply = self._api.get("system/myMembers")
        # Not documented: the reply may be the member or a list with it.
        own = reply[0] if isinstance(reply, list) and len(reply) == 1 else reply
        return parsed("own member", own, OwnMemberReply).member()

    def customized(self) -> tuple[str, ...]:
        """The role's allow-list of agreements; empty when it is not restricted."""
        rows = self._rows("system/mySecurity/customizeItems/")
        items = [parsed("allow-list", row, CustomizeReply) for row in rows]
        return tuple(
            item.item_identifier or "one of them"
            for item in items
            if item.customize_identifier.casefold() == "financeagreements"
        )

    def an_agreement(self) -> int | None:
        """The id of an Active agreement, None when none is visible."""
        rows = self._api.get("finance/agreements", {**_FIRST_ROW, "conditions": _ACTIVE})
        found = _first(rows, "finance/agreements")
        return found if isinstance(found, int) else None

    def catalog_size(self) -> int:
        """How many products the catalog has; one of them is read."""
        number = self._api.count("procurement/catalog", "")
        _first(self._api.get("procurement/catalog", _FIRST_ROW), "procurement/catalog")
        return number

    def additions(self, agreement_id: int) -> int:
        """How many additions the agreement has; one of them is read."""
        return self._additions.count(agreement_id)

    def bundle_problem(self, agreement_id: int) -> str:
        """Why reading in bundles does not work, "" when it does; without it reading is slower."""
        try:
            read = self._additions.bundle([agreement_id])
        except BillingSyncError as error:
            return str(error)
        return "" if agreement_id in read else "ConnectWise answered the bundle without its part."

    def _rows(self, path: str) -> list[object]:
        reply = self._api.get(path, {"pageSize": PAGE_SIZE})
        if not isinstance(reply, list):
            raise Retryable(f"ConnectWise: GET /{path} answered without a list.")
        return reply


def _first(reply: object, path: str) -> object:
    """The id of the first row; None of an empty list."""
    if not isinstance(reply, list) or not all(isinstance(row, dict) for row in reply):
        raise Retryable(f"ConnectWise: GET /{path} answered without a list.")
    rows: list[Row] = reply
    return rows[0].get("id") if rows else None
