"""What is set after training, on passages that the weights have not seen: decisions and thresholds.

They are chosen fold by fold on the *other* folds, so that what is reported for a fold was never tuned on it; what ships
is the choice over all folds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from rhetoric.analysis import describe, load, make_record
from rhetoric.ingest import make_document
from rhetoric.labels import FRAMES, FRAMINGS
from rhetoric.pipeline import frames, framing, metaphor
from rhetoric.pipeline.candidates import FEATURES
from rhetoric.pipeline.contrast import prepare
from rhetoric.pipeline.thresholds import START
from rhetoric.record import Record
from rhetoric.training.counts import meet, sides_agree
from rhetoric.training.gold import Coded, fold_of
from rhetoric.training.metrics import evaluate

# For each threshold: the component and attribute that hold it, the metrics it serves, and the values tried.
_GRID: Final[dict[str, tuple[str, str, tuple[str, ...], tuple[float, ...]]]] = {
    "framing.unmasking": (
        # None lower: real prose is no framing nine times in ten, the gold three times in five.
        "rhetoric_framing", "threshold", ("framing.unmasking",), (0.4, 0.5, 0.6, 0.7),
    ),
    "framing.part": (
        "rhetoric_framing", "part", ("framing.account", "framing.machinery"), (0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
    ),
    "framing.cue": ("rhetoric_framing", "cue", ("framing.cue",), (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)),
    "contrast.threshold": ("rhetoric_contrast", "threshold", ("contrast.any",), (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)),
    "contrast.trust": ("rhetoric_contrast", "trust", ("contrast.labelled",), (0.0, 1.0, 2.0, 4.0)),
    "metaphor.live": ("rhetoric_metaphor", "live_threshold", ("metaphor.live",), (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)),
}  # fmt: skip
DECIDING: Final = ("rhetoric_frames", "rhetoric_framing", "rhetoric_contrast", "rhetoric_metaphor")


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
        self._nested: dict[int, Choice] = {}
        self._nlps = [load(detectors=folder) for folder in folders]
        self._docs: list[Any] = [self._nlps[fold](row["text"]) for row, fold in zip(rows, self.folds, strict=True)]
        judges = [nlp.get_pipe("rhetoric_contrast").judge for nlp in self._nlps]  # type: ignore[attr-defined]
        self._prepared = [prepare(doc, judges[fold]) for doc, fold in zip(self._docs, self.folds, strict=True)]

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
        fitted = {**self._fit_frames(folds), **self._fit_framing(folds), "contrast": self._fit_contrast(folds)}
        fitted |= {"live": self._fit_live(folds), "cue": self._fit_cue(folds)}
        choice = Choice(dict(START), fitted)
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
            self._nested[fold] = self.choose([other for other in every if other != fold])
            found |= self.records(self._nested[fold], [fold])
        return [found[row["id"]] for row in self.rows]

    def readers(self) -> list[Any]:
        """Return, for each passage, the pipeline that has not seen it, with what ``nested`` chose for it."""
        for fold, choice in self._nested.items():
            _set(self._nlps[fold], choice)
        return [self._nlps[fold] for fold in self.folds]

    def _fit_frames(self, folds: list[int]) -> dict[str, dict[str, float]]:
        """Fit one logistic model to all frames, which share the weights of encoder and words, and one to ``about``."""
        features: dict[str, list[list[float]]] = {"frames": [], "about": []}
        coded: dict[str, list[str]] = {"frames": [], "about": []}
        for row, doc, fold in zip(self.rows, self._docs, self.folds, strict=True):
            if fold in folds:
                words = self._nlps[fold].get_pipe("rhetoric_frames").words  # type: ignore[attr-defined]
                each, about = frames.describe(max(doc.spans["passage"], key=len), words)
                features["about"].append(about.tolist())
                coded["about"].append("yes" if row["about"] else "no")
                for at, frame in enumerate(FRAMES):
                    features["frames"].append([*each[at].tolist(), *(float(frame == other) for other in FRAMES)])
                    coded["frames"].append("yes" if row["frames"][frame] else "no")
        names = {"frames": frames.FEATURES, "about": frames.ABOUT_FEATURES}
        return {name: _fit(features[name], coded[name], names[name])["yes"] for name in names}

    def _fit_framing(self, folds: list[int]) -> dict[str, dict[str, float]]:
        """Fit a logistic model of the label of a passage; a gold passage is one passage."""
        features: list[list[float]] = []
        coded: list[str] = []
        for row, doc, fold in zip(self.rows, self._docs, self.folds, strict=True):
            if fold in folds:
                passage = max(doc.spans["passage"], key=len)
                words = self._nlps[fold].get_pipe("rhetoric_framing").words  # type: ignore[attr-defined]
                features.append(framing.describe(passage, words))
                coded.append(row["framing"])
        found = _fit(features, coded, framing.FEATURES)
        return {f"framing.{label}": found[label] for label in FRAMINGS}

    def _fit_live(self, folds: list[int]) -> dict[str, float]:
        """Fit a logistic model: is this word part of a live metaphor?"""
        features: list[list[float]] = []
        coded: list[str] = []
        for row, doc, fold in zip(self.rows, self._docs, self.folds, strict=True):
            if fold in folds:
                passage = max(doc.spans["passage"], key=len)
                phrases = self._nlps[fold].get_pipe("rhetoric_metaphor").phrases  # type: ignore[attr-defined]
                features += metaphor.describe(passage, phrases).tolist()
                coded += _within(passage, [each["span"] for each in row["live_metaphors"]])
        return _fit(features, coded, metaphor.FEATURES)["yes"]

    def _fit_cue(self, folds: list[int]) -> dict[str, float]:
        """Fit a logistic model: is this word of a passage that is framing part of its cue?"""
        features: list[list[float]] = []
        coded: list[str] = []
        for row, doc, fold in zip(self.rows, self._docs, self.folds, strict=True):
            if fold in folds and row["framing"] != "none":
                passage = max(doc.spans["passage"], key=len)
                phrases = self._nlps[fold].get_pipe("rhetoric_framing").phrases  # type: ignore[attr-defined]
                features += framing.describe_cue(passage, phrases).tolist()
                coded += _within(passage, [span for each in row["instances"] for span in each["cue"]])
        return _fit(features, coded, framing.CUE_FEATURES)["yes"]

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


def _within(passage: Any, spans: list[list[int]]) -> list[str]:  # noqa: ANN401 - a Span
    words = ([token.idx, token.idx + len(token)] for token in passage)
    return ["yes" if any(meet(span, word) for span in spans) else "no" for word in words]


def _set(nlp: Any, choice: Choice) -> None:  # noqa: ANN401 - a Language
    def weights(name: str, features: tuple[str, ...]) -> list[float]:
        return [choice.decisions[name][feature] for feature in (*features, "alone")]

    for name, (pipe, attribute, _, _) in _GRID.items():
        setattr(nlp.get_pipe(pipe), attribute, choice.thresholds[name])
    nlp.get_pipe("rhetoric_contrast").weights = np.array(weights("contrast", FEATURES), dtype=np.float32)
    nlp.get_pipe("rhetoric_frames").frames = np.array(weights("frames", frames.FEATURES), dtype=np.float32)
    nlp.get_pipe("rhetoric_frames").about = np.array(weights("about", frames.ABOUT_FEATURES), dtype=np.float32)
    nlp.get_pipe("rhetoric_metaphor").weights = np.array(weights("live", metaphor.FEATURES), dtype=np.float32)
    nlp.get_pipe("rhetoric_framing").cue_weights = np.array(weights("cue", framing.CUE_FEATURES), dtype=np.float32)
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
