"""How well records agree with gold: every metric with its interval, and tables of them for the model card.

corpora/gold/README.md says what each metric is. How far stated probabilities are off (expected calibration error,
``ece.*``) is above 0 even where all are right on average, the more the fewer passages there are, and in draws of them
more so: its interval leans upward. A draw without a label counts as 0 in its F1, so that the interval of a rare one
reaches down.

A field that some passages leave uncoded is measured on the others, and one that all leave uncoded is left out; so is a
mean over labels of which one was coded nowhere, and the calibration of what some leave uncoded.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.errors import SourceError
from rhetoric.gold import Coded
from rhetoric.labels import FRAMES, FRAMINGS
from rhetoric.record import Record
from rhetoric.scoring.uncertainty import FEWEST, unseen_share
from rhetoric.training.evaluation.counts import NOTHING, count_passage, longest_passage, strongest_framing
from rhetoric.writing import table_row

BINS: Final = 10  # of equal width, for the calibration error
_CALIBRATED: Final = {"about": 1, "frames": len(FRAMES), "framing": 1}  # how many probabilities a passage is given


@dataclass(frozen=True)
class Measure:
    """A metric between 0 and 1 with its 95 % bootstrap interval over passages.

    None where nothing was drawn, and where no draw differs and fewer than three passages count for the metric.
    """

    value: float
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.value:.3f}"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True)
class Compared:
    """A metric of two detectors on the same passages, and by how much the first is higher, with paired intervals."""

    ours: Measure
    theirs: Measure
    difference: Measure


def pair_up(gold: Iterable[Coded], records: Iterable[Record]) -> list[tuple[Coded, Record]]:
    """Put each gold passage beside its record; raises SourceError where one is missing or has another text."""
    by_id = {record["id"]: record for record in records}
    pairs = []
    for row in gold:
        record = by_id.get(row["id"])
        if record is None:
            raise SourceError(row["id"], "there is no record for this gold passage.")
        if record["text"] != row["text"]:
            raise SourceError(row["id"], "its record has another text than the gold passage.")
        pairs.append((row, record))
    return pairs


def evaluate(gold: Sequence[Coded], records: Iterable[Record], *, draws: int = 200) -> dict[str, Measure]:
    """Measure ``records`` (one for each gold ``id``; others are ignored) against ``gold``, metrics in order of name.

    ``draws`` is how many times passages are drawn anew for the intervals; where none differs, ``reach`` gives them.
    Raises SourceError where gold is empty, or a record is missing or has another text.
    """
    scores, under = _all_scores(gold, records, draws)
    return {name: _measure(scores[name].tolist(), draws, under[name]) for name in sorted(scores)}


def compare(
    gold: Sequence[Coded], ours: Iterable[Record], theirs: Iterable[Record], *, draws: int = 200
) -> dict[str, Compared]:
    """Measure two records of each gold passage as ``evaluate`` does, and the difference in the same draws of passages.

    A difference that is the same in every draw has an interval of no width. Raises SourceError where ``evaluate`` does.
    """
    (one, under), (other, beneath) = _all_scores(gold, ours, draws), _all_scores(gold, theirs, draws)
    return {
        name: Compared(
            _measure(one[name].tolist(), draws, under[name]),
            _measure(other[name].tolist(), draws, beneath[name]),
            _measure((one[name] - other[name]).tolist(), draws),
        )
        for name in sorted(one)
    }


def reach(value: float, low: float, high: float, passages: int) -> tuple[float, float] | tuple[None, None]:
    """Return the ends of an interval between 0 and 1 of a figure for which so many passages count; it holds the figure.

    Where no draw differs, as where all of few passages are right, it shows the largest share of passages that could be
    otherwise and yet not have been met (exact binomial), as `rhetoric agreement` does; none below three passages.
    """
    low, high = min(low, value), max(high, value)
    if low < high:
        return low, high
    if passages < FEWEST:
        return None, None
    unseen = unseen_share(passages)
    return max(0.0, value - unseen), min(1.0, value + unseen)


def _all_scores(
    gold: Sequence[Coded], records: Iterable[Record], draws: int
) -> tuple[dict[str, NDArray[np.float64]], dict[str, int]]:
    """Return each metric over all passages and, after that, in each draw; and how many passages count for it."""
    pairs = pair_up(gold, records)
    if not pairs:
        raise SourceError("gold", "there is nothing to measure on.")
    weights = np.vstack([np.ones(len(pairs)), *_drawn(len(pairs), draws)])
    scores, under = _scores(pairs, weights)
    errors = _calibration_errors(pairs, weights)
    return scores | errors, under | dict.fromkeys(errors, len(pairs))


def _drawn(passages: int, draws: int) -> list[NDArray[np.int64]]:
    """How often each passage is in each draw: the same ones every time, so that the cards' figures come again."""
    chance = random.Random(0)  # noqa: S311 - a bootstrap keeps no secrets
    return [
        np.bincount([chance.randrange(passages) for _ in range(passages)], minlength=passages) for _ in range(draws)
    ]


