"""A report page as a browser sees it."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """Tags, attributes, text, and the text of each element by its tag."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, list[str]] = {}
        self.text: list[str] = []
        self.within: dict[str, list[str]] = {}
        self._tag = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._tag = tag
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        self.within.setdefault(self._tag, []).append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())
