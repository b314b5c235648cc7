import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from textual.events import Paste
from training.makers import coded

from annotation.hands import NARROW, TEXT, WIDE, Hand, codings_of, work
from annotation.makers import make_review, span
from rhetoric.annotation.adjudication import normal
from rhetoric.annotation.coding import blank, settled, suggest_gold
from rhetoric.annotation.review.queue import Filter
from rhetoric.annotation.review.session import Session
from rhetoric.annotation.store import Entry, Review, create_review


def test_the_blind_see_nothing_of_what_others_say(tmp_path: Path) -> None:
    row = coded("p", TEXT, framing="unmasking", about=1, portrayal={"us": {"role": "leader", "stance": 1}})
    row["live_metaphors"] = [{"span": span(TEXT, "shield"), "source": "war", "target": "state"}]
    row["instances"] = [
        {"account": [[0, 9]], "machinery": [[31, 40]], "cue": [], "actor": "us", "explicit": False},
    ]
    suggested = {**suggest_gold(row, "machine"), "scores": {"framing": 0.91, "about": 0.92, "frames": {"race": 0.4}}}
    create_review(tmp_path / "a.sqlite", [Entry("p", TEXT, {}, suggested, 1.0)], "", codings={"ben": [row]})

    async def look(hand: Hand) -> None:
        for size in (NARROW, WIDE):
            await hand.pilot.resize_terminal(*size)
            await hand.pilot.pause()
            assert "blind" in hand.seen and "No spans" in hand.seen
            assert not re.search(r"unmasking|\.9|war|leader|race\?", hand.seen)
        await hand.press("slash", "c")
        assert "You code blind here" in hand.seen
        await hand.press("t")
        assert "for adjudicating" in hand.seen
        await hand.press("slash", "l")
        assert not re.search(r"source war|framing unmasking", hand.seen)

    work(tmp_path / "a.sqlite", look, blind=True)
    work(tmp_path / "a.sqlite", look)  # who began blind stays blind


def test_the_order_tells_the_blind_nothing_of_what_the_machine_doubts(tmp_path: Path) -> None:
    def queue(by: str, **named: bool) -> list[int]:
        entries = [Entry(f"p{at}", f"{at}.", {"sample": {"by": by, "seed": 0}}, None, 1 - at / 20) for at in range(20)]
        create_review(tmp_path / f"{by}{len(named)}.sqlite", entries, "")
        with Review(tmp_path / f"{by}{len(named)}.sqlite") as review:
            session = Session(review, "ada", **named)
            assert session.choose(Filter(order="doubt")) == 20
            return session.queue

    assert queue("uncertain") == queue("random", blind=True) == [*range(20)]
    mixed = queue("uncertain", blind=True)
    assert sorted(mixed) == [*range(20)] and mixed[:10] != sorted(mixed[:10]) and max(mixed[:5]) > 9

    async def look(hand: Hand) -> None:
        await hand.press("slash")
        assert "coders differ" in hand.seen and "least sure" not in hand.seen

    work(tmp_path / "uncertain1.sqlite", look, blind=True)


def test_adjudication_makes_gold(tmp_path: Path) -> None:
    ada = coded("p0", TEXT, about=1)
    ada["contrasts"] = [
        {"label": "concession", "a": span(TEXT, "no shield"), "b": span(TEXT, "a subsidy"), "cue": []},
    ]
    ben = json.loads(json.dumps(ada))
    ben["contrasts"][0]["label"] = "correction"
    ben["frames"]["state"] = 1
    alike = coded("p1", "Both say the same.")
    path = make_review(
        tmp_path / "a.sqlite", [TEXT, "Both say the same."], codings={"ada": [ada, alike], "machine": [ben, alike]}
    )

    async def judge(hand: Hand) -> None:
        assert "1/1" in hand.seen and "0 of 1 done" in hand.seen, "what both say alike needs no judge"
        assert "[ada]" in hand.seen and "[machine]" in hand.seen
        await hand.press("enter")
        assert "Not done. Say first of 2 spans" in hand.seen and "5? state [machine]" in hand.seen
        await hand.press("tab", "a")
        assert "1 other reading rejected" in hand.seen
        await hand.press("5", "enter")
        assert "1 of 1 done" in hand.seen

    work(path, judge, coder="eve", adjudicate=True)
    with Review(path) as review:
        gold = review.gold()
    assert (gold.adjudicated, gold.alike, gold.waiting) == (1, 1, [])
    told = {"coders": ["ada", "machine"]}
    assert gold.rows == [{**ben, "adjudicated": "eve", **told}, {**alike, **told}]


