"""Draw the detectors' lines as coders of one's own do: each decision and threshold again, starting from those there.

Weights are fitted as a difference from the ones they start from, held near them by a penalty, since a few hundred
passages cannot carry fifty weights. Whether a line is better than the one that is there is asked on passages of other
documents than those it was fitted to.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.gold import FIELDS, Coded
from rhetoric.labels import FRAMES, FRAMINGS, PRESENT
from rhetoric.made_by import describe
from rhetoric.record import Record
from rhetoric.training.decisions.choice import GRID, HELD, Choice, decide, names_of, set_choice
from rhetoric.training.decisions.questions import ASKED, Case, ask
from rhetoric.training.evaluation.counts import NOTHING, Count, count_passage

# From 10 to 100 it cost nothing, on simulated coders, where there was nothing to learn; less did, and so did
# starting from zero.
PENALTY: Final = 10.0
SURE: Final = 0.95  # share of bootstrap draws in which a line must be better than the one that is there
DRAWS: Final = 200
# About and frames have no threshold, a half is their line; what is moved there from one of these is the weight alone.
_CHANCES: Final = (0.2, 0.3, 0.4, PRESENT, 0.6)
_SEED: Final = 0
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """What is drawn anew by itself: the weights of a ``decision`` of ASKED, a ``threshold`` of GRID, or both.

    It decides on a ``field`` of coded passages; ``metrics`` say how well.
    """

    field: str
    metrics: tuple[str, ...]
    decision: str = ""
    threshold: str = ""

    @property
    def pipe(self) -> str:
        """The component that decides by it."""
        return HELD[self.decision][0] if self.decision else GRID[self.threshold][0]


@dataclass(frozen=True)
class Drawn:
    """How a line is drawn: by weights fitted to the coding, or those that are there; at which threshold."""

    fitted: bool
    value: float


# In order: a line is drawn given those before it, since account, machinery and cue are looked for in framing only.
LINES: Final[Mapping[str, Line]] = {
    "about": Line("about", ("about",), "about"),
    "frames": Line("frames", tuple(f"frames.{frame}" for frame in FRAMES), "frames"),
    "framing": Line("framing", ("framing.unmasking",), "framing", "framing.unmasking"),
    "account and machinery": Line("instances", ("framing.account", "framing.machinery"), threshold="framing.part"),
    "cue": Line("instances", ("framing.cue",), "cue", "framing.cue"),
    "contrast": Line("contrasts", ("contrast.any",), "contrast", "contrast.threshold"),
    "live metaphor": Line("live_metaphors", ("metaphor.live",), "live", "metaphor.live"),
}


def fit_towards(table: Numbers, answers: NDArray[np.int64], start: Numbers, penalty: float) -> Numbers:
    """Fit a logistic regression that stays near ``start`` and return its weights, of the same shape.

    ``table`` is questions × features. ``start`` is a row of weights a label, the last column alone; of one row only,
    it is that of the answer 1 against 0. Least is the log loss of all answers plus half of ``penalty`` times the
    squares of the difference, each weighed by the spread of its feature, or 1 where that is less.
    """
    if not len(table):
        return start
    from scipy.optimize import minimize
    from scipy.special import log_softmax

    columns = np.column_stack([table, np.ones(len(table))])
    room = np.maximum(columns.std(axis=0), 1.0)
    right = np.eye(max(2, len(start)))[answers]

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        odds = columns @ (start + flat.reshape(start.shape) / room).T
        said = log_softmax(odds if len(start) > 1 else np.column_stack([np.zeros(len(odds)), odds]), axis=1)
        off = (np.exp(said) - right)[:, -len(start) :]
        slope = (off.T @ columns / room).ravel() + penalty * flat
        return float(-(said * right).sum() + penalty / 2 * (flat**2).sum()), slope

    found = minimize(loss, np.zeros(start.size), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return np.asarray(start + found.x.reshape(start.shape) / room, dtype=np.float64)


class Deciding:
    """Coded passages in folds of whole documents; what is fitted to some folds can be tried on others."""

    def __init__(
        self,
        cases: Sequence[Case],
        folds: Sequence[NDArray[np.int64]],
        nlp: Any,  # noqa: ANN401 - a Language
        base: Choice,
        names: Sequence[str],
    ) -> None:
        """``names`` are the LINES to draw, in their order, ``folds`` the passages of each fold, ``base`` what there is,
        by which ``nlp`` still decides.
        """
        self.cases, self.folds, self.base, self.names = cases, folds, base, names
        self._nlp, self._made_by = nlp, describe(nlp)
        decisions = {LINES[name].decision for name in names} - {""}
        self._asked = {decision: [ask(decision, case, nlp) for case in cases] for decision in decisions}
        self._fits: dict[tuple[str, frozenset[int]], dict[str, dict[str, float]]] = {}
        self._tried: dict[tuple[str, int, str], Numbers] = {}

    def choose(self, kept: frozenset[int]) -> dict[str, Drawn]:
        """Return the lines to draw anew for passages of ``kept`` folds: those that are better, for sure enough, on each
        of the folds when fitted to the others.
        """
        drawn: dict[str, Drawn] = {}
        for name in self.names:
            line = LINES[name]
            there = self.there(name)
            values = sorted({there, *(GRID[line.threshold][3] if line.threshold else _CHANCES)})
            tried = [
                Drawn(fitted, value) for fitted in ([False, True] if line.decision else [False]) for value in values
            ]
            counts = {each: self.count(name, {**drawn, name: each}, kept) for each in tried}
            as_it_is = Drawn(False, there)
            best = max(tried, key=lambda each: (score(counts[each]), not each.fitted, -abs(each.value - there)))
            if best != as_it_is and how_sure(counts[best], counts[as_it_is]) >= SURE:
                drawn[name] = best
        return drawn

    def there(self, name: str) -> float:
        """Return the threshold of a line as it is before; a half where it has none."""
        return self.base.thresholds.get(LINES[name].threshold, PRESENT)

    def count(self, name: str, drawn: Mapping[str, Drawn], kept: frozenset[int]) -> Numbers:
        """Return the counts (passages × metrics × 3) of a line in ``kept``, each fold with what the others say."""
        return np.concatenate([self.try_on(name, self.settle(drawn, kept - {fold}), fold) for fold in sorted(kept)])

    def try_on(self, name: str, choice: Choice, fold: int) -> Numbers:
        """Return the counts (passages × metrics × 3) of a line in one fold, everything decided by ``choice``."""
        key = name, fold, _settings(LINES[name].pipe, choice)
        if key not in self._tried:
            set_choice(self._nlp, choice)
            counts = [self._count(LINES[name], self.cases[at]) for at in self.folds[fold]]
            self._tried[key] = np.array(counts, dtype=np.float64)
        return self._tried[key]

    def records(self, choice: Choice, fold: int) -> list[Record]:
        """Return the records of the passages of one fold, everything decided by ``choice``."""
        set_choice(self._nlp, choice)
        return [decide(self._nlp, self.cases[at], self._made_by) for at in self.folds[fold]]

    def _count(self, line: Line, case: Case) -> list[Count]:
        if not coded(line, case.row):
            return [NOTHING] * len(line.metrics)
        record = decide(self._nlp, case, self._made_by, [line.pipe])
        asked = {name: each for name, each in case.row.items() if name not in FIELDS or name == line.field}
        counts = count_passage(asked, record)
        return [counts.get(metric, NOTHING) for metric in line.metrics]

    def settle(self, drawn: Mapping[str, Drawn], kept: frozenset[int]) -> Choice:
        """Return decisions and thresholds with ``drawn`` lines fitted to ``kept`` folds and the others as they are."""
        choice = replace(self.base, thresholds=dict(self.base.thresholds), decisions=dict(self.base.decisions))
        for name, each in drawn.items():
            line = LINES[name]
            if line.threshold:
                choice.thresholds[line.threshold] = each.value
            if each.fitted:
                choice.decisions.update(self.fit(line.decision, kept))
            if not line.threshold:
                weights = choice.decisions[line.decision]
                alone = round(weights["alone"] - math.log(each.value / (1 - each.value)), 4)
                choice.decisions[line.decision] = {**weights, "alone": alone}
        return choice

    def fit(self, decision: str, kept: frozenset[int]) -> dict[str, dict[str, float]]:
        """Return the weights of a decision fitted to ``kept`` folds, by the name they are stored under."""
        if (decision, kept) not in self._fits:
            self._fits[decision, kept] = self._fit(decision, kept)
        return self._fits[decision, kept]

    def _fit(self, decision: str, kept: frozenset[int]) -> dict[str, dict[str, float]]:
        names, features = names_of(decision), (*ASKED[decision], "alone")
        labels = list(FRAMINGS) if decision == "framing" else ["no", "yes"]
        asked = [self._asked[decision][at] for fold in sorted(kept) for at in self.folds[fold]]
        table = np.array([each for its, _ in asked for each in its], dtype=np.float64).reshape(-1, len(features) - 1)
        answers = np.array([labels.index(each) for _, its in asked for each in its], dtype=np.int64)
        start = np.array([[self.base.decisions[name][feature] for feature in features] for name in names])
        weights = fit_towards(table, answers, start, PENALTY)
        return {
            name: {feature: round(weight, 4) for feature, weight in zip(features, row, strict=True)}
            for name, row in zip(names, weights.tolist(), strict=True)
        }


def _settings(pipe: str, choice: Choice) -> str:
    """Write down all that ``pipe`` decides by."""
    thresholds = {name: choice.thresholds[name] for name, (its, *_) in GRID.items() if its == pipe}
    names = [name for decision, (its, _) in HELD.items() if its == pipe for name in names_of(decision)]
    return json.dumps([thresholds, {name: choice.decisions[name] for name in names}], sort_keys=True)


def coded(line: Line, row: Coded) -> bool:
    """Whether a passage was coded for what a line decides."""
    if line.field == "frames":
        return any(frame in row.get("frames", {}) for frame in FRAMES)
    return line.field in row and (line.field != "instances" or "framing" in row)


def present(line: Line, row: Coded) -> bool:
    """Whether a passage was coded for what a line decides, and has it."""
    if not coded(line, row):
        return False
    if line.field == "frames":
        return any(row["frames"].get(frame) for frame in FRAMES)
    if line.field == "framing":
        return bool(row["framing"] == "unmasking")
    if line.field == "instances":
        parts = [metric.removeprefix("framing.") for metric in line.metrics]
        return any(each[part] for part in parts for each in row["instances"])
    return bool(row[line.field])


def _score(counts: Numbers) -> Any:  # noqa: ANN401 - a number, or one a draw
    """Return the mean F1 over the metrics of counts (... × metrics × 3)."""
    right, said, gold = np.moveaxis(counts, -1, 0)
    return (2 * right / np.maximum(said + gold, 1)).mean(axis=-1)


def score(counts: Numbers) -> float:
    """Return the mean F1 over the metrics of pooled counts (passages × metrics × 3)."""
    return float(_score(counts.sum(axis=0)))


def how_sure(ours: Numbers, theirs: Numbers) -> float:
    """Return the share of bootstrap draws of the passages in which the first counts have the higher F1."""
    chance = np.random.Generator(np.random.PCG64(_SEED))
    weights = chance.multinomial(len(ours), np.full(len(ours), 1 / len(ours)), size=DRAWS)
    better = _score(np.tensordot(weights, ours, axes=1)) > _score(np.tensordot(weights, theirs, axes=1))
    return float(better.mean())
