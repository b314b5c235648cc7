"""CSV, and what is like it."""

import csv

import pytest

from rhetoric.ingest import Document, Failure


@pytest.mark.parametrize(("name", "mark"), [("a.tsv", "\t"), ("a.csv", ";"), ("a.csv", "|"), ("a.csv", ",")])
@pytest.mark.parametrize("told", ["", "sep={}\r\n", '"SEP={}"\r\n', "\r\nsep={}\n"])
def test_separators(document, name: str, mark: str, told: str) -> None:
    head = f"\ufeff{told.format(mark)}id{mark}text{mark * 2}"
    found = document(name, f'{head}\r\nx{mark}"One, two; three | four\tand\r\n""five""."{mark * 4}\r\n')
    assert (found.id, found.text) == ("x", 'One, two; three | four\tand\n"five".')


def test_a_separator_is_told_of_a_table_without_a_name_too(document, read_bytes) -> None:
    assert document("a", "sep=;\nid;text\nx;One, two.\n").text == "One, two."
    assert document("a.csv", "id;text;Title (en, zh, fr)\nx;One, two.;y\n").text == "One, two."
    assert document("a.txt", "sep=;\nand so on").text == "sep=;\nand so on"
    assert [each.text for each in read_bytes("a.csv", "text;n\nsep=;\n")] == ["sep="]


def test_an_open_quotation_mark(read_bytes) -> None:
    found = read_bytes("a.csv", 'id,text\n1,One.\n2,"' + "never closed \n" * 200_000, max_bytes=200_000)
    assert [type(item) for item in found] == [Document, Failure]
    assert "quotation mark" in found[1].reason


def test_an_open_quotation_mark_swallows_nothing_unsaid(read_bytes) -> None:
    rows = ["id,text", "1,One.", '2,"Beijing says…', *(f"{number},A text." for number in range(3, 200))]
    for end in ("", "\n", "\r\n"):
        first, lost = read_bytes("a.csv", (end or "\n").join(rows) + end)
        assert first.text == "One."
        assert lost.source.endswith("a.csv") and "row 2, which begins in line 3," in lost.reason
        assert "quotation mark that is never closed" in lost.reason
    (lost,) = read_bytes("a.csv", '"id,text\n1,One.\n')
    assert "the header, which begins in line 1," in lost.reason


def test_quotation_marks_within_a_cell_are_kept(read_bytes) -> None:
    found = read_bytes("a.csv", 'id,text\n1,He said "no" twice.\n2,"A ""race"" of\ntwo"\n3,"One" and "two\n4,5" wide')
    texts = ['He said "no" twice.', 'A "race" of\ntwo', 'One and "two', '5" wide']
    assert [item.text for item in found] == texts


@pytest.mark.parametrize("times", [10, 1000])  # the latter is over what Python's reader takes, too
@pytest.mark.parametrize("mark", ["", '"'])
def test_a_long_cell_is_no_fault_of_quotation_marks(read_bytes, mark: str, times: int) -> None:
    csv.field_size_limit(100)  # which reading raises again
    first, *_, long = read_bytes("a.csv", f"text\nOne.\n{mark}{'long ' * times}{mark}", max_bytes=40)
    assert first.text == "One."
    assert "over the limit of 40 bytes" in long.reason and "quotation" not in long.reason
    long = read_bytes("a.csv", "text\n" + '"' + "long\n" * times + '"', max_bytes=40)[0]
    assert "over the limit of 40 bytes" in long.reason and "If it holds rows that follow" in long.reason


def test_quotation_marks_far_down_are_read_whatever_their_encoding(read_bytes) -> None:
    rows = b"text\n" + b"An even line of plain prose.\n" * 4_000 + "“It’s America’s lead.”\n".encode("cp1252")
    assert read_bytes("a.csv", rows)[-1].text == "“It’s America’s lead.”"
