"""Decisions and thresholds are chosen on passages that the weights have not seen.

They are chosen fold by fold on the *other* folds, so that what is reported for a fold was never tuned on it; what ships
is the choice over all folds.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from rhetoric.analysis import load
from rhetoric.gold import Coded, fold_of
from rhetoric.labels import FRAMINGS
from rhetoric.made_by import describe
from rhetoric.pipeline.contrast import WEIGHER_ALONE
from rhetoric.pipeline.contrast.weigher import Weigher
from rhetoric.pipeline.thresholds import START
from rhetoric.record import Record
from rhetoric.training.decisions.choice import DECIDING, GRID, Choice, decide, set_choice
from rhetoric.training.decisions.questions import ASKED, Asked, Case, ask, contrasts_coded, read_case
from rhetoric.training.decisions.weigher import NONE, fit_weigher
from rhetoric.training.evaluation.evaluate import annotate_gold
from rhetoric.training.evaluation.metrics import evaluate

# The decision on framing is fitted to these too: most are real prose, which is no framing nine times in ten, the gold
# three times in five. The other decisions lost by it.
FURTHER: Final = "further passages"
_CHANCES: Final = (0.3, 0.35, 0.4, 0.45, 0.5)
# How much a passage counts there that stands for less than itself: one of some four that were written after one real
# passage, or one that was drawn because detectors suspected it to unmask.
_SHARE: Final = 0.25
_TIMES: Final = 5  # how often what was coded twice, or with most care, counts for the weigher


class HeldOut:
    """Gold passages analysed once, by weights that have not seen them; detectors can run again at other thresholds."""

    def __init__(self, rows: list[Coded], folders: list[Path], further: Iterable[Coded] = ()) -> None:
        """Encode ``rows``; ``folders`` hold the exported weights of each fold, in order. From ``further`` passages,
        which those weights have not seen either, the decision on framing learns, and from the real ones the weigher.
        """
        self.rows, self.folds = rows, [fold_of(row, len(folders)) for row in rows]
        self.choices: dict[int, Choice] = {}  # by fold, what ``nested`` chose on the others
        self._nlps = [load(detectors=folder) for folder in folders]
        self._cases = [read_case(row, self._nlps[fold]) for row, fold in zip(rows, self.folds, strict=True)]
        # By fold: features of candidates, and what each was coded as.
        self._weighed: list[tuple[list[Any], list[str]]] = [([], []) for _ in folders]
        for case, fold in zip(self._cases, self.folds, strict=True):
            self._weigh(case, fold, _TIMES)
        self._weighers: dict[tuple[int, ...], Weigher] = {}  # by the folds that they learned from
        # The fold of a passage, how much it counts, its features and answers.
        self._further: list[tuple[int, float, Asked]] = []
        for row in further:
            fold, rewritten = fold_of(row, len(folders)), "of" in row
            case = read_case(row, self._nlps[fold], DECIDING)
            if not rewritten:  # contrasts of real prose were told worse by them
                self._weigh(case, fold, 1)
            share = _SHARE if rewritten or row.get("stratum") == "suspected" else 1.0
            self._further.append((fold, share, ask("framing", case, self._nlps[fold])))

    def _weigh(self, case: Case, fold: int, times: int) -> None:
        if "contrasts" in case.row:
            features, coded = self._weighed[fold]
            for each, labels in zip(case.prepared, contrasts_coded(case), strict=True):
                if labels:
                    features += [each.features] * times
                    coded += [label or NONE for label in labels] * times

    def records(self, choice: Choice, folds: Iterable[int], pipes: Iterable[str] = DECIDING) -> dict[str, Record]:
        """Return the records of the passages of ``folds`` at ``choice``, by id; only ``pipes`` decide anew."""
        found: dict[str, Record] = {}
        for fold in folds:
            nlp = self._nlps[fold]
            set_choice(nlp, choice)
            made_by = describe(nlp)
            its = (case for case, each in zip(self._cases, self.folds, strict=True) if each == fold)
            found |= {case.row["id"]: decide(nlp, case, made_by, pipes) for case in its}
        return found

    def choose(self, folds: list[int], without: Collection[str] = ()) -> Choice:
        """Return what serves the passages of ``folds`` best, each threshold chosen by itself.

        Decisions do not look at the features ``without`` names ("DECISION.FEATURE"), nor at ``FURTHER`` if it is there.
        """
        fitted = {name: self._fit(name, folds, without) for name in ASKED if name != "contrast"}
        labels = fitted.pop("framing")
        decisions = {name: by_label["yes"] for name, by_label in fitted.items()}
        decisions |= {f"framing.{label}": labels[label] for label in FRAMINGS}
        decisions["contrast"] = WEIGHER_ALONE
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
            (fold, 1.0, ask(decision, case, self._nlps[fold]))
            for case, fold in zip(self._cases, self.folds, strict=True)
            if fold in folds
        ]
        if decision == "framing" and FURTHER not in without:
            asked += [each for each in self._further if each[0] in folds]
        names = ASKED[decision]
        seen = [at for at, name in enumerate(names) if f"{decision}.{name}" not in without]
        features = [[each[at] for at in seen] for _, _, (its, _) in asked for each in its]
        coded = [each for _, _, (_, answers) in asked for each in answers]
        counts = [count for _, count, (its, _) in asked for _ in its]
        fitted = _fit_logistic(features, coded, counts, [names[at] for at in seen])
        return {
            label: {name: weights.get(name, 0.0) for name in (*names, "alone")} for label, weights in fitted.items()
        }


def _fit_logistic(
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
