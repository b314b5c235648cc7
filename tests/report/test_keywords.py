from typing import Any

import pytest
from scoring.records import make_record

from rhetoric.report.keywords import print_keyword_agreements, print_keywords
from rhetoric.scoring.cset import score_keywords
from rhetoric.scoring.keyword_agreement import KeywordAgreement, KeywordAgreements
from rhetoric.scoring.keyword_table import KeywordTable

from .makers import shown, words


def told(*texts: str, by: str = "outlet", groups: int = 1, width: int = 60) -> str:
    """The table of documents with those texts, each of one of some outlets in turn."""
    table = KeywordTable.by(by)
    for number, text in enumerate(texts):
        record: Any = {**make_record([], "doc", outlet=f"The outlet {number % groups}"), "text": text}
        table.add(record, score_keywords(record))
    return shown(print_keywords, table, width=width)


def many(documents: int, with_frame: int) -> list[str]:
    return [f"{'The AI arms race.' if at < with_frame else 'AI.'} Text {at}." for at in range(documents)]


@pytest.mark.parametrize(("with_frame", "said"), [(2, "2 1.0% (0.3-3.6)"), (50, "50 25% (20-31)")])
def test_small_shares_keep_a_digit(with_frame: int, said: str) -> None:
    assert said in told(*many(200, with_frame))


def test_a_narrow_terminal_keeps_every_column_and_long_tables_say_what_they_leave_out() -> None:
    said = words(told(*many(35, 1), groups=35, width=40))
    assert "... and 5 more groups" in said
    assert all(name in said for name in ("The outlet 0", "competition", "robots", "without work"))


def test_what_is_left_out_is_counted() -> None:
    usual = told(*many(3, 1))
    assert "repeat the text" not in usual and "in the metadata" not in usual
    assert "Left out: 2 documents that repeat the text of another" in told("AI.", "AI.", "AI.", width=200)
    assert "1 document without year in the metadata; --meta FILE.csv adds it." in told("AI.", by="year", width=100)


def test_no_column_loses_a_digit() -> None:
    text = told("AI.", width=80)
    (row,) = (line for line in text.splitlines() if line.startswith("The outlet 0 "))
    assert row.split("  ")[-1].strip() == "0 0.0% (0.0-79.3)"
    assert text.count("0 0.0% (0.0-79.3)") == 8


def test_no_kappa_is_a_negative_zero() -> None:
    found = KeywordAgreements(KeywordAgreement(0, 1, 1, 998))
    assert "of 1,000; kappa 0.00" in shown(print_keyword_agreements, found, show=0)
