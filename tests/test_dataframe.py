"""From a DataFrame of texts to one of records, with the weights that ship."""

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from test_analysis import MACHINERY, as_json, check_record

from rhetoric import annotate, annotate_dataframe
from rhetoric.dataframe import COLUMNS
from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import make_document

LEADS = "China leads."
RACE = "The AI race between China and the United States is a war for chips, and not a race."


def test_a_frame_has_a_row_a_document(nlp):
    frame = pd.DataFrame(
        {"body": [MACHINERY, "", None, LEADS], "key": ["a", "b", "c", "d"], "year": [2023, 2024, 2025, 2026]},
        index=[7, 3, 5, 1],
    )
    found = annotate_dataframe(frame, text="body", id="key", nlp=nlp)
    assert list(found.index) == [7, 3, 5, 1]
    assert list(found["id"]) == ["a", "b", "c", "d"]
    assert list(found["error"].isna()) == [True, False, False, True]
    assert found.loc[7, "meta"] == {"year": 2023}
    record = {name: value for name, value in found.loc[1].items() if name not in ("source", "error")}
    check_record(record)
    assert as_json({**record, "meta": {}, "id": ""}) == as_json({**annotate(LEADS, nlp=nlp), "id": ""})


def test_a_frame_without_ids_has_those_of_the_texts(nlp):
    found = annotate_dataframe(pd.DataFrame({"text": [LEADS]}), nlp=nlp)
    assert list(found["id"]) == [make_document(LEADS).id]


@pytest.mark.parametrize(
    ("ids", "first"),
    [
        ([1, np.nan], "1"),
        (pd.array([1, None], dtype="Int64"), "1"),
        (["a", None], "a"),
        (pd.array(["a", None], dtype="string"), "a"),
        (pd.Series([Decimal(1), pd.NA], dtype=object), "1"),
        ([pd.Timestamp("2024-01-01"), pd.NaT], "2024-01-01 00:00:00"),
    ],
)
def test_a_text_whose_id_is_missing_has_that_of_its_content(nlp, ids: Any, first: str):
    found = annotate_dataframe(pd.DataFrame({"text": [MACHINERY, LEADS], "key": ids}), id="key", nlp=nlp)
    assert list(found["id"]) == [first, make_document(LEADS).id]


@pytest.mark.parametrize("frame", [pd.DataFrame({"text": []}), pd.DataFrame({"text": [None, " "]}), None])
def test_the_columns_are_the_same_whatever_could_be_read(nlp, frame):
    frame = pd.DataFrame({"text": [LEADS]}) if frame is None else frame
    found = annotate_dataframe(frame, nlp=nlp)
    assert tuple(found.columns) == COLUMNS
    assert len(found) == len(frame)


def test_what_could_not_be_read_keeps_what_is_known_of_it(nlp):
    given = {"text": [LEADS, None, ""], "title": ["A", "B", None], "source": [None, "b.txt", None], "n": [1, 2, 3]}
    found = annotate_dataframe(pd.DataFrame(given), nlp=nlp)
    assert list(found["meta"]) == [{"title": "A", "n": 1}, {"title": "B", "source": "b.txt", "n": 2}, {"n": 3}]
    assert list(found["source"][1:]) == ["b.txt", "row 3"]


@pytest.mark.parametrize("said", [b"China leads.", 5, 2.5, [LEADS], {"text": LEADS}, True])
def test_what_is_no_text_is_called_what_it_is(nlp, said):
    (error,) = annotate_dataframe(pd.DataFrame({"text": pd.Series([said], dtype=object)}), nlp=nlp)["error"]
    assert error == f"this is {type(said).__name__}, and texts are str."


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (pd.Series([LEADS]), "pandas.Series"),
        ([LEADS], "list"),
        (pa.table({"text": [LEADS]}), "pyarrow.Table"),
        (None, "NoneType"),
    ],
)
def test_what_is_no_frame_is_called_what_it_is(nlp, given, kind):
    with pytest.raises(TypeError, match=f"takes a pandas DataFrame, not {kind}"):
        annotate_dataframe(given, nlp=nlp)


def test_a_column_that_stands_twice_is_refused(nlp):
    frame = pd.DataFrame([[LEADS, MACHINERY, "a"]], columns=["text", "text", "key"])
    with pytest.raises(RhetoricError, match="The column 'text' stands twice"):
        annotate_dataframe(frame, nlp=nlp)
    frame.columns = ["key", "text", "key"]
    with pytest.raises(RhetoricError, match="The column 'key' stands twice"):
        annotate_dataframe(frame, id="key", nlp=nlp)


@pytest.mark.filterwarnings("error")
def test_a_text_may_be_its_own_id(nlp):
    (made,) = annotate_dataframe(pd.DataFrame({"text": [LEADS], "n": [1]}), id="text", nlp=nlp).to_dict("records")
    assert (made["id"], made["text"], made["meta"]) == (LEADS, LEADS, {"n": 1})


@pytest.mark.parametrize("columns", [{"text": "body"}, {"id": "key"}])
def test_a_column_that_is_not_there_is_said(nlp, columns):
    with pytest.raises(RhetoricError, match=r"no column '(body|key)'\. It has: text\."):
        annotate_dataframe(pd.DataFrame({"text": [LEADS]}), nlp=nlp, **columns)


def test_a_frame_that_was_kept_in_a_file_is_scored_as_before(nlp, tmp_path):
    from rhetoric.scoring import score_dataframe

    frame = pd.DataFrame({"text": [RACE, MACHINERY, None], "title": ["A", None, "C"]})
    found = annotate_dataframe(frame, nlp=nlp)
    should = score_dataframe(found)
    found.to_parquet(tmp_path / "a.parquet")
    pd.testing.assert_frame_equal(score_dataframe(pd.read_parquet(tmp_path / "a.parquet")), should)
    found.to_json(tmp_path / "a.jsonl", orient="records", lines=True)
    pd.testing.assert_frame_equal(score_dataframe(pd.read_json(tmp_path / "a.jsonl", lines=True)), should)
    bare = annotate_dataframe(frame[["text"]], nlp=nlp)
    bare.drop(columns="meta").to_parquet(tmp_path / "b.parquet")
    pd.testing.assert_frame_equal(score_dataframe(pd.read_parquet(tmp_path / "b.parquet")), score_dataframe(bare))
