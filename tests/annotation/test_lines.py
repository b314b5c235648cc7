from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotation.makers import HARD, span
from rhetoric.annotation.review.cursor import Cursor
from rhetoric.annotation.review.glyphs import glyphs, words
from rhetoric.annotation.review.lines import Bar, Mark, lanes, locate, offset_at, wrap
from rhetoric.report.safe import clean

texts = st.text(st.sampled_from(list("ab, \n\r\t-'漢é🇺🇸👍🏽👩\u200d\u0301\u202e\x1b각\u1161\ufe0f")), max_size=60)


@given(texts)
@example(HARD)
def test_glyphs_cover_the_text_and_show_nothing_that_a_terminal_acts_on(text: str) -> None:
    cut = glyphs(text)
    assert "".join(text[glyph.start : glyph.end] for glyph in cut) == text
    for glyph in cut:
        assert glyph.breaks or (glyph.width in (1, 2) and (glyph.shown == " " or clean(glyph.shown)))


def test_what_people_count_as_one_character_is_one() -> None:
    whole = [
        "🇺🇸",
        "👩\u200d👩\u200d👧",
        "e\u0323\u0301",
        "\r\n",
        "👍🏽",
        "漢",
        "\x1b",
        "❤\ufe0f",
        "각",
        "\u1100\u1161\u11a8",
    ]
    cut = glyphs("".join(whole))
    assert [cut_.end - cut_.start for cut_ in cut] == list(map(len, whole))
    assert [glyph.width for glyph in cut] == [2, 2, 1, 0, 2, 2, 1, 1, 2, 2]
    assert [glyph.shown for glyph in cut[:3]] == ["🇺🇸", "👩", "e\u0323\u0301"]
    assert cut[6].shown == "·"


def test_words_have_no_punctuation_around_them() -> None:
    text = "“It’s state-of-the-art,” said O'Neill’s - cafe\u0301 - 漢字 of 1.5bn"
    told = [text[start:end] for start, end in words(text, glyphs(text))]
    assert told == ["It’s", "state-of-the-art", "said", "O'Neill’s", "cafe\u0301", "漢字", "of", "1", "5bn"]


@given(texts, st.integers(2, 12))
@example(HARD, 10)
def test_lines_hold_all_of_the_text_within_their_width(text: str, width: int) -> None:
    lines = wrap(glyphs(text), width)
    assert [glyph for line in lines for glyph in line.glyphs] == glyphs(text)
    for line in lines:
        inked = [
            column + glyph.width for column, glyph in zip(line.columns, line.glyphs, strict=True) if glyph.shown.strip()
        ]
        assert max(inked, default=0) <= width
        assert all(not glyph.breaks for glyph in line.glyphs[:-1])


@given(texts, st.integers(2, 12))
@example(HARD, 10)
def test_where_a_glyph_stands_is_where_it_is_found(text: str, width: int) -> None:
    lines = wrap(glyphs(text), width)
    for glyph in glyphs(text):
        number, column = locate(lines, glyph.start)
        found = offset_at(lines, number, column)
        assert found == glyph.start or glyph.breaks
        if glyph.width == 2:
            assert offset_at(lines, number, column + 1) == glyph.start, "its right half is the same glyph"


ranges = st.tuples(st.integers(0, 39), st.integers(1, 40)).map(lambda each: (each[0], each[0] + each[1]))


@settings(deadline=None)
@given(st.lists(ranges, max_size=12), st.integers(4, 20))
def test_every_span_is_drawn_in_full_and_none_over_another(spans: list[tuple[int, int]], width: int) -> None:
    text = "the race for 漢字 and 👍🏽 is on, or so they " * 2
    assert len(text) >= 79
    marks = [Mark(*spans[key], f"{key} x", "cue", key) for key in range(len(spans))]
    lines = wrap(glyphs(text), width)
    seen: dict[int, set[int]] = {}
    for line, drawn in zip(lines, lanes(lines, marks), strict=True):
        for lane in drawn:
            assert all(one.right <= two.left for one, two in pairwise(lane))
            for bar in lane:
                assert len(bar.draw()) == bar.right - bar.left > 0
                inside = zip(line.columns, line.glyphs, strict=True)
                seen.setdefault(bar.mark.key, set()).update(g.start for x, g in inside if bar.left <= x < bar.right)
    for mark in marks:
        touched = [glyph for glyph in glyphs(text) if glyph.start < mark.end and glyph.end > mark.start]
        inked = {glyph.start for glyph in touched if glyph.shown != " "}
        assert inked <= seen.get(mark.key, set()) <= {glyph.start for glyph in touched}


@pytest.mark.parametrize(
    ("width", "begins", "ends", "open", "drawn"),
    [
        (18, True, True, False, "└3 account───────┘"),
        (18, True, True, True, "└3 account·······┘"),
        (12, True, False, False, "└3 account──"),
        (12, False, False, False, "─3 account──"),
        (6, True, True, False, "3 acco"),
        (1, True, True, True, "3"),
    ],
)
def test_a_bar_says_what_it_is_and_where_it_ends(width: int, begins: bool, ends: bool, open: bool, drawn: str) -> None:
    mark = Mark(0, 9, "3 account", "account", 3, open)
    assert Bar(0, width, mark, begins, ends).draw() == drawn


def test_a_cursor_never_stands_inside_a_glyph() -> None:
    cursor = Cursor(HARD)
    lines = wrap(cursor.glyphs, 20)
    stops = [0]
    while cursor.caret < len(HARD):
        cursor.move("right", lines)
        stops.append(cursor.caret)
    assert stops == [*(glyph.start for glyph in glyphs(HARD)), len(HARD)]
    cursor.put(HARD.index("🇺🇸") + 1)
    assert cursor.caret == HARD.index("🇺🇸")


def test_words_are_selected_one_by_one() -> None:
    cursor = Cursor("The “official, account” of it.")
    cursor.select_word()
    cursor.select_word()
    assert cursor.selection == [0, 13]
    cursor.select_word()
    cursor.select_less()
    assert cursor.selection == span(cursor.text, "The “official")
    cursor.swap()
    cursor.move_word(forward=True)
    assert cursor.selection == [3 + 2, 13]
    cursor.select_less()
    cursor.select_less()
    assert cursor.selection is None and cursor.mark is None


def test_the_space_around_a_selection_is_not_in_it() -> None:
    cursor = Cursor("One  two three")
    cursor.put(9, 3)
    assert cursor.selection == [5, 8]
    cursor.put(5, 3)
    assert cursor.selection is None


def test_going_through_a_short_line_keeps_the_column() -> None:
    cursor = Cursor("漢字漢字漢\nab\n漢字漢字漢")
    lines = wrap(cursor.glyphs, 20)
    cursor.put(3)
    cursor.move("down", lines)
    assert cursor.caret == cursor.text.index("\n", 6)
    cursor.move("down", lines)
    assert cursor.caret == 9 + 3
    cursor.move("end", lines)
    assert cursor.caret == len(cursor.text)
    cursor.move("home", lines)
    assert cursor.caret == 9
