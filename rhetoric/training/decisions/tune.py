"""What is set after training, on passages that the weights have not seen: decisions and thresholds.

They are chosen fold by fold on the *other* folds, so that what is reported for a fold was never tuned on it; what ships
is the choice over all folds.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from rhetoric.analysis import load, make_record
from rhetoric.gold import Coded, fold_of
from rhetoric.ingest import make_document
from rhetoric.labels import FRAMINGS
from rhetoric.made_by import describe
from rhetoric.pipeline.contrast import WEIGHER_ALONE, Prepared, prepare
from rhetoric.pipeline.contrast.weigher import Weigher
from rhetoric.pipeline.thresholds import START
from rhetoric.record import Record
from rhetoric.training.decisions.questions import ASKED, Asked, ask, contrasts_coded
from rhetoric.training.decisions.weigher import NONE, fit_weigher
from rhetoric.training.evaluation.evaluate import annotate_gold
from rhetoric.training.evaluation.metrics import evaluate

# For each threshold: the component and attribute that hold it, the metrics it serves, and the values tried.
GRID: Final[dict[str, tuple[str, str, tuple[str, ...], tuple[float, ...]]]] = {
    "framing.unmasking": ("rhetoric_framing", "threshold", ("framing.unmasking",), (0.3, 0.35, 0.4, 0.45, 0.5, 0.55)),
    "framing.partial": ("rhetoric_framing", "partial", ("framing.partial",), (0.3, 0.35, 0.4, 0.45, 0.5)),
    "framing.part": (
        "rhetoric_framing", "part", ("framing.account", "framing.machinery"), (0.2, 0.25, 0.3, 0.35, 0.4, 0.5),
    ),
    # Higher ones do as well, but leave single words of a cue.
    "framing.cue": ("rhetoric_framing", "cue", ("framing.cue",), (0.1, 0.15, 0.2, 0.25, 0.3)),
    "contrast.threshold": ("rhetoric_contrast", "threshold", ("contrast.any",), (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)),
    "contrast.trust": ("rhetoric_contrast", "trust", ("contrast.labelled",), (0.0, 1.0, 2.0, 4.0)),
    "metaphor.live": ("rhetoric_metaphor", "live_threshold", ("metaphor.live",), (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)),
}  # fmt: skip
# The component and attribute that hold the weights of each decision.
HELD: Final = {
    "contrast": ("rhetoric_contrast", "weights"),
    "frames": ("rhetoric_frames", "frames"),
    "about": ("rhetoric_frames", "about"),
    "live": ("rhetoric_metaphor", "weights"),
    "cue": ("rhetoric_framing", "cue_weights"),
    "framing": ("rhetoric_framing", "weights"),
}
# The decision on framing is fitted to these too: most are real prose, which is no framing nine times in ten, the gold
# three times in five. The other decisions lost by it.
FURTHER: Final = "further passages"
_CHANCES: Final = (0.3, 0.35, 0.4, 0.45, 0.5)
# How much a passage counts there that stands for less than itself: one of some four that were written after one real
# passage, or one that was drawn because detectors suspected it to unmask.
_SHARE: Final = 0.25
_TIMES: Final = 5  # how often what was coded twice, or with most care, counts for the weigher
DECIDING: Final = ("rhetoric_frames", "rhetoric_framing", "rhetoric_contrast", "rhetoric_metaphor")


@dataclass(frozen=True)
class Choice:
    """What is chosen on some folds: thresholds, the weights of each decision by feature, the weigher of contrasts."""

    thresholds: dict[str, float]
    decisions: dict[str, dict[str, float]]
    weigher: Weigher | None = None


class HeldOut:
    """Gold passages analysed once, by weights that have not seen them; detectors can run again at other thresholds."""

    def __init__(self, rows: list[Coded], folders: list[Path], further: Iterable[Coded] = ()) -> None:
        """Encode ``rows``; ``folders`` hold the exported weights of each fold, in order. From ``further`` passages,
        which those weights have not seen either, the decision on framing learns, and from the real ones the weigher.
        """
        self.rows, self.folds = rows, [fold_of(row, len(folders)) for row in rows]
        self.choices: dict[int, Choice] = {}  # by fold, what ``nested`` chose on the others
        self._nlps = [load(detectors=folder) for folder in folders]
        self._docs: list[Any] = [self._nlps[fold](row["text"]) for row, fold in zip(rows, self.folds, strict=True)]
        judges = [nlp.get_pipe("rhetoric_contrast").judge for nlp in self._nlps]  # type: ignore[attr-defined]
        self._prepared = [prepare(doc, judges[fold]) for doc, fold in zip(self._docs, self.folds, strict=True)]
        # By fold: features of candidates, and what each was coded as.
        self._weighed: list[tuple[list[Any], list[str]]] = [([], []) for _ in folders]
        for row, doc, prepared, fold in zip(self.rows, self._docs, self._prepared, self.folds, strict=True):
            self._weigh(row, doc, prepared, fold, _TIMES)
        self._weighers: dict[tuple[int, ...], Weigher] = {}  # by the folds that they learned from
        # The fold of a passage, how much it counts, its features and answers.
        self._further: list[tuple[int, float, Asked]] = []
        for row in further:
            fold = fold_of(row, len(folders))
            doc = self._nlps[fold](row["text"], disable=[*DECIDING])
            prepared = prepare(doc, judges[fold])
            if not _rewritten(row):  # contrasts of real prose were told worse by them
                self._weigh(row, doc, prepared, fold, 1)
            share = _SHARE if _rewritten(row) or row.get("stratum") == "suspected" else 1.0
            self._further.append((fold, share, ask("framing", row, doc, prepared, self._nlps[fold])))

    def _weigh(self, row: Coded, doc: Any, prepared: list[Prepared], fold: int, times: int) -> None:  # noqa: ANN401
        features, coded = self._weighed[fold]
        for passage, each in zip(doc.spans["passage"], prepared, strict=True):
            if "contrasts" in row and each.candidates:
                features += [each.features] * times
                coded += [label or NONE for label in contrasts_coded(row, passage.start_char, each)] * times

    def records(self, choice: Choice, folds: Iterable[int], pipes: Iterable[str] = DECIDING) -> dict[str, Record]:
        """Return the records of the passages of ``folds`` at ``choice``, by id; only ``pipes`` decide anew."""
        found = {}
        for fold in folds:
            nlp: Any = self._nlps[fold]
            set_choice(nlp, choice)
            made_by = describe(nlp)
            for row, doc, prepared, its in zip(self.rows, self._docs, self._prepared, self.folds, strict=True):
                if its != fold:
                    continue
                for pipe in pipes:
                    decide(nlp, pipe, doc, prepared)
                found[row["id"]] = make_record(doc, make_document(row["text"], id=row["id"]), made_by)
        return found

    def choose(self, folds: list[int], without: Collection[str] = ()) -> Choice:
        """Return what serves the passages of ``folds`` best, each threshold chosen by itself.

        Decisions do not look at the features ``without`` names ("DECISION.FEATURE"), nor at ``FURTHER`` if it is there.
        """
        fitted = {name: self._fit(name, folds, without) for name in ASKED if name != "contrast"}
        labels = fitted.pop("framing")
        decisions = {name: by_label["yes"] for name, by_label in fitted.items()}
        decisions |= {f"framing.{label}": labels[label] for label in FRAMINGS}
        decisions["contrast"] = {name: WEIGHER_ALONE.get(name, 0.0) for name in (*ASKED["contrast"], "alone")}
        choice = Choice(dict(START), decisions, self._weigher(folds))
        rows = [row for row, fold in zip(self.rows, self.folds, strict=True) if fold in folds]
        self.records(choice, folds)
        self._move_to_half(choice, rows, folds)
        for name, (pipe, _, metrics, values) in GRID.items():
            if pipe == "rhetoric_contrast":  # as in START: the weigher has learned from these very passages
                continue
            scores = {}
            for value in values:
                tried = replace(choice, thresholds={**choice.thresholds, name: value})
                found = evaluate(rows, self.records(tried, folds, [pipe]).values(), draws=0)
                scores[value] = sum(found[metric].value for metric in metrics)
            choice.thresholds[name] = max(values, key=lambda value: scores[value])
        return choice

    def _move_to_half(self, choice: Choice, rows: list[Coded], folds: list[int]) -> None:
        """Move to a half, from which on a frame counts as present everywhere, the chance that serves F1 best."""
        fitted, scores = choice.decisions["frames"], {}
        for chance in _CHANCES:
            alone = round(fitted["alone"] - float(np.log(chance / (1 - chance))), 4)
            choice.decisions["frames"] = {**fitted, "alone": alone}
            found = evaluate(rows, self.records(choice, folds, ["rhetoric_frames"]).values(), draws=0)
            scores[chance] = (found["frames.macro_f1"].value, choice.decisions["frames"])
        choice.decisions["frames"] = max(scores.values(), key=lambda scored: scored[0])[1]

    def _weigher(self, folds: list[int]) -> Weigher:
        if (every := tuple(folds)) not in self._weighers:
            features, coded = ([part for fold in folds for part in self._weighed[fold][at]] for at in (0, 1))
            self._weighers[every] = fit_weigher(np.concatenate(features), coded)
        return self._weighers[every]

    def nested(self, without: Collection[str] = ()) -> list[Record]:
        """Return a record for every passage, with everything chosen on the other folds (see ``choose``)."""
        every = sorted(set(self.folds))
        choices = {fold: self.choose([other for other in every if other != fold], without) for fold in every}
        if not without:
            self.choices = choices
        return self.apply(choices)

    def apply(self, choices: Mapping[int, Choice]) -> list[Record]:
        """Return a record for every passage, by the choice for its fold."""
        found: dict[str, Record] = {}
        for fold, choice in choices.items():
            found |= self.records(choice, [fold])
        return [found[row["id"]] for row in self.rows]

    def readers(self) -> list[Any]:
        """Return, for each passage, the pipeline that has not seen it, with what ``nested`` chose for it."""
        for fold, choice in self.choices.items():
            set_choice(self._nlps[fold], choice)
        return [self._nlps[fold] for fold in self.folds]

    def read(self, rows: Iterable[Coded]) -> list[Record]:
        """Return a record for each of other passages, by weights that have not seen its document and what ``nested``
        chose for them.
        """
        for fold, choice in self.choices.items():
            set_choice(self._nlps[fold], choice)
        return [next(annotate_gold([row], self._nlps[fold_of(row, len(self._nlps))])) for row in rows]

    def _fit(self, decision: str, folds: list[int], without: Collection[str]) -> dict[str, dict[str, float]]:
        """Fit one logistic model to the passages of ``folds``; returns its weights by label."""
        asked = [
            (fold, 1.0, ask(decision, row, doc, prepared, self._nlps[fold]))
            for row, doc, prepared, fold in zip(self.rows, self._docs, self._prepared, self.folds, strict=True)
            if fold in folds
        ]
        if decision == "framing" and FURTHER not in without:
            asked += [each for each in self._further if each[0] in folds]
        names = ASKED[decision]
        seen = [at for at, name in enumerate(names) if f"{decision}.{name}" not in without]
        features = [[each[at] for at in seen] for _, _, (its, _) in asked for each in its]
        coded = [each for _, _, (_, answers) in asked for each in answers]
        counts = [count for _, count, (its, _) in asked for _ in its]
        fitted = _fit(features, coded, counts, [names[at] for at in seen])
        return {
            label: {name: weights.get(name, 0.0) for name in (*names, "alone")} for label, weights in fitted.items()
        }


def set_choice(nlp: Any, choice: Choice) -> None:  # noqa: ANN401 - a Language
    """Let the detectors of ``nlp`` decide by ``choice``."""
    for name, (pipe, attribute, _, _) in GRID.items():
        setattr(nlp.get_pipe(pipe), attribute, choice.thresholds[name])
    for decision, (pipe, attribute) in HELD.items():
        rows = [[choice.decisions[name][each] for each in (*ASKED[decision], "alone")] for name in names_of(decision)]
        weights = np.array(rows if decision == "framing" else rows[0], dtype=np.float32)
        setattr(nlp.get_pipe(pipe), attribute, weights)
    nlp.get_pipe("rhetoric_contrast").weigher = choice.weigher


def decide(nlp: Any, pipe: str, doc: Any, prepared: list[Prepared]) -> None:  # noqa: ANN401
    """Let one of DECIDING decide anew on ``doc``, whose candidates for contrasts are ``prepared``."""
    if pipe == "rhetoric_contrast":
        nlp.get_pipe(pipe).decide(doc, prepared)
    else:
        nlp.get_pipe(pipe)(doc)


def choice_of(nlp: Any) -> Choice:  # noqa: ANN401
    """Return what the detectors of ``nlp`` decide by."""
    thresholds = {name: float(getattr(nlp.get_pipe(pipe), attribute)) for name, (pipe, attribute, _, _) in GRID.items()}
    decisions = {}
    for decision, (pipe, attribute) in HELD.items():
        rows = np.atleast_2d(getattr(nlp.get_pipe(pipe), attribute)).tolist()
        for name, row in zip(names_of(decision), rows, strict=True):
            decisions[name] = dict(zip((*ASKED[decision], "alone"), (round(each, 4) for each in row), strict=True))
    return Choice(thresholds, decisions, nlp.get_pipe("rhetoric_contrast").weigher)


def names_of(decision: str) -> list[str]:
    """Return the names under which the weights of a decision are stored: one, or one a label."""
    return [f"framing.{label}" for label in FRAMINGS] if decision == "framing" else [decision]


def _rewritten(row: Coded) -> bool:
    return "of" in row


def _fit(
    features: list[list[float]], coded: list[str], counts: list[float], names: list[str]
) -> dict[str, dict[str, float]]:
    """Fit a logistic regression; each answer counts as ``counts`` say.

    Returns, for each label, the weight of each feature and the one alone.
    """
    from sklearn.linear_model import LogisticRegression

    table = np.array(features)
    spread = table.std(axis=0) + 1e-6
    model = LogisticRegression(max_iter=3000).fit(table / spread, coded, sample_weight=counts)
    weights = np.column_stack([model.coef_ / spread, model.intercept_])
    labels = list(model.classes_) if len(weights) > 1 else [str(model.classes_[1])]
    return {
        label: {name: round(float(weight), 4) for name, weight in zip((*names, "alone"), row, strict=True)}
        for label, row in zip(labels, weights, strict=True)
    }
