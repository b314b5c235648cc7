import copy
import json
import math
import time
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings

from rhetoric.errors import RhetoricError
from rhetoric.labels import ROLES
from rhetoric.pipeline.length import count_words
from rhetoric.scoring import Estimate, Scorecard, find_profile, score_dataframe, score_record

from .records import essay, gold, in_passing, make_record, off_topic, on_matter
from .strategies import records

FAILURE: Any = {"id": None, "source": "a.pdf", "error": "it is encrypted."}


def estimates(scorecard: Scorecard) -> list[Estimate]:
    return [each for name, each in scorecard.estimates().items() if not name.endswith("_corrected")]


@settings(max_examples=25, deadline=None)
@given(records())
def test_every_estimate_is_sound(record: dict[str, Any]) -> None:
    for every_passage in (False, True):
        card = score_record(record, every_passage=every_passage)
        for found in estimates(card):
            assert found.passages <= card.counted <= card.passages
            assert (found.value is None) == (found.passages == 0)
            if found.low is not None:
                assert found.low <= found.value <= found.high
        for score in card.frames.values():
            for share in (score.prevalence, score.probability):
                assert share.value is None or 0 <= share.value <= 1
                assert share.low is None or 0 <= share.low <= share.high <= 1
        for portrayed in card.portrayal.values():
            assert portrayed.stance.value is None or -1 <= portrayed.stance.value <= 1
        assert bool(card.notes) or card.counted >= 3


@settings(max_examples=25, deadline=None)
@given(records())
def test_counts_add_up(record: dict[str, Any]) -> None:
    card = score_record(record, every_passage=True)

    def total(found: Any) -> int:
        return sum(each.count or 0 for each in found)

    framing = card.framing
    assert total(framing.actors.values()) == (framing.density.count or 0) == total([framing.explicit, framing.implicit])
    assert total(card.contrasts.values()) == (card.contrast.count or 0) <= len(record["contrasts"])
    assert total(card.metaphors.values()) == (card.metaphor.count or 0) <= len(record["metaphors"])
    for portrayed in card.portrayal.values():
        assert total(portrayed.roles.values()) == portrayed.stance.passages
    if card.counted_words:
        densities = sum(each.value for each in card.contrasts.values())
        assert densities == pytest.approx(card.contrast.value, abs=1e-4)


@settings(max_examples=10, deadline=None)
@given(records())
def test_the_same_record_gives_the_same_bytes(record: dict[str, Any]) -> None:
    before = copy.deepcopy(record)
    first, second = (json.dumps(score_record(copy.deepcopy(record)).to_dict()) for _ in range(2))
    assert first == second
    assert record == before


@settings(max_examples=10, deadline=None)
@given(records())
def test_values_do_not_depend_on_the_order_of_spans(record: dict[str, Any]) -> None:
    turned = {**record, **{kind: record[kind][::-1] for kind in ("framing", "contrasts", "metaphors")}}
    assert score_record(turned) == score_record(record)


def test_the_essay_by_hand() -> None:
    record, card = essay(), score_record(essay())
    assert (card.id, card.title, card.source) == ("essay", "The machinery of belief", "corpora/essay.txt")
    assert (card.passages, card.about, card.counted) == (8, 8, 8)
    assert card.words == card.counted_words == count_words(record["text"])
    race = card.frames["race"]
    codes = [row["frames"]["race"] for row in gold("essay.jsonl")]
    assert race.prevalence.value == sum(codes) / 8
    assert race.probability.value == pytest.approx(sum(0.95 if code else 0.05 for code in codes) / 8)
    assert card.contrast.count == sum(len(row["contrasts"]) for row in gold("essay.jsonl"))
    assert card.contrast.value == pytest.approx(card.contrast.count * 1000 / card.words, abs=1e-6)
    assert card.framing.actors["both"].count == 3
    spoken = [row["portrayal"]["china"]["stance"] for row in gold("essay.jsonl") if "china" in row["portrayal"]]
    assert card.portrayal["china"].stance.value == pytest.approx(sum(spoken) / len(spoken), abs=1e-6)
    roles = [row["portrayal"]["us"]["role"] for row in gold("essay.jsonl") if "us" in row["portrayal"]]
    assert card.portrayal["us"].role == max(ROLES, key=roles.count)
    assert card.notes == ()


