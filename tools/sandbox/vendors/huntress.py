"""A stand-in for Huntress's REST API v1: read-only, 60 calls a minute, Basic authentication."""

import time
from collections import deque
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict, replace
from datetime import UTC, datetime

from tools.sandbox.vendors.huntress_paging import BadValueError
from tools.sandbox.vendors.huntress_resources import HuntressResources
from tools.sandbox.vendors.huntress_state import HuntressState, Record
from tools.sandbox.vendors.messages import Call, Reply
from tools.sandbox.vendors.server import VendorServer


class HuntressFake(VendorServer):
    """Serves a copy of `state` under `<url>/v1/…`.

    `calls_per_minute` is Huntress's sliding window for the whole account (docs: 60), 0 switches it
    off; `monotonic` is its time source.
    """

    def __init__(
        self,
        state: HuntressState,
        *,
        api_key: str = "hk_demo",
        api_secret: str = "hs_demo",
        calls_per_minute: int = 60,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(clock=clock)
        self.state = deepcopy(state)
        self.credentials = (api_key, api_secret)
        self.calls_per_minute = calls_per_minute
        self._monotonic = monotonic
        self._recent: deque[float] = deque()
        self._resources = HuntressResources(self.state)
        self.admin.route("POST", "invoices", self.add_invoice)
        self.admin.route("POST", r"invoices/(\d+)", lambda body, id_: self.edit_invoice(id_, body))
        self.admin.route("POST", r"organizations/(\d+)/usages", self._usages_from_json)

    def dump(self) -> dict[str, object]:
        """The whole state as JSON."""
        return {**asdict(self.state), "usages_as_text": sorted(self.state.usages_as_text)}

    def add_invoice(self, invoice: Record) -> Record:
        """A new invoice appears, in the vendor's own shape."""
        with self.lock:
            self.state.invoices[invoice["id"]] = dict(invoice)
        return invoice

    def edit_invoice(self, invoice_id: int | str, fields: Record) -> None:
        """An invoice changes, for instance `{"status": "voided"}`."""
        with self.lock:
            self.state.invoices[int(invoice_id)].update(fields)

    def set_usages(self, organization_id: int, usages: Record) -> None:
        """Replaces entries of an organization's `actual_usages`; None takes a product out."""
        with self.lock:
            merged = {**self.state.actual_usages[organization_id], **usages}
            self.state.actual_usages[organization_id] = {
                product: usage for product, usage in merged.items() if usage is not None
            }

    def answer(self, call: Call) -> Reply:
        """Authentication, then the limit, then the method, then the route."""
        if call.basic_credentials != self.credentials:
            return Reply.as_json({"error": "Not authenticated"}, status=401)
        remaining = self._take_from_limit()
        if remaining < 0:
            # Huntress documents no Retry-After and no body.
            return self._limited(Reply(429, b"", {"Content-Type": "text/plain"}), remaining=0)
        return self._limited(self._vendor_answer(call), remaining=remaining)

    def _vendor_answer(self, call: Call) -> Reply:
        if call.method != "GET":
            return Reply.as_json({"error": "Method not allowed"}, status=405)
        try:
            found = self._resources.find(call)
        except BadValueError as error:
            return Reply.as_json({"errors": [str(error)]}, status=400)
        except PermissionError as error:
            return Reply.as_json({"message": str(error)}, status=403)
        if found is None:
            return Reply.as_json({"error": {"message": "Not found"}}, status=404)
        return Reply.as_json(found)

    def _take_from_limit(self) -> int:
        """Calls that remain after this one; below 0 when it is one too many."""
        if not self.calls_per_minute:
            return 0
        now = self._monotonic()
        while self._recent and self._recent[0] <= now - 60:
            self._recent.popleft()
        if len(self._recent) >= self.calls_per_minute:
            return -1
        self._recent.append(now)
        return self.calls_per_minute - len(self._recent)

    def _limited(self, reply: Reply, *, remaining: int) -> Reply:
        if not self.calls_per_minute:
            return reply
        limits = {
            "x-huntress-api-call-limit": str(self.calls_per_minute),
            "x-huntress-api-call-remaining": str(remaining),
        }
        return replace(reply, headers={**reply.headers, **limits})

    def _usages_from_json(self, body: Record, organization_id: str) -> None:
        self.set_usages(int(organization_id), body)
