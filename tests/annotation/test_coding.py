import copy
from typing import Any

import pytest
from scoring.records import PIPELINE

from annotation.makers import authored, suggested, to_row
from rhetoric.annotation import coding as c
from rhetoric.annotation.adjudication import normal
from rhetoric.annotation.passages import cut, doubt, suggest
from rhetoric.annotation.review import edits
from rhetoric.labels import FRAMES


def begun() -> c.Coding:
    return c.begin(c.suggest_gold(suggested(), "gold"))


def key_of(coding: c.Coding, name: str) -> int:
    return coding[name][0]["key"]


def test_what_is_accepted_as_it_is_comes_out_as_it_was() -> None:
    bare = suggested()
    del bare["instances"][0]["explicit"]  # as other tools may leave it out: it is so where there is a cue
    assert to_row(c.settled(bare))["instances"] == suggested()["instances"]
    for row in [suggested(), *authored(40)]:
        finished, _ = edits.finish(c.begin(c.suggest_gold(row, "gold")))
        assert normal(c.to_coded(row["text"], finished, {"id": row["id"]})) == normal(row)
        assert normal(c.to_coded(row["text"], c.settled(row), {"id": row["id"]})) == normal(row)


def test_edits_leave_what_they_are_given_as_it_is() -> None:
    before = begun()
    kept = copy.deepcopy(before)
    edits.reject(before, 1)
    edits.draw(before, "live", [0, 4], None)
    edits.set_frame(before, "race", 1)
    edits.finish(before)
    assert before == kept


def test_what_is_rejected_is_not_in_it_and_what_was_drawn_is_deleted() -> None:
    coding = begun()
    coding, told = edits.reject(coding, key_of(coding, "contrasts"))
    assert told == "contrast 3 rejected" and coding["contrasts"][0]["state"] == "rejected"
    coding, _ = edits.draw(coding, "live", [0, 4], None)
    drawn = max(item["key"] for _, item in c.items(coding))
    coding, told = edits.reject(coding, drawn)
    assert told == "metaphor 2 deleted" and len(coding["live_metaphors"]) == 1
    assert to_row(edits.finish(coding)[0])["contrasts"] == []
    with pytest.raises(edits.Refused, match="no such item"):
        edits.accept(coding, drawn)


def test_framing_follows_its_instances_unless_somebody_says_otherwise() -> None:
    coding = begun()
    coding, _ = edits.reject(coding, key_of(coding, "instances"))
    assert coding["framing"] == "none"
    coding, _ = edits.set_field(coding, "framing", "partial")
    coding, _ = edits.draw(coding, "account", [0, 4], None)
    assert coding["framing"] == "partial"
    key = coding["instances"][-1]["key"]
    coding, _ = edits.draw(coding, "machinery", [5, 9], key)
    assert coding["framing"] == "unmasking" and not edits.doubtful(coding)
    coding, _ = edits.set_field(coding, "framing", "none")
    coding, _ = edits.draw(coding, "account", [20, 22], None)
    assert coding["framing"] == "none" and "instance with account and machinery" in edits.doubtful(coding)


def test_a_framing_instance_is_drawn_part_by_part() -> None:
    coding = c.blank()
    coding, told = edits.draw(coding, "account", [5, 9], None)
    assert told == "framing 1: account drawn"
    key = coding["instances"][0]["key"]
    for part, where in [("machinery", [20, 25]), ("account", [0, 4]), ("account", [3, 6]), ("cue", [10, 12])]:
        coding, _ = edits.draw(coding, part, where, key)
    coding, _ = edits.relabel(coding, key, "actor", "china")
    assert to_row({**coding, "about": 1})["instances"] == [
        {"account": [[0, 9]], "machinery": [[20, 25]], "cue": [[10, 12]], "actor": "china", "explicit": True}
    ], "spans of one part that overlap are one; a cue makes it explicit"
    coding, _ = edits.redraw(coding, key, "cue", [10, 12], None)
    assert coding["instances"][0]["explicit"] is False
    coding, _ = edits.relabel(coding, key, "explicit", True)
    assert coding["instances"][0]["explicit"] is True


