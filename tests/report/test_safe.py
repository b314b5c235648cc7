import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.report.safe import clean, excerpt, plain_cell, shorten, shown

from .makers import unsafe

anything = st.text(st.characters(exclude_categories=()), max_size=80)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("plain – “text” é 中", "plain – “text” é 中"),
        ("two\nlines\t and\u2028three", "two lines and three"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b2Jgone \x07bell", "2Jgone bell"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("\u2066isolate\u2069 \u200fmark", "isolate mark"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("z" + "\u0301" * 30 + "algo", "z\u0301\u0301algo"),
        ("a \x00 b", "a b"),
        ("z\u0301\u0301\u200b\u0301", "z\u0301\u0301"),
        ("\ud800", ""),
    ],
)
def test_clean(given: str, kept: str) -> None:
    assert clean(given) == kept


@pytest.mark.parametrize("given", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1"])
def test_a_cell_that_a_spreadsheet_would_compute_begins_with_an_apostrophe(given: str) -> None:
    assert plain_cell(given) == f"'{given}"


@pytest.mark.parametrize("given", ["", "-", "=", "a=1", " -1", -1, 0.5, None])
def test_other_cells_stay_as_they_are(given: object) -> None:
    assert plain_cell(given) == given


@given(anything)
def test_clean_text_is_one_safe_line_and_stays_so(text: str) -> None:
    once = clean(text)
    assert not unsafe(once)
    assert "\n" not in once
    assert clean(once) == once
    once.encode()


@given(anything, st.integers(10, 60))
def test_an_excerpt_is_short_and_begins_as_the_text_does(text: str, limit: int) -> None:
    found, whole = excerpt(text, limit), clean(text)
    assert len(found) <= limit
    assert whole.startswith(found.removesuffix("…"))
    assert (found == whole) or found.endswith("…")


def test_an_excerpt_is_cut_between_words() -> None:
    assert excerpt("The winner will not be the one that builds it.", 20) == "The winner will not…"
    assert excerpt("x" * 10_000_000, 10) == "x" * 9 + "…"


def test_an_excerpt_passes_over_what_is_no_text_however_much_there_is() -> None:
    assert excerpt(f"{' ' * 5_000}One two{chr(0) * 5_000} three", 10) == "One two…"


@given(anything, st.integers(10, 60))
def test_a_shortened_name_is_short_and_safe(text: str, limit: int) -> None:
    found, whole = shorten(text, limit), clean(text)
    assert len(found) <= limit
    assert not unsafe(found)
    assert found == whole or len(whole) > limit


@pytest.mark.parametrize(
    ("name", "limit", "said"),
    [
        ("us-2025-11-24-launching-the-mission.txt", 25, "us-2025-11-2…-mission.txt"),
        ("/long/way/to/corpora/us-2025-11-24-launching-the-mission.txt", 25, "us-2025-11-2…-mission.txt"),
        ("/long/way/to/corpora/2025/speech.txt", 20, "…/2025/speech.txt"),
        ("/long/way/to/the/corpora/us/", 12, "corpora/us/"),
        ("us-wh-2025-01-23-remarks-by-president-trump/p 1", 20, "us-wh-2025…trump/p 1"),
        ("cn-2022-12-11-regulations-on-deep-synthesis/p 1", 20, "cn-2022-12…hesis/p 1"),
        ("/corpora/us-wh-2025-01-23-remarks-by-president-trump/p 1", 20, "us-wh-2025…trump/p 1"),
        ("The speech of the year 2025.txt", 20, "The speech…2025.txt"),
        ("https://example.org/speeches/2025-11-24/mission", 25, "https://exam…1-24/mission"),
        ("The speech of the year, as it was given", 20, "The speech of the…"),
        ("The US/China chip war and what came of it", 20, "The US/China chip…"),
        ("US/China relations and/or what came of them", 20, "US/China relations…"),
        ("short.txt", 20, "short.txt"),
    ],
)
def test_a_name_keeps_what_tells_it_apart(name: str, limit: int, said: str) -> None:
    assert shorten(name, limit) == said


@given(anything)
def test_shown_text_hides_nothing_and_keeps_the_rest(text: str) -> None:
    said = shown(text)
    assert not unsafe(said) - {"\t", "\u200c", "\u200d"}
    assert shown(said) == said


def test_shown_text() -> None:
    assert shown("a\u202eb\x00c\u2066d\ud800e\x1b[31m") == "abcde[31m"
    assert shown("line\nline\ttab – “quotes” né 中文 👩\u200d💻") == "line\nline\ttab – “quotes” né 中文 👩\u200d💻"
    assert shown("z\u0301\u0302\u0303\u0304z\u0301") == "z\u0301\u0302z\u0301"