def _measure(scores: list[float], draws: int, under: int | None = None) -> Measure:
    value, *drawn = scores
    if not draws:
        return Measure(value)
    drawn.sort()
    low, high = drawn[int(0.025 * draws)], drawn[int(0.975 * draws)]
    return Measure(value, *((low, high) if under is None else reach(value, low, high, under)))


def _scores(
    pairs: list[tuple[Coded, Record]], weights: NDArray[np.float64]
) -> tuple[dict[str, NDArray[np.float64]], dict[str, int]]:
    """Pool counts over the passages of each draw (rows of ``weights``) before dividing; and count the passages that
    have any.
    """
    counts = [count_passage(row, record) for row, record in pairs]
    names = list(dict.fromkeys(name for each in counts for name in each))
    cells = [each.get(name, NOTHING) for each in counts for name in names]
    table = np.array(cells, dtype=np.float64).reshape(len(counts), len(names), 3)
    right, predicted, coded = np.moveaxis(np.tensordot(weights, table, axes=1), 2, 0)  # each draws × metrics
    both = predicted + coded
    f1 = dict(zip(names, (2 * right / np.where(both > 0, both, 1)).T, strict=True))
    counted = table[:, :, 1:] > 0  # passages × metrics × (predicted, coded)
    under = dict(zip(names, counted.any(2).sum(0).tolist(), strict=True))
    if "framing.unmasking" in names:
        unmasking = names.index("framing.unmasking")
        f1["framing.unmasking.precision"] = right[:, unmasking] / np.maximum(predicted[:, unmasking], 1)
        f1["framing.unmasking.recall"] = right[:, unmasking] / np.maximum(coded[:, unmasking], 1)
        precise, recalled = counted[:, unmasking].sum(0).tolist()
        under |= {"framing.unmasking.precision": precise, "framing.unmasking.recall": recalled}
    for field, labels in (("framing", FRAMINGS), ("frames", FRAMES)):
        its = [f"{field}.{label}" for label in labels]
        if all(name in names for name in its):
            f1[f"{field}.macro_f1"] = _mean([f1[name] for name in its])
            under[f"{field}.macro_f1"] = int(counted[:, [*map(names.index, its)]].any((1, 2)).sum())
    return f1, under


def _mean(columns: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    # The built-in sum, whose rounding differs from numpy's: the cards' figures were made with it.
    return np.array([sum(row) / len(row) for row in np.stack(columns, 1).tolist()])


def _calibration_errors(
    pairs: list[tuple[Coded, Record]], weights: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """Mean distance between stated probability and share right, bins weighted by how many judgements fall in them."""
    gaps = np.zeros((len(pairs), len(_CALIBRATED), BINS))
    judgements = np.zeros((len(pairs), len(_CALIBRATED)))
    for at, (row, record) in enumerate(pairs):
        for kind, stated in enumerate(_stated(row, record)):
            for probability, true in stated:
                gaps[at, kind, min(int(probability * BINS), BINS - 1)] += probability - true
            judgements[at, kind] = len(stated)
    errors = np.abs(np.tensordot(weights, gaps, axes=1)).sum(2) / np.maximum(weights @ judgements, 1)
    whole = judgements.min(axis=0) == [*_CALIBRATED.values()]
    return {f"ece.{kind}": errors[:, at] for at, kind in enumerate(_CALIBRATED) if whole[at]}


def _stated(row: Coded, record: Record) -> tuple[list[tuple[float, bool]], ...]:
    """Each probability a record states of what was coded with whether it came true, in the order of _CALIBRATED."""
    passage, framing, frames = longest_passage(record), strongest_framing(record), row.get("frames", {})
    return (
        [(passage["about"], bool(row["about"]))] if "about" in row else [],
        [(passage["frames"].get(frame, 0.0), bool(frames[frame])) for frame in FRAMES if frame in frames],
        [(framing["framing_score"], framing["framing"] == row["framing"])] if "framing" in row else [],
    )


def worst(gold: Sequence[Coded], records: Iterable[Record], metric: str, most: int = 10) -> list[tuple[str, int, int]]:
    """Return the passages that cost ``metric`` most: id, how much of the gold was missed, how much was predicted amiss.

    The unit is that of the metric (characters, contrasts, metaphors, passages). Raises KeyError for a metric that is
    not counted by passage, or of what no passage was coded for.
    """
    counts = {str(row["id"]): count_passage(row, record) for row, record in pair_up(gold, records)}
    if not any(metric in each for each in counts.values()):
        raise KeyError(metric)
    found = []
    for id, (right, predicted, coded) in ((id, each.get(metric, NOTHING)) for id, each in counts.items()):
        if predicted + coded > 2 * right:
            found.append((id, coded - right, predicted - right))
    return sorted(found, key=lambda each: (-each[1] - each[2], each[0]))[:most]


def table(systems: Mapping[str, Mapping[str, Measure]]) -> str:
    """Write a Markdown table: a row a metric, a column a system; a dash where not measured."""
    rows = sorted({name for measures in systems.values() for name in measures})
    lines = [["metric", *systems], ["---", *("---:" for _ in systems)]]
    for name in rows:
        cells = (measures.get(name) for measures in systems.values())
        lines.append([name, *("–" if cell is None else str(cell) for cell in cells)])
    return "\n".join(map(table_row, lines)) + "\n"
