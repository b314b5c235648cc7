import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.errors import SourceError
from rhetoric.gold import read_gold
from rhetoric.labels import CONTRASTS, FRAMES, FRAMINGS, SOURCES
from rhetoric.resources import CORPORA
from rhetoric.training.evaluation.counts import count_passage
from rhetoric.training.evaluation.errors import Judgement, confusions, judge, wrong_passages
from rhetoric.training.evaluation.evaluate import annotate_gold, as_record, evaluate_gold, known_ceiling, second_coder
from rhetoric.training.evaluation.metrics import evaluate

from ..makers import as_record as sure_record
from ..makers import authored, coded, passages, perturbed, steady

if TYPE_CHECKING:
    from spacy.language import Language

Row = dict[str, Any]


def spoiled(rows: list[Row], seed: int = 0) -> list[Any]:
    chance = random.Random(seed)
    records = [perturbed(row, chance) for row in rows]
    for record in records:  # perturbed leaves out what the metrics do not read
        for each in [*record["contrasts"], *record["metaphors"]]:
            each.setdefault("score", 0.5)
    return records


def test_whole_gold_is_measured_as_ever() -> None:
    rows = authored()[::10]
    records = spoiled(rows)
    assert evaluate_gold(rows, records, draws=20) == evaluate(rows, records, draws=20)


def test_a_second_coder_who_says_the_same_is_right_everywhere() -> None:
    rows = [{**row, "frames": {**row["frames"], "own": at % 2}} for at, row in enumerate(authored()[:120])]
    found, shared = second_coder(rows, list(reversed(rows)))
    assert shared == 120 and "custom.own" in found and not any("ece" in name for name in found)
    assert set(found.values()) == {1.0}
    other = [{**row, "framing": "none"} for row in rows[:40]]
    found, shared = second_coder(rows, other)
    assert shared == 40 and found["framing.unmasking"] == 0.0 and found["about"] == 1.0
    bare = [{"id": row["id"], "frames": {"race": row["frames"]["race"]}} for row in rows]
    assert second_coder(rows, bare)[0].keys() == {"frames.race"}
    some = [row if at % 2 else each for at, (row, each) in enumerate(zip(rows, bare, strict=True))]
    assert set(second_coder(rows, some)[0].values()) == {1.0}, "what was not coded was not called absent"
    with pytest.raises(SourceError, match="no passage has the id"):
        second_coder(rows, [coded("elsewhere")])
    with pytest.raises(SourceError, match="another text"):
        second_coder(rows, [{**rows[0], "text": "Other."}])


def test_a_second_coder_misses_nothing_where_there_is_nothing() -> None:
    empty = [coded(f"a-{at}", frames={**dict.fromkeys(FRAMES, 0), "own": 0}) for at in range(4)]
    assert second_coder(empty, empty)[0] == {"framing.none": 1.0, "framing.macro_f1": 1.0}
    contrast = {"label": "correction", "a": [0, 1], "b": [2, 7]}
    metaphor = {"span": [2, 7], "source": "war", "target": "state"}
    one = [coded("a-0", contrasts=[contrast], about=1, framing="partial"), *empty[1:]]
    other = [coded("a-0", about=1, live_metaphors=[metaphor]), *empty[1:]]
    found, _ = second_coder(one, other)  # what either has is measured, and missed
    assert {name for name, value in found.items() if not value} == {
        *("contrast.any", "contrast.labelled", "contrast.correction", "framing.partial", "metaphor.live")
    }
    assert found["about"] == 1.0 and found["framing.macro_f1"] == found["framing.none"] / 2 == pytest.approx(3 / 7)
    assert found.keys().isdisjoint(
        {"metaphor.source", "framing.unmasking.recall", "frames.race", "contrast.antithesis"}
    )


def test_passages_are_read_as_they_were_coded(nlp: "Language") -> None:
    """What readers of files make a line break, or take out, stands in coded passages: their spans count it."""
    rows = [{**row, "text": f"\ufeff{row['text']}\u2028\x0bAnd so on."} for row in authored()[:2]]
    records = list(annotate_gold(rows, nlp))
    assert [record["text"] for record in records] == [row["text"] for row in rows]
    assert evaluate_gold(rows, records, draws=0)["about"].value is not None