def test_sides_stand_in_the_order_of_the_text() -> None:
    coding, _ = edits.draw(c.blank(), "side", [30, 40], None)
    key = coding["contrasts"][0]["key"]
    with pytest.raises(edits.Refused, match="must not overlap"):
        edits.draw(coding, "side", [35, 50], key)
    coding, _ = edits.draw(coding, "side", [3, 8], key)
    coding, _ = edits.draw(coding, "cue", [10, 12], key)
    coding, _ = edits.relabel(coding, key, "label", "concession")
    pair = {"label": "concession", "a": [3, 8], "b": [30, 40], "cue": [[10, 12]]}
    assert to_row(coding)["contrasts"] == [pair]
    third, _ = edits.draw(coding, "side", [50, 60], key)
    assert len(third["contrasts"]) == 2, "a contrast that has both sides takes no third"
    moved, _ = edits.redraw(coding, key, "b", [30, 40], [0, 2])
    assert (moved["contrasts"][0]["a"], moved["contrasts"][0]["b"]) == ([0, 2], [3, 8])
    for part, old, new in [("a", [3, 8], [5, 35]), ("a", [3, 8], None)]:
        with pytest.raises(edits.Refused):
            edits.redraw(coding, key, part, old, new)


def test_a_cue_needs_what_it_is_the_cue_of_and_a_metaphor_is_drawn_once() -> None:
    coding, _ = edits.draw(c.blank(), "live", [0, 4], None)
    for key in (None, coding["live_metaphors"][0]["key"]):
        with pytest.raises(edits.Refused, match="the cue of"):
            edits.draw(coding, "cue", [5, 6], key)
    with pytest.raises(edits.Refused, match="already"):
        edits.draw(coding, "live", [0, 4], None)


def test_nothing_is_done_as_long_as_something_is_missing() -> None:
    coding = c.blank()
    with pytest.raises(edits.Refused, match=r"about the matter \(b\).*framing \(f\)"):
        edits.finish(coding)
    coding, _ = edits.set_field(coding, "about", 1)
    coding, _ = edits.set_field(coding, "framing", "none")
    coding, _ = edits.finish(coding)
    coding, _ = edits.draw(coding, "live", [0, 4], None)
    assert not coding["done"], "a metaphor without its source makes it undone again"
    key = key_of(coding, "live_metaphors")
    for field, value in [("source", "war"), ("target", "ai")]:
        with pytest.raises(edits.Refused, match=f"the {field}"):
            edits.finish(coding)
        coding, _ = edits.relabel(coding, key, field, value)
    assert edits.finish(coding)[0]["done"]
    assert not edits.draw(edits.finish(coding)[0], "side", [5, 6], None)[0]["done"]


def test_portrayals_come_in_one_order_and_go() -> None:
    coding, told = edits.set_portrayal(c.blank(), "china", {"role": "threat", "stance": -1})
    assert told == "china threat -1"
    coding, _ = edits.set_portrayal(coding, "us", {"role": "leader", "stance": 1})
    assert list(coding["portrayal"]) == ["us", "china"]
    assert edits.set_portrayal(coding, "us", None)[0]["portrayal"] == {"china": {"role": "threat", "stance": -1}}


def test_a_part_that_is_redrawn_over_another_is_one_with_it() -> None:
    coding = c.blank()
    for part, where in [("account", [0, 4]), ("account", [10, 14]), ("live", [0, 4]), ("live", [10, 14])]:
        coding, _ = edits.draw(coding, part, where, 1)
    coding, _ = edits.redraw(coding, 1, "account", [0, 4], [8, 12])
    assert coding["instances"][0]["account"] == [[8, 14]]
    with pytest.raises(edits.Refused, match="already"):
        edits.redraw(coding, 3, "span", [10, 14], [0, 4])
    assert edits.redraw(coding, 3, "span", [10, 14], [10, 14])[1] == "metaphor 3: span redrawn"


