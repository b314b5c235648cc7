"""What is set after training, on passages that the weights have not seen: temperatures and thresholds.

Thresholds are chosen fold by fold on the *other* folds, so that what is reported for a fold was never tuned on it; what
ships is the choice over all folds. Temperatures are two numbers over all of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.analysis import describe, load, make_record
from rhetoric.ingest import make_document
from rhetoric.labels import FRAMES, FRAMINGS
from rhetoric.pipeline import framing
from rhetoric.pipeline.candidates import FEATURES
from rhetoric.pipeline.contrast import prepare
from rhetoric.pipeline.encoder import Encoder
from rhetoric.pipeline.layout import PASSAGE, columns
from rhetoric.pipeline.thresholds import START
from rhetoric.record import Record
from rhetoric.training.counts import sides_agree
from rhetoric.training.gold import Coded, fold_of
from rhetoric.training.metrics import evaluate

# For each threshold: the component and attribute that hold it, the metrics it serves, and the values tried.
_GRID: Final[dict[str, tuple[str, str, tuple[str, ...], tuple[float, ...]]]] = {
    "framing.unmasking": (
        "rhetoric_framing", "threshold", ("framing.unmasking",), (0.2, 0.25, 0.3, 0.35, 0.4, 0.5),
    ),
    "framing.part": (
        "rhetoric_framing", "part", ("framing.account", "framing.machinery", "framing.cue"),
        (0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
    ),
    "contrast.threshold": ("rhetoric_contrast", "threshold", ("contrast.any",), (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)),
    "contrast.trust": ("rhetoric_contrast", "trust", ("contrast.labelled",), (0.0, 1.0, 2.0, 4.0)),
    "metaphor.live": ("rhetoric_metaphor", "live_threshold", ("metaphor.live",), (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)),
}  # fmt: skip
DECIDING: Final = ("rhetoric_framing", "rhetoric_contrast", "rhetoric_metaphor")


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


@dataclass(frozen=True)
class Choice:
    """What is chosen on some folds: thresholds, and the weights of each decision by feature."""

    thresholds: dict[str, float]
    decisions: dict[str, dict[str, float]]


class HeldOut:
    """Gold passages analysed once, by weights that have not seen them; detectors can run again at other thresholds."""

    def __init__(self, rows: list[Coded], folders: list[Path]) -> None:
        """Encode ``rows``; ``folders`` hold the exported weights of each fold, in order."""
        self.rows, self.folds = rows, [fold_of(row, len(folders)) for row in rows]
        self._nlps = [load(detectors=folder) for folder in folders]
        self._docs: list[Any] = [self._nlps[fold](row["text"]) for row, fold in zip(rows, self.folds, strict=True)]
        self._prepared = [prepare(doc) for doc in self._docs]

    def records(self, choice: Choice, folds: Iterable[int], pipes: Iterable[str] = DECIDING) -> dict[str, Record]:
        """Return the records of the passages of ``folds`` at ``choice``, by id; only ``pipes`` decide anew."""
        found = {}
        for fold in folds:
            nlp: Any = self._nlps[fold]
            _set(nlp, choice)
            made_by = describe(nlp)
            for row, doc, prepared, its in zip(self.rows, self._docs, self._prepared, self.folds, strict=True):
                if its != fold:
                    continue
                for pipe in pipes:
                    if pipe == "rhetoric_contrast":
                        nlp.get_pipe(pipe).decide(doc, prepared)
                    else:
                        nlp.get_pipe(pipe)(doc)
                found[row["id"]] = make_record(doc, make_document(row["text"], id=row["id"]), made_by)
        return found

    def choose(self, folds: list[int]) -> Choice:
        """Return what serves the passages of ``folds`` best, each threshold chosen by itself."""
        choice = Choice(dict(START), {**self._fit_framing(folds), "contrast": self._fit_contrast(folds)})
        rows = [row for row, fold in zip(self.rows, self.folds, strict=True) if fold in folds]
        self.records(choice, folds)
        for name, (pipe, _, metrics, values) in _GRID.items():
            scores = {}
            for value in values:
                tried = replace(choice, thresholds={**choice.thresholds, name: value})
                found = evaluate(rows, self.records(tried, folds, [pipe]).values(), draws=0)
                scores[value] = sum(found[metric].value for metric in metrics)
            choice.thresholds[name] = max(values, key=lambda value: scores[value])
        return choice

    def nested(self) -> list[Record]:
        """Return a record for every passage, with everything chosen on the other folds."""
        every = sorted(set(self.folds))
        found: dict[str, Record] = {}
        for fold in every:
            found |= self.records(self.choose([other for other in every if other != fold]), [fold])
        return [found[row["id"]] for row in self.rows]

    def _fit_framing(self, folds: list[int]) -> dict[str, dict[str, float]]:
        """Fit a logistic model of the label of a passage; a gold passage is one passage."""
        features: list[list[float]] = []
        coded: list[str] = []
        for row, doc, fold in zip(self.rows, self._docs, self.folds, strict=True):
            if fold in folds:
                passage = max(doc.spans["passage"], key=len)
                features.append(framing.describe(passage))
                coded.append(row["framing"])
        found = _fit(features, coded, framing.FEATURES)
        return {f"framing.{label}": found[label] for label in FRAMINGS}

    def _fit_contrast(self, folds: list[int]) -> dict[str, float]:
        """Fit a logistic model: is this candidate one of the contrasts that were coded?"""
        features: list[list[float]] = []
        coded: list[str] = []
        for row, doc, prepared, fold in zip(self.rows, self._docs, self._prepared, self.folds, strict=True):
            if fold not in folds:
                continue
            for passage, each in zip(doc.spans["passage"], prepared, strict=True):
                features += each.features.tolist()
                for candidate in each.candidates:
                    a, b = ([passage.start_char + at for at in side] for side in (candidate.a, candidate.b))
                    coded.append("yes" if any(sides_agree(gold, a, b) for gold in row["contrasts"]) else "no")
        return _fit(features, coded, FEATURES)["yes"]


def _set(nlp: Any, choice: Choice) -> None:  # noqa: ANN401 - a Language
    def weights(name: str, features: tuple[str, ...]) -> list[float]:
        return [choice.decisions[name][feature] for feature in (*features, "alone")]

    for name, (pipe, attribute, _, _) in _GRID.items():
        setattr(nlp.get_pipe(pipe), attribute, choice.thresholds[name])
    nlp.get_pipe("rhetoric_contrast").weights = np.array(weights("contrast", FEATURES), dtype=np.float32)
    each = [weights(f"framing.{label}", framing.FEATURES) for label in FRAMINGS]
    nlp.get_pipe("rhetoric_framing").weights = np.array(each, dtype=np.float32)


def _fit(features: list[list[float]], coded: list[str], names: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Fit a logistic regression; returns the weight of each feature, and the one alone, for each label."""
    from sklearn.linear_model import LogisticRegression

    table = np.array(features)
    spread = table.std(axis=0) + 1e-6
    model = LogisticRegression(max_iter=3000).fit(table / spread, coded)
    weights = np.column_stack([model.coef_ / spread, model.intercept_])
    labels = list(model.classes_) if len(weights) > 1 else [str(model.classes_[1])]
    return {
        label: {name: round(float(weight), 4) for name, weight in zip((*names, "alone"), row, strict=True)}
        for label, row in zip(labels, weights, strict=True)
    }
