"""Where the code cites a page on a vendor, the page has that section."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CITED = re.compile(r"docs/vendors/(\w+\.md)#([\w-]+)")


def citations() -> set[tuple[str, str]]:
    files = [path for folder in ("layers", "tools") for path in (ROOT / folder).rglob("*.py")]
    return {each for file in files for each in CITED.findall(file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("page", ["huntress.md", "connectwise.md"])
def test_the_cited_sections_are_there(page: str) -> None:
    text = (ROOT / "docs" / "vendors" / page).read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}
    cited = {anchor for file, anchor in citations() if file == page}

    assert cited
    assert cited <= anchors
