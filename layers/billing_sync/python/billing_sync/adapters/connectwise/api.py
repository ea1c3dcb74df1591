"""ConnectWise's API below its codebase: the company's site, lists read page by page."""

import re
from collections.abc import Callable, Mapping
from itertools import count
from urllib.parse import quote

from billing_sync.adapters.http.transport import Transport
from billing_sync.domain.errors import (
    BillingSyncError,
    Blocked,
    CredentialsRejected,
    NotFound,
    Retryable,
)

Params = Mapping[str, str | int]
Row = dict[str, object]

PAGE_SIZE = 1000  # more is silently cut; without it a page has 25
_FALLBACK = "v4_6_release/"  # on premises, and a router to the right version on the cloud


class ConnectWiseApi:
    """Reads and writes below the codebase that ConnectWise names for this company."""

    def __init__(self, transport: Transport, *, login_company: str, version: str) -> None:
        self.version = version
        self._transport = transport
        self._login_company = login_company
        self._codebase = ""

    @property
    def current_version(self) -> str:
        """The newest version of the API, as the last reply named it; "" where none did."""
        return self._transport.current_version

    def get(self, path: str, params: Params | None = None) -> object:
        """Read by a GET."""
        return self._read(lambda base: self._transport.get(base + path, params))

    def post_read(self, path: str, body: object) -> object:
        """Read by a POST."""
        return self._read(lambda base: self._transport.post_read(base + path, body))

    def wait_to_write(self) -> None:
        """Wait until the pace allows a write."""
        self._transport.wait_to_write()

    def patch(self, path: str, body: object) -> object:
        """Write, once."""
        return self._transport.patch(self._base() + path, body)

    def company_info(self) -> object:
        """The site's entry of the company, read without credentials; raises when there is none."""
        path = f"login/companyinfo/{quote(self._login_company, safe='')}"
        try:
            reply = self._transport.get(path, authenticated=False)
        except (CredentialsRejected, NotFound) as error:
            raise Blocked(
                f"ConnectWise: {self._transport.base_url} does not know GET /login/companyinfo,"
                " which every ConnectWise answers without credentials."
            ) from error
        if reply is None:
            raise CredentialsRejected(
                f"ConnectWise does not know the company {self._login_company!r}: correct"
                " login_company in the ConnectWise secret (the Company field of the login page)."
            )
        return reply

    def url(self, path: str) -> str:
        """The full URL of a path, to measure its length."""
        return f"{self._transport.base_url}{self._base()}{path}"

    def count(self, path: str, conditions: str) -> int:
        """How many rows ConnectWise counts."""
        reply = self.get(f"{path}/count", {"conditions": conditions} if conditions else None)
        number = reply.get("count") if isinstance(reply, dict) else None
        if not isinstance(number, int) or isinstance(number, bool):
            raise Retryable(f"ConnectWise: GET /{path}/count answered without a count.")
        return number

    def rows(
        self, path: str, params: Params, *, conditions: str = "", expected: int = 0
    ) -> list[Row]:
        """Every row of a list, by id; fewer than `expected` raises `Retryable`."""
        query: dict[str, str | int] = {**params, "orderBy": "id asc", "pageSize": PAGE_SIZE}
        if conditions:
            query["conditions"] = conditions
        found: dict[object, Row] = {}
        for page in count(1):
            rows = self._page(path, {**query, "page": page})
            before = len(found)
            found.update((row.get("id"), row) for row in rows)
            # Nothing new: past the end, or a server that repeats the same page.
            if len(found) == before or (len(rows) < PAGE_SIZE and len(found) >= expected):
                break
        if len(found) < expected:
            raise Retryable(
                f"ConnectWise: GET /{path} is incomplete: {len(found)} of {expected} came."
            )
        return list(found.values())

    def unnumbered(self, path: str, params: Params) -> list[object]:
        """Every row of a list whose rows need no id; a server that repeats a page ends it.

        Raises `Blocked` for an answer that is no list.
        """
        found, last = list[object](), list[object]()
        for page in count(1):
            reply = self.get(path, {**params, "page": page, "pageSize": PAGE_SIZE})
            if not isinstance(reply, list):
                raise Blocked(f"ConnectWise: GET /{path} answered without a list.")
            if reply == last:
                break
            found += reply
            last = reply
            if len(reply) < PAGE_SIZE:
                break
        return found

    def _page(self, path: str, params: Params) -> list[Row]:
        reply = self.get(path, params)
        if not isinstance(reply, list) or not all(isinstance(row, dict) for row in reply):
            raise Retryable(f"ConnectWise: GET /{path} answered without a list.")
        return reply

    def _read(self, call: Callable[[str], object]) -> object:
        base = self._base()
        try:
            return call(base)
        except NotFound:
            # A cloud upgrade moves the API; the old path then answers 404.
            moved = self._read_codebase()
            if not moved or moved == self._codebase:
                raise
            self._codebase = moved
        return call(self._base())

    def _base(self) -> str:
        self._codebase = self._codebase or self._read_codebase() or _FALLBACK
        return f"{self._codebase}apis/3.0/"

    def _read_codebase(self) -> str:
        try:
            reply = self.company_info()
        except CredentialsRejected:
            raise
        except BillingSyncError:
            return ""
        codebase = reply.get("Codebase") if isinstance(reply, dict) else None
        return codebase if isinstance(codebase, str) and re.fullmatch(r"v\d\w*/", codebase) else ""