def test_values_do_not_depend_on_intervals() -> None:
    card, bare = score_record(essay()), score_record(essay(), intervals=False)
    assert [each.value for each in estimates(bare)] == [each.value for each in estimates(card)]
    assert all(each.low is each.high is None for each in estimates(bare))
    assert bare.percentiles == card.percentiles


def test_only_passages_about_the_matter_count_unless_asked_otherwise() -> None:
    rows = gold()[:40]
    record = make_record(rows)
    on_topic = make_record([row for row in rows if row["about"]])
    card, alone, every = score_record(record), score_record(on_topic), score_record(record, every_passage=True)
    assert card.frames == alone.frames
    assert (card.contrast, card.metaphors, card.portrayal) == (alone.contrast, alone.metaphors, alone.portrayal)
    assert card.counted_words == alone.words < card.words == every.counted_words
    assert every.contrast.count == len(record["contrasts"]) > card.contrast.count
    assert every.notes[0].startswith(f"Every passage is counted, and {40 - card.counted} of 40 are not about")
    assert score_record(on_topic, every_passage=True).notes == ()


def test_a_span_belongs_to_the_passage_of_its_first_character() -> None:
    record = make_record(gold("essay.jsonl")[:4])
    first, second, *_ = record["passages"]
    second["about"] = 0.1
    start, end = second["start"], second["end"]
    record["contrasts"] = [
        {"label": "correction", "a": [first["end"] - 3, first["end"]], "b": [start, start + 5]},
        {"label": "antithesis", "a": [start, start + 5], "b": [end + 2, end + 9]},
        {"label": "opposition", "a": [first["end"], first["end"] + 1], "b": [end + 2, end + 9]},
    ]
    found = score_record(record).contrasts
    counts = {"correction": 1, "antithesis": 0, "concession": 0, "opposition": 0}  # the last begins between passages
    assert {label: each.count for label, each in found.items()} == counts


def test_partial_instances_and_dead_metaphors_are_not_counted() -> None:
    record = make_record([row for row in on_matter() if row["framing"] == "partial"][:5])
    assert record["framing"]
    for metaphor in record["metaphors"]:
        metaphor["live"] = False
    card = score_record(record)
    assert (card.framing.partial.value, card.framing.density.count, card.metaphor.count) == (1.0, 0, 0)


@pytest.mark.parametrize(
    ("record", "said"), [(off_topic(), "nothing is scored"), (in_passing(), "is listed, and the text is not scored")]
)
def test_a_text_off_topic_is_not_scored_but_what_is_found_is_counted(record: dict[str, Any], said: str) -> None:
    card, counted = score_record(record), record["id"] == "in-passing"
    assert all(found.value is found.low is found.high is None for found in estimates(card))
    assert said in card.notes[0]
    assert (card.counted, card.metaphor.passages, card.portrayal["us"].stance.passages) == (counted,) * 3
    assert bool(card.metaphor.count) is counted and card.portrayal["us"].role is None
    assert score_record(record, every_passage=True).metaphor.value is not None


def test_what_is_found_in_a_passage_called_partial_unmasks_nothing() -> None:
    record = make_record(gold("essay.jsonl"))
    assert score_record(record).framing.density.count
    for passage in record["passages"]:
        passage["framing"] = "partial" if passage["framing"] == "unmasking" else passage["framing"]
    framing = score_record(record).framing
    assert (framing.density.count, framing.unmasking.count) == (0, 0)


@pytest.mark.parametrize("count", [1, 2])
def test_a_short_text_says_so(count: int) -> None:
    card = score_record(make_record(gold("essay.jsonl")[1 : 1 + count]))
    assert f"Only {count} passage" in card.notes[0]
    assert card.framing.unmasking.value is not None
    assert all(found.low is found.high is None for found in estimates(card))


def test_a_text_without_passages() -> None:
    card = score_record(make_record([]))
    assert (card.words, card.passages, card.off_topic) == (0, 0, False)
    assert all(found.value is None for found in estimates(card))
    assert "no passages" in card.notes[0]


