from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from scoring.records import essay

from rhetoric.report.article.marks import PARTS, Mark, cut_segments, find_marks
from rhetoric.report.evidence import gather_evidence

TEXT = "abcdefghijklmnopqrstuvwxyz" * 2
ranges = st.tuples(st.integers(0, 51), st.integers(0, 52)).map(sorted).filter(lambda each: each[0] < each[1])


@st.composite
def marks(draw: st.DrawFn) -> list[Mark]:
    made = draw(st.lists(st.tuples(ranges, st.sampled_from(PARTS), st.integers(1, 4)), max_size=12))
    return [Mark(start, end, part, f"f{number}") for (start, end), part, number in made]


@given(marks(), ranges)
def test_segments_make_up_the_text_and_hold_the_marks_over_every_letter(given_: list[Mark], passage: list[int]) -> None:
    start, end = passage
    at = start
    segments = list(cut_segments(TEXT, start, end, given_))
    for segment in segments:
        for _ in segment.text:
            over = [mark for mark in given_ if mark.start <= at < mark.end]
            assert set(segment.parts) == {mark.part for mark in over}
            assert set(segment.of) == {mark.of for mark in over}
            at += 1
    assert "".join(segment.text for segment in segments) == TEXT[start:end]
    begun = [mark for segment in segments for mark in segment.begins]
    seen = [mark for mark in given_ if mark.start < end and mark.end > start]
    assert sorted(begun, key=repr) == sorted(seen, key=repr)


def test_a_mark_begins_where_its_words_begin() -> None:
    record: dict[str, Any] = essay()
    evidence = gather_evidence(record)
    found = find_marks(evidence)
    begun = {}
    for segment in cut_segments(record["text"], 0, len(record["text"]), found):
        begun.update({mark: segment.text for mark in segment.begins})
    assert len(begun) == len(set(found))
    assert all(record["text"][mark.start : mark.end].startswith(text) for mark, text in begun.items())
