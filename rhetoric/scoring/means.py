"""The mean of each field over documents, each weighing the same, with its interval over documents.

A few documents hold most of many a thing, and draws of the others know too little of them: percentiles lean to the
long side by a third of what they should (Hall 1988, Annals of Statistics 16), so the longer side of an interval is made
longer by what it exceeds the other. Of 3 to 30 real texts intervals then held the true mean 91 to 96 times in a
hundred, without it 88 to 95; fewer, down to 6 in ten, of what hardly any text has. The tests count it on made-up ones.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rhetoric.scoring.columns import Column
from rhetoric.scoring.summary import Summary
from rhetoric.scoring.uncertainty import FEWEST, MILLION, TAIL, Counts, Estimate, Ratio, estimate, rounded, unseen_share


def document_means(side: Sequence[Summary], columns: Sequence[Column]) -> list[Estimate]:
    """Estimate each field's mean over documents; the ``passages`` of an estimate count documents.

    Where none of at least three documents has any, the interval shows how many there could still be unseen, from the
    passages or words looked at; where all have the same, it is missing.
    """
    values = np.array([summary.values(columns) for summary in side])
    # In millionths, over a million each: a ratio of whole sums is the same on every machine.
    tops = (np.nan_to_num(values) * MILLION).round().astype(np.int64)
    bottoms = np.isfinite(values).astype(np.int64) * MILLION
    found = estimate(
        [Ratio(tops[:, at], bottoms[:, at], 1.0, *column.bounds, counts=False) for at, column in enumerate(columns)]
    )
    below = [summary.stack(columns)[1] for summary in side]
    words = np.sum([each.sum(axis=0) for each in below], axis=0)
    passages = np.sum([(each > 0).sum(axis=0) for each in below], axis=0)
    looked_at = [words[at] if column.bounds[1] is None else passages[at] for at, column in enumerate(columns)]
    return [
        _alike(each, column, tops[bottoms[:, at] > 0, at], int(looked_at[at]))
        for at, (each, column) in enumerate(zip(found, columns, strict=True))
    ]


def _alike(found: Estimate, column: Column, values: Counts, looked_at: int) -> Estimate:
    if found.passages < FEWEST or (values != values[0]).any():
        return _lean(found, column)
    least, most = column.bounds
    if found.value or least:
        return Estimate(found.value, None, None, found.passages)
    high = -math.log(TAIL) / looked_at * 1000 if most is None else unseen_share(looked_at)
    return Estimate(0.0, 0.0, rounded(high), found.passages)


def _lean(found: Estimate, column: Column) -> Estimate:
    """Return an estimate with the longer side of its interval made longer, within what there can be."""
    if found.value is None or found.low is None or found.high is None:
        return found
    least, most = column.bounds
    more = (found.high - found.value) - (found.value - found.low)
    low, high = found.low + min(more, 0), found.high + max(more, 0)
    low, high = max(low, least), high if most is None else min(high, most)
    return replace(found, low=rounded(low), high=rounded(high))
