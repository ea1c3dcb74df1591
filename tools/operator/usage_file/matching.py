"""Which Huntress organization each name in the file is: by id, by exact name, or a person says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import click

from tools.operator.errors import Refused
from tools.operator.suggestions.suggesting import suggest
from tools.operator.suggestions.values import Company, Organization, Suggested
from tools.operator.usage_file.asking import prompted

OPTIONS = '--match "NAME=ID" or --skip "NAME"'
_SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Matched:
    """The organization id of each name in the file, and the names that are left out."""

    ids: dict[str, int]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matching:
    """Matches against these organizations, names by id; asks only where it may."""

    organizations: Mapping[int, str]
    ask: bool

    def match(
        self, names: Iterable[str], *, chosen: Mapping[str, int], skip: Iterable[str]
    ) -> Matched:
        """Every name matched or skipped; raises `Refused` naming those that are neither."""
        to_match, skipped = tuple(names), frozenset(skip)
        unknown_names = sorted((chosen.keys() | skipped) - set(to_match))
        if unknown_names:
            raise click.UsageError(f"the file has no line of {_listed(unknown_names)}")
        unknown = sorted(set(chosen.values()) - self.organizations.keys())
        if unknown:
            raise click.UsageError(f"--match names {unknown[0]}, and no organization has this id")
        ids = dict(chosen)
        open_names = [each for each in to_match if each not in ids and each not in skipped]
        for name in open_names:
            fitting = self._fitting(name)
            if len(fitting) == 1:
                ids[name] = fitting[0]
        return self._rest(ids, skipped, [name for name in open_names if name not in ids])

    def _fitting(self, name: str) -> list[int]:
        """The organizations that have this id or exactly this name."""
        return [
            organization_id
            for organization_id, called in self.organizations.items()
            if name in (str(organization_id), called)
        ]

    def _rest(self, ids: dict[str, int], skipped: frozenset[str], left: list[str]) -> Matched:
        found = self._suggested(left)
        if left and not self.ask:
            raise Refused(
                f"no organization is surely meant by {_listed(left)}. Give {OPTIONS}.\n"
                + "\n".join(line for each in found for line in _shown(each))
            )
        for each in found:
            name = each.organization.name
            click.echo("\n".join(_shown(each)), err=True)
            answer = prompted(
                f"Organization of '{name}' (number above, id, or {_SKIP})",
                lambda text, each=each: self._understood(text, each),  # type: ignore[misc]
                option=OPTIONS,
            )
            if answer is None:
                skipped |= {name}
            else:
                ids[name] = answer
        return Matched(ids, tuple(sorted(skipped)))

    def _suggested(self, names: list[str]) -> tuple[Suggested, ...]:
        companies = (
            Company(organization_id, called)
            for organization_id, called in self.organizations.items()
        )
        return suggest((Organization(i, n) for i, n in enumerate(names)), companies)

    def _understood(self, text: str, suggested: Suggested) -> int | None:
        if text.strip().casefold() == _SKIP:
            return None
        number = int(text) if text.strip().isdecimal() else 0
        if 0 < number <= len(suggested.suggestions):
            return suggested.suggestions[number - 1].company.id
        if number in self.organizations:
            return number
        raise click.UsageError(f"'{text}' is no number above, no organization's id and not {_SKIP}")


def _shown(suggested: Suggested) -> list[str]:
    """A name with what it may be."""
    may_be = [
        f"  {number}  {each.company.name} (id {each.company.id}): {each.evidence.reason}"
        for number, each in enumerate(suggested.suggestions, start=1)
    ]
    return [f"'{suggested.organization.name}' may be", *(may_be or ["  nothing that is like it"])]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


class MatchType(click.ParamType[tuple[str, int]]):
    """`Acme, Inc.=101`: a name of the file and the organization it is."""

    name = "NAME=ID"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Name and id; fails naming what is neither."""
        name, _, number = (part.strip() for part in str(value).rpartition("="))
        if not name or not (number.isascii() and number.isdecimal()):
            self.fail(
                f"'{value}' is not NAME=ID, the name as the file has it and the id of a Huntress"
                ' organization, as in --match "Acme, Inc.=101"',
                param,
                ctx,
            )
        return name, int(number)
