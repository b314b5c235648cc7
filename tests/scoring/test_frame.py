import math

import pandas as pd

from rhetoric.scoring import score_frame, score_record

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
    assert full["frame_race"].dtype == float


def test_every_passage() -> None:
    assert score_frame([off_topic()], every_passage=True)["counted"][0] == 6
