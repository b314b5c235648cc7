import pytest

from rhetoric.pipeline.clauses import trim


@pytest.mark.parametrize("space", [" ", "\n", "\xa0", "\u2009", "\u202f", "\u3000", " – ", "; "])
def test_ranges_lose_space_of_any_kind_and_stops(space):
    text = f"but{space}a story{space}"
    assert trim(text, 3, len(text)) == [3 + len(space), 10 + len(space)]


def test_where_nothing_is_left_the_range_is_empty():
    assert trim("a … b", 1, 4) == [4, 4]
