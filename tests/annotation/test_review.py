import io
import re
import sqlite3
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from textual.events import Paste
from training.makers import coded

from annotation.hands import NARROW, TEXT, WIDE, Hand, codings_of, put_forward, work
from annotation.makers import HARD, authored, make_review, span
from rhetoric.annotation.adjudication import normal
from rhetoric.annotation.coding import undecided
from rhetoric.annotation.review import check_terminal
from rhetoric.annotation.review.commands import Commands
from rhetoric.annotation.review.keys import ALL, KEYS
from rhetoric.annotation.review.looks import options
from rhetoric.annotation.review.queue import Filter
from rhetoric.annotation.review.session import Session
from rhetoric.annotation.store import Review
from rhetoric.errors import RhetoricError
from rhetoric.gold import read_gold
from rhetoric.labels import FRAMES
from rhetoric.resources import CORPORA


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A review database of one passage, TEXT."""
    return make_review(tmp_path / "a.sqlite", [TEXT])


def test_what_is_accepted_comes_out_exactly(tmp_path: Path) -> None:
    rows = read_gold(CORPORA / "gold" / "essay.jsonl")
    path = put_forward(tmp_path / "a.sqlite", rows)

    async def accept_all(hand: Hand) -> None:
        await hand.press(*["enter"] * len(rows))
        assert f"{len(rows)} of {len(rows)} done" in hand.seen and "All 8 shown here are done." in hand.seen

    work(path, accept_all)
    assert [normal(row) for row in codings_of(path)] == [normal(row) for row in rows]


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=str)
def test_a_passage_is_coded_from_nothing(size: tuple[int, int], path: Path) -> None:
    async def code(hand: Hand) -> None:
        await hand.select("They call it a shield")
        await hand.press("a", "u")
        await hand.select("a subsidy")
        await hand.press("m")
        await hand.select("call")
        await hand.press("c", "escape")
        await hand.select("but a subsidy")
        await hand.press("s")
        assert "Select the other side" in hand.seen and "contrast ?" in hand.session.labels(0)
        await hand.select("It is no shield")
        await hand.press("s", "c")
        await hand.select("but")
        await hand.press("c", "escape")
        await hand.select("shield")
        await hand.press("l", "w", "s")
        await hand.press("1", "5", "1", "b", "u", "l", "minus", "c", "t", "0", "o", *"mind it", "enter")
        assert "framing unmasking" in hand.seen and "US leader −" in hand.seen and "note: mind it" in hand.seen
        await hand.press("enter")

    work(path, code, size=size, blind=True)
    portrayal = {"us": {"role": "leader", "stance": -1}, "china": {"role": "threat", "stance": 0}}
    row = coded("p0", TEXT, framing="unmasking", about=1, portrayal=portrayal, note="mind it")
    row["frames"]["state"] = 1
    spans = {"account": [span(TEXT, "They call it a shield")], "machinery": [span(TEXT, "a subsidy")]}
    row["instances"] = [{**spans, "cue": [span(TEXT, "call")], "actor": "us", "explicit": True}]
    sides = {"a": span(TEXT, "It is no shield"), "b": span(TEXT, "but a subsidy")}
    row["contrasts"] = [{"label": "correction", **sides, "cue": [span(TEXT, "but")]}]
    row["live_metaphors"] = [{"span": span(TEXT, "shield"), "source": "war", "target": "state"}]
    assert codings_of(path) == [row]


def test_offsets_are_those_of_the_text_whatever_is_in_it(tmp_path: Path) -> None:
    said = ["🇺🇸", "👩\u200d👩\u200d👧 not", "cafe\u0301", "字の", "e\u0323\u0301", "👍🏽 wall", "fire"]
    path = make_review(tmp_path / "a.sqlite", [HARD])

    async def draw(hand: Hand) -> None:
        for each in said:
            await hand.select(each)
            await hand.press("l", "f", "e")
        await hand.press("f", "n", "b", "enter")
        assert "\x1b" not in hand.seen and "\u202e" not in hand.seen

    work(path, draw)
    (row,) = codings_of(path)
    assert [HARD[start:end] for start, end in (each["span"] for each in row["live_metaphors"])] == said


def test_words_are_drawn_with_few_keys(path: Path) -> None:
    async def draw(hand: Hand) -> None:
        await hand.press(
            *["full_stop"] * 4, "space", "space", "backspace", "space", "tab", "comma", "tab", "l", "r", "a"
        )
        assert "race for ai" in hand.seen

    work(path, draw)
    with Review(path) as review:
        (item,) = review.log("ada").coding(0)["live_metaphors"]
    assert TEXT[slice(*item["span"])] == "a shield for"


def test_rejecting_undoing_and_doing_again(tmp_path: Path) -> None:
    rows = [row for row in authored(30) if len(row["contrasts"]) + len(row["live_metaphors"]) >= 2][:2]
    path = put_forward(tmp_path / "a.sqlite", rows)
    count = sum(len(rows[0][name]) for name in ("instances", "contrasts", "live_metaphors"))

    async def change_mind(hand: Hand) -> None:
        await hand.press("escape", "shift+tab")
        assert hand.app.chosen == count, "the last one"
        await hand.press("shift+tab", "a")
        assert hand.app.chosen == count, "the next that is open"
        await hand.press("a")
        assert hand.app.chosen == 1, "from the first again"
        await hand.press("z", "z", "tab", *["x"] * count, "0", "enter")
        assert hand.session.number == 1 and hand.app.chosen is not None
        await hand.press("z", "z")
        assert hand.session.number == 0 and "Undone: prosperity" in hand.seen
        await hand.press("z", "y", "enter", "X")
        assert "span" in hand.seen and "rejected" in hand.seen and not undecided(hand.session.coding)
        await hand.press("z", "enter")

    work(path, change_mind)
    found = codings_of(path)
    assert [found[0][name] for name in ("instances", "contrasts", "live_metaphors")] == [[], [], []]
    assert found[0]["frames"] == rows[0]["frames"] and normal(found[1]) == normal(rows[1])


def test_a_part_is_redrawn(tmp_path: Path) -> None:
    sides = {"a": span(TEXT, "It is no shield"), "b": span(TEXT, "a subsidy")}
    row = coded("p", TEXT, contrasts=[{"label": "correction", **sides, "cue": [span(TEXT, "but")]}])
    path = put_forward(tmp_path / "a.sqlite", [row])

    async def redraw(hand: Hand) -> None:
        await hand.press("tab", "e", "e")
        assert "Redrawing b" in hand.seen
        await hand.press("tab", *["left"] * 4, "enter", "e", "e", "e")
        assert "Redrawing cue" in hand.seen
        await hand.press("x", "e", "escape", "enter")

    work(path, redraw)
    (found,) = codings_of(path)
    assert found["contrasts"] == [{"label": "correction", "a": sides["a"], "b": span(TEXT, "but a subsidy"), "cue": []}]


def test_what_is_redrawn_may_be_undone_meanwhile(path: Path) -> None:
    async def undo(hand: Hand) -> None:
        await hand.select("They")
        await hand.press("a", "u")
        await hand.select("a subsidy")
        await hand.press("m", "e", "e")
        assert "Redrawing machinery" in hand.seen
        await hand.press("z")
        assert "Undone" in hand.seen and hand.app.mode == "select"
        await hand.press("escape", "e", "z", "z")
        assert hand.session.coding["instances"] == [] and hand.app.mode == "select"

    work(path, undo)


def test_the_mouse_selects_chooses_and_clicks(tmp_path: Path) -> None:
    wide = "漢字 says no wall at all."
    row = coded("p", wide, live_metaphors=[{"span": span(wide, "wall"), "source": "building", "target": "ai"}])
    path = put_forward(tmp_path / "a.sqlite", [row])

    async def click(hand: Hand) -> None:
        pilot, cursor = hand.pilot, hand.app.passage.cursor
        await pilot.mouse_down("#passage", offset=(4, 1))  # the right half of the second character
        await pilot.hover("#passage", offset=(9, 1))
        await pilot.mouse_up("#passage", offset=(9, 1))
        assert cursor.selection == span(wide, "字 says")
        await hand.press("escape")
        await pilot.click("#passage", offset=(8, 1), times=2)
        assert cursor.selection == span(wide, "says")
        await hand.press("escape", "escape")
        assert hand.app.chosen is None
        await pilot.click("#passage", offset=(15, 1))
        assert hand.app.chosen == 1 and cursor.selection is None
        await hand.press("escape")
        await pilot.click("#span-lines", offset=(6, 0))
        assert hand.app.chosen == 1
        await pilot.click("#labels", offset=(19, 1))  # the second frame
        assert hand.session.coding["frames"]["threat"] == 1
        await pilot.click("#keys", offset=(3, 0))  # Enter
        assert hand.session.log.is_done(0)

    work(path, click)
    assert codings_of(path)[0]["live_metaphors"] == row["live_metaphors"]


def test_one_comes_back_to_the_exact_place(tmp_path: Path) -> None:
    rows = authored(8)
    path = put_forward(tmp_path / "a.sqlite", rows)
    last: list[Any] = []

    async def leave(hand: Hand) -> None:
        await hand.press("slash", "u", "n", "n", "tab", "tab", "right", "right", "right")
        last.extend([hand.session.number, hand.app.chosen, hand.app.passage.cursor.caret, hand.session.filter])
        assert last[2] > 3
        await hand.press("q")

    async def come_back(hand: Hand) -> None:
        cursor = hand.app.passage.cursor
        assert [hand.session.number, hand.app.chosen, cursor.caret, hand.session.filter] == last

    work(path, leave)
    work(path, come_back)


@pytest.mark.parametrize("was", [{"show": "lately"}, {"order": "newest"}, {"coder": "eve"}])
def test_a_filter_of_a_later_version_is_left_out(was: dict[str, Any], path: Path) -> None:
    with Review(path) as review:
        session = Session(review, "ada")
        session.log.keep({**session.place, "filter": {**asdict(session.filter), "label": "frame race", **was}})

    async def come_back(hand: Hand) -> None:
        assert hand.session.filter == Filter("all", "frame race")

    work(path, come_back)


def test_a_database_that_cannot_be_written_is_told(path: Path) -> None:
    async def press(hand: Hand) -> None:
        with sqlite3.connect(path) as other:
            other.execute("CREATE TRIGGER full BEFORE INSERT ON decisions BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        await hand.press("1")
        assert "disk full" in hand.seen and hand.session.coding["frames"]["race"] == 0

    work(path, press)


def test_only_what_is_coded_is_asked(tmp_path: Path) -> None:
    path = make_review(tmp_path / "a.sqlite", [TEXT], fields=["frames"], frames=[*FRAMES, "moral"])

    async def code(hand: Hand) -> None:
        assert "Spans are not coded here." in hand.seen
        keys = hand.seen.splitlines()[-2:]
        assert "frames" in " ".join(keys) and not re.search(r"accept|select|framing|about|China", " ".join(keys))
        assert "about" not in hand.seen and "framing" not in hand.seen
        await hand.press("f")
        assert "not coded for framing" in hand.seen
        await hand.press("space", "l")
        assert "not coded for metaphor" in hand.seen
        assert "d· moral" in hand.seen
        await hand.press("escape", "d", "m", "d", "d", "enter")

    work(path, code)
    assert codings_of(path) == [{"id": "p0", "text": TEXT, "frames": {**dict.fromkeys(FRAMES, 0), "moral": 1}}]


def test_a_contrast_has_its_cue_where_framing_is_not_coded(tmp_path: Path) -> None:
    path = make_review(tmp_path / "a.sqlite", [TEXT], fields=["contrasts"])

    async def code(hand: Hand) -> None:
        await hand.select("a subsidy")
        assert " s  side" in hand.seen and not re.search("account|machinery|live", "".join(hand.seen.splitlines()[-2:]))
        await hand.press("s")
        await hand.select("It is no shield")
        await hand.press("s", "c")
        await hand.select("but")
        await hand.press("c", "enter")

    work(path, code)
    assert codings_of(path)[0]["contrasts"][0]["cue"] == [span(TEXT, "but")]


def test_what_is_pasted_into_a_note_is_kept_whole(path: Path) -> None:
    async def paste(hand: Hand) -> None:
        await hand.press("o", *"so ")
        hand.app.screen.focused.post_message(Paste("one\r\ntwo\n\nthree"))  # type: ignore[union-attr]
        await hand.press("!", "enter")
        assert hand.session.coding["note"] == "so one two three!"

    work(path, paste)


@pytest.mark.parametrize("elsewhere", ["stdin", "stdout", "stderr", None])
def test_it_wants_a_terminal_for_all_that_it_reads_and_draws(
    elsewhere: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("stdin", "stdout", "stderr"):
        stream = io.StringIO()
        stream.isatty = lambda name=name: name != elsewhere  # type: ignore[method-assign, misc]
        monkeypatch.setattr(sys, name, stream)
    if elsewhere is None:
        check_terminal()
    else:
        with pytest.raises(RhetoricError, match="needs a terminal"):
            check_terminal()


def test_every_key_does_something_and_no_two_mean_the_same() -> None:
    for mode in ALL:
        keys = [key for each in KEYS if mode in each.modes for key in each.keys]
        assert len(keys) == len(set(keys)), mode
    public = {name for name in dir(Commands) if not name.startswith("_")} - {"choose"}
    assert public == {each.action.partition(" ")[0] for each in KEYS}
    for field in ("framing", "actor", "label", "source", "target", "role", "stance"):
        keys = [key for key, *_ in options(field)]
        assert len(keys) == len(set(keys)), field