def test_what_nobody_coded_is_left_out_and_what_some_did_is_measured_there() -> None:
    rows = authored()[:60]
    records = spoiled(rows)
    bare = [{"id": row["id"], "text": row["text"], "frames": {}} for row in rows]
    some = [{**each, "frames": {"race": row["frames"]["race"]}} for each, row in zip(bare, rows, strict=True)]
    assert evaluate_gold(some, records, draws=0) == {
        "frames.race": evaluate(rows, records, draws=0)["frames.race"],
    }
    assert evaluate_gold(bare, records, draws=0) == {}
    mixed = [*rows[:30], *bare[30:]]
    found, half = evaluate_gold(mixed, records, draws=0), evaluate(rows[:30], records, draws=0)
    for name in ("about", "frames.threat", "contrast.any", "metaphor.live", "framing.account", "portrayal.role"):
        assert found[name] == half[name]
    for label in FRAMINGS:  # a passage that nobody coded is no passage without framing, and rightly told for one
        assert found[f"framing.{label}"] == half[f"framing.{label}"]
    assert not {"ece.frames", "ece.about", "ece.framing"} & found.keys()
    assert not [each for each in judge(bare[0], records[0]) if not each.field.startswith("custom")]


def custom(row: Row, score: float, present: bool) -> Any:
    record: Any = sure_record(row)
    record["passages"][0]["custom"] = {"own": {"score": score, "present": present}}
    return record


def test_frames_of_one_s_own_are_measured_at_their_own_line() -> None:
    rows = [coded(f"p-{at}", frames={**dict.fromkeys(FRAMES, 0), "own": code}) for at, code in enumerate([1, 1, 0, 0])]
    said = [(0.4, True), (0.1, False), (0.3, True), (0.05, False)]
    records = [custom(row, *each) for row, each in zip(rows, said, strict=True)]
    found = evaluate_gold(rows, records, draws=10)
    assert {name: round(found[f"custom.own{name}"].value, 4) for name in ("", ".precision", ".recall")} == {
        "": 0.5,
        ".precision": 0.5,
        ".recall": 0.5,
    }
    assert found["custom.own.average_precision"].value == pytest.approx((1 + 2 / 3) / 2)
    assert not any(name.startswith("custom") for name in evaluate_gold(rows, map(sure_record, rows), draws=0))


def test_the_ceiling_is_known_for_the_project_s_own_gold(tmp_path: Path) -> None:
    scores = tmp_path / "scores.json"
    scores.write_text(json.dumps({"ceiling": {"authored": {"about": 0.9}, "real": {"about": 0.8}}}), encoding="utf-8")
    assert known_ceiling(authored()[:9], scores) == {"about": 0.9}
    assert known_ceiling(read_gold(CORPORA / "gold" / "real.jsonl")[:9], scores) == {"about": 0.8}
    assert known_ceiling([coded("mine")], scores) == {}
    for field, nothing in {"contrasts": [], "about": 0, "portrayal": {}}.items():
        others = [{**row, field: nothing} for row in authored()[:9]]  # by coders to whom nothing is a contrast
        assert known_ceiling(others, scores) == {}
    assert known_ceiling([{"id": row["id"], "contrasts": row["contrasts"]} for row in authored()[:9]], scores)
    mine = [{"id": row["id"], "text": f"Mine: {row['text']}", "frames": {"own": 1}} for row in authored()[:9]]
    assert known_ceiling(mine, scores) == {}, "ids like these anybody may give"
    assert known_ceiling(authored()[:9], tmp_path / "nowhere.json") == {}


def test_what_is_right_is_no_confusion() -> None:
    rows = authored()[:80]
    pairs = [(row, as_record(row)) for row in rows]
    assert wrong_passages(pairs) == []
    assert all(cell.coded == cell.said for cell in confusions(pairs))
    unmasking = next(cell for cell in confusions(pairs) if cell.field == "framing" and cell.coded == "unmasking")
    assert unmasking.count == unmasking.of == sum(row["framing"] == "unmasking" for row in rows)


