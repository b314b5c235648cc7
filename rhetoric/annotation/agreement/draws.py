"""The bootstrap over passages for figures of agreement, which are no plain ratios: alpha, and F1 of spans."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.scoring.uncertainty import FEWEST, NOTHING, TAIL, Estimate, resample, rounded, unseen_share

_MOST_LOST: Final = 0.05  # of the draws, in which a figure may be undefined before its interval says nothing
Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]


class Draws:
    """How often each of ``passages`` passages is in each draw; the same draws for every figure."""

    def __init__(self, passages: int) -> None:
        self._times = np.concatenate([*resample(passages)])

    def ratio(self, top: Counts, bottom: Counts) -> Estimate:
        """Estimate ``sum(top) / sum(bottom)`` over passages, between 0 and 1, with its interval.

        Where every passage is as right as the others, the draws cannot differ; there the interval shows the largest
        share of passages that could be otherwise and yet not have been seen (exact binomial).
        """
        under = int((bottom > 0).sum())
        if not under:
            return NOTHING
        value = float(top.sum() / bottom.sum())
        if under < FEWEST:
            return Estimate(rounded(value), None, None, under)
        below = self._times @ bottom
        low, high = _ends((self._times @ top)[below > 0] / below[below > 0], value)
        if low == high:
            low, high = max(0.0, value - unseen_share(under)), min(1.0, value + unseen_share(under))
        return Estimate(rounded(value), rounded(low), rounded(high), under)

    def alpha(self, value: float, coincidences: Numbers, distances: Numbers) -> Estimate:
        """Return Krippendorff's alpha, which is ``value``, with its interval.

        ``coincidences`` (passages × values × values) holds what each passage adds to the matrix of coincidences; the
        sums of that matrix make alpha (Krippendorff 2018, 12.3). ``distances`` (values × values) are those between
        values. Where coders agree, or differ, on every passage alike, the interval shows what unseen passages could
        change, as that of ``ratio`` does. So does its upper end where they agree on one value only: on "no", say, where
        no passage got a rare "yes" twice. There is no interval where more than one draw in twenty has a single value in
        it, for alpha is undefined there.
        """
        under = int((coincidences.sum((1, 2)) > 0).sum())
        found = Estimate(rounded(value), None, None, under)
        if under < FEWEST:
            return found
        spread = float(_expected(coincidences.sum(0)[None], distances)[0])
        reach = unseen_share(under) * float(distances.max()) / spread
        if value == 1.0:
            return Estimate(1.0, rounded(max(-1.0, value - reach)), 1.0, under)
        passages, values, _ = coincidences.shape
        drawn = (self._times @ coincidences.reshape(passages, -1)).reshape(-1, values, values)
        observed = (drawn * distances).sum((1, 2)) / np.maximum(drawn.sum((1, 2)), 1)
        expected = _expected(drawn, distances)
        defined = expected > 0
        if defined.mean() < 1 - _MOST_LOST:
            return found
        low, high = _ends(1 - observed[defined] / expected[defined], value)
        alike = np.allclose(observed, observed[0])
        if alike:
            low = min(low, max(-1.0, value - reach))
        if alike or np.count_nonzero(coincidences.sum(0).diagonal()) < 2:
            high = max(high, min(1.0, value + reach))
        return Estimate(rounded(value), rounded(low), rounded(high), under)


def _expected(coincidences: Numbers, distances: Numbers) -> Numbers:
    """Return the mean distance (draws) of values paired by chance."""
    counts = coincidences.sum(2)
    total = np.maximum(counts.sum(1), 2)
    by_chance: Numbers = np.einsum("di,ij,dj->d", counts, distances, counts) / (total * (total - 1))
    return by_chance


def _ends(drawn: Numbers, value: float) -> tuple[float, float]:
    low, high = np.quantile(drawn, [TAIL, 1 - TAIL])
    return min(float(low), value), max(float(high), value)
