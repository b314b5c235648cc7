import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from rhetoric.errors import RhetoricError
from rhetoric.scoring import score_record
from rhetoric.scoring.columns import column_list
from rhetoric.scoring.compare import Comparison, compare
from rhetoric.scoring.summary import compared_fields, summarise

from .records import PIPELINE, from_one_pool, gold, in_passing, make_record, off_topic, on_matter, with_longer_passages
from .strategies import records

Record = dict[str, Any]


def sides(each: int = 10, passages: int = 6) -> tuple[list[Record], list[Record]]:
    """Documents that speak of a race and few of cooperation, against the other way round."""
    race = [row for row in on_matter() if row["frames"]["race"]]
    peace = [row for row in on_matter() if row["frames"]["cooperation"] and not row["frames"]["race"]]

    def documents(kind: list[dict[str, Any]], name: str) -> list[Record]:
        step = max(1, (len(kind) - passages) // each)
        return [make_record(kind[at * step : at * step + passages], f"{name}-{at}") for at in range(each)]

    return documents(race, "race"), documents(peace, "peace")


@pytest.fixture(scope="module")
def compared() -> Comparison:
    return compare(*sides(), names=("race", "peace"))


def of(comparison: Comparison, field: str) -> Any:
    return next(each for each in comparison.differences if each.field == field)


def test_what_was_made_different_is_found(compared: Comparison) -> None:
    race = of(compared, "frame_race")
    assert race.sure and race.effect == 1.0
    assert (race.a.value, race.b.value, race.difference) == (1.0, 0.0, 1.0)
    assert (race.b.low, race.a.low) == (0.0, None)
    assert 0 < race.b.high < 0.1
    assert of(compared, "metaphor_race").difference > 0
    assert of(compared, "frame_cooperation").effect < 0
    assert (compared.units, compared.a.documents, compared.a.passages) == ("documents", 10, 60)


def test_sides_are_means_of_scorecards(compared: Comparison) -> None:
    a, _ = sides()
    for field in ("frame_state", "contrast", "metaphor_war", "us_stance", "china_role_leader"):
        values = [score_record(record).to_row()[field] for record in a]
        mean = np.mean([value for value in values if value is not None])
        assert of(compared, field).a.value == pytest.approx(mean, abs=1e-5)


def test_a_frame_of_records_can_be_compared_and_failures_are_passed_over(compared: Comparison) -> None:
    a, b = sides()
    failure: Any = {"id": None, "source": "x.pdf", "error": "it is encrypted."}
    assert compare(pd.DataFrame([*a, failure]), [failure, *b], names=("race", "peace")) == compared
    with pytest.raises(TypeError, match="give a list of records"):
        compare(a[0], b)  # type: ignore[arg-type]


def test_differences_come_surest_first_and_p_values_are_corrected(compared: Comparison) -> None:
    p = [each.p_corrected for each in compared.differences if each.p_corrected is not None]
    assert p == sorted(p)
    assert all(each.p <= each.p_corrected for each in compared.differences if each.p is not None)
    json.dumps(compared.to_dict(), allow_nan=False)


def test_turned_round_it_is_the_same(compared: Comparison) -> None:
    a, b = sides()
    assert compare(a[::-1], b[::-1], names=("race", "peace")) == compared
    turned = compare(b, a, names=("peace", "race"))
    for each in compared.differences:
        other = of(turned, each.field)
        assert (other.p, other.p_corrected) == (each.p, each.p_corrected)
        assert other.difference == (None if each.difference is None else -each.difference + 0.0)
        assert other.effect == (None if each.effect is None else pytest.approx(-each.effect))


def test_no_difference_is_found_where_there_is_none() -> None:
    a, b = sides(12)
    mixed = [*a, *b]
    found = compare(mixed[::2], mixed[1::2])
    assert not [each.field for each in found.differences if each.sure]


@pytest.mark.parametrize(("units", "seed"), [("documents", 11), ("passages", 12)])
def test_what_is_only_longer_is_not_different(units: str, seed: int) -> None:
    chance = np.random.default_rng(seed)
    p = []
    for _ in range(5 if units == "documents" else 8):
        if units == "documents":
            short = [from_one_pool(chance, f"short {at}", 4) for at in range(10)]
            long = [from_one_pool(chance, f"long {at}", 30) for at in range(20)]
        else:
            (*short, few) = (from_one_pool(chance, f"of {many}", many) for many in (20, 120))
            long = [with_longer_passages(few, 6)]
        found = compare(short, long)
        assert found.units == units and not [each.field for each in found.differences if each.sure]
        p += [each.p for each in found.differences if each.p is not None]
    assert np.mean(np.array(p) < 0.05) < 0.08


def test_distinctive_passages_carry_the_frames_of_their_side(compared: Comparison) -> None:
    ours, theirs = compared.passages
    assert len(ours) == len(theirs) == 5
    assert all("race" in each.traits for each in ours)
    assert all("race" not in each.traits and "cooperation" in each.traits for each in theirs)
    assert len({each.document for each in ours}) == 5
    by_id = {record["id"]: record for side in sides() for record in side}
    for each in (*ours, *theirs):
        text = by_id[each.document]["text"][each.start : each.end]
        assert text.startswith(each.text)
        assert by_id[each.document]["passages"][each.passage - 1]["start"] == each.start


def test_distinctive_metaphors_are_commoner_on_their_side(compared: Comparison) -> None:
    ours, theirs = compared.metaphors
    assert any(each.source == "race" for each in ours)
    assert all(each.here > each.there and each.z >= 1.96 for each in (*ours, *theirs))
    assert not {(each.words, each.source) for each in ours} & {(each.words, each.source) for each in theirs}


def test_two_documents_are_compared_by_their_passages() -> None:
    a, b = (make_record(gold()[start : start + 30], f"d{start}") for start in (0, 60))
    found = compare([a], [b])
    assert found.units == "passages"
    assert "On each side one text counts" in found.notes[0]
    among = compare([a, off_topic()], [b])  # which has no passage that counts
    assert (among.units, among.differences) == ("passages", found.differences)
    rows = [{**each, "meta": {"source": "t.csv", "row": 1}} for each in (a, b)]
    told = compare(rows[:1], rows[1:])
    assert [{each.title for each in side} for side in told.passages] == [{"d0"}, {"d60"}]
    for record, side in ((a, "a"), (b, "b")):
        row = score_record(record).to_row()
        for each in found.differences:
            estimate = getattr(each, side)
            assert (estimate.value, estimate.low) == (row[each.field], row[f"{each.field}_low"])


def test_a_text_off_topic_is_not_compared_with_another() -> None:
    a = make_record(gold()[:30], "a")
    with pytest.raises(
        RhetoricError, match=r"B: this text has no passage that counts, or is off.*every passage"
    ) as raised:
        compare([a], [in_passing()])
    assert raised.value.options == ("every_passage",)
    assert compare([a], [in_passing()], every_passage=True).b.passages == 21


@pytest.mark.parametrize(("many", "said"), [(1, "only 1 passage of this text counts"), (2, "only 2 passages of this")])
def test_a_text_of_too_few_passages_is_not_compared_with_another(many: int, said: str) -> None:
    rows = on_matter()
    with pytest.raises(RhetoricError, match=rf"^B: {said}.*, fewer than 3, so there is nothing to compare\.$"):
        compare([make_record(rows[:3])], [make_record(rows[3 : 3 + many])])
    assert compare([make_record(rows[:3])], [make_record(rows[3:6])]).units == "passages"


@pytest.mark.parametrize(("many", "named"), [(5, "1.txt; 2.txt; 3.txt; 4.txt; 5.txt."), (6, "5.txt; and 1 more.")])
def test_documents_left_out_are_named_in_short_though_others_with_their_id_count(many: int, named: str) -> None:
    a, b = sides(4)
    a[0]["passages"] = a[0]["passages"][:3]  # which are enough
    short = [off_topic(at) for at in range(1, many + 1)]
    for at, record in enumerate(short, 1):
        record |= {"id": a[0]["id"], "text": f"{record['text']} {at}", "meta": {"source": f"/a/long/way/to/{at}.txt"}}
    found = compare([*a, *short], b, names=("a", "b"))
    assert (found.a.documents, found.a.left_out[0], len(found.a.left_out)) == (4, "/a/long/way/to/1.txt", many)
    (note,) = (note for note in found.notes if note.startswith("Left out"))
    assert note.startswith(f"Left out: {many} documents of a,") and note.endswith(named)
    assert "/a/long" not in note


def test_too_little_is_said() -> None:
    a, b = sides(4)
    notes = " ".join(compare(a[:3], [*b, off_topic()], names=("few", "more")).notes)
    assert "no p-value can be below 0.029" in notes
    assert "Left out: 1 document of more," in notes and f"count: {off_topic()['id']}." in notes
    a[0]["pipeline"] = {**PIPELINE, "sha256": "3" * 64}
    assert "different pipelines" in " ".join(compare(a, b).notes)
    with pytest.raises(RhetoricError, match="none of its 2 documents has 3 passages"):
        compare([off_topic(), off_topic(5)], b)
    with pytest.raises(RhetoricError, match="B: this text has no passage that counts"):
        compare(a, [off_topic()])
    with pytest.raises(RhetoricError, match=r"^A: there is nothing, so there is nothing to compare\.$"):
        compare([], b)
    assert compare([off_topic(), off_topic(5)], b, every_passage=True).a.documents == 2


def copied(records: list[Record]) -> list[Record]:
    """Return copies under other names, otherwise spaced at their ends."""
    return [{**record, "id": f"copy of {record['id']}", "text": f"{record['text']}\n"} for record in records]


def test_copies_are_no_further_evidence(compared: Comparison) -> None:
    a, b = sides()
    again = compare([*copied(a), *a, *copied(a)], b, names=("race", "peace"))
    assert (again.a, again.b) == (replace(compared.a, documents=10), compared.b)
    said = "Left out: 20 documents of race that repeat the text of another, so that each text counts once."
    assert again.notes == (*compared.notes, said)
    p = {each.field: each.p for each in compared.differences}
    assert {each.field: each.p for each in again.differences} == p
    assert compare(a[:1], copied(b[:1]) * 2).units == "passages"


def test_texts_on_both_sides_are_told() -> None:
    a, b = sides(4)
    notes = compare(a, [*b, *copied(a[:3])], names=("one", "other")).notes
    assert any(note.startswith("On both sides: 3 of the 4 counted texts of one.") for note in notes)
    alone = compare(a[:1], copied(a[:1]), names=("one", "other")).notes
    assert any(note.startswith("On both sides: the one counted text of one. That hides") for note in alone)
    assert not any("both sides" in note for note in compare(a, b).notes)


def test_only_the_named_fields() -> None:
    found = compare(*sides(4), fields=["metaphor", "frame_race_probability"])
    assert {each.field for each in found.differences} == {"metaphor", "frame_race_probability"}
    warning = "corrected for the 2 fields named alone"
    assert any(warning in note for note in found.notes)
    assert not any("fields named" in note for note in compare(*sides(4)).notes)
    with pytest.raises(RhetoricError, match="Did you mean frame_race"):
        compare(*sides(4), fields=["frame_rac"])


def test_the_fields_compared_are_columns() -> None:
    assert set(compared_fields()) < {column.name for column in column_list() if column.field}


def test_a_side_of_shorter_passages_is_not_surely_different_by_one_image() -> None:
    rows = on_matter()
    short = [{**row, "text": row["text"][:60], "instances": [], "contrasts": []} for row in rows[:5]]
    longer = [{**row, "live_metaphors": [], "instances": [], "contrasts": []} for row in rows[5:15]]
    for row in short:
        row["live_metaphors"] = []
    short[0]["live_metaphors"] = [{"span": [0, 5], "source": "theatre", "target": "ai"}]
    found = of(compare([make_record(short, "a")], [make_record(longer, "b")]), "metaphor_theatre")
    assert found.a.value > 0 == found.b.value
    assert found.p == pytest.approx(5 / 15, abs=0.01)  # the chance that it falls on this side


def test_of_two_texts_passages_weigh_as_much_as_they_are_long() -> None:
    """Images in all passages but a long one make no sure difference: of all words they are few."""
    rows = [{**row, "text": row["text"][:60], "instances": [], "contrasts": []} for row in on_matter()[:16]]
    for at, row in enumerate(rows):
        row["live_metaphors"] = [{"span": [0, 5], "source": "war", "target": "ai"}] if at < 7 else []
    rows[7]["text"] *= 100
    assert of(compare([make_record(rows[:8], "a")], [make_record(rows[8:], "b")]), "metaphor_war").p > 0.05


@settings(max_examples=12, deadline=None)
@given(records(), records(), records())
def test_any_records_can_be_compared(one: Record, two: Record, three: Record) -> None:
    for a, b in (([one], [two]), ([one, two], [three]), ([one, two, three], [three, one])):
        try:
            found = compare(a, b, every_passage=True)
        except RhetoricError:
            assert min(max(len(each["passages"]) for each in side) for side in (a, b)) < 3
            continue
        json.dumps(found.to_dict(), allow_nan=False)
        for each in found.differences:
            assert each.effect is None or -1 <= each.effect <= 1
            assert each.p is None or 0 < each.p <= each.p_corrected <= 1
            for estimate in (each.a, each.b):
                assert estimate.low is None or estimate.low <= estimate.value <= estimate.high


@settings(max_examples=15, deadline=None)
@given(records())
def test_a_summary_has_the_values_of_the_scorecard(record: Record) -> None:
    fields = compared_fields()
    row = score_record(record, every_passage=True).to_row()
    values = summarise(record, fields, every_passage=True).values(list(fields.values()))
    for name, value in zip(fields, values, strict=True):
        assert (row[name] is None) == bool(np.isnan(value))
        assert row[name] is None or row[name] == pytest.approx(value, abs=1e-6)


def test_the_sums_of_thousands_of_documents_are_in_memory_once() -> None:
    fields = compared_fields()
    summary = summarise(make_record(gold()[:5], "a"), fields, every_passage=True)
    top, bottom = summary.stack(list(fields.values()))
    assert top is summary.tops and bottom is summary.bottoms
