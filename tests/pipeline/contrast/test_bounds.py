import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.pipeline.contrast.bounds import shape_all, side_bounds


def place(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def side(text: str, words: str, other: str = "", cue: str = "") -> str:
    """Return what is left of the side ``words`` of ``text``, or what it takes in."""
    cues = [place(text, cue)] if cue else []
    return text[slice(*side_bounds(text, place(text, words), place(text, other), cues))]


@pytest.mark.parametrize(
    ("words", "cue", "left"),
    [
        ("but wages fell (", "but", "wages fell"),
        ("It grew", "but", "It grew"),
        ("wages fell (", "but", "wages fell"),
        ("but", "but", "but"),
        ("wages fell (", "wages", "wages fell"),
    ],
)
def test_a_side_does_not_hold_the_cue_that_it_opens_with(words: str, cue: str, left: str) -> None:
    assert side("It grew, but wages fell (", words, cue=cue) == left


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("And yet, the mills closed", "the mills closed"),
        ("even as the state paid", "the state paid"),
        ("while\nothers wait", "others wait"),
        ("whilst others wait, and", "others wait"),
        ("the pace is slow, but", "the pace is slow"),
        ("no verdict yet", "no verdict yet"),
        ("it went on for a while", "it went on for a while"),
        ("so far it works", "so far it works"),
        ("android phones sell or", "android phones sell"),
        ("but", "but"),
        ("THE PRESIDENT: we will win", "we will win"),
        ("U.S. POLICY: we will win", "we will win"),
        ("The plan: we will win", "The plan: we will win"),
        ("(1) wages fell", "wages fell"),
        ("(b)(iv) But wages fell", "wages fell"),
        ("b) wages fell", "wages fell"),
        ("2. wages fell", "wages fell"),
        ("[3] wages fell", "wages fell"),
        ("• wages fell", "wages fell"),
        ("🚀👩‍🚀 wages fell", "wages fell"),
        ("1️⃣ wages fell", "wages fell"),
        ("✅THE PRESIDENT: we will win", "we will win"),
        ("2.5 times as much", "2.5 times as much"),
        ("(a mill) closed", "(a mill) closed"),
        ("[t]he mill closed", "[t]he mill closed"),
        ("(s)he closed the mill", "(s)he closed the mill"),
        ("−5 degrees", "−5 degrees"),
        ("(1)", "(1)"),
        ("🚀", "🚀"),
        ("wages fell(", "wages fell"),
        ("That will be known.34, 35", "That will be known"),
        ("It was known in 1934", "It was known in 1934"),
        ("They met at 10.30", "They met at 10.30"),
    ],
)
def test_a_side_has_no_words_that_join_it_to_what_stands_around_it(words: str, left: str) -> None:
    assert side(words, words) == left


@pytest.mark.parametrize(
    ("text", "words", "other", "cue", "whole"),
    [
        (
            "Not the size but the structure of the text, as ever.",
            "the structure of the",
            "",
            "",
            "the structure of the text",
        ),
        ("It is hard to make, easy to use.", "easy to", "", "", "easy to use"),
        ("One grew and one fell.", "One", "one fell", "", "One"),  # the other side begins there
        ("It sells more than it makes.", "It sells", "", "than", "It sells"),  # the cue does
        ("Prices fell and wages rose.", "Prices fell", "", "", "Prices fell"),  # what joins on is another clause
        ("They build what nobody on earth wants.", "They build", "", "", "They build"),  # the end is too far away
        ("A race", "A race", "", "", "A race"),
        (
            "It sits and does nothing while they build.",
            "It sits and does",
            "they build",
            "while",
            "It sits and does nothing",
        ),
        ("It sits and does nothing while they build.", "It sits and does", "they build", "nothing", "It sits and does"),
        ("It is in AI - related work, too.", "It is in AI", "", "", "It is in AI"),
    ],
)
def test_a_side_goes_on_to_the_end_of_its_clause_where_that_is_near(
    text: str, words: str, other: str, cue: str, whole: str
) -> None:
    assert side(text, words, other, cue) == whole


@given(st.text("ab ,.;:(“and\n", max_size=60), st.data())
def test_bounds_lie_in_the_text_and_hold_a_letter_where_there_was_one(text: str, data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    first, last = side_bounds(text, (start, end), (0, 0), [])
    assert 0 <= first <= last <= len(text)
    if any(map(str.isalnum, text[start:end])):
        assert any(map(str.isalnum, text[first:last]))


def test_a_cue_belongs_to_the_inner_of_two_contrasts() -> None:
    text = "One state does not ask but orders, the other asks."
    outer = place(text, "One state does not ask but orders"), place(text, "the other asks")
    inner = place(text, "ask"), place(text, "orders")
    denied, but, comma = place(text, "not"), place(text, "but"), place(text, ", the other")
    shapes = shape_all(text, [outer, inner], [(denied, but, comma), (but,)])
    assert [each.cue for each in shapes] == [(denied, comma), (but,)]
    apart = place(text, "One state"), place(text, "the other asks")
    assert shape_all(text, [apart, inner], [(but,), (but,)])[0].cue == (but,)
