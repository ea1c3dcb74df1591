"""What ConnectWise's endpoints answer, read from the state; no authentication."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial as bound

from tools.sandbox.vendors import connectwise_shapes as shapes
from tools.sandbox.vendors.connectwise_additions import addition, additions_of, patch_addition
from tools.sandbox.vendors.connectwise_bundles import run_bundle
from tools.sandbox.vendors.connectwise_conditions import Record, Shape
from tools.sandbox.vendors.connectwise_errors import not_found
from tools.sandbox.vendors.connectwise_query import link_header, matching, page_of, partial
from tools.sandbox.vendors.connectwise_security import (
    CATALOG,
    COMPANIES,
    require,
    visible_agreements,
)
from tools.sandbox.vendors.connectwise_state import ConnectWiseState
from tools.sandbox.vendors.messages import Call, Reply
from tools.sandbox.vendors.routes import Routes

Rows = Callable[[], list[Record]]


class ConnectWiseResources:
    """The routes below `apis/3.0`; raises RefusedError for what ConnectWise answers with an error.

    `show_child_additions` makes a parent agreement list its children's additions too, which
    ConnectWise may or may not do (not documented).
    """

    def __init__(self, state: ConnectWiseState, *, clock: Callable[[], datetime]) -> None:
        self._state = state
        self._clock = clock
        self.show_child_additions = False
        additions = r"/finance/agreements/(\d+)/additions"
        self._reads = Routes(
            {
                **self._list("/finance/agreements", self._agreements, shapes.AGREEMENT),
                **self._list("/procurement/catalog", self._catalog, shapes.CATALOG_ITEM),
                **self._list("/company/companies", self._companies, shapes.COMPANY),
                additions: lambda call, id_: self._page(
                    call, self._additions(id_), shapes.ADDITION
                ),
                f"{additions}/count": lambda call, id_: self._count(
                    call, self._additions(id_), shapes.ADDITION
                ),
                rf"{additions}/(\d+)": self._addition,
                "/system/info": lambda _: Reply.as_json(_SYSTEM_INFO),
                "/system/mymembers/info": lambda _: Reply.as_json(state.member),
                "/system/mymembers": lambda _: Reply.as_json(_long_form(state)),
                "/system/mysecurity": lambda call: self._page(
                    call, state.security, shapes.SECURITY_ROW
                ),
                "/system/mysecurity/customizeitems/?": lambda call: self._page(
                    call, state.customize_items, shapes.CUSTOMIZE_ITEM
                ),
                "/system/audittrail": self._audit_trail,
            }
        )
        self._writes = {
            "PATCH": Routes({rf"{additions}/(\d+)": self._patch}),
            "POST": Routes({"/system/bundles": self._bundle}),
        }

    def find(self, call: Call) -> Reply:
        """The reply; routes do not mind upper and lower case, as ASP.NET does not."""
        lowered = replace(call, path=call.path.lower())
        routes = self._reads if call.method == "GET" else self._writes.get(call.method)
        reply: Reply | None = routes.find(lowered) if routes else None
        if reply is None:
            raise not_found(call.path)
        return reply

    def _list(self, path: str, rows: Rows, shape: Shape) -> dict[str, Callable[..., Reply]]:
        """The three routes of a resource: list, count, one."""
        return {
            path: lambda call: self._page(call, rows(), shape),
            f"{path}/count": lambda call: self._count(call, rows(), shape),
            rf"{path}/(\d+)": bound(self._record, rows, shape),
        }

    def _page(self, call: Call, rows: list[Record], shape: Shape) -> Reply:
        found = matching(rows, call.query, shape)
        page = page_of(found, call.query, shape)
        url = f"http://{call.headers.get('host', '')}{call.target.partition('?')[0]}"
        link = link_header(url, call.query, len(found))
        return Reply.as_json(page, headers={"Link": link} if link else {})

    def _count(self, call: Call, rows: list[Record], shape: Shape) -> Reply:
        return Reply.as_json({"count": len(matching(rows, call.query, shape))})

    def _record(self, rows: Rows, shape: Shape, call: Call, id_: str) -> Reply:
        for row in rows():
            if row["id"] == int(id_):
                return Reply.as_json(partial(row, call.query, shape))
        raise not_found(call.path)

    def _agreements(self) -> list[Record]:
        return visible_agreements(self._state)

    def _catalog(self) -> list[Record]:
        require(self._state, CATALOG)
        return list(self._state.catalog.values())

    def _companies(self) -> list[Record]:
        require(self._state, COMPANIES)
        return list(self._state.companies.values())

    def _additions(self, agreement_id: int | str) -> list[Record]:
        return additions_of(self._state, int(agreement_id), with_children=self.show_child_additions)

    def _addition(self, call: Call, agreement_id: str, addition_id: str) -> Reply:
        found = addition(self._state, int(agreement_id), int(addition_id))
        return Reply.as_json(partial(found, call.query, shapes.ADDITION))

    def _patch(self, call: Call, agreement_id: str, addition_id: str) -> Reply:
        now = self._clock()
        return Reply.as_json(
            patch_addition(self._state, int(agreement_id), int(addition_id), call=call, at=now)
        )

    def _bundle(self, call: Call) -> Reply:
        return Reply.as_json(run_bundle(call, additions=self._additions))

    def _audit_trail(self, call: Call) -> Reply:
        entries = [
            entry
            for addition_id, entry in self._state.audit
            if call.query.get("type") == "AgreementAddition"
            and call.query.get("id") == str(addition_id)
        ]
        return self._page(call, entries, shapes.AUDIT_ENTRY)


def _long_form(state: ConnectWiseState) -> Record:
    """The API member's long form: with its limits, and without the short form's full name."""
    short = {name: value for name, value in state.member.items() if name != "fullName"}
    return {**short, **state.own_member}


_SYSTEM_INFO = {
    "version": "v2025.1.104532",
    "isCloud": True,
    "serverTimeZone": "Eastern Standard Time",
    "licenseBits": [{"name": "Finance", "activeFlag": True}],
    "cloudRegion": "NA",
    "maxWorkFlowRecordsAllowed": 500,
}