def test_a_judge_may_take_one_side_and_sees_what_has_changed_since(tmp_path: Path) -> None:
    rows = {"ada": [coded("p0", TEXT, about=1)], "ben": [coded("p0", TEXT, framing="partial")]}
    path = make_review(tmp_path / "a.sqlite", [TEXT], codings=rows)

    async def judge(hand: Hand) -> None:
        await hand.press("t", "1", "enter")
        assert hand.session.progress() == (1, 1)

    async def think_again(hand: Hand) -> None:
        await hand.press("t")
        assert "This is for adjudicating" in hand.seen, "who codes takes nothing from others"
        await hand.press("1")
        await hand.select("shield")
        await hand.press("l", "w", "s")

    async def finish(hand: Hand) -> None:
        await hand.press("enter", "enter")

    async def wait(hand: Hand) -> None:
        await hand.press("enter")
        assert "Not done: ben took this passage up again" in hand.seen and hand.session.coding["about"] == 1
        await hand.press("2", "2")
        assert "a coder has changed this since" in hand.seen, "whatever is decided meanwhile"

    async def judge_again(hand: Hand) -> None:
        assert "a coder has changed this since" in hand.seen and hand.session.progress() == (0, 1)
        assert "1? race" in hand.seen and "[ben]" in hand.seen, "what is new has to be decided"
        await hand.press("enter")
        assert "Not done. Say first of 1 span" in hand.seen
        await hand.press("tab", "a", "1", "enter")
        assert "changed" not in hand.seen and "1 of 1 done" in hand.seen

    work(path, judge, coder="eve", adjudicate=True)
    with Review(path) as review:
        assert normal(review.gold().rows[0]) == normal(rows["ada"][0])
    work(path, think_again, coder="ben")
    work(path, wait, coder="eve", adjudicate=True)
    work(path, finish, coder="ben")
    work(path, judge_again, coder="eve", adjudicate=True)
    with Review(path) as review:
        (row,) = review.gold().rows
    assert row["about"] == 1 and row["framing"] == "none" and row["frames"]["race"] == 1 and row["live_metaphors"]


@pytest.mark.parametrize("known", [{"basis": {}}, {}], ids=["of nobody", "of the first files"])
def test_what_was_judged_before_anybody_coded_it_is_taken_up(known: dict[str, Any], tmp_path: Path) -> None:
    path = make_review(tmp_path / "a.sqlite", [TEXT])
    if not known:  # they had no checksums either
        with closing(sqlite3.connect(path)) as file, file:
            file.execute("DELETE FROM info WHERE name = 'checksums'")
    with Review(path) as review:
        review.join("eve", "adjudicate").decide(0, "", {**blank(), "about": 1, **known})
        review.join("ada").decide(0, "", settled(coded("p0", TEXT, about=0)))

    async def judge(hand: Hand) -> None:
        assert "a coder has changed this since" in hand.seen and hand.session.coding["about"] == 0

    work(path, judge, coder="eve", adjudicate=True)


@pytest.mark.parametrize(
    "said",
    [
        {"framing": "unmasking"},
        {"instances": [{"account": [[0, 4]], "machinery": [[5, 9]], "cue": [], "actor": "us", "explicit": True}]},
    ],
)
def test_framing_is_compared_with_instances_only_where_both_are_coded(said: dict[str, Any], tmp_path: Path) -> None:
    rows = {
        coder: [{"id": "p0", "text": TEXT, "about": about, **said}]
        for about, coder in enumerate(["the annotator-1", "the annotator-2"])
    }
    path = make_review(tmp_path / "a.sqlite", [TEXT], fields=["about", *said], codings=rows)

    async def judge(hand: Hand) -> None:
        assert "[the a…ator-1 no, the a…ator-2 yes]" in hand.seen
        await hand.press("b", "enter")
        assert "1 of 1 done" in hand.seen

    work(path, judge, coder="eve", adjudicate=True)


