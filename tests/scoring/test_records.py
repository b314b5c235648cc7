from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import is_analysed
from rhetoric.scoring import score_dataframe, score_record
from rhetoric.scoring.records import take_records

from .records import essay

FAILURE = {"id": "a", "source": "a.pdf", "error": "it is encrypted."}


def test_the_rows_of_a_frame_are_the_records_it_was_made_of() -> None:
    records: Any = [essay(), FAILURE]
    assert list(take_records(records)) == records
    first, failed = take_records(pd.DataFrame(records))
    assert first == essay() and is_analysed(first)
    assert failed == {**FAILURE, "meta": {}} and not is_analysed(failed)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (essay(), "give a list of records"),
        ("a", "this is str"),
        (None, "not NoneType"),
        (pd.Series([1.5]), "this is float"),
        *((["a text"], "this is str"), ([None], "this is NoneType"), ([pd.Series([1])], "this is pandas.Series")),
        ([{}], "no id, text, meta, passages, framing, contrasts, metaphors, pipeline"),
        ([{"error": "it is encrypted."}], "no id, source"),
    ],
)
def test_what_are_no_records_is_said(given: Any, said: str) -> None:
    for take in (lambda records: list(take_records(records)), score_dataframe):
        with pytest.raises(TypeError, match=said):
            take(given)
    if isinstance(given, list):
        with pytest.raises(TypeError, match=said):
            score_record(given[0])


def test_the_rows_that_pyarrow_gives_are_the_records_they_were_made_of() -> None:
    custom, other = essay(), essay()
    custom["passages"][0] |= {"custom": {"mine": {"score": 0.4, "present": False}}}
    other["passages"][1] |= {"custom": {"yours": {"score": 0.6, "present": True}}, "embedding": [0.5, 0.5]}
    records: Any = [custom, essay(), other, FAILURE]
    rows = pa.Table.from_pandas(pd.DataFrame(records)).to_pylist()
    *read, failed = take_records(rows)
    assert read == records[:3] and not is_analysed(failed)
    assert score_dataframe(rows).equals(score_dataframe(records))
    assert score_record(rows[0]) == score_record(custom)


def test_a_row_of_a_run_s_table_says_where_the_records_are() -> None:
    row: Any = {"document": 1, "id": "essay", "text": "A race."}
    with pytest.raises(TypeError, match="read_records"):
        score_dataframe([row])
    with pytest.raises(RhetoricError, match="read_records"):
        score_dataframe(pd.DataFrame([row]))


def test_a_frame_that_lost_columns_or_lists_is_said() -> None:
    frame = pd.DataFrame([essay()])
    with pytest.raises(RhetoricError, match="lacks the columns text, passages"):
        list(take_records(frame.drop(columns=["text", "passages"])))
    with pytest.raises(RhetoricError, match="The passages of essay are no list"):
        list(take_records(frame.assign(passages="[]")))