def test_a_long_text_is_scored_in_no_time() -> None:
    record = make_record((gold() * 2)[:500])
    score_record(record)
    start = time.process_time()
    score_record(record, every_passage=True)
    assert time.process_time() - start < 0.5  # about 0.06 on a free core


@pytest.mark.parametrize(
    ("about", "others", "off"), [(0, 3, True), (1, 9, False), (1, 10, True), (2, 21, True), (3, 60, False)]
)
def test_a_text_that_mentions_the_matter_in_passing_is_off_topic(about: int, others: int, off: bool) -> None:
    record = make_record([*on_matter()[:about], *[row for row in gold() if not row["about"]][:others]])
    card = score_record(record)
    assert card.off_topic is card.to_dict()["off_topic"] is card.to_row()["off_topic"] is off
    assert any(note.startswith("Off topic:") for note in card.notes) is off
    assert card.counted == about  # what there is can still be read, as findings
    assert card.scored is any(found.value is not None for found in estimates(card)) is not off
    assert not any(note.startswith("Off topic") for note in score_record(record, every_passage=True).notes)


def test_of_a_failure_there_is_nothing_to_score() -> None:
    with pytest.raises(RhetoricError, match=r"a\.pdf: it is encrypted"):
        score_record(FAILURE)


def test_one_row_a_record_in_order() -> None:
    frame = score_dataframe([essay(), off_topic(), FAILURE])
    assert list(frame["id"][:2]) == ["essay", "off-topic"]
    assert frame["id"].isna().tolist() == [False, False, True]
    assert frame["error"].isna().tolist() == [True, True, False]
    assert (frame["source"][2], frame["error"][2]) == ("a.pdf", "it is encrypted.")
    assert frame["frame_race"][0] == score_record(essay()).frames["race"].prevalence.value
    assert frame["frame_race"].isna().tolist() == [False, True, True]
    assert frame["frame_race"].dtype == frame["us_stance"].dtype == float
    assert list(frame[~frame["off_topic"]]["id"]) == ["essay"]
    assert (
        frame["off_topic"].dtype == score_dataframe([essay()])["off_topic"].dtype == "boolean"
    )  # which may be missing
    assert score_dataframe([off_topic()], every_passage=True)["counted"][0] == 6


def test_it_takes_a_frame_of_records_and_keeps_its_index() -> None:
    records = pd.DataFrame([essay(), FAILURE], index=["x", "y"])
    frame = score_dataframe(records)
    assert list(frame.index) == ["x", "y"]
    assert frame.loc["x", "passages"] == 8
    assert math.isnan(frame.loc["y", "passages"])


def test_no_records_give_an_empty_frame_with_its_columns() -> None:
    empty, full = score_dataframe([]), score_dataframe([make_record([])])
    assert len(empty) == 0
    assert list(empty.columns) == list(full.columns)
    for name in ("frame_race", "us_stance_low", "words"):
        assert empty[name].dtype == float
    assert empty["id"].dtype == object and empty["off_topic"].dtype == "boolean"


@pytest.mark.parametrize("date", [2024, 2024.0, "2024"])
def test_a_failure_keeps_what_is_known_of_the_document(date: Any) -> None:
    """A column of years with gaps holds floats."""
    meta = {"title": "A", "source": "https://a.org", "date": date, "n": 1}
    frame = score_dataframe(pd.DataFrame([{**FAILURE, "meta": meta}, {**essay(), "meta": meta}]))
    for row in (0, 1):
        assert frame.loc[row, ["title", "source", "date"]].tolist() == ["A", "https://a.org", "2024"]


def test_a_profile_is_looked_up_by_its_name() -> None:
    usual, shipped = (score_dataframe([essay()], profile=name) for name in ("strategy", "shipped"))
    pd.testing.assert_frame_equal(usual, score_dataframe([essay()], profile=find_profile("strategy")))
    pd.testing.assert_frame_equal(usual, shipped)
    assert not [name for name in score_dataframe([essay()]) if str(name).endswith("_percentile")]
    with pytest.raises(RhetoricError, match="nonsense: there is no profile of this name"):
        score_dataframe([], profile="nonsense")
