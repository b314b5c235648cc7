import math
from typing import Any

import pandas as pd
import pytest

from rhetoric.errors import RhetoricError
from rhetoric.scoring import find_profile, score_frame, score_record

from .records import essay, make_record, off_topic

FAILURE = {"id": None, "source": "a.pdf", "error": "it is encrypted."}


def test_one_row_a_record_in_order() -> None:
    frame = score_frame([essay(), off_topic(), FAILURE])
    assert list(frame["id"][:2]) == ["essay", "off-topic"]
    assert frame["id"].isna().tolist() == [False, False, True]
    assert frame["error"].isna().tolist() == [True, True, False]
    assert (frame["source"][2], frame["error"][2]) == ("a.pdf", "it is encrypted.")
    assert frame["frame_race"][0] == score_record(essay()).frames["race"].prevalence.value
    assert frame["frame_race"].isna().tolist() == [False, True, True]
    assert frame["frame_race"].dtype == frame["us_stance"].dtype == float


def test_it_takes_a_frame_of_records_and_keeps_its_index() -> None:
    records = pd.DataFrame([essay(), FAILURE], index=["x", "y"])
    frame = score_frame(records)
    assert list(frame.index) == ["x", "y"]
    assert frame.loc["x", "passages"] == 8
    assert math.isnan(frame.loc["y", "passages"])


def test_no_records_give_an_empty_frame_with_its_columns() -> None:
    empty, full = score_frame([]), score_frame([make_record([])])
    assert len(empty) == 0
    assert list(empty.columns) == list(full.columns)
    for name in ("frame_race", "us_stance_low", "words"):
        assert empty[name].dtype == float
    assert empty["id"].dtype == object and empty["off_topic"].dtype == "boolean"


def test_every_passage() -> None:
    assert score_frame([off_topic()], every_passage=True)["counted"][0] == 6


def test_true_or_false_can_be_missing() -> None:
    frame = score_frame([off_topic(), FAILURE, essay()])
    assert list(frame[~frame["off_topic"]]["id"]) == ["essay"]
    assert frame["off_topic"].dtype == score_frame([essay()])["off_topic"].dtype == "boolean"


@pytest.mark.parametrize("date", [2024, 2024.0, "2024"])
def test_a_failure_keeps_what_is_known_of_the_document(date: Any) -> None:
    """A column of years with gaps holds floats."""
    meta = {"title": "A", "source": "https://a.org", "date": date, "n": 1}
    frame = score_frame(pd.DataFrame([{**FAILURE, "meta": meta}, {**essay(), "meta": meta}]))
    for row in (0, 1):
        assert frame.loc[row, ["title", "source", "date"]].tolist() == ["A", "https://a.org", "2024"]


def test_a_profile_is_looked_up_by_its_name() -> None:
    usual, shipped = (score_frame([essay()], profile=name) for name in ("strategy", "shipped"))
    pd.testing.assert_frame_equal(usual, score_frame([essay()], profile=find_profile("strategy")))
    pd.testing.assert_frame_equal(usual, shipped)
    with pytest.raises(RhetoricError, match="nonsense: there is no profile of this name"):
        score_frame([], profile="nonsense")
