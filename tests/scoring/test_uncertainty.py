import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.scoring.uncertainty import FEWEST, Estimate, Ratio, estimate


def share(*values: int) -> Ratio:
    return Ratio(np.array(values, dtype=np.int64), np.ones(len(values), dtype=np.int64))


def density(tops: list[int], bottoms: list[int]) -> Ratio:
    return Ratio(np.array(tops, dtype=np.int64), np.array(bottoms, dtype=np.int64), scale=1000.0, most=None)


def test_a_share_has_the_interval_of_its_binomial() -> None:
    (found,) = estimate([share(*[1] * 30, *[0] * 70)])
    assert (found.value, found.count, found.passages) == (0.3, 30, 100)
    assert found.low == pytest.approx(0.3 - 1.96 * math.sqrt(0.3 * 0.7 / 100), abs=0.02)
    assert found.high == pytest.approx(0.3 + 1.96 * math.sqrt(0.3 * 0.7 / 100), abs=0.02)


def test_an_interval_narrows_with_more_passages() -> None:
    few, many = (estimate([share(*[0, 1] * n)])[0] for n in (5, 100))
    assert many.high - many.low < (few.high - few.low) / 3


def test_none_found_does_not_mean_none_there() -> None:
    (none,) = estimate([share(*[0] * 8)])
    assert (none.value, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 8), abs=1e-6)  # exact binomial
    (every,) = estimate([share(*[1] * 8)])
    assert (every.low, every.high) == (pytest.approx(1 - none.high), 1.0)
    (rare,) = estimate([density([0] * 5, [100] * 5)])
    assert (rare.value, rare.low, rare.high) == (0.0, 0.0, pytest.approx(-math.log(0.025) * 2, abs=1e-6))


def test_a_density_weighs_passages_by_their_words() -> None:
    (found,) = estimate([density([3, 0, 1], [100, 200, 100])])
    assert found.value == 10.0
    assert found.low < 10.0 < found.high


def test_too_few_passages_give_a_value_but_no_interval() -> None:
    assert estimate([share(1, 0)]) == [Estimate(0.5, None, None, 2, 1)]
    assert estimate([share()]) == [Estimate(None, None, None, 0)]
    nothing_below = Ratio(np.zeros(5, dtype=np.int64), np.zeros(5, dtype=np.int64))
    assert estimate([nothing_below]) == [Estimate(None, None, None, 0)]
    assert estimate([]) == []


def test_ratios_do_not_disturb_each_other() -> None:
    one, other = share(1, 0, 0, 1, 0), density([1, 0, 2, 0, 0], [10, 20, 30, 40, 50])
    assert estimate([one, other]) == [*estimate([one]), *estimate([other])]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 99)), min_size=1, max_size=12))
def test_an_interval_holds_its_value_within_bounds(rows: list[tuple[int, int]]) -> None:
    tops, bottoms = [list(column) for column in zip(*rows, strict=True)]
    shares = share(*[min(1, top) for top in tops])
    for found in estimate([shares, density(tops, bottoms)]):
        if found.passages < FEWEST:
            assert found.low is found.high is None
        else:
            assert 0 <= found.low <= found.value <= found.high
    assert estimate([shares])[0].high is None or estimate([shares])[0].high <= 1
