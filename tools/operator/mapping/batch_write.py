"""Many changes, all or nothing: DynamoDB takes 100 at once, so a later refusal sets back."""

from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from billing_sync.domain.errors import BillingSyncError
from tools.operator.config_book import AT_ONCE, ConfigBook, Edit
from tools.operator.errors import Refused, Unreachable

_AGAIN = "Repeat the same command: what is done already counts as done."
_FAILURES = (BotoCoreError, ClientError, BillingSyncError)


def write_all(book: ConfigBook, edits: Sequence[Edit]) -> None:
    """Make all changes, each only while its item is what was read.

    Raises `Refused` when somebody changed an item meanwhile and `Unreachable` when AWS failed; what
    was written before is set back then, except where somebody changed it again, which is told.
    """
    turns = [edits[at : at + AT_ONCE] for at in range(0, len(edits), AT_ONCE)]
    for at, turn in enumerate(turns):
        try:
            book.write(turn)
        except Refused as error:
            raise _refused(book, turn, _set_back(book, turns[:at])) from error
        except _FAILURES as error:
            # It may have been made although the answer was lost.
            raise _failed(error, _set_back(book, turns[: at + 1])) from error


def _refused(book: ConfigBook, turn: Sequence[Edit], left: str) -> Refused:
    changed = [edit for edit in turn if book.item(*edit.key) != edit.before]
    names = _names(changed or turn)
    return Refused(f"somebody changed {names} meanwhile. {left}")


def _failed(error: Exception, left: str) -> Unreachable:
    return Unreachable(f"the config table could not be written: {error}. {left}")


def _set_back(book: ConfigBook, turns: Sequence[Sequence[Edit]]) -> str:
    """Undo what was written, the last first, and say what stands now."""
    left: list[Edit] = []
    try:
        for turn in reversed(turns):
            left += _turn_back(book, [Edit(edit.after, edit.before) for edit in turn])
    except _FAILURES:
        return f"Undoing that failed too, so part of it may remain. {_AGAIN}"
    if left:
        return (
            f"All else was reverted, but not {_names(left)}: somebody changed it again. Look at it"
            " with 'billing-sync mappings list'."
        )
    return "Nothing is changed: what was written before that was reverted. Look again, then repeat."


def _turn_back(book: ConfigBook, backwards: Sequence[Edit]) -> list[Edit]:
    """Those that could not be set back."""
    try:
        book.write(backwards)
    except Refused:
        return [edit for edit in backwards if not _one_back(book, edit)]
    return []


def _one_back(book: ConfigBook, edit: Edit) -> bool:
    try:
        book.write([edit])
    except Refused:
        return book.item(*edit.key) == edit.after  # it was never written, or is back already
    return True


def _names(edits: Sequence[Edit]) -> str:
    told = [" / ".join(edit.key) for edit in edits[:3]]
    more = f" and {len(edits) - 3} more" if len(edits) > 3 else ""
    return ", ".join(told) + more
