"""ConnectWise's catalog: one product, all products, or those that match a search."""

import re

from billing_sync.adapters.connectwise.api import ConnectWiseApi
from billing_sync.adapters.connectwise.replies import parsed
from billing_sync.adapters.connectwise.setup_replies import CatalogItemReply
from billing_sync.domain.errors import Blocked, CallRefused, Retryable
from billing_sync.domain.vendors.connectwise import CatalogItem

_CATALOG = "procurement/catalog"
_FIELDS = {"fields": "id,identifier,description,productClass,inactiveFlag,price,cost"}
# How to escape anything else is not documented (docs/vendors/connectwise.md#conditions).
_PLAIN = re.compile(r"[\w .,:/-]+", re.ASCII)


class CatalogReader:
    """Reads the catalog; a real one may have ten thousand products."""

    def __init__(self, api: ConnectWiseApi) -> None:
        self._api = api

    def item(self, item_id: int) -> CatalogItem:
        """One product; `NotFound` when it is gone."""
        reply = self._api.get(f"{_CATALOG}/{item_id}")
        item = parsed("catalog item", reply, CatalogItemReply).catalog_item()
        if item.id != item_id:
            raise Retryable(f"ConnectWise: asked for catalog item {item_id}, got {item.id}.")
        return item

    def read(self, search: str) -> tuple[CatalogItem, ...]:
        """All products whose identifier or description has this text, whatever its case.

        ConnectWise filters the list. Where it finds nothing or rejects the condition, the whole
        catalog is read and filtered here.
        """
        found = self._narrowed(search) if _PLAIN.fullmatch(search) else ()
        return found or tuple(item for item in self._all("") if _has(item, search))

    def _narrowed(self, search: str) -> tuple[CatalogItem, ...]:
        try:
            return self._all(f'identifier contains "{search}" or description contains "{search}"')
        except (Blocked, CallRefused):
            return ()

    def _all(self, conditions: str) -> tuple[CatalogItem, ...]:
        expected = self._api.count(_CATALOG, conditions)
        rows = self._api.rows(_CATALOG, _FIELDS, conditions=conditions, expected=expected)
        return tuple(parsed("catalog item", row, CatalogItemReply).catalog_item() for row in rows)


def _has(item: CatalogItem, search: str) -> bool:
    folded = search.casefold()
    return folded in item.identifier.casefold() or folded in item.description.casefold()
