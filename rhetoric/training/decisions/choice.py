"""All that is set after training, what detectors decide by: read from a pipeline, set in it, and let decide anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from rhetoric.analysis import make_record
from rhetoric.ingest import Document
from rhetoric.labels import FRAMINGS
from rhetoric.pipeline.contrast.weigher import Weigher
from rhetoric.record import Pipeline, Record
from rhetoric.training.decisions.questions import ASKED, Case

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
DECIDING: Final = ("rhetoric_frames", "rhetoric_framing", "rhetoric_contrast", "rhetoric_metaphor")


@dataclass(frozen=True)
class Choice:
    """What is chosen on some folds: thresholds, the weights of each decision by feature, the weigher of contrasts."""

    thresholds: dict[str, float]
    decisions: dict[str, dict[str, float]]
    weigher: Weigher | None = None


def names_of(decision: str) -> list[str]:
    """Return the names under which the weights of a decision are stored: one, or one a label."""
    return [f"framing.{label}" for label in FRAMINGS] if decision == "framing" else [decision]


def set_choice(nlp: Any, choice: Choice) -> None:  # noqa: ANN401 - a Language
    """Let the detectors of ``nlp`` decide by ``choice``."""
    for name, (pipe, attribute, _, _) in GRID.items():
        setattr(nlp.get_pipe(pipe), attribute, choice.thresholds[name])
    for decision, (pipe, attribute) in HELD.items():
        features = (*ASKED[decision], "alone")
        rows = [[choice.decisions[name].get(each, 0.0) for each in features] for name in names_of(decision)]
        weights = np.array(rows if decision == "framing" else rows[0], dtype=np.float32)
        setattr(nlp.get_pipe(pipe), attribute, weights)
    nlp.get_pipe("rhetoric_contrast").weigher = choice.weigher


def choice_of(nlp: Any) -> Choice:  # noqa: ANN401
    """Return what the detectors of ``nlp`` decide by."""
    thresholds = {name: float(getattr(nlp.get_pipe(pipe), attribute)) for name, (pipe, attribute, _, _) in GRID.items()}
    decisions = {}
    for decision, (pipe, attribute) in HELD.items():
        rows = np.atleast_2d(getattr(nlp.get_pipe(pipe), attribute)).tolist()
        for name, row in zip(names_of(decision), rows, strict=True):
            decisions[name] = dict(zip((*ASKED[decision], "alone"), (round(each, 4) for each in row), strict=True))
    return Choice(thresholds, decisions, nlp.get_pipe("rhetoric_contrast").weigher)


def decide(nlp: Any, case: Case, made_by: Pipeline, pipes: Iterable[str] = DECIDING) -> Record:  # noqa: ANN401
    """Let ``pipes`` decide anew on what ``nlp`` has read, and return the record of it, which says who ``made_by`` it
    was; what other pipes said stands.
    """
    for name in pipes:
        pipe = nlp.get_pipe(name)
        if name == "rhetoric_contrast":
            pipe.decide(case.doc, case.prepared)
        else:
            pipe(case.doc)
    return make_record(case.doc, Document(case.row["id"], case.row["text"]), made_by)
