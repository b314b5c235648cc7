import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhetoric.scoring.chance import cliffs_delta, correct_p, least_p, permutation_test, unit_values

stats = pytest.importorskip("scipy.stats", reason="scipy, which the test extra brings, is not installed")


def place(one: int, other: int) -> np.ndarray:
    return (np.arange(one + other) < one).astype(float)


def p_of(one: list[float], other: list[float], errors: np.ndarray | None = None) -> float:
    values = np.array([*one, *other], dtype=float)[:, None]
    alike = np.full(values.shape, values.std())
    return float(permutation_test(place(len(one), len(other)), values, alike if errors is None else errors)[1][0])


@pytest.mark.parametrize("other", [[4, 9, 7, 11, 8], [1, 2, 6]])
def test_of_units_alike_an_exact_test_tries_every_way_to_deal_them_out(other: list[float]) -> None:
    one = [1, 3, 2, 6, 5]
    both = np.array([*one, *other])

    def apart(chosen: Sequence[int]) -> float:
        here = np.isin(range(len(both)), chosen)
        errors = [((both[side] - both.mean()) ** 2).sum() / side.sum() ** 2 for side in (here, ~here)]
        return float(abs(both[here].mean() - both[~here].mean()) / np.sqrt(sum(errors)))

    ways = list(combinations(range(len(both)), len(one)))
    far = sum(apart(chosen) >= apart(range(len(one))) - 1e-9 for chosen in ways)
    assert p_of(one, other) == pytest.approx(far / len(ways))


def test_of_units_alike_a_drawn_test_agrees_with_scipy() -> None:
    chance = np.random.default_rng(1)
    one, other = chance.integers(0, 50, 30), chance.integers(8, 58, 25)
    found = p_of(list(one), list(other))
    chance = stats.PermutationMethod(rng=2)
    theirs = stats.ttest_ind(one, other, equal_var=False, method=chance)
    assert found == pytest.approx(theirs.pvalue, abs=0.01)
    assert found == p_of(list(one), list(other))


def test_of_units_alike_the_way_is_a_correlation() -> None:
    chance = np.random.default_rng(5)
    years, values = chance.integers(2016, 2026, 40).astype(float), chance.integers(0, 6, (40, 2)).astype(float)
    values[:, 0] += years > 2021
    ways, p = permutation_test(years, values, np.broadcast_to(values.std(axis=0), values.shape))
    for at in range(2):
        theirs = stats.pearsonr(years, values[:, at])
        assert ways[at] == pytest.approx(theirs.statistic)
        assert p[at] == pytest.approx(theirs.pvalue, abs=0.04)  # which takes the spread for alike


@pytest.mark.parametrize("rare", [0.02, 0.05, 0.3])
@pytest.mark.parametrize(("one", "other"), [((12, 12), (12, 12)), ((10, 4), (40, 30)), ((12, 40), (12, 5))])
def test_length_alone_sets_no_sides_apart(one: tuple[int, int], other: tuple[int, int], rare: float) -> None:
    """Each side is a number of texts and of passages of each; texts differ a little, and no more than by chance."""
    chance = np.random.default_rng(7)
    length = np.repeat([float(one[1]), float(other[1])], [one[0], other[0]])
    p = _p_of_chance(chance, place(one[0], other[0]), length, rare)
    assert np.mean(p < 0.05) < 0.08 and np.mean(p < 0.005) < 0.015


@pytest.mark.parametrize("sides", [True, False])
def test_a_few_texts_that_differ_much_among_themselves_are_no_difference(*, sides: bool) -> None:
    """The eight texts of the last year, or side, speak of a thing nearly always or hardly ever, on the whole as often
    as the others.
    """
    chance = np.random.default_rng(11)
    years = np.repeat(np.arange(5.0), [20, 20, 20, 20, 8])
    last = years == years.max()
    much = np.where(last, 1.0, 8.0)[:, None]
    own = chance.beta(0.3 * much, 0.7 * much, (len(years), 300))
    p = _p_of(last.astype(float) if sides else years, np.full(len(years), 12.0), own, chance)
    assert np.mean(p < 0.05) < 0.08


@pytest.mark.parametrize("rare", [0.02, 0.05, 0.3])
@pytest.mark.parametrize("longer", [0, 6, -6])
def test_texts_that_grow_longer_are_no_rise(longer: int, rare: float) -> None:
    years = np.repeat(np.arange(7.0), 6)
    ways_down = np.maximum(3, (15 if not longer else 3 if longer > 0 else 40) + longer * years)
    p = _p_of_chance(np.random.default_rng(8), years, ways_down, rare)
    assert np.mean(p < 0.05) < 0.08 and np.mean(p < 0.005) < 0.015


