"""The golden files: named texts, free of what differs from one run of the tests to the next."""

import difflib
import gzip
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from boto3.dynamodb.types import Binary

FOLDER = Path(__file__).parent / "golden"
# The stand-ins of the vendors listen on a port that is free at the moment.
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


class Texts(dict[str, str]):
    """Texts by the name of their golden file; each is kept once."""

    def keep(self, name: str, text: str) -> None:
        """Keep a text, with the vendors' addresses made the same."""
        assert name not in self, f"two texts for {name}"
        self[name] = ADDRESS.sub("http://vendor", text)

    def keep_json(self, name: str, value: object) -> None:
        """Keep a value as JSON, its keys in the order the product gives them."""
        text = json.dumps(value, indent=2, ensure_ascii=False, default=_plain)
        self.keep(f"{name}.json", f"{text}\n")


def golden(name: str) -> str:
    """The frozen text, with the line ends it was written with."""
    return (FOLDER / name).read_bytes().decode()


def golden_names() -> list[str]:
    """Every golden file, by its name below the folder."""
    return sorted(str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*") if file.is_file())


def write(texts: Mapping[str, str]) -> None:
    """Make these the golden files; one that no text is for goes away."""
    for name in set(golden_names()) - set(texts):
        (FOLDER / name).unlink()
    for name, text in texts.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_bytes(text.encode())


def difference(name: str, now: str) -> str:
    """What changed against the golden file, line by line."""
    lines = difflib.unified_diff(
        golden(name).splitlines(), now.splitlines(), "frozen", "now", lineterm="", n=3
    )
    return "\n".join((f"{name} changed:", *lines))


def items_of(table: Any) -> str:
    """Every item of a table as JSON, by its keys, an attribute to a line."""
    items = sorted(table.scan()["Items"], key=lambda item: (item["pk"], item["sk"]))
    return "[\n" + ",\n".join(map(_block, items)) + "\n]\n"


def _block(item: dict[str, Any]) -> str:
    ordered = {"pk": item["pk"], "sk": item["sk"], **{name: item[name] for name in sorted(item)}}
    lines = (f'    "{name}": {_line(value)}' for name, value in ordered.items())
    return "  {\n" + ",\n".join(lines) + "\n  }"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: object) -> object:
    """A number as it is; what is compressed as what it is made of, for zlib may pack it anew."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    assert isinstance(value, bytes | Binary), f"{value!r} has no form in a golden file"
    return {"gzip": json.loads(gzip.decompress(bytes(value)))}
