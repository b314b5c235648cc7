"""Reads a page as a browser's parser would, as far as the tests need it."""

import re
from html.parser import HTMLParser


class Reader(HTMLParser):
    """Checks that tags nest, and keeps elements with their attributes, and the text of each."""

    VOID = frozenset({"meta", "br", "input", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[tuple[list[tuple[str, str]], str]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert len(given) == len(attrs), "an attribute is given twice"
        self.elements.append((tag, given))
        if tag not in self.VOID:
            self.open.append((tag, given.get("class") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.text.append((list(self.open), data))

    def inside(self, tag: str, kind: str = "", but: str = " ") -> str:
        """All text within elements of a tag and a class, but not within those of the class ``but``."""
        said = []
        for parents, data in self.text:
            here = any(name == tag and kind in ["", *classes.split()] for name, classes in parents)
            if here and not any(but in classes.split() for _, classes in parents):
                said.append(data)
        return "".join(said)

    def all_text(self) -> str:
        """All text but that of style and script, runs of white space as one space."""
        shown = (data for parents, data in self.text if parents[-1:] and parents[-1][0] not in ("style", "script"))
        return re.sub(r"\s+", " ", "".join(shown))

    def links(self) -> list[str]:
        """Where every link leads."""
        return [attributes["href"] or "" for _, attributes in self.elements if "href" in attributes]

    def ids(self) -> list[str]:
        """Every id, in order."""
        return [attributes["id"] or "" for _, attributes in self.elements if "id" in attributes]
