import json
import logging
import random
from itertools import permutations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from training.makers import authored, passages, steady

from rhetoric.annotation.agreement import (
    list_disagreements,
    read_coders,
    share,
)
from rhetoric.errors import RhetoricError
from rhetoric.scoring.uncertainty import SEED

from .codes import CODES, Row, contrast, few, instance, label, measure, metaphors, rows, spans


def test_alpha_of_a_published_example() -> None:
    # Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section B: two observers, nominal data.
    one = ["a", "a", "b", "b", "d", "c", "c", "c", "e", "d", "d", "a"]
    other = ["b", "a", "b", "b", "b", "c", "c", "c", "e", "d", "d", "d"]
    kinds = dict(zip("abcde", [["other"], ["us"], ["china"], ["both"], ["us", "china"]], strict=True))

    def rows_of(values: list[str]) -> list[Row]:
        return rows(*({"instances": [instance(actor) for actor in kinds[value]]} for value in values))

    found = label(measure(meg=rows_of(one), owen=rows_of(other)), "framing.actor")
    assert found.alpha.value == pytest.approx(0.692, abs=5e-4)
    assert found.agreed.value == pytest.approx(9 / 12, abs=1e-6)
    assert found.used == {"other": 4, "us": 6, "china": 6, "both": 6, "china and us": 2}


@steady
@given(st.lists(st.tuples(*[st.sampled_from([None, 0, 1])] * 3), min_size=4, max_size=30))
def test_alpha_is_the_library_s_with_missing_codings(table: list[tuple[int | None, ...]]) -> None:
    krippendorff = pytest.importorskip("krippendorff", reason="needs the extra agreement")
    from rhetoric.annotation.agreement.codes import LabelField
    from rhetoric.annotation.agreement.draws import Draws
    from rhetoric.annotation.agreement.measure import _label

    codings = {
        coder: rows(*({"frames": {} if row[at] is None else {"own": row[at]}} for row in table))
        for at, coder in enumerate("abc")
    }
    shared = share(codings)
    field = LabelField("frames.own", lambda row: row["frames"])
    mine = _label(field, shared, Draws(len(shared.rows)))
    data = np.array([[np.nan if each is None else each for each in row] for row in table], dtype=float).T
    paired = data[:, (~np.isnan(data)).sum(0) > 1]
    assert mine.agreed.passages == paired.shape[1]
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        assert mine.alpha.value is None and mine.note
    else:
        expected = krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
        assert mine.alpha.value == pytest.approx(expected, abs=1e-6)
        if mine.alpha.low is not None:
            assert -1.1 <= mine.alpha.low <= mine.alpha.value <= mine.alpha.high <= 1


def test_each_draw_is_an_alpha() -> None:
    krippendorff = pytest.importorskip("krippendorff", reason="needs the extra agreement")
    from rhetoric.annotation.agreement.draws import Draws
    from rhetoric.annotation.agreement.measure import _coincidences, _distances
    from rhetoric.scoring.uncertainty import DRAWS

    chance = np.random.default_rng(1)
    units = chance.integers(0, 3, size=(40, 3))
    units = units[units.sum(1) > 1]
    domain = np.array([-1.0, 0.0, 1.0])
    draws = Draws(len(units))
    times = draws._times.astype(int)
    every = [
        krippendorff.alpha(
            value_counts=np.repeat(units, row, axis=0), value_domain=domain, level_of_measurement="interval"
        )
        for row in times
    ]
    assert len(every) == DRAWS
    value = krippendorff.alpha(value_counts=units, value_domain=domain, level_of_measurement="interval")
    passage = np.arange(len(units))
    found = draws.alpha(value, _coincidences(units, passage, len(units)), _distances([-1, 0, 1], interval=True))
    assert [found.low, found.high] == pytest.approx(np.quantile(every, [0.025, 0.975]).tolist(), abs=1e-6)


