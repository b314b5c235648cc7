import io
from dataclasses import replace

from rich.console import Console

from rhetoric.corpus.catalogue import read_catalogue
from rhetoric.corpus.fetch import Fetched
from rhetoric.report.catalogue import print_catalogue, print_entry, say_fetched, say_summary

FOUND = Fetched("a", "https://example.org/", "2026-01-01", "differs", "CC0", note="it reads\x1b[31m otherwise")


def test_slugs_are_never_broken() -> None:
    entries = read_catalogue()
    out = io.StringIO()
    print_catalogue(entries, Console(file=out, width=40, markup=False))
    lines = out.getvalue().splitlines()
    assert {entry.slug for entry in entries} <= set(lines)
    assert "139 texts; none ships. Fetch them with:" in lines


def test_hostile_fields_are_printed_as_text() -> None:
    entry = replace(read_catalogue()[0], title="[bold]x\x1b[31m\u202e", rights="", author="\x1b]0;x\x07")
    out = io.StringIO()
    print_entry(entry, Console(file=out, width=80, markup=False, highlight=False))
    print_catalogue([entry], Console(file=out, width=80, markup=False, highlight=False))
    assert "[bold]x[31m" in out.getvalue()
    assert "rights  not known" in out.getvalue()
    assert not set(out.getvalue()) & {"\x1b", "\x07", "\u202e"}


def test_what_came_of_it_is_said() -> None:
    assert say_fetched(FOUND) == "differs     a (it reads[31m otherwise)"
    assert say_fetched(replace(FOUND, status="same words")) == "same words  a"
    said = say_summary({"same": 1, "failed": 2, "kept": 0}, "out\x1b")
    assert said.startswith("3 texts: 1 the catalogue's to the byte and 2 not fetched. They are in out/texts")
