"""What a coder sees: on screens of every size, in the place that matters."""

import re
from pathlib import Path

import pytest
from training.makers import coded

from annotation.hands import NARROW, TEXT, WIDE, Hand, put_forward, work
from annotation.makers import authored, make_review, span
from rhetoric.annotation.coding import suggest_gold
from rhetoric.annotation.review.looks import options
from rhetoric.annotation.store import Entry, create_review
from rhetoric.labels import FRAMES


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A review database of one passage, TEXT."""
    return make_review(tmp_path / "a.sqlite", [TEXT])


@pytest.mark.parametrize("size", [NARROW, (100, 30), WIDE], ids=str)
def test_everything_that_matters_is_on_the_screen(size: tuple[int, int], tmp_path: Path) -> None:
    rows = sorted(authored(60), key=lambda row: -len(row["text"]))[:1]
    path = put_forward(tmp_path / "a.sqlite", rows)

    async def look(hand: Hand) -> None:
        for each in (*FRAMES, "framing", "about", "US", "China", "a.sqlite · ada", "0 of 1 done", rows[0]["id"]):
            assert each in hand.seen
        for label in ("done", "accept", "reject", "relabel", "next span", "select", "undo"):
            assert label in hand.seen
        await hand.press("question_mark")
        assert re.search(r"^ *\d\. (Framing|Contrast|Metaphor|Frames)", hand.seen, re.MULTILINE)
        await hand.press("4")
        assert "4. Frames of US–China AI competition" in hand.seen
        await hand.press("escape", "h", "space")
        assert "redrawing" in hand.seen or "Arrows" in hand.seen
        await hand.press("escape", "m")
        assert "contest to be won or lost" in hand.seen and "opportunity." in hand.seen
        await hand.press("escape", "1")
        assert hand.session.coding["frames"]["race"] != rows[0]["frames"]["race"]

    work(path, look, size=size)


@pytest.mark.parametrize("size", [(80, 12), (40, 12), (140, 12)], ids=str)
def test_the_passage_is_there_on_a_low_screen(size: tuple[int, int], tmp_path: Path) -> None:
    path = put_forward(tmp_path / "a.sqlite", [authored(1)[0] | {"text": "They call it a shield. " * 30}])

    async def look(hand: Hand) -> None:
        assert "They call it a shield." in hand.seen and hand.app.passage.size.height >= 3

    work(path, look, size=size)


@pytest.mark.parametrize("size", [(60, 20), (40, 15)], ids=str)
def test_every_option_can_be_seen_on_a_small_screen(size: tuple[int, int], path: Path) -> None:
    async def look(hand: Hand) -> None:
        await hand.press("space", "l")
        seen = hand.seen
        for _ in range(5):
            await hand.press("pagedown")
            seen += hand.seen
        for key, source, *_ in options("source"):
            assert re.search(rf" {key}  {source} ", seen)
        await hand.press("end", "h")
        assert hand.session.coding["live_metaphors"][0]["source"] == "faith"

    work(path, look, size=size)


@pytest.mark.parametrize("width", [30, 40, 80, 100, 140])
def test_no_frame_is_torn_from_its_key(width: int, tmp_path: Path) -> None:
    own = ["economic security", "leapfrogging the others", "norms", "just transition", "openness", "no" + "o" * 80]
    path = make_review(tmp_path / "a.sqlite", [TEXT], fields=["frames"], frames=[*FRAMES, *own])

    async def look(hand: Hand) -> None:
        for key, frame in zip("1234567890dijksw", (*FRAMES, *own), strict=True):
            assert f"{key}· {frame[:24]}" in hand.seen

    work(path, look, size=(width, 50))


def test_what_is_asked_says_of_which_span_and_what_stands_now(tmp_path: Path) -> None:
    row = coded("p", TEXT, framing="none", portrayal={"us": {"role": "leader", "stance": -1}})
    row["live_metaphors"] = [{"span": span(TEXT, "shield"), "source": "war", "target": "state"}]
    path = put_forward(tmp_path / "a.sqlite", [row])

    async def look(hand: Hand) -> None:
        await hand.press("r")
        assert "1 “shield”. Where is the image from? (now: war)" in hand.seen
        await hand.press("b")
        assert "What is it about? (now: state)" in hand.seen
        await hand.press("escape", "f")
        assert "Framing (now: none)" in hand.seen
        await hand.press("escape", "u")
        assert "portray the US? (now: leader −)" in hand.seen
        await hand.press("escape", "c")
        assert "portray China?  " in hand.seen

    work(path, look)


def test_letters_of_two_cells_push_nothing_off_the_screen(tmp_path: Path) -> None:
    path = make_review(tmp_path / "样本.sqlite", [TEXT], frames=[*FRAMES, "经济安全", "norms"])

    async def look(hand: Hand) -> None:
        assert "0 of 1 done ░░░░░░░░░░ 0%" in hand.seen
        await hand.press("m")
        assert "States should talk, set common rules, work together or" in hand.seen, "one column takes fewer lines"

    work(path, look, coder="编码员李明")


def test_a_frame_of_which_the_machine_is_unsure_takes_no_second_column(tmp_path: Path) -> None:
    suggested = {**suggest_gold(coded("p", TEXT), "machine"), "scores": {"frames": {"cooperation": 0.4}}}
    create_review(tmp_path / "a.sqlite", [Entry("p", TEXT, {}, suggested)], "")

    async def look(hand: Hand) -> None:
        assert "3· cooperation? 4· market       5· state" in hand.seen

    work(tmp_path / "a.sqlite", look)


def test_a_long_passage_follows_the_cursor(tmp_path: Path) -> None:
    text = " ".join(f"word{at}" for at in range(400))
    path = make_review(tmp_path / "a.sqlite", [text])

    async def scroll(hand: Hand) -> None:
        assert "word0 " in hand.seen and "word399" not in hand.seen
        await hand.press("end", *["down"] * 60)
        assert "word399" in hand.seen
        await hand.press("n")
        assert "This is the last one." in hand.seen

    work(path, scroll)


def test_the_span_that_is_to_be_decided_is_in_view_wherever_one_comes_from(tmp_path: Path) -> None:
    text = " ".join(f"word{at}" for at in range(200)) + " on the wall."
    row = coded("long", text, live_metaphors=[{"span": span(text, "wall"), "source": "building", "target": "ai"}])
    path = put_forward(tmp_path / "a.sqlite", [coded("short", TEXT), row])

    async def look(hand: Hand) -> None:
        await hand.press("n")
        assert "on the wall." in hand.seen, "there was nothing to scroll before"
        await hand.press("p", "n")
        assert "on the wall." in hand.seen

    work(path, look)


def test_without_colours_spans_are_underlined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    row = coded("p", TEXT, live_metaphors=[{"span": span(TEXT, "shield"), "source": "war", "target": "state"}])
    path = put_forward(tmp_path / "a.sqlite", [row])

    async def look(hand: Hand) -> None:
        await hand.press("escape")
        strip = hand.app.passage.render_line(0)
        lit = "".join(segment.text for segment in strip if segment.style and segment.style.underline)
        assert lit == "shield"

    work(path, look)