def _p_of_chance(chance: np.random.Generator, where: np.ndarray, length: np.ndarray, rare: float) -> np.ndarray:
    """Return p-values of 300 sets of texts of these lengths, which all have as much of a thing but for chance."""
    return _p_of(where, length, chance.beta(rare * 15, (1 - rare) * 15, (len(length), 300)), chance)


def _p_of(where: np.ndarray, length: np.ndarray, own: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Return the p-values of texts of these lengths, each of which has a thing in its ``own`` share of passages."""
    tops = chance.binomial(length.astype(int)[:, None], own)
    units = []
    for many, row in zip(length.astype(int), tops, strict=True):
        units.append(((np.arange(many)[:, None] < row).astype(int), np.ones((many, len(row)), dtype=int)))
    p = permutation_test(where, *unit_values(units, np.ones(tops.shape[1])))[1]
    return np.nan_to_num(p, nan=1.0)


def test_what_differs_is_found_though_lengths_do_too() -> None:
    chance = np.random.default_rng(9)
    for one, other in ((0.1, 0.4), (0.4, 0.1)):
        rates = [one] * 12 + [other] * 12
        units = []
        for many, rate in zip([5] * 12 + [40] * 12, rates, strict=True):
            units.append((chance.binomial(1, rate, (many, 100)), np.ones((many, 100), dtype=int)))
        ways, p = permutation_test(place(12, 12), *unit_values(units, np.ones(100)))
        assert np.mean(p < 0.05) > 0.8 and np.mean((ways > 0) == (one > other)) > 0.98


def test_a_side_of_nothing_has_no_p_value() -> None:
    values = np.array([np.nan] * 3 + [4, 5, 6])[:, None]
    assert all(math.isnan(each[0]) for each in permutation_test(place(3, 3), values, np.ones_like(values)))


def test_too_little_has_no_p_value() -> None:
    assert math.isnan(p_of([1], [2])) and math.isnan(p_of([1, 1], [1, 1], np.ones((4, 1))))


def test_units_without_a_value_tell_nothing() -> None:
    values = np.array([np.nan, np.nan, 7, 1, 0, 0, 0, 0, 0, 0, 0, 2])[:, None]
    errors = np.full(values.shape, np.nanstd(values))
    alone = p_of([7, 1], [0, 0, 0, 0, 0, 0, 0, 2], errors[2:])
    assert permutation_test(place(4, 8), values, errors)[1][0] == alone
    both = np.column_stack([values, np.nan_to_num(values)]), np.column_stack([errors, errors])
    found = permutation_test(place(4, 8), *both)[1]
    assert found[0] == alone != found[1]


def test_deals_are_not_believed_where_short_texts_had_no_fair_chance() -> None:
    units = [(np.zeros((4, 1), int), np.ones((4, 1), int)) for _ in range(40)]
    units += [((np.arange(40)[:, None] < (at < 4)).astype(int), np.ones((40, 1), int)) for at in range(10)]
    values, errors = unit_values(units, np.ones(1))
    p = permutation_test(place(40, 10), values, errors)[1][0]
    assert p > 0.05  # four of four in 400 of 560 passages


def test_the_means_that_are_shown_weigh_units_as_they_are_weighed() -> None:
    values = np.array([*[1.0] * 7, 0.0, *[0.0] * 8])[:, None]
    errors, weights = np.full(values.shape, 0.3), np.ones(values.shape)
    weights[7] = 100.0  # which leaves hardly anything of the seven
    plain, weighed = (permutation_test(place(8, 8), values, errors, each)[1][0] for each in (None, weights))
    assert plain < 0.01 and weighed > 0.5


def test_the_least_p_value_is_reached() -> None:
    for one, other in ((3, 3), (2, 4), (1, 9)):
        p = p_of([float(at) for at in range(one)], [100.0 + at for at in range(other)])
        assert p == pytest.approx(least_p(one, other))
    assert least_p(50, 50) == 1e-4


@given(*(st.lists(st.integers(-3, 3), min_size=1, max_size=12) for _ in range(2)))
def test_cliffs_delta_counts_pairs(one: list[int], other: list[int]) -> None:
    pairs = [np.sign(a - b) for a in one for b in other]
    assert cliffs_delta(np.array(one), np.array(other)) == pytest.approx(np.mean(pairs))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_correction_is_scipy_s(p: list[float]) -> None:
    corrected = correct_p(np.array([*p, np.nan]))
    assert np.isnan(corrected[-1]) and corrected[:-1] == pytest.approx(stats.false_discovery_control(p))
