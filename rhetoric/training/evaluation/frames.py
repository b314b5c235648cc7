"""How well a frame is told: F1, precision, recall, average precision and calibration, with intervals over passages."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.scoring.uncertainty import TAIL
from rhetoric.training.evaluation.metrics import BINS, Measure, reach

DRAWS: Final = 500
_SEED: Final = 0
Numbers = NDArray[np.float64]
Yes = NDArray[np.bool_]


def measure_frame(chances: Numbers, said: Yes, present: Yes, *, draws: int = DRAWS) -> dict[str, Measure]:
    """Measure what is ``said`` of passages, with what probability (``chances``), against what is ``present``.

    ``average_precision`` is that of the passages in the order of their probability: how well they are ranked, wherever
    the line is drawn. ``ece`` is the mean distance between probability and share present, in ten bins. There must be a
    passage. Where no draw differs, ``reach`` gives the interval.
    """
    chance = np.random.Generator(np.random.PCG64(_SEED))
    every = np.arange(len(present))
    rows = [every, *(chance.integers(0, len(every), size=len(every)) for _ in range(draws))]
    scores = [_score(chances[at], said[at], present[at]) for at in rows]
    with_it = int(present.sum())
    under = {"f1": int((said | present).sum()), "precision": int(said.sum())}
    under |= {"recall": with_it, "average_precision": with_it}
    return {name: _measure([each[name] for each in scores], under.get(name, len(every))) for name in scores[0]}


def average_precision(chances: Numbers, present: Yes) -> float:
    """Return the mean, over the passages with the frame, of the precision down to each; equal ones are taken as one.

    0 where no passage has the frame.
    """
    if not present.any():
        return 0.0
    order = np.argsort(-chances, kind="stable")
    ranked, right = chances[order], np.cumsum(present[order])
    last = np.flatnonzero(np.diff(ranked, append=-np.inf))  # the last of each run of equals
    found = np.diff(right[last], prepend=0)
    return float((found * right[last] / (last + 1)).sum() / present.sum())


def compare_rankings(ours: Numbers, theirs: Numbers, present: Yes, *, draws: int = DRAWS) -> Measure:
    """Return by how much the average precision of ``ours`` is above that of ``theirs``, over the same passages."""
    chance = np.random.Generator(np.random.PCG64(_SEED))
    drawn = []
    for _ in range(draws):
        at = chance.integers(0, len(present), size=len(present))
        drawn.append(average_precision(ours[at], present[at]) - average_precision(theirs[at], present[at]))
    low, high = np.quantile(drawn, [TAIL, 1 - TAIL])
    return Measure(average_precision(ours, present) - average_precision(theirs, present), float(low), float(high))


def _score(chances: Numbers, said: Yes, present: Yes) -> dict[str, float]:
    right, told, with_it = (int(each.sum()) for each in (said & present, said, present))
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=chances - present, minlength=BINS)
    return {
        "f1": 2 * right / max(1, told + with_it),
        "precision": right / max(1, told),
        "recall": right / max(1, with_it),
        "average_precision": average_precision(chances, present),
        "ece": float(np.abs(gaps).sum() / len(present)),
    }


def _measure(scores: list[float], under: int) -> Measure:
    value, *drawn = scores
    if not drawn:
        return Measure(value)
    low, high = np.quantile(drawn, [TAIL, 1 - TAIL])
    return Measure(value, *reach(value, float(low), float(high), under))
