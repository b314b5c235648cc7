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
    (few,) = estimate([share(*[0, 1] * 5)])
    assert (few.low, few.high) == (0.2, 0.8)  # its quantiles, not widened


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


def made(kind: str, passages: int, draws: int = 600) -> tuple[list[Ratio], float]:
    """Ratios over passages drawn as real ones are, many of each kind unlike the rest; and the true value."""
    drawn = np.random.default_rng(3)
    size, ones = (draws, passages), np.ones(passages, dtype=np.int64)
    if kind == "density":
        words = drawn.integers(40, 160, size)
        found = drawn.poisson(0.017 * words * drawn.gamma(2, 1 / 2, size))
        return [Ratio(*each, scale=1000.0, most=None) for each in zip(found, words, strict=True)], 17.0
    if kind == "stance":
        stances = drawn.choice([-1, 0, 1], size, p=[0.3, 0.5, 0.2])
        return [Ratio(each, ones, least=-1.0, counts=False) for each in stances], -0.1
    if kind == "probability":
        chances = np.where(drawn.random(size) < 0.2, 0.85, 0.05) + drawn.uniform(-0.05, 0.05, size)
        return [Ratio((each * 1e6).astype(np.int64), ones * 10**6, counts=False) for each in chances], 0.21
    return [Ratio(each.astype(np.int64), ones) for each in drawn.random(size) < 0.3], 0.3


@pytest.mark.parametrize("kind", ["density", "stance", "probability", "share"])
@pytest.mark.parametrize("passages", [3, 5, 8, 12, 20, 50])
def test_an_interval_holds_the_true_value_nearly_as_often_as_it_says(kind: str, passages: int) -> None:
    ratios, true = made(kind, passages)
    found = estimate(ratios, unseen=True)
    assert np.mean([each.low <= true <= each.high for each in found]) > 0.91


@pytest.mark.parametrize("passages", [5, 12, 50])
def test_of_shares_only_few_intervals_are_any_wider_and_none_by_much(passages: int) -> None:
    ratios, _ = made("share", passages)
    percentiles, wider = ([each.high - each.low for each in estimate(ratios, unseen=on)] for on in (False, True))
    assert np.mean(percentiles) <= np.mean(wider) < 1.06 * np.mean(percentiles)


def test_one_found_among_many_has_the_interval_of_its_count() -> None:
    (found,) = estimate([density([1] + [0] * 49, [100] * 50)], unseen=True)
    assert (found.low, found.high) == (0.0, pytest.approx(5.572 / 5, abs=0.003))
    (more,) = estimate([density([2] + [0] * 49, [100] * 50)], unseen=True)
    assert more.high >= 7.225 / 5 - 0.003


def test_an_interval_is_widened_as_students_t_is() -> None:
    stances = np.array([-1, 1] * 50, dtype=np.int64)
    many, few = (
        estimate([Ratio(each, np.ones_like(each), least=-1.0, counts=False)])[0] for each in (stances, stances[:10])
    )
    assert many.high - many.low == pytest.approx(2 * 1.984 * stances.std(ddof=1) / 10, rel=0.06)
    assert few.high - few.low == pytest.approx(2 * 2.262 * stances[:10].std(ddof=1) / math.sqrt(10), rel=0.12)


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
    ratios = [shares, density(tops, bottoms)]
    for found in [*estimate(ratios), *estimate(ratios, unseen=True)]:
        if found.passages < FEWEST:
            assert found.low is found.high is None
        else:
            assert 0 <= found.low <= found.value <= found.high
    assert estimate([shares])[0].high is None or estimate([shares])[0].high <= 1