@steady
@given(passages(), st.randoms(use_true_random=False))
def test_confusions_count_what_the_metrics_count(row: Row, chance: random.Random) -> None:
    record = perturbed(row, chance)
    for each in [*record["contrasts"], *record["metaphors"]]:
        each.setdefault("score", 0.5)  # type: ignore[typeddict-item]
    counts = count_passage(row, record)
    said = list(judge(row, record))
    by: dict[str, list[Judgement]] = {}
    for each in said:
        by.setdefault(each.field, []).append(each)
    for field in ("about", *(f"frames.{frame}" for frame in FRAMES)):
        (only,) = by[field]
        assert counts[field] == (
            int(only.said == only.coded == "present"),
            int(only.said == "present"),
            int(only.coded == "present"),
        )
    contrasts = by.get("contrast", [])
    assert counts["contrast.any"] == (
        sum(each.coded in CONTRASTS and each.said in CONTRASTS for each in contrasts),
        sum(each.said in CONTRASTS for each in contrasts),
        sum(each.coded in CONTRASTS for each in contrasts),
    )
    live = by.get("metaphor", [])
    assert counts["metaphor.live"][1:] == (sum(e.said == "live" for e in live), sum(e.coded == "live" for e in live))
    sources = by.get("metaphor.source", [])
    assert counts["metaphor.source"][0] == sum(not each.wrong for each in sources)
    assert all(each.coded in SOURCES for each in sources)
    roles = [each for each in by.get("portrayal.role", []) if not each.wrong]
    assert not row["portrayal"] or counts["portrayal.role"][0] == len(roles)
    actors = by.get("framing.actor", [])
    assert counts["framing.actor"][0] == sum(not each.wrong for each in actors)


def test_the_surest_errors_come_first_and_those_without_a_number_last() -> None:
    rows = [coded(f"p-{at}", "A lever of power.", about=0) for at in range(3)]
    rows[2]["live_metaphors"] = [{"span": [2, 7], "source": "machine", "target": "state"}]
    records: list[Any] = [sure_record(row) for row in rows]
    records[0]["passages"][0]["about"] = 0.7
    records[1]["passages"][0]["frames"]["race"] = 0.95
    records[1]["contrasts"] = [{"label": "concession", "a": [0, 7], "b": [8, 16], "cue": [], "score": 0.6}]
    records[2]["metaphors"] = []
    found = wrong_passages(zip(rows, records, strict=True))
    assert [(each["id"], each["certainty"]) for each in found] == [("p-1", 0.95), ("p-0", 0.7), ("p-2", None)]
    assert found[0]["wrong"] == [
        {"field": "frames.race", "coded": "absent", "said": "present", "score": 0.95},
        {"field": "contrast", "coded": "-", "said": "concession", "score": 0.6, "where": "A lever / of power"},
    ]
    assert found[2]["wrong"] == [{"field": "metaphor", "coded": "live", "said": "-", "score": None, "where": "lever"}]
    assert found[0]["gold"]["about"] == 0 and found[0]["predicted"]["contrasts"] == records[1]["contrasts"]


def test_parts_of_framing_are_there_or_elsewhere() -> None:
    text = "They say it is a gift. It is a loan."
    instance = {"account": [[0, 22]], "machinery": [[23, 36]], "cue": [], "actor": "us", "explicit": True}
    row = coded("p-0", text, framing="unmasking", instances=[instance])
    record: Any = sure_record(row)
    record["framing"] = [{**instance, "machinery": [[0, 4]], "cue": [[0, 8]], "actor": "china", "score": 0.8}]
    said = {each.field: (each.coded, each.said) for each in judge(row, record) if each.field.startswith("framing.")}
    assert said == {
        "framing.account": ("there", "there"),
        "framing.machinery": ("there", "elsewhere"),
        "framing.cue": ("-", "there"),
        "framing.actor": ("us", "china"),
    }
