from dataclasses import replace

from rhetoric.corpus.catalogue import read_catalogue
from rhetoric.corpus.fetch import Fetched
from rhetoric.report.catalogue import print_catalogue, print_entry, say_fetched, say_summary

from .makers import shown, unsafe

FOUND = Fetched("a", "https://example.org/", "2026-01-01", "differs", "CC0", note="it reads\x1b[31m otherwise")


def test_slugs_are_never_broken() -> None:
    entries = read_catalogue()
    lines = shown(print_catalogue, entries, width=40).splitlines()
    assert {entry.slug for entry in entries} <= set(lines)
    assert "139 texts; none ships. Fetch them with:" in lines


def test_hostile_fields_are_printed_as_text() -> None:
    entry = replace(read_catalogue()[0], title="[bold]x\x1b[31m\u202e", rights="", author="\x1b]0;x\x07")
    alone, listed = shown(print_entry, entry, width=80), shown(print_catalogue, [entry], width=80)
    assert "[bold]x[31m" in alone and "[bold]x[31m" in listed
    assert "rights  not known" in alone
    assert not unsafe(alone + listed)


def test_what_came_of_it_is_said() -> None:
    assert say_fetched(FOUND) == "differs     a (it reads[31m otherwise)"
    assert say_fetched(replace(FOUND, status="same words")) == "same words  a"
    said = say_summary({"same": 1, "failed": 2, "kept": 0}, "out\x1b")
    assert said.startswith("3 texts: 1 the catalogue's to the byte and 2 not fetched. They are in out/texts")
