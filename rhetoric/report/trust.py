"""How far each number can be trusted: the detectors' measured quality on real passages they have not seen."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from rhetoric.errors import ModelError
from rhetoric.resources import MODELS

SCORES: Final = MODELS / "detectors" / "scores.json"
_GRADES: Final = ((0.9, "very good"), (0.8, "good"), (0.65, "fair"), (0.5, "rough"), (0.0, "weak"))
_TOO_WIDE: Final = 0.5
# Metrics that are shares of right answers, not F1; both as the gold's evaluate.py defines them.
_SHARES: Final = {
    "framing.actor",
    "framing.unmasking.precision",
    "framing.unmasking.recall",
    "metaphor.source",
    "metaphor.target",
    "portrayal.role",
    "portrayal.stance",
}


@dataclass(frozen=True)
class Measured:
    """One metric on unseen real passages, 0 to 1, with its 95 % interval and what two machine coders reach."""

    metric: str
    value: float
    low: float | None
    high: float | None
    ceiling: float | None

    @property
    def grade(self) -> str:
        """The value as a word: very good, good, fair, rough or weak; hardly known where the interval is too wide."""
        if self.low is not None and self.high is not None and self.high - self.low > _TOO_WIDE:
            return "hardly known"
        return next(word for least, word in _GRADES if self.value >= least)

    @property
    def kind(self) -> str:
        """What sort of number it is: "F1" or "share right"."""
        return "share right" if self.metric in _SHARES else "F1"

    def phrase(self) -> str:
        """Say the value in plain words and in a number."""
        if self.metric in _SHARES:
            return f"right in about {tenths(self.value)}"
        if self.grade == "hardly known":
            return f"{self.grade}, F1 {self.low:.2f} to {self.high:.2f}"
        return f"{self.grade}, F1 {self.value:.2f}"


@dataclass(frozen=True)
class Trust:
    """The measured quality of every detector, by metric."""

    measured: Mapping[str, Measured]

    def phrase(self, metric: str) -> str:
        """Return the plain phrase for a metric; one that was not measured says so."""
        found = self.measured.get(metric)
        return found.phrase() if found else "not measured"

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Return metric to value, interval, ceiling and phrase, as JSON can hold it."""
        return {name: {**asdict(each), "phrase": each.phrase()} for name, each in self.measured.items()}


def tenths(share: float) -> str:
    """Say a share as so many of ten."""
    return f"{min(10, max(0, round(share * 10)))} of 10"


def read_trust(path: Path = SCORES) -> Trust:
    """Read the measured quality that ships with the detectors; raises ModelError where it is missing or damaged."""
    advice = "Reinstall rhetoric-toolkit; in a checkout, train and measure the detectors (CONTRIBUTING.md)."
    try:
        scores = json.loads(path.read_text(encoding="utf-8"))
        ceiling = scores.get("ceiling", {}).get("real", {})
        measured = {
            metric: Measured(
                metric,
                float(found["value"]),
                _number(found.get("low")),
                _number(found.get("high")),
                _number(ceiling.get(metric)),
            )
            for metric, found in sorted(scores["measured"]["real"].items())
        }
    except FileNotFoundError as error:
        raise ModelError(f"{path}: the measured quality of the detectors is missing. {advice}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path}: the measured quality of the detectors cannot be read ({error!r}). {advice}"
        ) from error
    return Trust(measured)


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
