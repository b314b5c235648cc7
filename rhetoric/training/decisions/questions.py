"""What each decision is asked: the features of every passage, candidate or word it decides on, and what was coded.

A passage in which the field was not coded asks nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rhetoric.gold import Coded
from rhetoric.labels import FRAMES
from rhetoric.pipeline import contrast, frames, framing, metaphor
from rhetoric.pipeline.contrast import Prepared, prepare
from rhetoric.training.evaluation.counts import meet, sides_agree

# The features of each decision; the weights of a decision are these and, last, the one "alone".
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "frames": frames.FEATURES,
    "about": frames.ABOUT_FEATURES,
    "framing": framing.FEATURES,
    "contrast": contrast.FEATURES,
    "live": metaphor.FEATURES,
    "cue": framing.CUE_FEATURES,
}
Asked = tuple[list[list[float]], list[str]]


@dataclass(frozen=True)
class Case:
    """A coded passage (``row``), analysed, and the candidates for contrasts in each passage of its ``doc``."""

    row: Coded
    doc: Any  # a Doc
    prepared: list[Prepared]

    @property
    def passage(self) -> Any:  # noqa: ANN401 - a Span
        """The longest passage: a gold passage is one, however it is cut."""
        return gold_passage(self.doc)


def read_case(row: Coded, nlp: Any, left_out: Iterable[str] = ()) -> Case:  # noqa: ANN401 - a Language
    """Analyse a coded passage with ``nlp``, without the pipes that are ``left_out``."""
    doc = nlp(row["text"], disable=[*left_out])
    return Case(row, doc, prepare(doc, nlp.get_pipe("rhetoric_contrast").judge))


def gold_passage(doc: Any) -> Any:  # noqa: ANN401
    """Return the longest passage of an analysed text."""
    return max(doc.spans["passage"], key=len)


def ask(decision: str, case: Case, nlp: Any) -> Asked:  # noqa: ANN401
    """Return features (questions × ASKED) and answers of one coded passage: "yes" or "no", or the label of the framing.

    ``nlp`` is what analysed it.
    """
    return _ASK[decision](case, nlp)


def _frames(case: Case, nlp: Any) -> Asked:  # noqa: ANN401
    """One model for all frames, which share the weights of encoder and words: a question for each that was coded."""
    each, _ = frames.features_of(case.passage, nlp.get_pipe("rhetoric_frames").words)
    there = case.row.get("frames", {})
    coded = [(at, frame) for at, frame in enumerate(FRAMES) if frame in there]
    features = [[*each[at].tolist(), *(float(frame == other) for other in FRAMES)] for at, frame in coded]
    return features, [_say(there[frame]) for _, frame in coded]


def _about(case: Case, nlp: Any) -> Asked:  # noqa: ANN401
    if "about" not in case.row:
        return [], []
    _, features = frames.features_of(case.passage, nlp.get_pipe("rhetoric_frames").words)
    return [features.tolist()], [_say(case.row["about"])]


def _framing(case: Case, nlp: Any) -> Asked:  # noqa: ANN401
    if "framing" not in case.row:
        return [], []
    return [framing.features_of(case.passage, nlp.get_pipe("rhetoric_framing").words)], [case.row["framing"]]


def _cue(case: Case, nlp: Any) -> Asked:  # noqa: ANN401
    """Is this word of a passage that is framing part of its cue?"""
    if case.row.get("framing", "none") == "none" or "instances" not in case.row:
        return [], []
    features = framing.cue_features_of(case.passage).tolist()
    return features, _within(case.passage, [span for each in case.row["instances"] for span in each["cue"]])


def _live(case: Case, nlp: Any) -> Asked:  # noqa: ANN401
    """Is this word part of a live metaphor?"""
    if "live_metaphors" not in case.row:
        return [], []
    features = metaphor.features_of(case.passage).tolist()
    return features, _within(case.passage, [each["span"] for each in case.row["live_metaphors"]])


def _contrast(case: Case, nlp: Any) -> Asked:  # noqa: ANN401
    """Is this candidate one of the contrasts that were coded?"""
    features = [each for part in case.prepared for each in nlp.get_pipe("rhetoric_contrast").weigh(part)[1].tolist()]
    labels = [label for part in contrasts_coded(case) for label in part]
    return (features, list(map(_say, labels))) if "contrasts" in case.row else ([], [])


def contrasts_coded(case: Case) -> list[list[str]]:
    """Return, for each passage of a text, the label that each of its candidates was coded with; "" for none."""
    gold = case.row.get("contrasts", ())
    found = []
    for passage, prepared in zip(case.doc.spans["passage"], case.prepared, strict=True):
        labels = []
        for candidate in prepared.candidates:
            a, b = ([passage.start_char + at for at in side] for side in (candidate.a, candidate.b))
            labels.append(next((each["label"] for each in gold if sides_agree(each, a, b)), ""))
        found.append(labels)
    return found


_ASK: Final = {
    "frames": _frames, "about": _about, "framing": _framing, "contrast": _contrast, "live": _live, "cue": _cue,
}  # fmt: skip


def _say(yes: object) -> str:
    return "yes" if yes else "no"


def _within(passage: Any, spans: list[list[int]]) -> list[str]:  # noqa: ANN401
    words = ([token.idx, token.idx + len(token)] for token in passage)
    return [_say(any(meet(span, word) for span in spans)) for word in words]