def test_stance_is_a_number_and_missing_where_a_country_is_not_spoken_of() -> None:
    def said(*stances: int | None) -> list[Row]:
        return rows(
            *({"portrayal": {} if each is None else {"us": {"role": "none", "stance": each}}} for each in stances)
        )

    near = measure(a=said(-1, 0, 1, 1, None), b=said(-1, 0, 1, 0, 0))
    far = measure(a=said(-1, 0, 1, 1, None), b=said(-1, 0, 1, -1, 0))
    assert label(near, "portrayal.stance").alpha.passages == 4
    assert label(near, "portrayal.stance").alpha.value > label(far, "portrayal.stance").alpha.value
    spoken = label(near, "portrayal.spoken")
    assert (spoken.agreed.passages, spoken.agreed.value) == (5, 0.9)  # one of ten: five passages, two countries


def test_what_nobody_varies_is_said_and_no_number() -> None:
    found = measure(a=rows({}, {}, {}), b=rows({}, {}, {}))
    framing = label(found, "framing")
    assert framing.alpha.value is None and framing.note == "everybody said none everywhere"
    assert framing.agreed.value == 1.0 and framing.agreed.low < 1.0
    assert spans(found, "contrast").overlap.value is None and spans(found, "contrast").note == "nobody marked any"
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("one", "other", "field", "value"),
    [
        (CODES, CODES, "framing", 1.0),
        (CODES, CODES, "frames.race", 1.0),
        (CODES, CODES, "metaphor", 1.0),
        ([metaphors((0, 5))] * 3, [metaphors((0, 5), (9, 12))] * 3, "metaphor", 2 / 3),
        ([{"frames": {"race": 1}}] * 6, [{"frames": {"race": 0}}] * 6, "frames.race", -1.0),
    ],
    ids=["framing", "a frame", "spans", "in part", "never"],
)
def test_where_coders_agree_on_all_passages_alike_more_of_them_narrow_the_interval(
    one: list[Row], other: list[Row], field: str, value: float
) -> None:
    measured = (measure(a=rows(*one * times), b=rows(*other * times)) for times in (2, 20))
    few, many = (spans(found, field).exact if field == "metaphor" else label(found, field).alpha for found in measured)
    assert many.value == pytest.approx(value, abs=0.02)
    for found in (few, many):
        assert -1.0 <= found.low <= found.value <= found.high <= 1.0 and found.low < found.high
    if value > -1.0:
        assert few.value == many.value and few.low < many.low < many.value
    else:
        assert few.low == many.low == -1.0
    if value < 1.0:
        assert few.high - few.value > many.high - many.value > 0


def test_alpha_may_be_far_higher_where_no_two_coders_gave_a_rare_label_to_one_passage() -> None:
    one, other = ([{"frames": {"race": int(at in has)}} for at in range(20)] for has in ((0, 1), (2, 3)))
    alpha = label(measure(a=rows(*one), b=rows(*other)), "frames.race").alpha
    assert alpha.low < alpha.value < 0 and alpha.high > 0.5  # of twenty passages 17 % may be of a kind not met


def test_where_two_of_three_agree_on_every_passage_alike_alpha_may_be_higher_for_more_of_them() -> None:
    one, two, three = (
        rows(*({"frames": {"race": int((at % 2 == 0) != dissents)}} for at in range(40)))
        for dissents in (False, False, True)
    )
    alpha = label(measure(a=one, b=two, c=three), "frames.race").alpha
    # A draw of such passages is never much better than all of them; of forty, 9 % may be of a kind not met.
    assert alpha.high - alpha.value > 0.15 and alpha.value - alpha.low > 0.15


def test_two_passages_have_no_interval_and_three_have_one() -> None:
    for some, told in [(2, False), (3, True)]:
        found = label(measure(a=rows(*CODES[:some]), b=rows(*CODES[:some])), "framing")
        assert [(each.value, each.low is not None) for each in (found.alpha, found.agreed)] == [(1.0, told)] * 2


