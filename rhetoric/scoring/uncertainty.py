"""How far a number would move had the text other passages of the same kind: the bootstrap over passages.

Percentiles of the draws alone lie too near where passages are few: of three to a dozen, intervals of densities, stances
and mean probabilities held the true value far less often than they say. So they are widened as Student's t widens the
interval of a mean, and hold what passages of a kind not met so far could do to the number; the tests count how often
they hold it now.

Every quantity is a ratio of two sums of whole numbers over passages. Such sums are exact in floating point, so the
same record gives the same bytes on every machine, whatever order its linear algebra adds in.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

DRAWS: Final = 1000
MILLION: Final = 1_000_000  # probabilities are summed in millionths
SEED: Final = 20250723
FEWEST: Final = 3  # passages: below this the spread between passages says nothing
TAIL: Final = 0.025  # left out at either end of a 95 % interval
Z: Final = 1.959964  # that end of the normal distribution
_CELLS: Final = 2_000_000  # numbers held at once, so that a book costs no more memory than a chapter
DIGITS: Final = 6  # kept of a figure

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A number of the scorecard with its 95 % interval.

    ``passages`` is how many passages it rests on; ``count`` how many things were counted for it (None for means).
    ``value`` is None where it rests on no passage, or is of a text off topic; ``low`` and ``high`` are None where it
    rests on fewer than three.
    """

    value: float | None
    low: float | None
    high: float | None
    passages: int
    count: int | None = None


NOTHING: Final = Estimate(None, None, None, 0)  # where it rests on no passage


@dataclass(frozen=True)
class Ratio:
    """What to estimate: ``sum(top) / sum(bottom) * scale`` over passages; both are whole numbers, one a passage.

    ``most`` is the largest value there can be, None for densities, which have no largest; ``least`` is the smallest.
    ``counts`` says that ``top`` counts things.
    """

    top: Counts
    bottom: Counts
    scale: float = 1.0
    least: float = 0.0
    most: float | None = 1.0
    counts: bool = True


def estimate(ratios: Sequence[Ratio], *, intervals: bool = True, unseen: bool = False) -> list[Estimate]:
    """Estimate each ratio over the same resampled passages; intervals are percentiles of 1,000 draws, widened for few
    passages but for shares, whose percentiles are wide enough.

    All ratios must have the same number of passages. The interval always holds the value. Where all passages agree
    the draws cannot differ; there the interval shows what one more kind of passage, unseen so far, could do to it.
    With ``unseen`` it holds that where they differ too. Without ``intervals`` there are values only, which takes a
    fraction of the time.
    """
    if not ratios or not len(ratios[0].top):
        return [NOTHING for _ in ratios]
    tops = np.column_stack([ratio.top for ratio in ratios]).astype(np.float64)
    bottoms = np.column_stack([ratio.bottom for ratio in ratios]).astype(np.float64)
    scales = np.array([ratio.scale for ratio in ratios])
    under = (bottoms > 0).sum(axis=0)
    enough = (under >= FEWEST) & intervals
    lows, highs = np.full((2, len(ratios)), np.nan)
    if enough.any():
        drawn = _draw(tops[:, enough], bottoms[:, enough]) * scales[enough]
        lows[enough], highs[enough] = np.nanquantile(drawn, [TAIL, 1 - TAIL], axis=0)
    found = []
    for at, ratio in enumerate(ratios):
        passages, total = int(under[at]), int(ratio.top.sum())
        if not passages:
            found.append(NOTHING)
            continue
        value = total / int(ratio.bottom.sum()) * ratio.scale
        each = Estimate(rounded(value), None, None, passages, total if ratio.counts else None)
        if enough[at]:
            low, high = _interval(ratio, (float(lows[at]), value, float(highs[at])), passages, unseen=unseen)
            each = replace(each, low=rounded(low), high=rounded(high))
        found.append(each)
    return found