def record() -> dict[str, Any]:
    """Two passages of one document: a contrast crosses the border, a metaphor is in each."""
    text = "One wall stands, but\n\nthe other fell. A race."
    passages = [[0, 20], [22, 45]]
    frames = {frame: 0.1 for frame in FRAMES} | {"race": 0.6}
    base = {"about": 0.9, "framing": "none", "framing_score": 0.8, "frames": frames, "portrayal": {}}
    return {
        "id": "doc",
        "text": text,
        "meta": {"title": "Walls"},
        "passages": [{"start": start, "end": end, **base} for start, end in passages],
        "framing": [],
        "contrasts": [
            {"label": "opposition", "a": [0, 15], "b": [22, 36], "cue": [[17, 20]], "score": 0.7},
            {"label": "opposition", "a": [22, 36], "b": [38, 44], "cue": [], "score": 0.7},
        ],
        "metaphors": [
            {"span": [4, 8], "live": True, "score": 0.9, "source": "building", "target": "other"},
            {"span": [9, 15], "live": False, "score": 0.6},
            {"span": [40, 44], "live": True, "score": 0.9, "source": "race", "target": "ai"},
        ],
        "pipeline": PIPELINE,
    }


def test_passages_are_cut_out_with_what_was_found_in_them() -> None:
    first, second = cut(record())
    assert (first["id"], first["text"]) == ("doc#1", "One wall stands, but")
    assert second["meta"] == {"title": "Walls", "slug": "doc", "start": 22, "end": 45}
    assert first["contrasts"] == [], "a contrast of which one side is in another passage is none of either"
    assert [(pair["a"], pair["b"]) for pair in second["contrasts"]] == [([0, 14], [16, 22])]
    assert [second["text"][slice(*each["span"])] for each in second["metaphors"]] == ["race"]
    assert next(cut(first))["id"] == "doc#1", "a record of one passage stays as it is"


def test_what_stands_after_a_passage_in_another_is_of_the_outer_one() -> None:
    made = record()
    made["passages"] = [{**made["passages"][0], "start": start, "end": end} for start, end in ([0, 45], [22, 36])]
    made["passages"].append({**made["passages"][0], "start": 45, "end": 46})
    outer, inner, _ = cut(made)
    assert [outer["text"][slice(*each["span"])] for each in outer["metaphors"]] == ["wall", "stands", "race"]
    assert inner["text"] == "the other fell" and inner["metaphors"] == []


@pytest.mark.parametrize("count", [1, 2])
def test_what_has_no_character_is_cut_away(count: int) -> None:
    made = record()
    whole = {**made["passages"][0], "end": len(made["text"])}
    made["passages"] = [whole] if count == 1 else made["passages"]
    kept = list(cut(copy.deepcopy(made)))
    made["metaphors"].append({**made["metaphors"][0], "span": [7, 7]})
    made["contrasts"].append({**made["contrasts"][0], "a": [7, 7], "b": [8, 9]})
    made["framing"].append(
        {"account": [[7, 7]], "machinery": [], "cue": [], "actor": "us", "explicit": False, "score": 0.5}
    )
    assert len(kept) == count and list(cut(made)) == kept


def test_doubt_counts_the_judgements_that_may_be_wrong() -> None:
    first, second = cut(record())
    assert doubt(first) == pytest.approx(0.1 + 0.4 + 9 * 0.1 + 0.2)
    assert doubt(second) == pytest.approx(doubt(first) + 0.3)


def test_what_the_machine_says_is_put_forward_not_decided() -> None:
    coding = c.begin(suggest(next(cut(record()))))
    assert [(item["source"], item["state"]) for item in coding["live_metaphors"]] == [("building", "open")]
    assert coding["frames"]["race"] == coding["about"] == 1 and not coding["done"]
    row = to_row(edits.finish(coding)[0])
    assert row["live_metaphors"] == [{"span": [4, 8], "source": "building", "target": "other"}]
