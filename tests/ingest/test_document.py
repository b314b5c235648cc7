import json
import math
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.ingest import Document, make_document
from rhetoric.ingest.document import cell_text, is_missing, json_able, normalise


def test_normalise_changes_line_ends_marks_controls_and_spaces_only() -> None:
    assert normalise("\ufeffone\r\ntwo\rthree\x00\x07 é\ttab\ud800 end\u2028x") == "one\ntwo\nthree é\ttab\ufffd end\nx"
    assert normalise("10\u202f% of\xa0it\u3000is\u2009not\u200bso") == "10 % of it is not\u200bso"


@given(st.text(st.characters(exclude_categories=())))
def test_normalise_is_idempotent_and_always_encodes(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    once.encode("utf-8")
    assert not any(ord(c) < 32 and c not in "\n\t" for c in once)


@given(st.text())
def test_id_depends_on_the_normalised_text_alone(text: str) -> None:
    first, second = make_document(text, {"a": 1}), make_document(normalise(text).replace("\n", "\r\n"), {"b": 2})
    assert first.id == second.id
    assert len(first.id) == 16
    assert make_document(first.text + "!").id != first.id


def test_a_given_id_is_kept_and_a_blank_one_is_not() -> None:
    assert make_document("x", id="my\nid").id == "my id"
    assert make_document("x", id=" ").id == make_document("x").id


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (Document("a", "x", {"source": "Reuters", "row": 9}, "x.csv", 7), "x.csv row 7"),
        (Document("a", "x", {"row": 9}, "x.txt"), "x.txt"),
        (Document("a", "x", {"source": "x.csv", "row": 9}), "x.csv row 9"),
        (Document("a", "x", {"source": "x.txt"}), "x.txt"),
        (Document("a", "x"), "a"),
        (Document("a", "x", None), "a"),  # type: ignore[arg-type]
    ],
)
def test_a_failure_names_the_file_and_no_column_of_the_user(document: Document, place: str) -> None:
    assert document.place == place
    assert document.failure("It is bad.") == {"id": "a", "source": place, "error": "It is bad."}


def test_meta_is_json_and_holds_no_missing_values() -> None:
    meta = {
        "n": np.int64(3),
        "v": np.arange(2),
        "d": date(2024, 5, 1),
        "day": np.datetime64("2024-05-01"),
        "fine": np.datetime64("2024-05-01T10:00", "ns"),
        "times": np.array(["2024-05-01", "NaT"], "datetime64[ns]"),
        "took": np.timedelta64(90, "s").astype("timedelta64[ns]"),
        "nan": math.nan,
        "none": None,
        "b": b"x",
        1: "y",
    }
    days = {
        "d": "2024-05-01",
        "day": "2024-05-01",
        "fine": "2024-05-01T10:00:00",
        "times": ["2024-05-01T00:00:00", None],
    }
    assert make_document("x", meta).meta == {"n": 3, "v": [0, 1], **days, "took": "0:01:30", "1": "y"}
    deep: list = []
    for _ in range(10_000):
        deep = [deep]
    json.dumps(json_able({"deep": deep}))


NOTHING = [
    *(None, math.nan, math.inf, np.float32("nan"), np.datetime64("NaT"), np.timedelta64("NaT")),
    *(pd.NaT, pd.NA, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity")),
]


@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
def test_what_is_missing_is_no_text(nothing: Any) -> None:
    assert is_missing(nothing)
    assert cell_text(nothing) is None
    assert json_able({"a": nothing, "b": [nothing]}) == {"b": [None]}


@pytest.mark.parametrize(
    "value", ["", "nan", 0, False, 0.5, Decimal(1), [], [math.nan], {}, np.array([]), np.array([0])]
)
def test_what_is_there_is_not_missing(value: Any) -> None:
    assert not is_missing(value)


def test_the_text_of_a_cell_is_a_whole_number_without_decimals_or_a_text_without_space_around_it() -> None:
    assert [cell_text(each) for each in (1.0, np.float64(2), 3, 1.5, " a ", " ")] == ["1", "2", "3", "1.5", "a", None]


def test_characters_of_cp1252_that_were_read_as_latin_1_are_put_right() -> None:
    assert normalise("\x93America\x92s\x94 \x80\x81") == "“America’s” €"
