"""Frames of a user's own, from the records' ``custom`` into scorecards, rows, comparisons, trends and traces."""

import copy
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rhetoric.errors import RhetoricError
from rhetoric.scoring import columns, score_dataframe, score_record
from rhetoric.scoring.columns import fields, find_field, own_columns, own_field, own_label
from rhetoric.scoring.compare import compare
from rhetoric.scoring.scorecard import NOT_COVERED
from rhetoric.scoring.trace import trace
from rhetoric.scoring.trend import trend
from rhetoric.scoring.uncertainty import Estimate

from .records import essay, make_record, on_matter

ENDINGS = ("low", "high", "probability", "percentile", "corrected", "role_none", "_")
labels = st.one_of(
    st.text(max_size=8),
    st.lists(st.sampled_from(["x", "_", *ENDINGS, *(f"_{ending}" for ending in ENDINGS)]), max_size=4).map("".join),
)


def with_own(record: dict[str, Any], *own: str, every: int = 3) -> dict[str, Any]:
    """Say of each passage what is said of ``own``: every third is one, with .8, the others are not, with .3."""
    record = copy.deepcopy(record)
    for at, passage in enumerate(record["passages"]):
        here = at % every == 0
        passage["custom"] = {label: {"score": 0.8 if here else 0.3, "present": here} for label in own}
    return record


@settings(deadline=None)
@given(st.lists(labels, unique=True, max_size=6))
def test_every_label_has_columns_of_its_own(own: list[str]) -> None:
    assert [own_label(own_field(label)) for label in own] == own
    made = own_columns(own)
    names = [f"{column.name}{ending}" for column in made for ending in ("", "_low", "_high", "_percentile")]
    assert len(set(names)) == len(names) == 8 * len(own)
    assert [find_field(column.name) for column in made] == list(made)
    assert not {*names} & {*columns().index}
    told = [label for name in names if (label := own_label(name)) is not None]
    assert told == sorted(own)


def test_no_column_of_the_codebook_is_taken_for_one() -> None:
    assert not [name for name in columns().index if own_label(name) is not None]
    assert {name: find_field(name) for name in fields()} == fields()
    assert find_field("frame_mine") is find_field("custom") is find_field("custom_x_low") is None


def test_a_scorecard_holds_share_and_mean_probability_by_hand() -> None:
    record = with_own(essay(), "just transition")
    card = score_record(record)
    found = card.custom["just transition"]
    assert (found.prevalence.value, found.prevalence.count, found.prevalence.passages) == (3 / 8, 3, 8)
    assert found.prevalence.low is not None and found.prevalence.high is not None
    assert found.prevalence.low < 3 / 8 < found.prevalence.high
    assert found.probability.value == pytest.approx((3 * 0.8 + 5 * 0.3) / 8)
    assert (found.corrected, found.not_corrected) == (Estimate(None, None, None, 0), NOT_COVERED)
    told = json.loads(json.dumps(card.to_dict()))["custom"]["just transition"]
    assert (told["prevalence"]["count"], told["not_corrected"]) == (3, NOT_COVERED)


def test_all_else_stays_as_it_is_with_them_and_without() -> None:
    plain, card = score_record(essay()), score_record(with_own(essay(), "mine"))
    assert plain.custom == plain.to_dict()["custom"] == {}
    assert {**card.to_dict(), "custom": {}} == plain.to_dict()
    row = card.to_row()
    assert list(row)[: len(plain.to_row())] == list(plain.to_row()) == list(columns().index)
    assert list(row) == list(columns(["mine"]).index)
    assert list(row)[-6:] == [
        f"custom_mine{kind}{end}" for kind in ("", "_probability") for end in ("", "_low", "_high")
    ]


def test_only_counted_passages_that_were_looked_through_are_under_them() -> None:
    record = with_own(essay(), "mine")
    for at in (0, 1):
        del record["passages"][at]["custom"]
    record["passages"][3]["about"] = 0.1
    found = score_record(record).custom["mine"].prevalence
    assert (found.passages, found.count) == (5, 1)  # of 2 to 7 without 3: it is in 6
    for passage in record["passages"]:
        passage["about"] = 0.1
    assert score_record(record).custom == {}
    assert score_record(record, every_passage=True).custom["mine"].prevalence.passages == 6


