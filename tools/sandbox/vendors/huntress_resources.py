"""What Huntress's endpoints answer, read from the state; no authentication, no limits."""

import json
from typing import Any

from tools.sandbox.vendors.huntress_paging import BadValueError, page_of, sorted_by_query
from tools.sandbox.vendors.huntress_state import HuntressState, Record
from tools.sandbox.vendors.messages import Call
from tools.sandbox.vendors.routes import Routes

_INVOICE_STATUSES = {
    "open",
    "paid",
    "failed",
    "partial_refund",
    "full_refund",
    "draft",
    "voided",
    "processing",
}


class HuntressResources:
    """The readable records; raises BadValueError for a 400 and PermissionError for a 403."""

    def __init__(self, state: HuntressState) -> None:
        self._state = state
        self._null_at_end = False
        self._routes = Routes(
            {
                r"/v1/actor": self._actor,
                r"/v1/account": lambda _: {"account": state.account},
                r"/v1/invoices": self._invoices,
                r"/v1/invoices/(\d+)": self._invoice,
                r"/v1/organizations": self._organizations,
                r"/v1/organizations/(\d+)": self._organization,
                r"/v1/accounts": self._accounts,
                r"/v1/accounts/(\d+)/organizations": self._account_organizations,
                r"/v1/reseller/invoices": self._reseller_invoices,
                r"/v1/reseller/invoices/(\d+)": self._reseller_invoice,
                r"/v1/reseller/invoices/(\d+)/(organization|account)_usage_line_items": self._lines,
            }
        )

    def find(self, call: Call) -> Record | None:
        """The reply's JSON, or None where Huntress answers 404."""
        found: Record | None = self._routes.find(call)
        return found

    def _actor(self, _: Call) -> Record:
        if self._state.reseller:
            return {"reseller": self._state.reseller, "user": self._state.user}
        shown = ("id", "name", "subdomain", "status")
        account = {key: self._state.account[key] for key in shown}
        return {"account": account, "user": self._state.user}

    def _page(self, rows: list[Record], call: Call, name: str) -> Record:
        self._null_at_end = not self._null_at_end
        url = f"http://{call.headers.get('host', '')}{call.path}"
        return page_of(rows, call.query, name=name, url=url, null_at_end=self._null_at_end)

    def _invoices(self, call: Call) -> Record:
        rows = self._by_status(call)
        has_usage = call.query.get("has_usage")
        if has_usage not in {None, "true", "false"}:
            raise BadValueError("has_usage is invalid")
        if has_usage is not None:
            rows = [row for row in rows if row["has_usage"] == (has_usage == "true")]
        rows = sorted_by_query(rows, call.query, allowed="id created_at updated_at status")
        return self._page(rows, call, "invoices")

    def _by_status(self, call: Call) -> list[Record]:
        status = call.query.get("status")
        if status is not None and status not in _INVOICE_STATUSES:
            raise BadValueError("status does not have a valid value")
        rows = self._state.invoices.values()
        return [row for row in rows if status in {None, row["status"]}]

    def _invoice(self, _: Call, invoice_id: str) -> Record | None:
        invoice = self._state.invoices.get(int(invoice_id))
        return {"invoice": invoice} if invoice else None

    def _organizations(self, call: Call) -> Record:
        rows = [
            row
            for row in self._state.organizations.values()
            if all(call.query.get(key, row[key]) == row[key] for key in ("name", "key"))
        ]
        rows = sorted_by_query(rows, call.query, allowed="id created_at updated_at name key")
        return self._page(rows, call, "organizations")

    def _organization(self, _: Call, organization_id: str) -> Record | None:
        found = self._state.organizations.get(int(organization_id))
        if found is None:
            return None
        usages: Any = self._state.actual_usages.get(found["id"], {})
        if found["id"] in self._state.usages_as_text:
            usages = json.dumps(usages)
        return {"organization": {**found, "actual_usages": usages}}

    def _accounts(self, call: Call) -> Record:
        self._require_reseller()
        return self._page([self._state.account], call, "accounts")

    def _account_organizations(self, call: Call, account_id: str) -> Record | None:
        self._require_reseller()
        return self._organizations(call) if int(account_id) == self._state.account["id"] else None

    def _reseller_invoices(self, call: Call) -> Record:
        self._require_reseller()
        return self._page(self._by_status(call), call, "invoices")

    def _reseller_invoice(self, call: Call, invoice_id: str) -> Record | None:
        self._require_reseller()
        return self._invoice(call, invoice_id)

    def _lines(self, call: Call, invoice_id: str, kind: str) -> Record | None:
        self._require_reseller()
        if int(invoice_id) not in self._state.invoices:
            return None
        state = self._state
        lines = state.organization_lines if kind == "organization" else state.account_lines
        return self._page(lines.get(int(invoice_id), []), call, f"{kind}_usage_line_items")

    def _require_reseller(self) -> None:
        if not self._state.reseller:
            raise PermissionError("These credentials do not belong to a reseller")