def _interval(ratio: Ratio, drawn: tuple[float, float, float], passages: int, *, unseen: bool) -> tuple[float, float]:
    """Return the interval of a value, made of the percentiles of its draws (``drawn``: low, value, high).

    They hold it: however unequal passages are, a ninth of the draws at least lies at or beyond it on either side (the
    kurtosis of a resample's sum is 4 at most; He, Zhang and Zhang 2010, Mathematics of Operations Research 35).
    """
    low, value, high = drawn
    if alike := _alike(ratio):
        low = high = value
    elif not _is_share(ratio):
        low, high = _widen(ratio, drawn, passages)
    if alike or unseen:
        least, most = _unseen(ratio, value, passages)
        low, high = min(low, least), max(high, most)
    return low, high


def _alike(ratio: Ratio) -> bool:
    """Whether every passage says the same; of a density, whether none holds anything."""
    if ratio.most is None:
        return not ratio.top.any()
    said = ratio.top[ratio.bottom > 0]
    return bool((said == said[0]).all())


def _is_share(ratio: Ratio) -> bool:
    """Whether every passage says yes or no."""
    return ratio.least == 0 and ratio.most is not None and bool(((ratio.top == 0) | (ratio.top == ratio.bottom)).all())


def _widen(ratio: Ratio, ends: tuple[float, float, float], passages: int) -> tuple[float, float]:
    """Return the interval of ``ends`` (low, value, high) as wide as so few passages make it, within what there can be.

    Draws spread by ``(n - 1) / n`` too little, and do not know that they are of few: that is Student's t, here as
    Wallace (1959, Annals of Mathematical Statistics 30) approximates it, from 4 % too wide for 3 passages on.
    """
    low, value, high = ends
    free = passages - 1
    student = math.sqrt(free * math.expm1((Z * (8 * free + 3) / (8 * free + 1)) ** 2 / free))
    wider = student / Z * math.sqrt(passages / free)
    low, high = value - wider * (value - low), value + wider * (high - value)
    return max(low, ratio.least), high if ratio.most is None else min(high, ratio.most)


def _unseen(ratio: Ratio, value: float, passages: int) -> tuple[float, float]:
    """Return how far passages of one more kind, of which none was met, could move a value; of densities the interval of
    a Poisson count, exact for none and else as Byar approximates it.
    """
    if ratio.most is not None:
        share = unseen_share(passages)
        return value - share * (value - ratio.least), value + share * (ratio.most - value)
    unit = ratio.scale / int(ratio.bottom.sum())
    count = int(ratio.top.sum())
    if not count:
        return 0.0, -math.log(TAIL) * unit
    low, high = (
        many * (1 - 1 / (9 * many) + sign * Z / (3 * math.sqrt(many))) ** 3
        for many, sign in ((count, -1), (count + 1, 1))
    )
    return low * unit, high * unit


def unseen_share(passages: int) -> float:
    """Return the largest share of passages that is likely (97.5 %) not to be met among so many."""
    return float(1 - TAIL ** (1 / passages))


def resample(passages: int) -> Iterator[Numbers]:
    """Yield how often each of ``passages`` passages is in each of ``DRAWS`` draws, some of the draws at a time."""
    generator = np.random.Generator(np.random.PCG64(SEED))
    batch = max(1, _CELLS // passages)
    for start in range(0, DRAWS, batch):
        rows = min(batch, DRAWS - start)
        picks = generator.integers(0, passages, size=(rows, passages))
        picks += np.arange(rows)[:, None] * passages
        yield np.bincount(picks.ravel(), minlength=rows * passages).reshape(rows, passages).astype(np.float64)


def _draw(tops: Numbers, bottoms: Numbers) -> Numbers:
    """Return the ratios (draws, ratios) of resamples of the rows; NaN where a draw has nothing below."""
    drawn = ((times @ tops, times @ bottoms) for times in resample(len(tops)))
    return np.concatenate([np.where(below > 0, top / np.maximum(below, 1), np.nan) for top, below in drawn])


def rounded(value: float) -> float:
    """Return a figure as records of figures keep it."""
    return round(value, DIGITS) + 0.0  # + 0.0: no negative zero


def known(value: float) -> float | None:
    """Return a figure as records of figures keep it, None where it is no number."""
    return None if math.isnan(value) else rounded(float(value))
