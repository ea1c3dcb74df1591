"""Many changes of mappings: up to 100 all or nothing, more in chunks of 100, validated first."""

from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from billing_sync.adapters.ledger.items import Item
from billing_sync.domain.errors import BillingSyncError
from billing_sync.domain.wording import in_short
from tools.operator.config_book import AT_ONCE, ConfigBook, Edit
from tools.operator.errors import Refused, Unreachable
from tools.operator.mapping.entry import PARTITION, Kind, Line

Items = dict[tuple[str, str], Item]
_AWS_FAILED = (BotoCoreError, ClientError, BillingSyncError)
_NAMES_SHOWN = 3
_FINISH = "Repeat the same command to finish: changes already made count as unchanged."


def write_all(book: ConfigBook, edits: Sequence[Edit]) -> None:
    """Put every item, each only while it is what was read.

    More than one transaction takes are all compared with the table before the first is written;
    what was written before a failure stays. Raises `Refused` when somebody changed an item and
    `Unreachable` when AWS failed, each with how many changes were made.
    """
    total = len(edits)
    if total > AT_ONCE and (changed := _changed(edits, _items(book, _result(0, total)))):
        raise _refused(changed, _result(0, total))
    for made in range(0, total, AT_ONCE):
        chunk = edits[made : made + AT_ONCE]
        try:
            book.write(chunk)
        except (Refused, *_AWS_FAILED) as error:
            unclear = (
                f"{made} of {total} changes are confirmed. It is not known whether the next"
                f" {len(chunk)} were made. {_FINISH}"
            )
            items = _items(book, unclear)
            if any(items.get(edit.key) == edit.after for edit in chunk):
                continue  # They were made; only DynamoDB's answer was lost.
            result = _result(made, total)
            if isinstance(error, Refused):
                raise _refused(_changed(chunk, items) or chunk, result) from error
            raise _unreachable(error, result) from error


def _items(book: ConfigBook, result: str) -> Items:
    """The mappings as they are now; `result` is what to report where they cannot be read."""
    try:
        return {(str(item["pk"]), str(item["sk"])): item for item in book.items(PARTITION)}
    except _AWS_FAILED as error:
        raise _unreachable(error, result) from error


def _changed(edits: Sequence[Edit], items: Items) -> list[Edit]:
    return [edit for edit in edits if items.get(edit.key) != edit.before]


def _result(made: int, total: int) -> str:
    if not made:
        return "No changes were made. Repeat the command."
    return f"{made} of {total} changes were made, {total - made} were not. {_FINISH}"


def _refused(changed: Sequence[Edit], result: str) -> Refused:
    names = ", ".join(in_short(map(_called, changed), most=_NAMES_SHOWN))
    return Refused(
        f"somebody changed {names} meanwhile; see 'billing-sync mappings list'. {result}"
    )


def _unreachable(error: Exception, result: str) -> Unreachable:
    return Unreachable(f"the config table cannot be reached: {error}. {result}")


def _called(edit: Edit) -> str:
    """`organization 'Alder Finch' (id 7)`."""
    _, sk = edit.key
    kind = next(each for each in Kind if sk.startswith(each.prefix))
    name = str((edit.after or {}).get(f"{kind}_name", ""))
    return Line(kind, int(sk.removeprefix(kind.prefix)), name).called
