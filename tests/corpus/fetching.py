"""What the tests of fetching share, but for the server itself, a fixture of conftest.py."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingest.makers import PROSE, Answer, page

from rhetoric.corpus.catalogue import Entry, letters
from rhetoric.corpus.fetch import Fetched, fetch_texts
from rhetoric.ingest import ReadOptions

LOCAL = ReadOptions(allow_private=True, timeout=5)
TEXT = f"{PROSE}\n\n{PROSE[:90]}.\n"
ROBOTS = "/robots.txt"
Server = Callable[[dict[str, Answer]], tuple[str, list[str]]]


def entry(slug: str, url: str, text: str = "", known: bool = True) -> Entry:
    sha = hashlib.sha256(text.encode()).hexdigest() if text else ""
    letter = hashlib.sha256(letters(text).encode()).hexdigest() if text and known else ""
    return Entry(slug, slug.title(), "Ann", "US", "essay", "2020", 1, "CC0", url, sha, letter)


def run(folder: Path, *entries: Entry, options: ReadOptions = LOCAL, **how: Any) -> list[Fetched]:
    return list(fetch_texts(entries, folder, options, pause=how.pop("pause", 0.0), **how))


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "provenance.jsonl").read_text().splitlines()]


def plain(text: str) -> Answer:
    return page(text.encode(), "text/plain; charset=utf-8")
