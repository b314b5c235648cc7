import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.scoring.chance import cliffs_delta, correct_p, least_p, permutation_test, rank_test

stats = pytest.importorskip("scipy.stats", reason="scipy, which the test extra brings, is not installed")


def units(*values: list[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    tops = np.array([value for side in values for value in side], dtype=float)[:, None]
    return tops, np.ones_like(tops), np.arange(len(tops)) < len(values[0])


@pytest.mark.parametrize("other", [[4, 9, 7, 11, 8], [1, 2, 6]])
def test_an_exact_test_tries_every_way_to_deal_the_units_out(other: list[float]) -> None:
    one = [1, 3, 2, 6, 5]
    both = [*one, *other]
    seen = abs(np.mean(one) - np.mean(other))
    ways = list(combinations(range(len(both)), len(one)))
    far = 0
    for chosen in ways:
        rest = [both[at] for at in range(len(both)) if at not in chosen]
        far += abs(np.mean([both[at] for at in chosen]) - np.mean(rest)) >= seen - 1e-9
    assert permutation_test(*units(one, other))[0] == pytest.approx(far / len(ways))


def test_a_drawn_test_agrees_with_scipy() -> None:
    chance = np.random.default_rng(1)
    one, other = chance.integers(0, 50, 30), chance.integers(8, 58, 25)
    found = permutation_test(*units(list(one), list(other)))[0]
    theirs = stats.permutation_test(
        (one, other), lambda a, b, axis: abs(a.mean(axis) - b.mean(axis)), vectorized=True, alternative="greater", rng=2
    )
    assert found == pytest.approx(theirs.pvalue, abs=0.01)
    assert found == permutation_test(*units(list(one), list(other)))[0]


def test_p_values_of_chance_are_even() -> None:
    chance = np.random.default_rng(3)
    tops = chance.integers(0, 1000, (24, 400)).astype(float)
    p = permutation_test(tops, np.ones_like(tops), np.arange(24) < 10)
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.03)
    assert p.mean() == pytest.approx(0.5, abs=0.05)


def test_a_side_of_nothing_has_no_p_value() -> None:
    tops, bottoms, first = units([1, 2, 3], [4, 5, 6])
    bottoms[:3] = 0
    assert math.isnan(permutation_test(tops, bottoms, first)[0])


def test_units_without_a_value_tell_nothing() -> None:
    tops, bottoms, first = units([0, 0, 7, 1], [0, 0, 0, 0, 0, 0, 0, 2])
    bottoms[:2] = 0
    alone = permutation_test(*units([7, 1], [0, 0, 0, 0, 0, 0, 0, 2]))
    assert permutation_test(tops, bottoms, first)[0] == alone[0]
    both = np.column_stack([tops, tops]), np.column_stack([bottoms, np.ones_like(bottoms)])
    assert permutation_test(*both, first)[0] == alone[0] != permutation_test(*both, first)[1]


def test_ratios_weigh_units_by_what_is_below() -> None:
    tops = np.array([[1.0], [9.0], [2.0], [2.0]])
    bottoms = np.array([[10.0], [30.0], [10.0], [10.0]])
    # 10/40 against 4/20: of the six ways to deal out, those at least 0.05 apart
    far = 0
    for chosen in combinations(range(4), 2):
        rest = [at for at in range(4) if at not in chosen]
        apart = tops[list(chosen)].sum() / bottoms[list(chosen)].sum() - tops[rest].sum() / bottoms[rest].sum()
        far += abs(apart) >= 0.05 - 1e-12
    assert permutation_test(tops, bottoms, np.array([True, True, False, False]))[0] == pytest.approx(far / 6)


def test_the_least_p_value_is_reached() -> None:
    for one, other in ((3, 3), (2, 4), (1, 9)):
        p = permutation_test(*units([float(at) for at in range(one)], [100.0 + at for at in range(other)]))[0]
        assert p == pytest.approx(least_p(one, other))
    assert least_p(50, 50) == 1e-4


@given(*(st.lists(st.integers(-3, 3), min_size=1, max_size=12) for _ in range(2)))
def test_cliffs_delta_counts_pairs(one: list[int], other: list[int]) -> None:
    pairs = [np.sign(a - b) for a in one for b in other]
    assert cliffs_delta(np.array(one), np.array(other)) == pytest.approx(np.mean(pairs))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_correction_is_scipy_s(p: list[float]) -> None:
    assert correct_p(p) == pytest.approx(list(stats.false_discovery_control(p)))


def test_the_rank_test_is_spearman_s() -> None:
    chance = np.random.default_rng(5)
    years, values = chance.integers(2016, 2026, 40).astype(float), chance.integers(0, 6, 40).astype(float)
    rho, p = rank_test(years, values + (years > 2021))
    theirs = stats.spearmanr(years, values + (years > 2021))
    assert rho == pytest.approx(theirs.statistic)
    assert p == pytest.approx(theirs.pvalue, abs=0.02)
    assert all(math.isnan(each) for each in rank_test(years[:2], values[:2]))
    assert all(math.isnan(each) for each in rank_test(years, np.ones(40)))
