import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.pipeline.clauses import clause_after, clause_before, split_sentences, trim, with_mates


@pytest.mark.parametrize("space", [" ", "\n", "\xa0", "\u2009", "\u202f", "\u3000", " – ", "; "])
def test_ranges_lose_space_of_any_kind_and_stops(space):
    text = f"but{space}a story{space}"
    assert trim(text, 3, len(text)) == [3 + len(space), 10 + len(space)]


def test_where_nothing_is_left_the_range_is_empty():
    assert trim("a … b", 1, 4) == [4, 4]


@pytest.mark.parametrize("stop", ["—", ", ", ": ", " – "])
def test_a_clause_reaches_to_the_stops_around_it_but_not_to_marks_within_a_word(stop):
    text = f"It grew{stop}US–China at 9:30 but a 10:30 US–China{stop}it fell"
    at = text.index(" but")
    for found, clause in (
        (clause_before(text, 0, at, "—,:–"), "US–China at 9:30"),
        (clause_after(text, at + 4, len(text), "—,:–"), "a 10:30 US–China"),
    ):
        assert text[slice(*found)] == clause


@pytest.mark.parametrize(
    "sentences",
    [
        ["The U.S. Senate met.", "“Good!” she said.", "Then it rained"],
        ["I thank you, Mr. President.", "Dr. Lim and Prof. Wehrli do too.", "So does St. Paul."],
        ["MR. SULLIVAN: No.", "Gen. Milley said so, e.g. Tuesday, in U.S. v. Milley.", "It was China vs. America."],
        [
            "Controls came at this time.34",
            "Instead, they failed.72,73",
            "“Good.”102",
            "A fourth.105, 106",
            "It rained.",
        ],
        ["It is in Vol.91 No.10 of the register.", "It cost 3.5 Billion.[12]", "Then it fell."],
    ],
)
def test_sentences_end_at_stops_and_numbers_of_notes_but_not_after_titles(sentences):
    text = " ".join(sentences)
    assert [text[start:end].strip() for start, end in split_sentences(text)] == sentences


@pytest.mark.parametrize(
    ("text", "words", "whole"),
    [
        ("They want “a fair race,” they say.", "“a fair race", "“a fair race,”"),
        ("They want “a fair race”, they say.", "want “a fair race", "want “a fair race”"),
        ('a "patent" of "rights" it had', '"patent" of "rights', '"patent" of "rights"'),
        ("a vote per (coin/share) each", "per (coin/share", "per (coin/share)"),
        ("seeks “a fair race” now", "a fair race”", "“a fair race”"),
        ('will seek hegemony", they said', 'will seek hegemony"', "will seek hegemony"),  # its mate is far away
        ("“our side of the race, and yours too”", "“our side", "our side"),
        ("our side ” of the race", "” of the race", "of the race"),
        ("“ our side of the race", "“ our side", "our side"),
        ("our side ) of the race", "our side )", "our side"),
        ("called “our side [of the race], and yours too”", "called “our side [of the race]", None),
        ("it isn’t “ours” (nor yours)", "isn’t “ours” (nor yours)", None),
        ('it is "ours"and yours', '"ours"and', None),
        ("1) a plan", "1) a plan", None),
    ],
)
def test_marks_at_the_ends_of_a_range_have_their_mates_or_are_left_out(text, words, whole):
    start = text.index(words)
    first, last = with_mates(text, start, start + len(words))
    assert text[first:last] == (whole or words)


@given(st.text('ab ,.“”"()[]', max_size=40), st.data())
def test_a_range_with_mates_lies_in_the_text_and_loses_no_letter(text, data):
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    first, last = with_mates(text, start, end)
    assert 0 <= first <= last <= len(text)
    assert [*filter(str.isalpha, text[start:end])] == [*filter(str.isalpha, text[first:last])]