def test_a_table_has_a_column_for_each_that_any_text_has() -> None:
    failed: Any = {"id": None, "source": "a.pdf", "error": "it is encrypted."}
    frame = score_dataframe([with_own(essay(), "b"), failed, with_own(essay(), "a"), essay()])
    assert list(frame.columns)[-13:] == [*list(score_record(with_own(essay(), "a", "b")).to_row())[-12:], "error"]
    assert frame["custom_b"].isna().tolist() == [False, True, True, True]
    assert frame["custom_a"].dtype == float and frame["custom_a"][2] == 3 / 8


def documents(name: str, *own: str, every: int) -> list[dict[str, Any]]:
    return [
        with_own(make_record(on_matter()[at * 6 : at * 6 + 6], f"{name}-{at}", date=f"{2018 + at}"), *own, every=every)
        for at in range(5)
    ]


def test_comparisons_take_them_in_and_can_be_asked_for_one() -> None:
    a, b = documents("a", "mine", every=1), documents("b", "mine", "yours", every=6)
    found = {each.field: each for each in compare(a, b).differences}
    mine, yours = found["custom_mine"], found["custom_yours"]
    assert (mine.a.value, mine.b.value, mine.effect) == (1.0, pytest.approx(1 / 6, abs=1e-6), 1.0)
    assert (yours.a.value, yours.difference, yours.p) == (None, None, None)
    assert not any(field.endswith("_probability") for field in found)
    plain = compare(documents("a", every=1), documents("b", every=1)).differences
    assert len(plain) == len(found) - 2 and not any(each.field.startswith("custom") for each in plain)
    (alone,) = compare(a, b, fields=["custom_mine_probability"]).differences
    assert (alone.a.value, alone.unit) == (pytest.approx(0.8), "probability")
    with pytest.raises(RhetoricError, match=r"custom_none: .* hold custom_mine, custom_yours"):
        compare(a, b, fields=["custom_none"])
    mixed = [*a, *documents("c", every=1)]  # of which some were looked through for nothing else
    (of_those,) = compare(mixed, b, fields=["custom_mine_probability"]).differences
    assert of_those.a == alone.a
    single = {each.field: each for each in compare(a[:1], b[:1]).differences}
    assert single["custom_mine"].difference == pytest.approx(5 / 6, abs=1e-6)


def test_trends_follow_them() -> None:
    found = trend(documents("a", "mine", every=2))
    assert [each.field for each in found.series][-2:] == ["frame_prosperity", "custom_mine"]
    (alone,) = trend(documents("a", "mine", every=2), ["custom_mine"]).series
    assert alone.points == found.series[-1].points and alone.points[0].value == 0.5
    with pytest.raises(RhetoricError, match=r"custom_mine: .*they hold none.*the detectors that find it"):
        trend(documents("a", every=2), ["custom_mine"])


def test_a_share_is_traced_to_its_passages() -> None:
    record = with_own(essay(), "x_low")
    del record["passages"][2]["custom"]
    parts = trace(record, "custom_x_low_")
    assert [part.passage for part in parts] == [1, 2, 4, 5, 6, 7, 8]
    share = score_record(record).custom["x_low"].prevalence.value
    assert sum(part.amount for part in parts) / sum(part.base for part in parts) == pytest.approx(share, abs=1e-6)
    with pytest.raises(RhetoricError, match="hold no such frame of your own"):
        trace(record, "custom_other")


def test_corrected_shares_are_not_compared() -> None:
    with pytest.raises(RhetoricError, match="Name frame_race instead"):
        compare([essay()], [essay()], fields=["frame_race_corrected"])


def test_scoring_does_without_spacy(tmp_path: Any) -> None:
    path = tmp_path / "record.json"
    path.write_text(json.dumps(with_own(essay(), "mine")), encoding="utf-8")
    code = f"""
import json, sys
from rhetoric.scoring import score_record
from rhetoric.scoring.compare import compare
from rhetoric.scoring.trend import trend
card = score_record(json.load(open({str(path)!r}, encoding="utf-8")))
print(card.custom["mine"].prevalence.count, "spacy" in sys.modules)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["3", "False"]
