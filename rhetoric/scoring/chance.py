"""Could a difference be chance? Permutation tests, an effect size by rank, and p-values corrected for their number."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.scoring.uncertainty import SEED

PERMUTATIONS: Final = 9_999  # drawn where there are more; else all are taken
_CELLS: Final = 4_000_000  # numbers held at once
_EQUAL: Final = 1e-12  # relative; two divisions of the same whole numbers differ by less

Numbers = NDArray[np.float64]


def permutation_test(tops: Numbers, bottoms: Numbers, first: NDArray[np.bool_]) -> Numbers:
    """Return the two-sided p-value of each column's difference between the units that ``first`` marks and the rest.

    A side's value is ``sum(tops) / sum(bottoms)`` over its units (units × columns; whole numbers, so that sums are
    exact in any order). Of a column only units with something below are dealt out anew, so that not having a value
    tells nothing. All ways to deal them out are tried where there are fewer than 10,000, else 9,999 drawn with a fixed
    seed are, and the one observed is counted with them (Phipson and Smyth 2010). NaN where a side has nothing below.
    """
    found = np.full(tops.shape[1], np.nan)
    patterns, member = np.unique(bottoms > 0, axis=1, return_inverse=True)
    for number, known in enumerate(patterns.T):
        columns = np.flatnonzero(member == number)
        if known[first].any() and known[~first].any():
            found[columns] = _test(tops[known][:, columns], bottoms[known][:, columns], first[known])
    return found


def _test(tops: Numbers, bottoms: Numbers, first: NDArray[np.bool_]) -> Numbers:
    observed = np.abs(_differences(tops, bottoms, first[None].astype(np.float64))[0])
    units, chosen = len(first), int(first.sum())
    exact = comb(units, chosen) <= PERMUTATIONS
    beyond, tried = np.zeros(len(observed)), 0
    for masks in _all_masks(units, chosen) if exact else _drawn_masks(first):
        beyond += (np.abs(_differences(tops, bottoms, masks)) >= observed * (1 - _EQUAL)).sum(axis=0)
        tried += len(masks)
    extra = 0 if exact else 1
    p: Numbers = (beyond + extra) / (tried + extra)
    return p


def least_p(one: int, other: int) -> float:
    """Return the smallest p-value that the test can give for sides of so many units."""
    ways = comb(one + other, one)
    return (2 if one == other else 1) / ways if ways <= PERMUTATIONS else 1 / (PERMUTATIONS + 1)


def _differences(tops: Numbers, bottoms: Numbers, masks: Numbers) -> Numbers:
    """Return the difference between the sides of each mask (masks × columns)."""
    top, bottom = masks @ tops, masks @ bottoms
    apart: Numbers = top / bottom - (tops.sum(axis=0) - top) / (bottoms.sum(axis=0) - bottom)
    return apart


def _all_masks(units: int, chosen: int) -> Iterator[Numbers]:
    masks = np.zeros((comb(units, chosen), units))
    for row, which in enumerate(combinations(range(units), chosen)):
        masks[row, list(which)] = 1
    yield masks


def _drawn_masks(first: NDArray[np.bool_]) -> Iterator[Numbers]:
    chance = np.random.Generator(np.random.PCG64(SEED))
    batch = max(1, _CELLS // len(first))
    for start in range(0, PERMUTATIONS, batch):
        rows = min(batch, PERMUTATIONS - start)
        yield chance.permuted(np.tile(first.astype(np.float64), (rows, 1)), axis=1)


def rank_test(order: Numbers, values: Numbers) -> tuple[float, float]:
    """Return Spearman's correlation of two columns of equal length and its two-sided permutation p-value.

    Of fewer than three pairs, or where a column is all alike, both are NaN.
    """
    one, other = (_doubled_ranks(column) for column in (order, values))
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    if len(one) < 3 or not size:
        return float("nan"), float("nan")
    observed = float(one @ other)
    chance = np.random.Generator(np.random.PCG64(SEED))
    batch = max(1, _CELLS // len(one))
    beyond = 0
    for start in range(0, PERMUTATIONS, batch):
        rows = min(batch, PERMUTATIONS - start)
        drawn = chance.permuted(np.tile(other, (rows, 1)), axis=1)
        beyond += int((np.abs(drawn @ one) >= abs(observed)).sum())
    return observed / size, (beyond + 1) / (PERMUTATIONS + 1)


def _doubled_ranks(values: Numbers) -> Numbers:
    """Return twice each value's rank less its mean: whole numbers, equal values sharing their mean rank."""
    _, place, times = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(times)
    ranks = (2 * ends - times)[place] - len(values)
    return ranks.astype(np.float64)


def cliffs_delta(one: Numbers, other: Numbers) -> float:
    """Return how much oftener a value of ``one`` is above one of ``other`` than below it: -1 to +1 (Cliff 1993)."""
    ordered = np.sort(other)
    above, below = np.searchsorted(ordered, one, "left"), len(other) - np.searchsorted(ordered, one, "right")
    return float((above.sum() - below.sum()) / (len(one) * len(other))) if len(one) and len(other) else float("nan")


def correct_p(values: Sequence[float]) -> list[float]:
    """Return p-values corrected for their number: the false discovery rate (Benjamini and Hochberg 1995)."""
    found = np.asarray(values, dtype=np.float64)
    order = np.argsort(found, kind="stable")
    scaled = found[order] * len(found) / np.arange(1, len(found) + 1)
    corrected = np.empty(len(found))
    corrected[order] = np.minimum(1, np.minimum.accumulate(scaled[::-1])[::-1])
    return [float(each) for each in corrected]
