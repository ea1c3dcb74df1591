"""ConnectWise's site, the API member and its role, and whether reading works."""

from collections.abc import Sequence

from billing_sync.adapters.connectwise.additions import BUNDLE, AdditionsReader
from billing_sync.adapters.connectwise.api import ConnectWiseApi, Params, Row
from billing_sync.adapters.connectwise.replies import parsed
from billing_sync.adapters.connectwise.setup_replies import (
    CustomizeReply,
    OwnMemberReply,
    SecurityReply,
    SiteReply,
)
from billing_sync.domain.errors import (
    BillingSyncError,
    Blocked,
    CredentialsRejected,
    Retryable,
)
from billing_sync.domain.vendors.connectwise import ApiVersion, OwnMember, SecurityLevel, Site

_ACTIVE = 'agreementStatus="Active"'
_AGREEMENTS, _CATALOG = "finance/agreements", "procurement/catalog"
_FIRST_ROW: Params = {"fields": "id", "page": 1, "pageSize": 1}


class ConnectWiseSetup:
    """One small call each; raises as the client does."""

    def __init__(self, api: ConnectWiseApi, additions: AdditionsReader) -> None:
        self._api = api
        self._additions = additions

    def site(self) -> Site:
        """The site for this login company; needs no credentials."""
        return parsed("site", self._api.company_info(), SiteReply).site()

    def api_version(self) -> ApiVersion:
        """The version in the secret, and the newest one as far as ConnectWise named it."""
        return ApiVersion(self._api.version, self._api.current_version)

    def security(self) -> tuple[SecurityLevel, ...]:
        """Every function of the member's role with its levels."""
        rows = self._rows("system/mySecurity")
        return tuple(parsed("right", row, SecurityReply).security_level() for row in rows)

    def own_member(self) -> OwnMember:
        """The API member's own limits."""
        reply = self._api.get("system/myMembers")
        # Not documented: the reply may be the member or a list with it.
        own = reply[0] if isinstance(reply, list) and len(reply) == 1 else reply
        if not isinstance(own, dict):
            raise Blocked("ConnectWise: GET /system/myMembers answered without the member.")
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

    def active_agreements(self, company_ids: Sequence[int] = ()) -> tuple[int, ...]:
        """The ids of some Active agreements: one of anybody's, or a bundle of some companies'."""
        params: Params = {**_FIRST_ROW, "conditions": _ACTIVE}
        if company_ids:
            some = ",".join(map(str, company_ids[:BUNDLE]))
            conditions = f"{_ACTIVE} and company/id in ({some})"
            params = {**_FIRST_ROW, "pageSize": BUNDLE, "conditions": conditions}
        rows = _listed(self._api.get(_AGREEMENTS, params), _AGREEMENTS)
        return tuple(found for row in rows if isinstance(found := row.get("id"), int))

    def catalog_size(self) -> int:
        """How many products the catalog has; one of them is read."""
        number = self._api.count(_CATALOG, "")
        _listed(self._api.get(_CATALOG, _FIRST_ROW), _CATALOG)
        return number

    def additions(self, agreement_id: int) -> int:
        """How many additions the agreement has; one of them is read."""
        return self._additions.count(agreement_id)

    def bundle_problem(self, agreement_ids: Sequence[int]) -> str:
        """Why reading in bundles does not work, "" when it does; without it reading is slower.

        Raises `CredentialsRejected`.
        """
        try:
            read = self._additions.bundle(agreement_ids)
        except CredentialsRejected:
            raise  # keys that expired: single reads are refused too
        except BillingSyncError as error:
            return str(error)
        missing = len(set(agreement_ids) - read.keys())
        return f"ConnectWise answered the bundle without {missing} of its parts." if missing else ""

    def _rows(self, path: str) -> list[Row]:
        """The usable rows: one that is none must not hide the others."""
        return [row for row in self._api.unnumbered(path, {}) if isinstance(row, dict)]


def _listed(reply: object, path: str) -> list[Row]:
    if not isinstance(reply, list) or not all(isinstance(row, dict) for row in reply):
        raise Retryable(f"ConnectWise: GET /{path} answered without a list.")
    return reply
