"""The units of a test, documents or passages: what each has of a field, and its standard error by its length.

Two things move a unit from the mean of all: which passages it happens to have, which evens out in a long one, and what
it is as a whole, which does not. Both are estimated from all units together, by moments (Searle, Casella and McCulloch
1992, Variance Components): the variance of a passage, and the covariance of two passages of one unit.
"""

from collections.abc import Sequence

import numpy as np

from rhetoric.scoring.columns import Column
from rhetoric.scoring.summary import Summary
from rhetoric.scoring.uncertainty import Counts, Numbers


def document_units(side: Sequence[Summary], columns: Sequence[Column]) -> list[tuple[Counts, Counts]]:
    """Return each document as one unit: its passages' tops and bottoms."""
    return [summary.stack(columns) for summary in side]


def passage_units(side: Sequence[Summary], columns: Sequence[Column]) -> list[tuple[Counts, Counts]]:
    """Return each passage of each document as one unit."""
    stacked = [summary.stack(columns) for summary in side]
    return [(tops[at : at + 1], bottoms[at : at + 1]) for tops, bottoms in stacked for at in range(len(tops))]


def unit_values(units: Sequence[tuple[Counts, Counts]], scales: Numbers) -> tuple[Numbers, Numbers]:
    """Return the values of units and their standard errors (both units × fields), NaN where nothing is below.

    A unit is its passages' ``tops`` and ``bottoms`` (both passages × fields), a value a ratio of their sums times the
    ``scales``. The standard error is that which the unit would have if it differed from the others by chance alone.
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
