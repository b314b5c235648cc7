from pathlib import Path

import pytest
from scoring.records import essay, gold, make_record, off_topic

from rhetoric.report.table import print_table
from rhetoric.scoring import Scorecard, score_record

from .makers import console, printed, trust, unsafe
from .test_terminal import hostile_record


def cards() -> list[Scorecard]:
    long = make_record(gold()[:60], "long", source="speeches/long.txt")
    short = make_record(gold("essay.jsonl")[1:3], "short")
    return [score_record(record) for record in (essay(), long, off_topic(), short, hostile_record())]


@pytest.mark.parametrize("width", [80, 120])
def test_a_row_a_document(tmp_path: Path, width: int) -> None:
    to = console(width)
    print_table(cards(), trust(tmp_path), to)
    text = printed(to)
    rows = [line.split() for line in text.splitlines()]
    assert all(len(line.rstrip()) <= width for line in text.splitlines())
    essay_row = next(row for row in rows if row and row[0].startswith("corpora/"))
    assert essay_row[-7:] == ["834", "8/8", "7", "68.3", "31.2", "-0.6", "-0.6"]
    off_row = next(row for row in rows if row and row[0] == "off-topic")
    assert off_row[1:] == ["-", "584", "0/6", "-", "-", "-", "-", "-"]
    assert "Too few passages for rates: short," in text
    assert "no verdict" in text
    assert not unsafe(text)


def test_documents_of_one_source_go_by_their_ids(tmp_path: Path) -> None:
    rows = gold("essay.jsonl")
    several = [score_record(make_record(rows[at : at + 3], f"row-{at}", source="a.jsonl")) for at in range(3)]
    to = console(100)
    print_table(several, trust(tmp_path), to)
    assert all(f"row-{at}" in printed(to) for at in range(3))
    assert "a.jsonl" not in printed(to)
