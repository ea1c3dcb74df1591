"""Values that may be larger than an item, compressed and kept in as many items as they need."""

import gzip
import hashlib
import json

from billing_sync.adapters.ledger.table import Change, LedgerTable

LARGEST = 300_000  # bytes; DynamoDB takes items of 400 KB


def keep(table: LedgerTable, key: tuple[str, str], name: str, value: object) -> None:
    """Keep a JSON value as the attribute `name` of this item; what is kept first stays.

    A larger one has its pieces in `<key>#<digest>#<number>`, written before the item that makes
    them count. Pieces of another value have another digest.
    """
    body = gzip.compress(json.dumps(value).encode(), mtime=0)
    if len(body) <= LARGEST:
        table.write(Change(*key, put={name: body}, absent=("pk",)))
        return
    digest = hashlib.sha256(body).hexdigest()
    starts = range(0, len(body), LARGEST)
    for number, start in enumerate(starts):
        piece = body[start : start + LARGEST]
        table.write(Change(*_piece(key, digest, number), put={name: piece}))
    table.write(Change(*key, put={"digest": digest, "pieces": len(starts)}, absent=("pk",)))


def kept(table: LedgerTable, key: tuple[str, str], name: str) -> object:
    """The value, None where none is kept."""
    item = table.get(*key)
    if item is None:
        return None
    if "pieces" not in item:
        return json.loads(gzip.decompress(item[name].value))
    pieces = (
        table.get(*_piece(key, item["digest"], number)) for number in range(int(item["pieces"]))
    )
    return json.loads(gzip.decompress(b"".join(piece[name].value for piece in pieces if piece)))


def _piece(key: tuple[str, str], digest: str, number: int) -> tuple[str, str]:
    return key[0], f"{key[1]}#{digest}#{number:03d}"
