from typing import Any

import pytest
from hypothesis import given, settings

from rhetoric.errors import RhetoricError
from rhetoric.scoring import score_record
from rhetoric.scoring.columns import fields
from rhetoric.scoring.trace import trace

from .records import essay, gold
from .strategies import records


@settings(max_examples=10, deadline=None)
@given(records())
def test_every_figure_comes_back_from_its_passages(record: dict[str, Any]) -> None:
    for every_passage in (False, True):
        row = score_record(record, profile=None, intervals=False, every_passage=every_passage).to_row()
        for name in fields():
            parts = trace(record, name, every_passage=every_passage)
            if name.endswith("_corrected"):
                assert parts == trace(record, name.removesuffix("_corrected"), every_passage=every_passage)
            elif row[name] is None:
                assert parts == []
            else:
                found = sum(part.amount for part in parts) / sum(part.base for part in parts)
                assert found == pytest.approx(row[name], abs=1e-6)


def test_the_passages_of_a_frame_are_those_that_the_gold_names() -> None:
    record, codes = essay(), [row["frames"]["race"] for row in gold("essay.jsonl")]
    parts = trace(record, "frame_race")
    assert [part.amount for part in parts] == codes
    assert [part.passage for part in parts] == list(range(1, 9))
    assert all(record["text"][part.start : part.end] == part.text for part in parts)
    metaphors = trace(record, "metaphor")
    assert sum(part.amount for part in metaphors) == sum(len(row["live_metaphors"]) for row in gold("essay.jsonl"))
    assert sum(part.base for part in metaphors) == pytest.approx(score_record(record).counted_words / 1000)


def test_passages_that_do_not_speak_of_a_country_are_not_under_its_stance() -> None:
    spoken = [at for at, row in enumerate(gold("essay.jsonl"), 1) if "china" in row["portrayal"]]
    assert [part.passage for part in trace(essay(), "china_stance")] == spoken
    with pytest.raises(RhetoricError, match="no field of this name"):
        trace(essay(), "race")
