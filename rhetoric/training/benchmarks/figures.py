"""What a benchmark gives: how well the detectors and a baseline do, what was counted how, and what others published."""

from collections.abc import Iterable
from typing import Final, TypedDict

import numpy as np

from rhetoric.scoring.uncertainty import Estimate, Ratio, estimate
from rhetoric.training.evaluation.counts import Count

_DIGITS: Final = 4


class Figure(TypedDict):
    """A share with its 95 % bootstrap interval; None where there is nothing to divide by, or too few to draw from."""

    value: float | None
    low: float | None
    high: float | None


class Score(TypedDict):
    """How well things were found."""

    precision: Figure
    recall: Figure
    f1: Figure


class Published(TypedDict):
    """What a paper prints, as shares."""

    precision: float
    recall: float
    f1: float
    source: str


class Benchmark(TypedDict):
    """One benchmark, measured.

    ``count`` units were looked at, ``positive`` of them are to be found; ``threshold`` is the probability from which a
    unit counts as found (None where the pipeline's own threshold for contrasts decides); ``groups`` so many ``grouped``
    ("texts", "sentences", "documents") are drawn anew for the intervals. ``measured`` has a score for each way in which
    the detectors can answer.
    """

    name: str
    split: str
    unit: str
    count: int
    positive: int
    threshold: float | None
    grouped: str
    groups: int
    protocol: str
    measured: dict[str, Score]
    baselines: dict[str, Score]
    published: dict[str, Published]


def score(counts: Iterable[Count]) -> Score:
    """Return precision, recall and F1 of counts (right, predicted, gold), one a group; intervals draw groups anew."""
    right, predicted, gold = np.array(list(counts), dtype=np.int64).reshape(-1, 3).T
    found = estimate([Ratio(right, predicted), Ratio(right, gold), Ratio(2 * right, predicted + gold)])
    precision, recall, f1 = map(_figure, found)
    return {"precision": precision, "recall": recall, "f1": f1}


def _figure(found: Estimate) -> Figure:
    value, low, high = (None if each is None else round(each, _DIGITS) for each in (found.value, found.low, found.high))
    return {"value": value, "low": low, "high": high}
