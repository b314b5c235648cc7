"""Reads a page as a browser's parser would, as far as the tests need it, and makes records to put on one."""

import re
from html.parser import HTMLParser
from typing import Any

from scoring.records import gold, make_record

HOSTILE = "<script>alert(1)</script>\u202e\x00<svg onload=alert(2)>\"'&{{7*7}}</style></title><!--"


class Reader(HTMLParser):
    """Checks that tags nest, and keeps elements with their attributes, and the text of each."""

    VOID = frozenset({"meta", "br", "input", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.elements: list[tuple[str, dict[str, Any]]] = []
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

    def of(self, tag: str) -> list[dict[str, Any]]:
        """The attributes of every element of a tag, in order."""
        return [attributes for name, attributes in self.elements if name == tag]

    def texts(self, tag: str) -> list[str]:
        """Every stretch of text that stands in an element of a tag, and in no other within it."""
        return [data for parents, data in self.text if parents[-1:] and parents[-1][0] == tag]

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


def other() -> dict[str, Any]:
    return make_record([row for row in gold() if row["about"]][:9], "other", title="Another <text>")


def hinting() -> dict[str, Any]:
    """A text that unmasks nobody and hints three times, each time with one level only."""
    record = make_record([row for row in gold() if row["framing"] == "partial" and row["about"]][:3], "hinting")
    assert all(bool(each["account"]) != bool(each["machinery"]) for each in record["framing"])
    return record


def spoil(record: dict[str, Any]) -> dict[str, Any]:
    """Put hostile words into every place that others write, as they would stand in a file of records; metaphors are
    unsure, so that they are named once more.
    """
    record["meta"] = {key: HOSTILE for key in ("title", "author", "date", "source")} | {"warnings": [HOSTILE]}
    record["id"] = HOSTILE
    record["pipeline"] = {"name": HOSTILE, "version": HOSTILE, "sha256": HOSTILE}
    record["metaphors"] = [{**each, "score": 0.4} for each in record["metaphors"]]
    for passage in record["passages"]:
        start, end = passage["start"], passage["end"]
        text = (HOSTILE * 9 + record["text"][start:end])[: end - start]
        record["text"] = record["text"][:start] + text + record["text"][end:]
    return record