def test_a_judge_sees_which_frames_nobody_coded_and_may_code_them(tmp_path: Path) -> None:
    rows = {"ada": [coded("p0", TEXT, frames={"race": 1})], "ben": [coded("p0", TEXT, frames={"race": 0, "own": 1})]}
    path = make_review(tmp_path / "a.sqlite", [TEXT], frames=["race", "threat", "own"], codings=rows)

    async def judge(hand: Hand) -> None:
        assert "1? race" in hand.seen and "2– threat" in hand.seen and "3■ own" in hand.seen
        await hand.press("m", "escape", "2", "1", "enter")
        assert "1 of 1 done" in hand.seen

    work(path, judge, coder="eve", adjudicate=True)
    with Review(path) as review:
        assert review.gold().rows[0]["frames"] == {"race": 1, "own": 1, "threat": 1}


def test_where_coders_do_not_differ_there_is_nothing_to_judge(tmp_path: Path) -> None:
    rows = [coded("p0", TEXT)]
    path = make_review(tmp_path / "a.sqlite", [TEXT], codings={"ada": rows, "ben": rows})

    async def look(hand: Hand) -> None:
        assert "Coders do not differ on any passage." in hand.seen
        await hand.press("enter", "n", "p", "tab", "z", "1", "q")

    work(path, look, coder="eve", adjudicate=True)
    with Review(path) as review:
        assert review.gold().alike == 1


def test_two_windows_of_one_coder_and_two_coders(tmp_path: Path) -> None:
    path = make_review(tmp_path / "a.sqlite", [TEXT])

    async def first(hand: Hand) -> None:
        with Review(path) as other:
            ben, ada = other.join("ben"), other.join("ada")
            ben.decide(0, "", {**hand.session.coding, "about": 0, "framing": "none", "done": True})
            await hand.press("1")
            assert hand.session.coding["frames"]["race"] == 1
            ada.reload()
            ada.decide(0, "there", {**hand.session.coding, "note": "there"})
            await hand.press("2")
            assert "in another window" in hand.seen and "note: there" in hand.seen
            await hand.press("2")

    work(path, first)
    with Review(path) as review:
        coding = review.log("ada").coding(0)
    assert coding["note"] == "there" and coding["frames"]["threat"] == 1 and codings_of(path, "ben")


def test_passages_are_filtered_and_ordered(tmp_path: Path) -> None:
    rows = [coded(f"p{at}", f"Passage {at}.", about=at % 2) for at in range(4)]
    rows[2]["frames"]["hazard"] = 1
    doubts = [0.1, 2.0, 0.5, 1.0]
    entries = [Entry(r["id"], r["text"], {}, suggest_gold(r, "g"), d) for r, d in zip(rows, doubts, strict=True)]
    create_review(tmp_path / "a.sqlite", entries, "tests", codings={"ben": [{**rows[0], "about": 1}, rows[1]]})

    async def choose(hand: Hand) -> None:
        session = hand.session
        await hand.press("slash", "s")
        assert session.queue == [1, 3, 2, 0]
        await hand.press("slash", "s", "enter", "enter", "slash", "u")
        assert session.queue == [2, 3] and "not done yet" in hand.seen
        await hand.press("g", "1", "enter", "enter")
        assert session.number == 2, "from a passage that is not shown to the first that is"
        await hand.press("slash", "d")
        assert session.queue == [0, 1]
        await hand.press("slash", "c")
        assert session.queue == [0] and "1 passage: coders differ." in hand.seen
        await hand.press("slash", "n")
        assert session.queue == [0] and "Nothing changed" in hand.seen
        await hand.press("slash", "a", "slash", "l", *"hazard", "enter")
        assert session.queue == [2] and session.filter.label == "frame hazard"
        await hand.press("slash", "a")
        assert len(session.queue) == 4 and session.filter.label is None
        await hand.press("slash", "l", *"hazard", "enter")
        await hand.press("g", "4", "enter")
        assert session.number == 3 and "–/1" in hand.seen
        await hand.press("g", *"nowhere", "enter")
        assert "There is no passage nowhere." in hand.seen
        await hand.press("g")
        hand.app.screen.focused.post_message(Paste("9" * 5000))  # type: ignore[union-attr]
        await hand.press("enter")
        assert "There is no passage 999" in hand.seen

    work(tmp_path / "a.sqlite", choose)