def test_an_alpha_that_many_draws_have_not_has_no_interval() -> None:
    def said(rare: int) -> Any:
        one, other = (rows(*({"frames": {"race": int(at < rare)}} for at in range(30))) for _ in "ab")
        other[0]["frames"]["race"] = 0
        return label(measure(a=one, b=other), "frames.race")

    assert (said(1).alpha.low, said(1).note) == (None, "too few passages vary for an interval")
    assert said(5).alpha.low is not None and said(5).note == ""


def test_overlapping_spans_are_matched_as_well_as_can_be() -> None:
    # Taken from the left, the first span of a would be given the only partner that the second one has.
    found = measure(a=rows(metaphors((0, 30), (25, 40))), b=rows(metaphors((20, 28), (0, 10))))
    assert spans(found, "metaphor").overlap.value == 1.0
    assert spans(found, "metaphor").exact.value == 0.0
    assert spans(found, "metaphor").spans == {"a": 2, "b": 2}


@steady
@given(*[st.frozensets(st.tuples(st.integers(0, 25), st.integers(1, 12)), max_size=5)] * 2)
def test_no_matching_is_larger(one: frozenset[tuple[int, int]], other: frozenset[tuple[int, int]]) -> None:
    pytest.importorskip("scipy", reason="needs the extra agreement")
    from rhetoric.annotation.agreement.codes import Item
    from rhetoric.annotation.agreement.measure import match

    a, b = (frozenset(Item(((start, start + length),)) for start, length in each) for each in (one, other))
    few, many = sorted((list(a), list(b)), key=len)
    best = max((sum(x.meets(y) for x, y in zip(few, way, strict=False)) for way in permutations(many)), default=0)
    found = match(a, b)
    assert len(found) == best == len(match(b, a))
    assert all(x.meets(y) for x, y in found)
    assert len({x for x, _ in found}) == len({y for _, y in found}) == len(found)


