"""Could a difference be chance? A test that length does not sway, an effect size by rank, and p-values corrected for
their number.

Where a thing is rare most short texts have none of it and most long ones some, though neither kind has more. A plain
permutation test takes all texts for alike, so it makes length a difference, or a rise where texts grow longer over the
years. Here one statistic, how far the means of two sides are apart (over time, how values go with the period), is held
against two kinds of chance. Texts are dealt out anew, which is right however values are spread, where lengths are
alike: studentised, as Janssen (1997, Statistics & Probability Letters 36), Chung and Romano (2013, Annals of
Statistics 41) and DiCiccio and Romano (2017, Journal of the American Statistical Association 112) do it, for else a
few texts that differ much among themselves are taken for a difference of means. And it is divided by the standard error
that the length of each text gives it (:func:`unit_values`) and held against the normal distribution, which is right for
any lengths, where texts are many. The p-value is the larger of the two, for each is too small where its condition
fails, and they hardly ever fail together: the tests count it.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb
from typing import Final

import numpy as np

from rhetoric.scoring.uncertainty import FEWEST, MILLION, SEED, Counts, Numbers

SURE: Final = 0.05  # corrected p-value below which a difference, a rise or a fall is called sure
PERMUTATIONS: Final = 9_999  # drawn where there are more; else all are taken
_CELLS: Final = 4_000_000  # numbers held at once
_EQUAL: Final = 1e-9  # relative; the same deal added up in another order differs by less


def unit_values(units: Sequence[tuple[Counts, Counts]], scales: Numbers) -> tuple[Numbers, Numbers]:
    """Return the values of units and their standard errors (both units × fields), NaN where nothing is below.

    A unit is its passages' ``tops`` and ``bottoms`` (both passages × fields), a value a ratio of their sums times the
    ``scales``. The standard error is that which the unit would have if it differed from the others by chance alone.

    Two things move a unit from the mean of all: which passages it happens to have, which evens out in a long one, and
    what it is as a whole, which does not. Both are estimated from all units together, by moments (Searle, Casella and
    McCulloch 1992, Variance Components): the variance of a passage, and the covariance of two passages of one unit.
    """
    passages = [np.concatenate([unit[part] for unit in units]).astype(np.float64) for part in (0, 1)]
    starts = np.cumsum([0, *(len(tops) for tops, _ in units[:-1])])

    def sums(each: Numbers) -> Numbers:
        return np.add.reduceat(each, starts, axis=0)

    top, bottom = map(sums, passages)
    with np.errstate(invalid="ignore", divide="ignore"):
        off = passages[0] - top.sum(axis=0) / bottom.sum(axis=0) * passages[1]  # from what all together have
        alone, pairs = sums(off**2), bottom**2 - sums(passages[1] ** 2)
        variance = alone.sum(axis=0) / bottom.sum(axis=0)
        covariance = np.nansum((sums(off) ** 2 - alone) / bottom, axis=0) / np.nansum(pairs / bottom, axis=0)
        covariance = np.where(covariance > 0, covariance, 0.0)
        errors = np.sqrt(variance * bottom + covariance * pairs) / bottom
        values = top / bottom
    return values * scales, np.where(bottom > 0, errors, np.nan) * scales


def permutation_test(
    place: Numbers, values: Numbers, errors: Numbers, weights: Numbers | None = None
) -> tuple[Numbers, Numbers]:
    """Return the correlation of each column of ``values`` (units × columns) with ``place``, and its two-sided p-value.

    ``place`` is 1 or 0 for two sides, whose means are then compared, or the number of the period; ``errors`` are the
    standard errors of the values, ``weights`` what each has in the means that are shown (all the same, unless given),
    which are what is held against the normal distribution. Of a column only units that have a value are dealt out anew,
    so that not having one tells nothing. Of two sides all ways to deal them out are tried where there are fewer than
    10,000, else 9,999 drawn with a fixed seed are, and the one observed is counted with them (Phipson and Smyth 2010).
    Both are NaN where fewer than three units have a value, all have the same, or all have one place.
    """
    heavy = np.ones_like(values) if weights is None else weights
    found, p = np.full((2, values.shape[1]), np.nan)
    patterns, member = np.unique(np.isfinite(values), axis=1, return_inverse=True)
    for number, known in enumerate(patterns.T):
        where, columns = place[known], np.flatnonzero(member == number)
        if len(where) < FEWEST or (where == where[0]).all():
            continue
        columns = columns[(values[known][:, columns] != values[known][0, columns]).any(axis=0)]
        if not len(columns):
            continue
        mine, error, weight = (each[known][:, columns] for each in (values, errors, heavy))
        found[columns] = np.corrcoef(where, mine, rowvar=False)[0, 1:]
        p[columns] = np.maximum(_deal(where, (mine * MILLION).round()), _normal_p(where, mine, error, weight))
    return found, p


def _normal_p(place: Numbers, values: Numbers, errors: Numbers, weights: Numbers) -> Numbers:
    """Return how likely columns are so far apart by the normal distribution."""
    pull = weights * (place[:, None] - place @ weights / weights.sum(axis=0))  # of each unit on what is apart
    apart = np.abs((pull * values).sum(axis=0)) / np.sqrt(((pull * errors) ** 2).sum(axis=0))
    return np.array([math.erfc(each / math.sqrt(2)) for each in apart])


def _deal(place: Numbers, whole: Numbers) -> Numbers:
    """Return the share of deals of the places that set columns of whole numbers as far apart as this one, or farther:
    apart for how far the units spread that weigh most in it.
    """
    middle, spread = place.mean() * whole.sum(axis=0), (whole - whole.mean(axis=0)) ** 2

    def apart(deals: Numbers) -> tuple[Numbers, Numbers]:
        return (deals @ whole - middle) ** 2, (deals - place.mean()) ** 2 @ spread

    ((observed,), (error,)) = apart(place[None])
    places, times = np.unique(place, return_counts=True)
    exact = len(places) == 2 and comb(len(place), int(times[1])) <= PERMUTATIONS
    beyond, tried = np.zeros(len(observed)), 0
    for deals in _all_deals(place) if exact else _drawn_deals(place):
        far, errors = apart(deals)
        beyond += (far * error >= observed * errors * (1 - _EQUAL)).sum(axis=0)
        tried += len(deals)
    extra = 0 if exact else 1
    p: Numbers = (beyond + extra) / (tried + extra)
    return p


def least_p(one: int, other: int) -> float:
    """Return a p-value that the test cannot go below for sides of so many units."""
    ways = comb(one + other, one)
    return (2 if one == other else 1) / ways if ways <= PERMUTATIONS else 1 / (PERMUTATIONS + 1)


def _all_deals(place: Numbers) -> Iterator[Numbers]:
    (low, high), (_, chosen) = np.unique(place, return_counts=True)
    deals = np.full((comb(len(place), int(chosen)), len(place)), low)
    for row, which in enumerate(combinations(range(len(place)), int(chosen))):
        deals[row, list(which)] = high
    yield deals


def _drawn_deals(place: Numbers) -> Iterator[Numbers]:
    chance = np.random.Generator(np.random.PCG64(SEED))
    batch = max(1, _CELLS // len(place))
    for start in range(0, PERMUTATIONS, batch):
        rows = min(batch, PERMUTATIONS - start)
        yield chance.permuted(np.tile(place, (rows, 1)), axis=1)


def cliffs_delta(one: Numbers, other: Numbers) -> float:
    """Return how much oftener a value of ``one`` is above one of ``other`` than below it: -1 to +1 (Cliff 1993)."""
    ordered = np.sort(other)
    above, below = np.searchsorted(ordered, one, "left"), len(other) - np.searchsorted(ordered, one, "right")
    return float((above.sum() - below.sum()) / (len(one) * len(other))) if len(one) and len(other) else float("nan")


def correct_p(p: Numbers) -> Numbers:
    """Return p-values corrected for the number of those that are no NaN: the false discovery rate (Benjamini and
    Hochberg 1995).
    """
    order = np.argsort(p, kind="stable")[: np.isfinite(p).sum()]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    corrected = np.full(len(p), np.nan)
    corrected[order] = np.minimum(1, np.minimum.accumulate(scaled[::-1])[::-1])
    return corrected
