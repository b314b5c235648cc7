from typing import Any

import pytest

from annotation.makers import TEXT, span, suggested, to_row
from rhetoric.annotation.adjudication import alike, begin_adjudication, normal, renew
from rhetoric.annotation.coding import items, missing
from rhetoric.annotation.review import edits
from rhetoric.labels import FRAMES


def voices() -> dict[str, Any]:
    """Two coders who differ in a frame, a portrayal, a label, and a span."""
    ada, ben = suggested(), suggested()
    ben["frames"]["state"] = 1
    ben["portrayal"] = {}
    ben["contrasts"][0]["label"] = "opposition"
    ben["live_metaphors"] = [{"span": span(TEXT, "a shield"), "source": "war", "target": "state"}]
    return {"ada": ada, "ben": ben}


def test_adjudication_starts_from_what_coders_say_alike() -> None:
    coding = begin_adjudication(voices())
    assert coding["framing"] == "unmasking" and coding["about"] == 1
    assert coding["frames"] == {**dict.fromkeys(FRAMES, 0), "state": None}
    assert coding["portrayal"] == {"us": None}
    assert missing(coding) == ["the frame state", "how it portrays the US (u)"]
    assert [(item["state"], item["by"]) for item in coding["instances"]] == [("accepted", ["ada", "ben"])]
    assert [(item["state"], item["by"]) for item in coding["contrasts"]] == [("open", ["ada"]), ("open", ["ben"])]
    with pytest.raises(edits.Refused, match="of 4 spans whether to accept"):
        edits.finish(coding, strict=True)


def test_accepting_one_reading_rejects_the_others() -> None:
    coding = begin_adjudication(voices())
    for name in ("contrasts", "live_metaphors"):
        coding, told = edits.accept(coding, coding[name][1]["key"])
        assert told.endswith("1 other reading rejected")
        assert [item["state"] for item in coding[name]] == ["rejected", "accepted"]
    third = {**voices()["ben"], "live_metaphors": [{"span": span(TEXT, "shield. It"), "source": "war", "target": "ai"}]}
    three = begin_adjudication({**voices(), "cy": third})
    assert edits.accept(three, three["live_metaphors"][0]["key"])[1].endswith(", and 2 other readings rejected")
    drawn, _ = edits.draw(coding, "live", span(TEXT, "a shield."), None)
    for at in (0, 1):  # the judge has second thoughts, and third ones
        drawn, told = edits.accept(drawn, drawn["live_metaphors"][at]["key"])
        assert told.endswith("1 other reading rejected")
        states = [item["state"] for item in drawn["live_metaphors"]]
        assert states == [*(["rejected", "accepted"] if at else ["accepted", "rejected"]), "accepted"]
    coding, _ = edits.set_frame(coding, "state", 1)
    coding, _ = edits.set_portrayal(coding, "us", None)
    assert normal(to_row(edits.finish(coding, strict=True)[0])) == normal(voices()["ben"])


def test_a_reading_that_the_judge_has_changed_is_the_only_one() -> None:
    begun = begin_adjudication(voices())
    contrast, metaphor = (begun[name][1]["key"] for name in ("contrasts", "live_metaphors"))
    relabelled, told = edits.relabel(begun, contrast, "label", "concession")
    assert told.endswith("concession, and 1 other reading rejected")
    both, told = edits.redraw(relabelled, metaphor, "span", span(TEXT, "a shield"), span(TEXT, "a shield."))
    assert told.endswith("redrawn, and 1 other reading rejected")
    cued, told = edits.draw(begun, "cue", span(TEXT, "not"), contrast)
    assert told.endswith("cue drawn, and 1 other reading rejected")
    for coding, name in [(both, "contrasts"), (both, "live_metaphors"), (cued, "contrasts")]:
        rest, _ = edits.take(coding, "ada", voices()["ada"])
        assert [item["state"] for item in rest[name]] == ["rejected", "accepted"]


@pytest.mark.parametrize("framing", ["unmasking", "partial"])
@pytest.mark.parametrize("coder", ["ada", "ben"])
def test_taking_the_rest_of_one_coder_gives_that_coding(coder: str, framing: str) -> None:
    said = voices()
    said["ada"]["framing"] = framing  # which may be another than follows from the instances
    said["ben"] |= {"framing": "unmasking", "instances": said["ben"]["instances"] if framing == "unmasking" else []}
    coding, _ = edits.take(begin_adjudication(said), coder, said[coder])
    assert normal(to_row(edits.finish(coding, strict=True)[0])) == normal(said[coder])


def test_what_coders_say_otherwise_since_is_to_be_decided_again() -> None:
    before, said = {**begin_adjudication(voices()), "basis": {}}, voices()
    coding, _ = edits.take(before, "ada", voices()["ada"])
    coding, _ = edits.set_portrayal(coding, "us", None)
    coding, _ = edits.draw(coding, "live", span(TEXT, "rivals"), None)
    for field, value in [("source", "race"), ("target", "ai")]:
        coding, _ = edits.relabel(coding, coding["live_metaphors"][-1]["key"], field, value)
    coding = {**edits.finish(coding, strict=True)[0], "note": "mind it"}
    assert to_row(renew(coding, before, before)) == to_row(coding)
    said["ben"] |= {"about": 0, "portrayal": {**said["ben"]["portrayal"], "china": {"role": "threat", "stance": 0}}}
    said["ben"]["frames"] |= {"race": 1, "state": 0}
    said["ben"]["instances"][0]["actor"] = "china"
    said["ben"]["contrasts"] = []
    found = renew(coding, before, {**begin_adjudication(said), "basis": {"ben": 2}})
    assert found["basis"] == {"ben": 2} and found["note"] == "mind it" and found["framing"] == "unmasking"
    assert found["about"] is None and found["portrayal"] == {"china": None}
    assert found["frames"] == {**dict.fromkeys(FRAMES, 0), "race": None, "state": 0}
    assert [*found["frames"]] == [*FRAMES]
    assert [(item["state"], item["by"]) for item in found["instances"]] == [("open", ["ada"]), ("open", ["ben"])]
    assert [(item["state"], item["by"]) for item in found["contrasts"]] == [("accepted", ["ada"])]
    assert to_row(found)["live_metaphors"] == to_row(coding)["live_metaphors"]
    again = renew(found, {**begin_adjudication(said), "basis": {}}, before)
    assert to_row(again)["live_metaphors"] == to_row(coding)["live_metaphors"]
    for each in (found, again):
        keys = [item["key"] for _, item in items(each)]
        assert len(keys) == len({*keys})


def test_a_frame_that_a_coder_did_not_code_is_missing_and_not_absent() -> None:
    said = voices()
    for name, coder, present in [("race", "ada", 1), ("hazard", "ben", 0)]:
        said["ada"]["frames"].pop(name, None)
        said["ben"]["frames"].pop(name, None)
        said[coder]["frames"][name] = present
    del said["ada"]["frames"]["market"], said["ben"]["frames"]["market"]
    said["cy"] = {**said["ben"], "frames": {}}
    coding = begin_adjudication(said)
    others = [frame for frame in FRAMES if frame not in ("market", "state", "race")]
    assert coding["frames"] == {**dict.fromkeys(others, 0), "state": None, "race": 1}
    taken, told = edits.take(coding, "cy", said["cy"])
    assert told == "the rest as cy has it, who did not code state" and taken["frames"]["state"] is None
    same = {**said["ada"], "frames": {"race": 1}}
    assert alike([same, {**same, "frames": {}}, {**same, "frames": {"threat": 1}}])
    assert not alike([same, {**same, "frames": {"race": 0, "threat": 1}}])
