import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring.records import gold, make_record

from rhetoric.annotation.passages import digest, doubt
from rhetoric.annotation.sample import STRATA, draw, share_out, stratum_of
from rhetoric.errors import RhetoricError


@pytest.fixture(scope="module")
def records() -> list[Any]:
    rows = gold()[:120]
    return [make_record(rows[at : at + 8], id=f"doc-{at // 8}", date=f"20{10 + at // 8}") for at in range(0, 120, 8)]


def ids(sample: Any) -> list[str]:
    return [row["id"] for row in sample.rows]


def shuffled(records: list[Any]) -> list[Any]:
    mixed = list(records)
    random.Random(1).shuffle(mixed)
    return mixed


@pytest.mark.parametrize(("by", "stratum"), [("random", None), ("stratified", "frame"), ("uncertain", None)])
def test_the_same_seed_draws_the_same_in_whatever_order(by: Any, stratum: str | None, records: list[Any]) -> None:
    first = draw(records, 30, by, stratum=stratum, seed=7)
    again = draw(shuffled(records), 30, by, stratum=stratum, seed=7)
    assert first.rows == again.rows and first.strata == again.strata
    assert len(set(ids(first))) == 30
    if by != "uncertain":
        assert ids(draw(records, 30, by, stratum=stratum, seed=8)) != ids(first)


def test_every_passage_has_the_same_chance(records: list[Any]) -> None:
    drawn = Counter(id for seed in range(300) for id in ids(draw(records, 12, seed=seed)))
    assert len(drawn) == 120
    assert all(10 <= times <= 60 for times in drawn.values()), "30 are expected; so far off they are never by chance"


def test_the_first_of_a_sample_are_a_sample_too(records: list[Any]) -> None:
    assert ids(draw(records, 40, seed=3))[:10] == ids(draw(records, 10, seed=3))


def test_what_is_drawn_is_the_passage_with_its_spans_and_how_it_was_drawn(records: list[Any]) -> None:
    by_text = {row["text"]: row for row in gold()[:120]}
    found = draw(records, 120)
    for record in found.rows:
        row = by_text[record["text"]]
        assert [each["span"] for each in record["metaphors"]] == [each["span"] for each in row["live_metaphors"]]
        assert [each["a"] for each in record["contrasts"]] == [each["a"] for each in row["contrasts"]]
        whole = records[int(record["meta"]["slug"].removeprefix("doc-"))]["text"]
        assert whole[record["meta"]["start"] : record["meta"]["end"]] == record["text"]
        assert record["meta"]["sample"] == {"by": "random", "seed": 0, "chance": 1.0}
    assert (found.documents, found.passages, found.repeated, found.left_out) == (15, 120, 0, 0)


def test_the_sentence_that_carries_a_frame_is_counted_from_the_passage() -> None:
    texts = ["A first one.", "Nothing. The race is on. Nothing."]
    record = make_record([{**row, "text": text} for row, text in zip(gold()[:2], texts, strict=True)], "d")
    start = record["text"].index("The race")
    record["passages"][1]["sentences"] = {"race": {"start": start, "end": start + 15, "without": 0.1}}
    found = next(row for row in draw([record], 2).rows if row["text"] == texts[1])
    sentence = found["passages"][0]["sentences"]["race"]
    assert found["text"][sentence["start"] : sentence["end"]] == "The race is on."


def test_short_passages_are_counted_and_left_out(records: list[Any]) -> None:
    lengths = [len(row["text"].split()) for row in gold()[:120]]
    least = sorted(lengths)[60]
    found = draw(records, 120, min_words=least)
    assert found.short == sum(length < least for length in lengths) > 0
    assert len(found.rows) == 120 - found.short
    assert min(len(row["text"].split()) for row in found.rows) == least


def test_no_text_is_drawn_twice_or_again(records: list[Any]) -> None:
    twice = [*records, {**records[0], "id": "copy"}]
    first = draw(twice, 50)
    assert (first.passages, first.repeated) == (128, 8)
    barred = [digest(row["text"]) for row in first.rows]
    rest = draw(twice, 500, without=barred)
    assert len(rest.rows) == 70 and rest.left_out >= 50
    assert not {row["text"] for row in rest.rows} & {row["text"] for row in first.rows}


def test_strata_are_drawn_from_evenly(records: list[Any]) -> None:
    found = draw(records, 30, "stratified", stratum="framing")
    sizes = Counter(row["framing"] for row in gold()[:120])
    assert {each.name: each.passages for each in found.strata} == sizes
    drawn = Counter(stratum_of(row, "framing") for row in found.rows)
    assert drawn == {each.name: each.drawn for each in found.strata}
    assert max(drawn.values()) - min(drawn[name] for name in drawn if drawn[name] < sizes[name]) <= 1
    for row in found.rows:
        told = row["meta"]["sample"]
        assert told["chance"] == pytest.approx(drawn[told["value"]] / sizes[told["value"]], abs=1e-6)


@given(st.integers(0, 60), st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 20), min_size=1))
def test_shares_are_as_even_as_they_can_be(n: int, sizes: dict[str, int]) -> None:
    shares = share_out(n, sizes)
    assert sum(shares.values()) == min(n, sum(sizes.values()))
    assert all(0 <= shares[name] <= sizes[name] for name in sizes)
    short = [shares[name] for name in sizes if shares[name] < sizes[name]]
    assert not short or max(shares.values()) - min(short) <= 1


@pytest.mark.parametrize("stratum", [*STRATA, "year"])
def test_every_stratum_is_told(stratum: str, records: list[Any]) -> None:
    found = draw(records, 20, "stratified", stratum=stratum)
    assert len(found.strata) > 1 and sum(each.drawn for each in found.strata) == len(found.rows) == 20


def test_more_strata_than_passages_are_chosen_by_lot(records: list[Any]) -> None:
    one = [draw(records, 3, "stratified", stratum="document", seed=seed) for seed in range(6)]
    assert all(Counter(each.drawn for each in found.strata) == {1: 3, 0: 12} for found in one)
    assert len({id for found in one for id in ids(found)}) > 6


def test_the_uncertain_come_most_uncertain_first(records: list[Any]) -> None:
    for at, record in enumerate(records):
        for number, passage in enumerate(record["passages"]):
            passage["about"] = 0.5 - (at * 8 + number) / 300
    found = draw(records, 25, "uncertain")
    doubts = [doubt(row) for row in found.rows]
    assert doubts == sorted(doubts, reverse=True)
    rest = [doubt(row) for row in draw(records, 120, "uncertain").rows][25:]
    assert min(doubts) >= max(rest)
    assert found.rows[0]["meta"]["sample"]["doubt"] == pytest.approx(doubts[0], abs=1e-4)


def test_frames_of_one_s_own_are_uncertain_by_their_own_line(records: list[Any]) -> None:
    (record,) = draw(records, 1).rows
    before = doubt(record)
    for score, present, wrong in [(0.4, True, 0.6), (0.4, False, 0.4), (0.9, True, 0.1)]:
        record["passages"][0]["custom"] = {"securitisation": {"score": score, "present": present}}
        assert doubt(record) - before == pytest.approx(wrong)


def test_a_stratum_goes_with_a_stratified_sample_only(records: list[Any]) -> None:
    for by, stratum in [("stratified", None), ("random", "frame")]:
        with pytest.raises(RhetoricError, match="stratum"):
            draw(records, 5, by, stratum=stratum)  # type: ignore[arg-type]
    with pytest.raises(RhetoricError, match="No document has 'outlet'"):
        draw(records, 5, "stratified", stratum="outlet")
