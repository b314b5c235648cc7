import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.scoring.cset import score_keywords
from rhetoric.scoring.keyword_table import NOWHERE, KeywordTable, make_share

from .records import make_record


def table(*documents: tuple[str, dict[str, Any]], by: tuple[str, ...] = ("year",)) -> KeywordTable:
    found = KeywordTable.by(*by)
    for text, meta in documents:
        record = {**make_record([], "doc", **meta), "text": text}
        found.add(record, score_keywords(record))
    return found


RACE, AI, NONE = "The AI arms race.", "AI is here.", "A text."


def test_shares_are_of_the_documents_that_mention_ai() -> None:
    found = table(
        (NONE, {"date": "2020-01"}),
        (f"{RACE} Again.", {"date": "May 2, 2012", "outlet": "Paper"}),
        (RACE, {"date": "2020-05-01", "outlet": "Wire"}),
        (AI, {"date": "2020", "outlet": "Wire"}),
        (f"{NONE} Another.", {}),
        by=("year", "outlet"),
    )
    years, outlets = (each.rows() for each in found.tables)
    assert [(row.group, row.documents, row.ai) for row in years] == [("2012", 1, 1), ("2020", 3, 2), (NOWHERE, 1, 0)]
    shares = [(row.frames["competition"].count, row.frames["competition"].value) for row in years]
    assert shares == [(1, 1.0), (1, 0.5), (0, None)]
    assert [(row.group, row.ai) for row in outlets] == [("Wire", 2), ("Paper", 1), (NOWHERE, 0)]
    total = found.tables[0].total()
    assert (total.documents, total.ai, total.frames["competition"].count) == (5, 3, 2)
    assert found.terms["competition"] == {"arms race": 2}
    said = found.to_dict()
    assert said["scorer"] == "cset-2021"
    assert said["terms"]["competition"]["sputnik"] == 0
    assert said["tables"][1]["rows"][0]["frames"]["competition"]["value"] == 0.5
    assert "true" not in json.dumps(said)


def test_a_text_counts_once_where_it_first_stands() -> None:
    found = KeywordTable.by("year")
    added = []
    for date, text in (("2020", RACE), ("2021", f" {RACE}\n"), ("2021", AI)):
        record = {**make_record([], "doc", date=date), "text": text}
        added.append(found.add(record, score_keywords(record)))
    assert added == [True, False, True]
    assert [(row.group, row.documents) for row in found.tables[0].rows()] == [("2020", 1), ("2021", 1)]
    assert (found.terms["competition"], found.to_dict()["copies"]) == ({"arms race": 1}, 1)


def test_wilson_s_interval() -> None:
    # Worked by hand from his formula for 1 of 10 and for 0 of 10.
    assert make_share(1, 10).value == 0.1
    assert (make_share(1, 10).low, make_share(1, 10).high) == pytest.approx((0.017876, 0.404150), abs=2e-6)
    assert (make_share(0, 10).low, make_share(0, 10).high) == pytest.approx((0, 0.277533), abs=2e-6)
    assert make_share(0, 0).value is None


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_its_share(count: int, of: int) -> None:
    share = make_share(min(count, of), of)
    assert share.value is not None and share.low is not None and share.high is not None
    assert 0 <= share.low <= share.value <= share.high <= 1
