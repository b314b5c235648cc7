"""What is set after training, on passages that the weights have not seen: temperatures and thresholds.

Thresholds are chosen fold by fold on the *other* folds, so that what is reported for a fold was never tuned on it; what ships
is the choice over all folds. Temperatures are three numbers over all of them.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.analyse import describe, load, make_record
from rhetoric.ingest import make_document
from rhetoric.labels import FRAMES, FRAMINGS
from rhetoric.pipeline.encoder import Encoder
from rhetoric.pipeline.layout import PASSAGE, columns
from rhetoric.pipeline.thresholds import START
from rhetoric.record import Record
from rhetoric.training.gold import Coded, fold_of
from rhetoric.training.metrics import evaluate

# For each threshold: the component and attribute that hold it, the metrics it serves, and the values tried.
_GRID: Final[dict[str, tuple[str, str, tuple[str, ...], tuple[float, ...]]]] = {
    "framing.part": (
        "rhetoric_framing", "threshold", ("framing.account", "framing.machinery", "framing.cue"),
        (0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
    ),
    "contrast.eagerness": (
        "rhetoric_contrast", "eagerness", ("contrast.any", "contrast.labelled"),
        (-0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0),
    ),
    "metaphor.live": ("rhetoric_metaphor", "live_threshold", ("metaphor.live",), (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)),
}  # fmt: skip


def fit_temperatures(held: Iterable[tuple[Path, list[Coded]]]) -> dict[str, float]:
    """Return the temperature of each calibrated head that makes held-out passages likeliest (Guo et al. 2017).

    ``held`` pairs exported weights with passages that they have not seen.
    """
    from scipy.optimize import minimize_scalar

    said: list[NDArray[np.float32]] = []
    rows: list[Coded] = []
    for folder, passages in held:
        encoder = Encoder(folder)
        said += [encoder.encode(row["text"]).passage for row in passages]
        rows += passages
    logits, where = np.stack(said).astype(np.float64), columns(PASSAGE)
    should = {
        "about": np.array([[row["about"]] for row in rows]),
        "frames": np.array([[row["frames"][frame] for frame in FRAMES] for row in rows]),
        "framing": np.array([FRAMINGS.index(row["framing"]) for row in rows]),
    }

    def surprise(head: str) -> Callable[[float], float]:
        scores = logits[:, where[head]]
        return lambda log_t: _surprise(scores / np.exp(log_t), should[head])

    return {head: round(float(np.exp(minimize_scalar(surprise(head), bounds=(-2, 2)).x)), 3) for head in should}


def _surprise(scores: NDArray[np.float64], should: NDArray[np.int64]) -> float:
    if should.ndim == 2:  # independent labels
        return float(np.mean(np.logaddexp(0, scores) - should * scores))
    top = scores.max(axis=1)
    total = top + np.log(np.exp(scores - top[:, None]).sum(axis=1))
    return float(np.mean(total - scores[np.arange(len(should)), should]))


class HeldOut:
    """Gold passages analysed once, each by weights that have not seen it; detectors can be run again at other thresholds."""

    def __init__(self, rows: list[Coded], folders: list[Path], spacy_model: str | None = None) -> None:
        """Encode ``rows``; ``folders`` hold the exported weights of each fold, in order."""
        self.rows, self.folds = rows, [fold_of(row, len(folders)) for row in rows]
        self._nlps = [load(spacy_model, detectors=folder) for folder in folders]
        self._docs: list[Any] = [
            self._nlps[fold](row["text"]) for row, fold in zip(rows, self.folds, strict=True)
        ]

    def records(self, thresholds: dict[str, float], folds: Iterable[int]) -> dict[str, Record]:
        """Return the records of the passages of ``folds`` at ``thresholds``, by id."""
        found = {}
        for fold in folds:
            nlp = self._nlps[fold]
            for name, (pipe, attribute, _, _) in _GRID.items():
                setattr(nlp.get_pipe(pipe), attribute, thresholds[name])
            made_by = describe(nlp)
            for row, doc, its in zip(self.rows, self._docs, self.folds, strict=True):
                if its == fold:
                    for pipe in {entry[0] for entry in _GRID.values()}:
                        doc = nlp.get_pipe(pipe)(doc)
                    found[row["id"]] = make_record(doc, make_document(row["text"], id=row["id"]), made_by)
        return found

    def choose(self, folds: list[int]) -> dict[str, float]:
        """Return the thresholds that serve the passages of ``folds`` best, each chosen by itself."""
        chosen = dict(START)
        rows = [row for row, fold in zip(self.rows, self.folds, strict=True) if fold in folds]
        for name, (_, _, metrics, values) in _GRID.items():
            scores = {}
            for value in values:
                found = evaluate(rows, self.records({**chosen, name: value}, folds).values(), draws=0)
                scores[value] = sum(found[metric].value for metric in metrics)
            chosen[name] = max(values, key=lambda value: scores[value])
        return chosen

    def nested(self) -> list[Record]:
        """Return a record for every passage, at thresholds chosen on the other folds."""
        every = sorted(set(self.folds))
        found: dict[str, Record] = {}
        for fold in every:
            found |= self.records(self.choose([other for other in every if other != fold]), [fold])
        return [found[row["id"]] for row in self.rows]
