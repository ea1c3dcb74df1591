"""A stand-in for ConnectWise PSA's REST API 3.0 with its surprises."""

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, replace
from datetime import UTC, datetime

from tools.sandbox.vendors.connectwise_errors import RefusedError, not_found
from tools.sandbox.vendors.connectwise_resources import ConnectWiseResources
from tools.sandbox.vendors.connectwise_state import (
    ConnectWiseState,
    QuantityChange,
    Record,
    changed_fields,
    same_elsewhere,
)
from tools.sandbox.vendors.messages import Call, Reply
from tools.sandbox.vendors.server import VendorServer

DEMO_CLIENT_ID = "7f4c1d2e-0a3b-4c5d-8e6f-112233445566"
MAX_URL_LENGTH = 2000
_BASE = re.compile(r"/(?P<codebase>[^/]+/)apis/3\.0(?P<path>/.*)")
_COMPANY_INFO = re.compile(r"/login/companyinfo/(?P<company>[^/]+)")
_ROUTER = "v4_6_release/"


class ConnectWiseFake(VendorServer):
    """Serves a copy of `state` under `<url>/<codebase>apis/3.0/…`.

    Settable at any time: `codebase` (cloud upgrades change it), `wrong_credentials_as_404` (what
    cloud does below `v4_6_release`), `bundles_status` (404 or 403 switches bundles off),
    `current_version` and `retired_versions` of the API.
    """

    def __init__(
        self,
        state: ConnectWiseState,
        *,
        login_company: str = "demo",
        public_key: str = "pub",
        private_key: str = "priv",
        client_id: str = DEMO_CLIENT_ID,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(clock=clock)
        self.state = deepcopy(state)
        self.login_company = login_company
        self.credentials = (f"{login_company}+{public_key}", private_key)
        self.client_id = client_id
        self.codebase = "v2025_1/"
        self.wrong_credentials_as_404 = False
        self.bundles_status = 200
        self.current_version = "2025.8"
        self.retired_versions: frozenset[str] = frozenset()
        self.resources = ConnectWiseResources(self.state, clock=clock)
        self._initial = deepcopy(state)
        self.admin.route("GET", "quantity-changes", lambda _: self._changes_as_json())
        self.admin.route("GET", "changed-fields", lambda _: self._changed_fields_as_json())
        self.admin.route("POST", r"additions/(\d+)", self._edit_from_json)

    def dump(self) -> dict[str, object]:
        """The whole state as JSON."""
        return {**asdict(self.state), "my_agreement_ids": sorted(self.state.my_agreement_ids)}

    @property
    def quantity_changes(self) -> list[QuantityChange]:
        """Every change of a quantity, oldest first."""
        with self.lock:
            return list(self.state.quantity_changes)

    def quantity(self, addition_id: int) -> float | None:
        """The present quantity; None when unset."""
        with self.lock:
            quantity: float | None = self.state.additions[addition_id].get("quantity")
            return quantity

    def edit_addition(self, addition_id: int, *, by: str = "jmarsh", **fields: object) -> None:
        """A person edits an addition in ConnectWise's own screens."""
        with self.lock:
            self.state.change_addition(addition_id, fields, by=by, at=self.clock())

    def snapshot(self) -> ConnectWiseState:
        """A copy of everything, to compare with later."""
        with self.lock:
            return deepcopy(self.state)

    def changed_fields_since(self, snapshot: ConnectWiseState) -> dict[int, frozenset[str]]:
        """By addition id which fields differ from the snapshot, `_info` aside."""
        with self.lock:
            return changed_fields(snapshot, self.state)

    def same_elsewhere(self, snapshot: ConnectWiseState) -> bool:
        """Whether agreements, companies and catalog are as in the snapshot."""
        with self.lock:
            return same_elsewhere(snapshot, self.state)

    def answer(self, call: Call) -> Reply:
        """The URL's length, then where the API lives, then credentials, then the route."""
        try:
            reply = self._vendor_answer(call)
        except RefusedError as error:
            reply = error.reply
        return replace(
            reply, headers={**reply.headers, "api-current-version": self.current_version}
        )

    def _vendor_answer(self, call: Call) -> Reply:
        if call.url_length > MAX_URL_LENGTH:
            return Reply(414, b"<html>URI Too Long</html>", {"Content-Type": "text/html"})
        if company := _COMPANY_INFO.fullmatch(call.path):
            return Reply.as_json(self._company_info(company["company"]))
        base = _BASE.fullmatch(call.path)
        if not base or base["codebase"] not in {self.codebase, _ROUTER}:
            return Reply(404, b"<html>Not Found</html>", {"Content-Type": "text/html"})
        self._authenticate(call, base["codebase"])
        self._check_version(call)
        if base["path"].lower() == "/system/bundles" and self.bundles_status != 200:
            raise RefusedError(self.bundles_status, "NotFound", "Bundles are not available")
        return self.resources.find(replace(call, path=base["path"]))

    def _company_info(self, company: str) -> Record | None:
        if company.lower() != self.login_company.lower():
            return None
        return {
            "CompanyName": "Lantern Managed Services",
            "Codebase": self.codebase,
            "VersionCode": "v2025.1",
            "VersionNumber": "v4.6.104532",
            "CompanyID": self.login_company,
            "IsCloud": "True",
        }

    def _authenticate(self, call: Call, codebase: str) -> None:
        if call.basic_credentials != self.credentials:
            if self.wrong_credentials_as_404 and codebase == _ROUTER:
                raise not_found("Resource")
            raise RefusedError(401, "Unauthorized", "Incorrect public/private key")
        if call.headers.get("clientid") != self.client_id:
            raise RefusedError(403, "Security", "The clientId is missing or not registered.")

    def _check_version(self, call: Call) -> None:
        asked = re.search(r"version=([\d.]+)", call.headers.get("accept", ""))
        if asked and asked[1] in self.retired_versions:
            problem = f"does not support the API version '{asked[1]}'."
            address = f"The HTTP resource that matches the request URI '{call.path}'"
            raise RefusedError(400, "ConnectWiseApi", f"{address} {problem}")

    def _changes_as_json(self) -> list[dict[str, object]]:
        return [asdict(change) for change in self.state.quantity_changes]

    def _changed_fields_as_json(self) -> dict[int, list[str]]:
        return {k: sorted(v) for k, v in self.changed_fields_since(self._initial).items()}

    def _edit_from_json(self, body: Record, addition_id: str) -> None:
        self.edit_addition(int(addition_id), **body)
