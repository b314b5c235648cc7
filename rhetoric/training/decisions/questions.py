"""What each decision is asked: the features of every passage, candidate or word it decides on, and what was coded.

A passage in which the field was not coded asks nothing.
"""

from collections.abc import Mapping
from typing import Any, Final

from rhetoric.gold import Coded
from rhetoric.labels import FRAMES
from rhetoric.pipeline import contrast, frames, framing, metaphor
from rhetoric.pipeline.contrast import Prepared
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


def ask(decision: str, row: Coded, doc: Any, prepared: list[Prepared], nlp: Any) -> Asked:  # noqa: ANN401 - spaCy's
    """Return features (questions × ASKED) and answers of one coded passage: "yes" or "no", or the label of the framing.

    ``doc`` is the passage analysed by ``nlp``, ``prepared`` its candidates for contrasts.
    """
    return _ASK[decision](row, gold_passage(doc), prepared, nlp)


def gold_passage(doc: Any) -> Any:  # noqa: ANN401
    """Return the longest passage of an analysed text: a gold passage is one, however it is cut."""
    return max(doc.spans["passage"], key=len)


def _frames(row: Coded, passage: Any, prepared: list[Prepared], nlp: Any) -> Asked:  # noqa: ANN401
    """One model for all frames, which share the weights of encoder and words: a question for each that was coded."""
    each, _ = frames.features_of(passage, nlp.get_pipe("rhetoric_frames").words)
    coded = [(at, frame) for at, frame in enumerate(FRAMES) if frame in row.get("frames", {})]
    features = [[*each[at].tolist(), *(float(frame == other) for other in FRAMES)] for at, frame in coded]
    return features, [_say(row["frames"][frame]) for _, frame in coded]


def _about(row: Coded, passage: Any, prepared: list[Prepared], nlp: Any) -> Asked:  # noqa: ANN401
    if "about" not in row:
        return [], []
    return [frames.features_of(passage, nlp.get_pipe("rhetoric_frames").words)[1].tolist()], [_say(row["about"])]


def _framing(row: Coded, passage: Any, prepared: list[Prepared], nlp: Any) -> Asked:  # noqa: ANN401
    if "framing" not in row:
        return [], []
    return [framing.features_of(passage, nlp.get_pipe("rhetoric_framing").words)], [row["framing"]]


def _cue(row: Coded, passage: Any, prepared: list[Prepared], nlp: Any) -> Asked:  # noqa: ANN401
    """Is this word of a passage that is framing part of its cue?"""
    if row.get("framing", "none") == "none" or "instances" not in row:
        return [], []
    features = framing.cue_features_of(passage).tolist()
    return features, _within(passage, [span for each in row["instances"] for span in each["cue"]])


def _live(row: Coded, passage: Any, prepared: list[Prepared], nlp: Any) -> Asked:  # noqa: ANN401
    """Is this word part of a live metaphor?"""
    if "live_metaphors" not in row:
        return [], []
    features = metaphor.features_of(passage).tolist()
    return features, _within(passage, [each["span"] for each in row["live_metaphors"]])


def _contrast(row: Coded, passage: Any, prepared: list[Prepared], nlp: Any) -> Asked:  # noqa: ANN401
    """Is this candidate one of the contrasts that were coded?"""
    features: list[list[float]] = []
    coded: list[str] = []
    if "contrasts" in row:
        for part, each in zip(passage.doc.spans["passage"], prepared, strict=True):
            features += nlp.get_pipe("rhetoric_contrast").asked(each).tolist()
            coded += [_say(label) for label in contrasts_coded(row, part.start_char, each)]
    return features, coded


def contrasts_coded(row: Coded, start: int, prepared: Prepared) -> list[str]:
    """Return the label that each candidate of a passage, which begins at ``start``, was coded with; "" for none."""
    found = []
    for candidate in prepared.candidates:
        a, b = ([start + at for at in side] for side in (candidate.a, candidate.b))
        found.append(next((gold["label"] for gold in row["contrasts"] if sides_agree(gold, a, b)), ""))
    return found


_ASK: Final = {
    "frames": _frames, "about": _about, "framing": _framing, "contrast": _contrast, "live": _live, "cue": _cue,
}  # fmt: skip


def _say(yes: object) -> str:
    return "yes" if yes else "no"


def _within(passage: Any, spans: list[list[int]]) -> list[str]:  # noqa: ANN401
    words = ([token.idx, token.idx + len(token)] for token in passage)
    return [_say(any(meet(span, word) for span in spans)) for word in words]
