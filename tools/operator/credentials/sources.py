"""Where credentials come from: a person's keyboard, a file, the environment."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tools.operator.credentials.vendors import Question, Vendor
from tools.operator.errors import Refused
from tools.operator.terminal import wrapped


@dataclass(frozen=True, slots=True)
class Source:
    """Where to look; neither a file nor the environment means to ask.

    `local` allows addresses of this machine, where the sandbox's vendors are.
    """

    file: Path | None = None
    environment: bool = False
    local: bool = False

    @property
    def unattended(self) -> bool:
        """Whether the keys come without a prompt."""
        return self.environment or self.file is not None

    def read(self, vendor: Vendor) -> dict[str, Any]:
        """The vendor's secret, checked; raises `Refused` naming what is wrong, never a value."""
        if self.file:
            return _from_file(vendor, self.file, local=self.local)
        if self.environment:
            return _from_environment(vendor, local=self.local)
        return _prompted(vendor, local=self.local)


def _from_file(vendor: Vendor, file: Path, *, local: bool) -> dict[str, Any]:
    """A JSON file has the secret's own keys, or both vendors' under `huntress` and so on."""
    try:
        found = json.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError) as error:
        raise Refused(f"{file} cannot be read as JSON: {error}") from error
    if isinstance(found, dict):
        found = found.get(vendor.name.lower(), found)
    if not isinstance(found, dict):
        raise Refused(f"{file}: a JSON object with the keys {_key_names(vendor)} is needed")
    return _checked(vendor, found, local=local, place=str(file))


def _from_environment(vendor: Vendor, *, local: bool) -> dict[str, Any]:
    """Variables such as HUNTRESS_API_KEY."""
    prefix = f"{vendor.name.upper()}_"
    found: dict[str, Any] = {
        key: os.environ[prefix + key.upper()]
        for key in vendor.keys
        if os.environ.get(prefix + key.upper())
    }
    return _checked(vendor, found, local=local, place=f"environment ({prefix}...)")


def _prompted(vendor: Vendor, *, local: bool) -> dict[str, Any]:
    """Keys from prompts, repeated for values that cannot be right."""
    where = f"{vendor.name}'s keys: {vendor.where}."
    click.echo(wrapped(where, of_a_terminal=sys.stderr.isatty()), err=True)
    questions = [*vendor.questions, *(vendor.local_questions if local else ())]
    return {each.key: _answer(vendor, each, local=local) for each in questions}


def _answer(vendor: Vendor, question: Question, *, local: bool) -> str:
    text = f"{question.text} (not shown)" if question.hidden else question.text
    while True:
        given = str(click.prompt(text, hide_input=question.hidden, err=True)).strip()
        wrong = vendor.problems({question.key: given}, local=local).get(question.key)
        if wrong is None:
            return given
        click.echo(f"{question.key}: {wrong}.", err=True)


def _checked(
    vendor: Vendor, found: Mapping[str, Any], *, local: bool, place: str
) -> dict[str, Any]:
    problems = vendor.problems(found, local=local)
    if problems:
        text = "; ".join(f"{key}: {wrong}" for key, wrong in sorted(problems.items()))
        raise Refused(
            f"{vendor.name} credentials in {place}: {text}. Needed: {_key_names(vendor)}."
        )
    return dict(found)


def _key_names(vendor: Vendor) -> str:
    return ", ".join(question.key for question in vendor.questions)
