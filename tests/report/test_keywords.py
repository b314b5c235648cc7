import io

from rich.console import Console
from scoring.records import make_record

from rhetoric.report.keywords import print_keyword_agreements, print_keywords
from rhetoric.scoring.cset import score_keywords
from rhetoric.scoring.keyword_agreement import KeywordAgreement, KeywordAgreements
from rhetoric.scoring.keyword_table import KeywordTable


def printed(documents: int, with_frame: int, groups: int = 1, width: int = 60) -> str:
    table = KeywordTable.by("outlet")
    for number in range(documents):
        record = make_record([], "doc", outlet=f"The outlet {number % groups}")
        record["text"] = f"{'The AI arms race.' if number < with_frame else 'AI.'} Text {number}."
        table.add(record, score_keywords(record))
    out = io.StringIO()
    print_keywords(table, Console(file=out, width=width, markup=False, highlight=False))
    return out.getvalue()


def test_small_shares_keep_a_digit() -> None:
    assert "2 1.0% (0.3-3.6)" in printed(200, 2)
    assert "50 25% (20-31)" in printed(200, 50)


def test_a_narrow_terminal_keeps_every_column_and_long_tables_say_what_they_leave_out() -> None:
    said = printed(35, 1, groups=35, width=40)
    assert "... and 5 more groups" in " ".join(said.split())
    assert "The outlet 0" in said
    heads = " ".join(said.split())
    assert all(name in heads for name in ("competition", "robots", "without work"))


def test_copies_are_told() -> None:
    table = KeywordTable.by("outlet")
    for _ in range(3):
        record = make_record([], "doc", outlet="x")
        table.add(record, score_keywords(record))
    out = io.StringIO()
    print_keywords(table, Console(file=out, width=200, markup=False, highlight=False))
    assert "Left out: 2 documents that repeat the text of another" in out.getvalue()
    assert "repeat the text" not in printed(3, 1)


def test_documents_that_do_not_tell_their_group_are_counted() -> None:
    assert "in the metadata" not in printed(3, 1)
    table = KeywordTable.by("year")
    record = make_record([], "doc", outlet="x")
    table.add(record, score_keywords(record))
    out = io.StringIO()
    print_keywords(table, Console(file=out, width=100, markup=False, highlight=False))
    assert "1 document without year in the metadata; --meta FILE.csv adds it." in out.getvalue()


def test_no_column_loses_a_digit() -> None:
    table = KeywordTable.by("outlet")
    record = make_record([], "doc", outlet="x")
    record["text"] = "AI."
    table.add(record, score_keywords(record))
    out = io.StringIO()
    print_keywords(table, Console(file=out, width=80, markup=False, highlight=False))
    rows = [line.split("  ") for line in out.getvalue().splitlines() if line.startswith("x ")]
    assert [row[-1].strip() for row in rows] == ["0 0.0% (0.0-79.3)"]
    assert out.getvalue().count("0 0.0% (0.0-79.3)") == 8


def test_no_kappa_is_a_negative_zero() -> None:
    out = io.StringIO()
    found = KeywordAgreements(KeywordAgreement(0, 1, 1, 998))
    print_keyword_agreements(found, Console(file=out, width=200, markup=False, highlight=False), show=0)
    assert "of 1,000; kappa 0.00" in out.getvalue()
