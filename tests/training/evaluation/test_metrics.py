import importlib.util
import random
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.errors import SourceError
from rhetoric.gold import read_gold
from rhetoric.labels import CONTRASTS, FRAMES
from rhetoric.training.evaluation.counts import characters, dice, pair
from rhetoric.training.evaluation.frames import measure_frame
from rhetoric.training.evaluation.metrics import Measure, compare, evaluate, table, worst

from ..makers import LENGTH, SHARED, as_record, authored, coded, passages, perturbed, shared, steady

spans = st.tuples(st.integers(0, 40), st.integers(0, 20)).map(lambda pair: [pair[0], pair[0] + pair[1]])


def reference() -> Any:
    """Import the reference definition of the metrics, which lies beside the gold."""
    spec = importlib.util.spec_from_file_location("evaluate_reference", shared("gold/evaluate.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("draws", "seed"), [(20, 0), (20, 1), (0, 2), (40, 3)])
def test_equal_to_the_reference_to_the_last_bit(draws, seed):
    chance = random.Random(seed)
    rows = chance.sample(authored(), 150)
    if (SHARED / "gold/real.jsonl").is_file():
        rows += chance.sample(read_gold(SHARED / "gold/real.jsonl"), 60)
    records = [perturbed(row, chance) for row in rows]
    chance.shuffle(records)
    expected = reference().evaluate(rows, records, draws)
    found = evaluate(rows, records, draws=draws)
    assert len(expected) == 29
    for name, measure in expected.items():
        value, low, high = (measure[each] for each in ("value", "low", "high"))
        if draws and low == high:  # the reference gives these an interval of no width
            low, high = found[name].low, found[name].high
        assert (name, found[name]) == (name, Measure(value, low, high))
    assert 0 < found["metaphor.live"].value < 1 and 0 < found["contrast.labelled"].value < 1
    assert 0 < found["framing.actor"].value < 1 and 0 < found["portrayal.role"].value < 1


def test_gold_against_itself_is_perfect():
    rows = authored()[::5]
    for name, measure in evaluate(rows, map(as_record, rows), draws=10).items():
        wanted = 0.0 if name.startswith("ece.") else 1.0
        assert (name, measure.value) == (name, wanted)


@pytest.mark.parametrize(("hazards", "found", "low", "high"), [(4, 1, 0.398, 1), (4, 0, 0, 0.602), (0, 0, None, None)])
def test_where_no_draw_differs_an_interval_shows_what_may_not_have_been_met(hazards, found, low, high):
    rows = [coded(f"a-{at}", frames=dict.fromkeys(FRAMES, 0) | {"hazard": int(at < hazards)}) for at in range(40)]
    records = [as_record(row) for row in rows]
    for record in records:
        record["passages"][0]["frames"]["hazard"] *= found
    hazard = evaluate(rows, records, draws=40)["frames.hazard"]
    assert (hazard.value, hazard.low, hazard.high) == pytest.approx((found * (hazards > 0), low, high), abs=1e-3)
    compared = compare(rows, records, records, draws=40)["frames.hazard"]
    assert compared.ours == compared.theirs == hazard and compared.difference == Measure(0.0, 0.0, 0.0)
    if hazards:
        chances, present = (np.array(each) for each in ([hazard.value] * 4, [True] * 4))
        f1 = measure_frame(chances, chances >= 0.5, present, draws=40)["f1"]
        assert (f1.value, f1.low, f1.high) == pytest.approx((found, low, high), abs=1e-3)
        alone = measure_frame(chances, np.arange(4) == 0, present, draws=0)
        assert (alone["precision"].value, alone["recall"].value) == (1.0, 0.25)  # the one that was marked is right


@steady
@given(passages())
def test_spans_against_themselves_are_perfect(row):
    found = evaluate([row], [as_record(row)], draws=0)
    wanted = {
        "framing.account": row["instances"],
        "framing.machinery": row["instances"],
        "framing.cue": row["instances"],
        "framing.actor": row["instances"],
        "framing.actor.found": row["instances"],
        "contrast.any": row["contrasts"],
        "contrast.labelled": row["contrasts"],
        "metaphor.live": row["live_metaphors"],
        "metaphor.source": row["live_metaphors"],
        "metaphor.target": row["live_metaphors"],
    }
    for name, coded_ in wanted.items():
        assert (name, found[name].value) == (name, 1.0 if coded_ else 0.0)


@steady
@given(passages(), st.integers(LENGTH // 2 + 1, LENGTH - 40), st.sampled_from(CONTRASTS))
def test_a_false_positive_never_helps(row, at, label):
    before = evaluate([row], [as_record(row)], draws=0)
    record = as_record(row)
    record["metaphors"].append({"span": [at, at + 5], "live": True, "score": 1.0})
    record["contrasts"].append({"label": label, "a": [at, at + 9], "b": [at + 10, at + 20], "cue": [], "score": 1.0})
    instance: Any = {"account": [[at, at + 3]], "machinery": [[at + 4, at + 6]], "cue": [[at + 7, at + 8]]}
    record["framing"].append({**instance, "actor": "us", "explicit": True, "score": 1.0})
    after = evaluate([row], [record], draws=0)
    assert all(after[name].value <= before[name].value for name in before)
    for name in ("metaphor.live", "contrast.any", "contrast.labelled", f"contrast.{label}", "framing.account"):
        assert after[name].value < before[name].value or before[name].value == 0


@steady
@given(spans, spans)
def test_dice_is_symmetric_and_that_of_the_characters(one, other):
    ours, theirs = characters([one]), characters([other])
    assert dice(one, other) == dice(other, one)
    assert dice(one, other) == (2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours and theirs else 0.0)
    assert dice(one, one) == (1.0 if ours else 0.0)


@steady
@given(st.lists(st.integers(0, 4)), st.lists(st.integers(0, 4)))
def test_pairs_are_one_to_one(gold, predicted):
    found = pair(gold, predicted, lambda a, b: a == b)  # type: ignore[arg-type]
    assert len(found) == sum(min(gold.count(each), predicted.count(each)) for each in range(5))


def test_an_actor_counts_as_found_only_where_its_instance_is():
    instances = [
        {"account": [[n, n + 5]], "machinery": [[n + 6, n + 9]], "cue": [], "actor": actor}
        for n, actor in ((0, "us"), (20, "china"), (40, "us"), (60, "other"))
    ]
    row = coded(text="x" * 90, framing="unmasking", instances=instances)
    record = as_record(row)
    record["framing"] = [record["framing"][0], {**record["framing"][1], "actor": "both"}]
    found = evaluate([row], [record], draws=0)
    assert found["framing.actor"].value == 1 / 4
    assert found["framing.actor.found"].value == 1 / 2


def test_each_contrast_label_has_its_own_f1():
    gold = [
        {"label": "correction", "a": [0, 10], "b": [12, 20], "cue": []},
        {"label": "concession", "a": [30, 40], "b": [42, 50], "cue": []},
        {"label": "concession", "a": [60, 70], "b": [72, 80], "cue": []},
    ]
    row = coded(text="x" * 90, contrasts=gold)
    record = as_record(row)
    record["contrasts"][0]["label"] = "opposition"
    found = evaluate([row], [record], draws=0)
    assert found["contrast.any"].value == 1.0
    assert found["contrast.labelled"].value == pytest.approx(2 / 3)
    values = [found[f"contrast.{label}"].value for label in ("correction", "concession", "opposition", "antithesis")]
    assert values == [0.0, 1.0, 0.0, 0.0]


def test_sides_may_come_in_either_order():
    row = coded(text="x" * 90, contrasts=[{"label": "correction", "a": [0, 10], "b": [12, 20], "cue": []}])
    record = as_record(row)
    contrast = record["contrasts"][0]
    contrast["a"], contrast["b"] = contrast["b"], contrast["a"]
    assert evaluate([row], [record], draws=0)["contrast.labelled"].value == 1.0
    contrast["a"] = contrast["b"]
    assert evaluate([row], [record], draws=0)["contrast.labelled"].value == 0.0


def test_calibration_error_by_hand():
    rows = [coded(f"a-{n}", about=int(n < 3), framing="partial" if n < 1 else "none") for n in range(4)]
    records = [as_record(row) for row in rows]
    for record, about, score in zip(records, (0.95, 0.92, 0.35, 0.31), (1.0, 0.85, 0.81, 1.0), strict=True):
        passage = record["passages"][0]
        passage["about"], passage["framing"], passage["framing_score"] = about, "none", score
    found = evaluate(rows, records, draws=0)
    # Bin .9: two judgements, stated 1.87, true 2; bin .3: stated .66, true 1. So (.13 + .34) of four judgements.
    assert found["ece.about"].value == pytest.approx(0.47 / 4)
    # Bin .8: stated 1.66, true 2; the last bin takes 1.0 itself: stated 2, true 1.
    assert found["ece.framing"].value == pytest.approx(1.34 / 4)
    assert found["ece.frames"].value == 0.0


@steady
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0, 1))
def test_calibration_errors_lie_between_0_and_1(chances, score):
    rows = [coded(f"a-{n}") for n in range(len(chances))]
    records = [as_record(row) for row in rows]
    for record, chance in zip(records, chances, strict=True):
        passage = record["passages"][0]
        passage["about"], passage["framing_score"] = chance, score
        passage["frames"] = dict.fromkeys(FRAMES, chance)
    found = evaluate(rows, records, draws=0)
    assert all(0 <= found[f"ece.{kind}"].value <= 1 + 1e-9 for kind in ("about", "frames", "framing"))
    assert found["ece.framing"].value == pytest.approx(1 - score)


def test_fields_that_are_not_coded_count_neither_way():
    row = coded(live_metaphors=[{"span": [0, 1], "source": "race", "target": "us"}])
    silver = coded("s-0001", slug="a-document")
    del silver["contrasts"], silver["live_metaphors"]
    record = as_record(silver)
    record["metaphors"] = [{"span": [2, 7], "live": True, "score": 1.0}]
    record["contrasts"] = [{"label": "correction", "a": [0, 1], "b": [2, 7], "cue": [], "score": 1.0}]
    found = evaluate([row, silver], [as_record(row), record], draws=0)
    assert found["metaphor.live"].value == 1.0
    assert found["contrast.any"].value == 0.0


def test_words_that_are_not_live_are_not_counted():
    row = coded(live_metaphors=[{"span": [0, 1], "source": "race", "target": "us"}])
    record = as_record(row)
    record["metaphors"].append({"span": [2, 7], "live": False, "score": 1.0})
    assert evaluate([row], [record], draws=0)["metaphor.live"].value == 1.0


def test_a_record_without_passages_says_nothing():
    row = coded(about=1, framing="unmasking")
    record = as_record(row)
    record["passages"] = []
    found = evaluate([row], [record], draws=0)
    assert found["about"].value == found["framing.unmasking"].value == 0.0
    assert found["ece.framing"].value == 1.0


def test_gold_needs_its_records():
    row = coded()
    with pytest.raises(SourceError, match="a-001"):
        evaluate([row], [])
    with pytest.raises(SourceError, match="another text"):
        evaluate([row], [{**as_record(row), "text": "Another text."}])
    with pytest.raises(SourceError, match="nothing to measure"):
        evaluate([], [as_record(row)])


def test_intervals_hold_the_value_and_the_order_of_records_does_not_matter():
    chance = random.Random(0)
    rows = authored()[::10]
    records = [perturbed(row, chance) for row in rows]
    found = evaluate(rows, records)
    assert found == evaluate(rows, records[::-1])
    assert list(found) == sorted(found)
    for measure in found.values():
        assert measure.low is not None and measure.high is not None
        assert measure.low <= measure.value <= measure.high


def test_the_interval_of_a_calibration_error_holds_it_though_drawing_anew_makes_it_larger():
    chance = random.Random(0)
    for _ in range(15):
        rows = authored()[:100]
        records = [as_record(row) for row in rows]
        for row, record in zip(rows, records, strict=True):
            # Perfect probabilities: what is coded comes true as often as they say.
            record["passages"][0]["about"] = said = chance.choice([0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95])
            row["about"] = int(chance.random() < said)
        found = evaluate(rows, records)["ece.about"]
        assert found.low <= found.value <= found.high


def test_850_passages_and_200_draws_take_less_than_3_seconds():
    rows = [{**row, "id": f"{row['id']}-{copy}"} for copy in range(2) for row in authored()][:850]
    chance = random.Random(0)
    records = [perturbed(row, chance) for row in rows]
    began = time.process_time()
    evaluate(rows, records, draws=200)
    assert time.process_time() - began < 3


def test_the_worst_passages_come_first():
    metaphor = {"span": [0, 1], "source": "race", "target": "us"}
    rows = [coded("a-1", live_metaphors=[metaphor]), coded("a-2"), coded("a-3", live_metaphors=[metaphor])]
    records = [as_record(row) for row in rows]
    records[0]["metaphors"] = []
    records[1]["metaphors"] = [{"span": [at, at + 1], "live": True, "score": 1.0} for at in range(3)]
    assert worst(rows, records, "metaphor.live") == [("a-2", 0, 3), ("a-1", 1, 0)]
    assert worst(rows, records, "metaphor.live", most=1) == [("a-2", 0, 3)]
    with pytest.raises(KeyError):
        worst(rows, records, "no such metric")


def test_the_table_is_markdown():
    systems = {"majority": {"about": Measure(0.5)}, "ours": {"about": Measure(0.9, 0.85, 0.95), "x": Measure(1.0)}}
    assert table(systems).splitlines() == [
        "| metric | majority | ours |",
        "| --- | ---: | ---: |",
        "| about | 0.500 | 0.900 [0.850, 0.950] |",
        "| x | – | 1.000 |",
    ]


@steady
@given(st.lists(passages(), min_size=1, max_size=4), st.integers(0, 5))
def test_every_metric_lies_between_0_and_1(drawn, seed):
    chance = random.Random(seed)
    rows = [{**row, "id": f"a-{number}"} for number, row in enumerate(drawn)]
    for measure in evaluate(rows, [perturbed(row, chance) for row in rows], draws=5).values():
        assert 0 <= measure.value <= 1 + 1e-9


def test_two_detectors_are_compared_on_the_same_draws():
    rows = authored()[::12]
    ours, theirs = ([perturbed(row, random.Random(seed)) for row in rows] for seed in (0, 1))
    one, other = (evaluate(rows, records, draws=40) for records in (ours, theirs))
    found = compare(rows, ours, theirs, draws=40)
    assert {name: each.ours for name, each in found.items()} == one
    assert {name: each.theirs for name, each in found.items()} == other
    assert all(each.difference.value == pytest.approx(each.ours.value - each.theirs.value) for each in found.values())
    same = compare(rows, ours, ours, draws=40)
    assert {(each.difference.low, each.difference.high) for each in same.values()} == {(0, 0)}
