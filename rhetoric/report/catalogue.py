"""The catalogue for the terminal: a list of texts, one text in full, and what came of fetching them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from rhetoric.corpus.catalogue import Entry
from rhetoric.corpus.fetch import Fetched
from rhetoric.ingest.sources import PROVENANCE, TABLE, TEXTS
from rhetoric.report.page import Page
from rhetoric.report.safe import clean, excerpt
from rhetoric.report.words import count, join

_SUMMARY: Final = {
    "same": "the catalogue's to the byte",
    "same words": "the same words, spaced or punctuated otherwise",
    "differs": "reading otherwise than the catalogue's",
    "unchecked": "without a checksum to compare",
    "kept": "there from an earlier run",
    "failed": "not fetched",
}


def print_catalogue(entries: Sequence[Entry], console: Console) -> None:
    """Print two lines a text, its slug and what it is, then how many there are of each voice and type."""
    page = Page(console)
    for entry in entries:
        words = "" if entry.words is None else count(entry.words, "word")
        told = (excerpt(entry.title, 90), excerpt(entry.author, 60), entry.voice, entry.type, entry.date, words)
        console.print(Text(entry.slug, "bold"), soft_wrap=True)  # never broken, so that it can be copied
        page.paragraph(". ".join(clean(each) for each in told if each), indent=2)
    page.paragraph("")
    for name in ("voice", "type"):
        many = Counter(str(getattr(entry, name)) for entry in entries).most_common()
        page.entry(name, ", ".join(f"{clean(value) or '?'} ({times})" for value, times in many), indent=0)
    page.paragraph(f"{count(len(entries), 'text')}; none ships. Fetch them with: rhetoric corpus fetch -o DIR")


def print_entry(entry: Entry, console: Console) -> None:
    """Print all that is known of one text."""
    page = Page(console)
    page.paragraph(Text(clean(entry.title), "bold"))
    words = "" if entry.words is None else f"{entry.words:,}"
    told = {"slug": entry.slug, "author": entry.author, "voice": entry.voice, "type": entry.type, "date": entry.date}
    told |= {"words": words, "rights": entry.rights, "from": entry.url, "sha256": entry.sha256}
    for name, value in told.items():
        page.entry(name, clean(value) or "not known", label_width=8)


def say_fetched(found: Fetched) -> str:
    """Say what came of fetching one text, on one line."""
    note = f" ({clean(found.note)})" if found.note and found.status not in ("same", "same words") else ""
    return f"{found.status:10}  {found.slug}{note}"


def say_summary(seen: Mapping[str, int], folder: str) -> str:
    """Say how many texts came out how."""
    parts = [f"{seen[status]} {said}" for status, said in _SUMMARY.items() if seen.get(status)]
    where = clean(folder)
    total = count(sum(seen.values()), "text")
    if seen.get("failed") == sum(seen.values()):
        return f"{total}: {join(parts)}."
    lie = f"They are in {where}/{TEXTS}; where each is from, in {where}/{PROVENANCE}"
    return f"{total}: {join(parts)}. {lie}; what is told of them, for --meta, in {where}/{TABLE}."