@few
@given(st.lists(st.tuples(passages(), passages()), min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_order_never_matters(pairs: list[tuple[Row, Row]], chance: random.Random) -> None:
    def numbered(at: int) -> list[Row]:
        return [{**pair[at], "id": str(number)} for number, pair in enumerate(pairs)]

    def shuffled(row: Row) -> Row:
        mixed = {
            name: chance.sample(row[name], len(row[name])) for name in ("instances", "contrasts", "live_metaphors")
        }
        return {**row, **mixed}

    one, other = numbered(0), numbered(1)
    before = measure(a=one, b=other)
    after = measure(b=[shuffled(row) for row in other], a=[shuffled(row) for row in one])
    assert before.labels == after.labels
    assert [(each.exact, each.overlap) for each in before.spans] == [(e.exact, e.overlap) for e in after.spans]
    assert all((each.exact.value or 0) <= (each.overlap.value or 0) for each in before.spans)


def test_labels_of_spans_count_where_the_field_says_so() -> None:
    found = measure(a=rows(metaphors((0, 5))), b=rows(metaphors((0, 5), source="fire")))
    values = {each.field: each.exact.value for each in found.spans if each.field.startswith("metaphor")}
    assert values["metaphor"] == values["metaphor with target"] == 1.0
    assert values["metaphor with source"] == values["metaphor with both"] == values["metaphor.war"] == 0.0
    assert values["metaphor.race"] is None


def test_both_sides_of_a_contrast_must_meet_in_either_order() -> None:
    found = measure(
        a=rows(contrast((0, 10), (20, 30)), contrast((0, 10), (20, 30)), contrast((0, 10), (20, 30))),
        b=rows(contrast((20, 30), (0, 10)), contrast((0, 10), (40, 50)), contrast((5, 9), (25, 60), "concession")),
    )
    assert spans(found, "contrast").overlap.value == pytest.approx(2 / 3, abs=1e-6)
    assert spans(found, "contrast").exact.value == pytest.approx(1 / 3, abs=1e-6)
    assert spans(found, "contrast with label").overlap.value == pytest.approx(1 / 3, abs=1e-6)
    assert spans(found, "contrast.concession").overlap.value == 0.0


def test_what_a_coder_did_not_code_does_not_count() -> None:
    one, other = rows(metaphors((0, 5)), metaphors((0, 5))), rows(metaphors((0, 5)), metaphors((9, 12)))
    one[0]["instances"] = [{name: said for name, said in instance("us").items() if name != "explicit"}]
    del other[1]["live_metaphors"]
    measured = measure(a=one, b=other)
    found = spans(measured, "metaphor")
    assert (found.exact.value, found.exact.low, found.exact.passages) == (1.0, None, 1)
    assert found.spans == {"a": 1, "b": 1}
    assert not label(measured, "framing.explicit").coded


def test_three_coders_are_compared_two_by_two() -> None:
    one, two, three = (rows(*[{"framing": f} for f in each]) for each in (["none", "partial"] * 9,) * 3)
    three[0]["framing"] = three[2]["framing"] = "unmasking"
    found = label(measure(a=one, b=two, c=three[:12]), "framing")
    assert found.pairs[("a", "b")] == 1.0 and found.pairs[("a", "c")] == found.pairs[("b", "c")] < 1.0
    assert found.agreed.passages == 18 and found.agreed.value == pytest.approx((18 + 2 * 10) / (18 + 2 * 12), abs=1e-6)


def test_who_agrees_with_whom_must_be_clear(tmp_path: Path) -> None:
    one = rows({}, {})
    with pytest.raises(RhetoricError, match="needs two coders, and only anna"):
        share({"anna": one})
    with pytest.raises(RhetoricError, match="needs two coders, and only anna"):
        share({"anna": one, "ben": one}, ["anna", "anna"])
    with pytest.raises(RhetoricError, match="no coder ben"):
        share({"anna": one, "chen": one}, ["anna", "ben"])
    with pytest.raises(RhetoricError, match="No two coders coded the same passage"):
        share({"anna": one, "ben": [{**row, "id": f"other {row['id']}"} for row in one]})
    other = [{**one[0], "text": "Another text."}, one[1], {**one[1], "id": "alone"}]
    shared = share({"anna": one, "ben": other})
    assert (list(shared.rows), shared.other_text, shared.alone) == (["p-1"], ("p-0",), 1)
    with pytest.raises(RhetoricError, match="same ids but other texts"):
        share({"anna": one[:1], "ben": other[:1]})


def test_files_are_coders(tmp_path: Path) -> None:
    for place in ("one", "two"):
        (tmp_path / place).mkdir()

    def write(place: str, *rows: Row) -> Path:
        path = tmp_path / place
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    first, second = rows({}, {})
    anna, ben = write("anna.jsonl", first), write("ben.jsonl", first, {**second, "coder": "dora"})
    assert {coder: len(rows) for coder, rows in read_coders([anna, ben]).items()} == {"anna": 1, "ben": 1, "dora": 1}
    same = [write("one/gold.jsonl", first), write("two/gold.jsonl", first)]
    assert list(read_coders(same)) == ["gold", str(same[1])]
    batches = [write("one/anna.jsonl", first), write("two/anna.jsonl", second)]
    assert {coder: len(rows) for coder, rows in read_coders(map(str, batches)).items()} == {"anna": 2}
    with pytest.raises(RhetoricError, match="named twice"):
        read_coders([anna, tmp_path / "one" / ".." / "anna.jsonl"])


def test_a_coder_agrees_with_themselves_on_real_gold() -> None:
    gold = authored()[:60]
    found = measure(a=gold, b=gold)
    assert all(each.agreed.value == 1.0 for each in found.labels)
    assert all(each.alpha.value in (1.0, None) for each in found.labels)
    assert all(each.exact.value in (1.0, None) for each in found.spans)
    assert list_disagreements(share({"a": gold, "b": gold})) == []


def test_gamma_tells_agreement_from_chance() -> None:
    pytest.importorskip("pygamma_agreement", reason="needs the extra gamma")
    from rhetoric.annotation.agreement.gamma import measure_gamma

    places = [(at, at + 8) for at in range(0, 180, 20)]
    one = rows(*(metaphors(*places[:3]), metaphors(*places[3:5]), metaphors(places[6])))
    near = rows(*(metaphors(*((a + 1, b) for a, b in places[:3])), metaphors(*places[3:5]), metaphors(places[6])))
    far = rows(*(metaphors(places[8]), metaphors(places[0], source="fire"), metaphors(*places[1:3], source="race")))
    state = random.getstate()
    by = {}
    for name, other in (("same", one), ("near", near), ("far", far)):
        found = {each.field: each for each in measure_gamma(share({"a": one, "b": other}))}
        assert found["contrast"].gamma is None and found["contrast"].note
        by[name] = found["metaphor"].gamma
    assert by["same"] == 1.0 and 1.0 > by["near"] > 0.7 and by["far"] < 0.3
    assert random.getstate() == state


def test_gamma_is_of_the_passages_that_everybody_coded_laid_end_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    pygamma = pytest.importorskip("pygamma_agreement", reason="needs the extra gamma")
    from rhetoric.annotation.agreement.gamma import measure_gamma

    sides = contrast((0, 4), (10, 14))
    one = rows(metaphors((0, 5)), metaphors((7, 9)), metaphors((900, 905)), metaphors((1, 2)) | sides)
    other = rows(metaphors((0, 6)), {}, {}, metaphors((1, 2), source="fire") | sides)
    del other[1]["live_metaphors"], one[2]["text"], other[2]["text"]  # not coded; kept as offsets
    asked: list[tuple[str, list[Any]]] = []
    drawn: set[float] = set()

    def compute(continuum: Any, dissimilarity: Any, **_: Any) -> Any:
        drawn.add(np.random.random())  # noqa: NPY002 - what the library draws from
        units = sorted((coder, unit.segment.start, unit.segment.end, unit.annotation) for coder, unit in continuum)
        assert not logging.getLogger().isEnabledFor(logging.WARNING)
        asked.append((type(dissimilarity).__name__, units))
        return SimpleNamespace(gamma=0.12345)

    def state() -> Any:
        numpy: Any = np.random.get_state()  # noqa: NPY002
        return random.getstate(), numpy[1].tolist(), logging.root.manager.disable

    monkeypatch.setattr(pygamma.Continuum, "compute_gamma", compute)
    before = state()
    found = {each.field: each for each in measure_gamma(share({"a": one, "b": other}))}
    assert state() == before
    assert drawn == {np.random.RandomState(SEED).random()}, "every kind from the same seed"
    assert [(found[name].gamma, found[name].spans) for name in ("contrast", "metaphor")] == [(0.123, 4), (0.123, 5)]
    assert found["framing.cue"].gamma is None and "a and b marked none" in found["framing.cue"].note
    # Before the last lie two passages of 200 characters and one that is not known, of 800 or more; 20 between any two.
    begins, last = 220 + 220 + 820, 220 + 220 + 925
    assert asked == [
        (
            "PositionalSporadicDissimilarity",
            [(coder, begins + at, begins + at + 4, "correction") for coder in "ab" for at in (0, 10)],
        ),
        (
            "CombinedCategoricalDissimilarity",
            [
                ("a", 0, 5, "war"),
                ("a", 1340, 1345, "war"),
                ("a", last + 1, last + 2, "war"),
                ("b", 0, 6, "war"),
                ("b", last + 1, last + 2, "fire"),
            ],
        ),
    ]
