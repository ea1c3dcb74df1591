"""What an import would change, before anybody is asked."""

from rich.console import Console
from rich.markup import escape

from tools.operator.config_book import AT_ONCE
from tools.operator.mapping.importing import Import, Replacement


def import_as_json(found: Import) -> dict[str, object]:
    """For programs: what changes, in the words that people get, and what stays."""
    return {
        "changes": [_change(replacement) for replacement in found.replacements],
        "unchanged": found.unchanged,
        "not_in_the_file": found.kept,
    }


def show_import(console: Console, found: Import) -> None:
    """Added, then changed; then what stays."""
    added = [replacement for replacement in found.replacements if replacement.was is None]
    changed = [replacement for replacement in found.replacements if replacement.was is not None]
    console.print(
        f"[bold]{len(added)} added, {len(changed)} changed, {found.unchanged} unchanged[/]; "
        f"{found.kept} that the file does not name stay as they are."
    )
    for replacement in (*added, *changed):
        console.print(escape(_change(replacement)), soft_wrap=True)
    if len(found.replacements) > AT_ONCE:
        console.print(
            f"More than {AT_ONCE} changes are made {AT_ONCE} at a time. Start no run meanwhile: it"
            " would use only a part of them. If the import is cut off, the changes made so far"
            " stay; repeat the same command to finish."
        )


def _change(replacement: Replacement) -> str:
    if replacement.was is None:
        return f"+ {replacement.now.called}: {replacement.now.means()}"
    names = [
        f"{field} {old!r} → {new!r}"
        for field, old, new in (
            ("name", replacement.was.name, replacement.now.name),
            ("company name", replacement.was.company_name, replacement.now.company_name),
        )
        if old != new
    ]
    if (
        replacement.was.company_id != replacement.now.company_id
        and replacement.was.company_name == replacement.now.company_name
    ):
        names.append("company name: left as it was; 'billing-sync mappings heal' updates it")
    meaning = (
        []
        if replacement.was.means() == replacement.now.means()
        else [f"{replacement.was.means()} → {replacement.now.means()}"]
    )
    return f"~ {replacement.was.called}: {'; '.join(meaning + names)}"
