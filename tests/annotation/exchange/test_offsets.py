from hypothesis import given
from hypothesis import strategies as st
from pipeline.makers import steady

from rhetoric.annotation.exchange.offsets import cleaned, from_utf16, to_utf16
from rhetoric.annotation.exchange.tokens import cut
from rhetoric.ingest.document import normalise

_raw = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from(["a", "\r\n", "\r", "\n", "\x00", "\ufeff", "\x85", "🙂", "e\u0301", "\ud800"])).map(
        "".join
    ),
)


@given(st.text(max_size=40))
@steady
def test_utf_16_as_java_and_javascript_count(text: str) -> None:
    there, back = to_utf16(text), from_utf16(text)
    for at in range(len(text) + 1):
        assert there(at) == len(text[:at].encode("utf-16-le", "surrogatepass")) // 2
        assert back(there(at)) == at


def test_an_offset_within_a_character_is_none() -> None:
    back = from_utf16("a🙂b")
    assert [back(0), back(1), back(3), back(4)] == [0, 1, 2, 3]
    try:
        back(2)
    except ValueError as error:
        assert "within a character" in str(error)
    else:
        raise AssertionError


@given(_raw)
@steady
def test_offsets_follow_the_text_where_it_is_cleaned(text: str) -> None:
    clean, move = cleaned(text)
    assert clean == normalise(text)
    moved = [move(at) for at in range(len(text) + 1)]
    assert moved == sorted(moved)
    assert (moved[0], moved[-1]) == (0, len(clean))
    for at, character in enumerate(text):
        kept = clean[moved[at] : moved[at + 1]]
        assert kept in ("", normalise("x" + character)[1:])
        if character.isalnum():
            assert kept == character


@given(st.text(max_size=30).map(normalise), st.data())
@steady
def test_tokens_are_cut_where_spans_begin_and_end(text: str, data: st.DataObject) -> None:
    spans = []
    for _ in range(data.draw(st.integers(0, 4)) if text else 0):
        start = data.draw(st.integers(0, len(text) - 1))
        spans.append([start, data.draw(st.integers(start + 1, len(text)))])
    tokens = cut(text, spans)
    said = zip(tokens.ranges, tokens.spaces, strict=True)
    assert "".join(text[start:end] + " " * space for (start, end), space in said) == text
    for start, end in spans:
        first, after = tokens.of(start, end)
        assert tokens.ranges[first][0] == start
        assert tokens.ranges[after - 1][1] == end


def test_a_text_without_spaces_is_cut_in_reasonable_time() -> None:
    text = "x,y;" * 20_000
    assert tuple(cut(text, [[4, 8]]).of(4, 8)) == (4, 8)
