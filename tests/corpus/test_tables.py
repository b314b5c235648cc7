"""What goes into the tables comes out of them again, whatever the record holds."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pipeline.makers import steady
from scoring.records import PIPELINE, essay, gold, make_record
from scoring.strategies import records

from rhetoric.annotation.passages import cut
from rhetoric.corpus.tables import Done, from_tables, to_tables
from rhetoric.ingest import Failure


def there_and_back(items: list[Any], first: int = 0) -> list[Any]:
    keyed = [Done(f"key-{n}", item) for n, item in enumerate(items)]
    return from_tables(to_tables(keyed, first), PIPELINE)  # type: ignore[arg-type]


@given(st.lists(records(), max_size=4), st.integers(0, 2**40))
@steady
def test_any_records_come_back(found: list[dict[str, Any]], first: int) -> None:
    back = there_and_back(found, first)
    assert [each.key for each in back] == [f"key-{n}" for n in range(len(found))]
    assert [each.item for each in back] == found


@given(st.text(max_size=20), st.text(max_size=20), st.dictionaries(st.text(max_size=5), st.integers()))
@steady
def test_failures_and_metadata_come_back(source: str, error: str, meta: dict[str, int]) -> None:
    failure = Failure(None, source, error)
    record = {**make_record(gold()[:1]), "meta": meta}
    assert [each.item for each in there_and_back([failure, record])] == [failure, record]


def test_columns_that_a_researcher_would_ask_for() -> None:
    table = to_tables([Done("k", essay())], 7)["spans"].to_pandas()
    contrasts = table[table.kind == "contrast"]
    assert set(contrasts.label) <= {"correction", "antithesis", "concession", "opposition"}
    assert (table.document == 7).all()
    text = essay()["text"]
    assert all(text[row.start : row.end] == row.text for row in table.itertuples())


def test_passages_are_numbered_as_they_are_shown() -> None:
    table = to_tables([Done("k", essay())], 0)["passages"].to_pandas()
    drawn = {each["id"]: each["meta"]["start"] for each in cut(essay())}  # as samples name them
    assert {f"{row.id}#{row.passage}": row.start for row in table.itertuples()} == drawn


def full() -> dict[str, Any]:
    """A record that holds all that a record may hold, in the order in which it is annotated."""
    record = essay()
    for at, passage in enumerate(record["passages"]):
        passage["custom"] = {"mine": {"score": 0.7, "present": True}}
        passage["embedding"] = [0.123, -0.001, 0.0]
        if at % 2:
            carrying = {"start": passage["start"], "end": passage["start"] + 9, "without": 0.4031}
            passage["sentences"] = {"threat": carrying, "race": {**carrying, "without": 0.0}}
    return {**record, "pipeline": {**PIPELINE, "parts": {"about": "1", "encoder": "2"}}}


def test_all_that_a_record_may_hold_comes_back_as_the_same_bytes() -> None:
    record = full()
    made_by = {**PIPELINE, "parts": {"encoder": "2", "about": "1"}}  # a manifest keeps its own order
    (back,) = from_tables(to_tables([Done("key", record)], 0), made_by)  # type: ignore[arg-type]
    assert json.dumps(back.item) == json.dumps(record)
