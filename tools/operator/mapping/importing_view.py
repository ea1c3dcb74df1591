"""What an import would change, before anybody is asked."""

from rich.console import Console
from rich.markup import escape

from tools.operator.config_book import AT_ONCE
from tools.operator.mapping.importing import Import, Replacement


def import_told(found: Import) -> dict[str, object]:
    """For programs: what changes, in the words that people get, and what stays."""
    return {
        "changes": [_told(one) for one in found.replacements],
        "unchanged": found.unchanged,
        "not_in_the_file": found.kept,
    }


def show_import(console: Console, found: Import) -> None:
    """Added, then changed; then what stays."""
    added = [one for one in found.replacements if one.was is None]
    changed = [one for one in found.replacements if one.was is not None]
    console.print(
        f"[bold]{len(added)} added, {len(changed)} changed, {found.unchanged} unchanged[/]; "
        f"{found.kept} that the file does not name stay as they are."
    )
    for one in (*added, *changed):
        console.print(escape(_told(one)), soft_wrap=True)
    if len(found.replacements) > AT_ONCE:
        console.print(
            f"More than {AT_ONCE} changes are made {AT_ONCE} at a time. Start no run meanwhile: it"
            " would use only a part of them. If the import is cut off, the changes made so far"
            " stay; repeat the same command to finish."
        )


def _told(one: Replacement) -> str:
    if one.was is None:
        return f"+ {one.now.called}: {one.now.means()}"
    names = [
        f"{what} {old!r} → {new!r}"
        for what, old, new in (
            ("name", one.was.name, one.now.name),
            ("company name", one.was.company_name, one.now.company_name),
        )
        if old != new
    ]
    if one.was.company_id != one.now.company_id and one.was.company_name == one.now.company_name:
        names.append("company name: left as it was; 'billing-sync mappings heal' updates it")
    meaning = (
        [] if one.was.means() == one.now.means() else [f"{one.was.means()} → {one.now.means()}"]
    )
    return f"~ {one.was.called}: {'; '.join(meaning + names)}"
