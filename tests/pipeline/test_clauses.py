import pytest

from rhetoric.pipeline.clauses import split_sentences, trim


@pytest.mark.parametrize("space", [" ", "\n", "\xa0", "\u2009", "\u202f", "\u3000", " – ", "; "])
def test_ranges_lose_space_of_any_kind_and_stops(space):
    text = f"but{space}a story{space}"
    assert trim(text, 3, len(text)) == [3 + len(space), 10 + len(space)]


def test_where_nothing_is_left_the_range_is_empty():
    assert trim("a … b", 1, 4) == [4, 4]


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
