"""Contrast structures: two sides, cue and type, in ``doc.spans["contrast"]``.

Codebook, section 2. Cues, the encoder and neighbouring clauses propose; a small network weighs what the encoder says of
both sides, of the cue and of how the sides are worded. What it says is the decision, unless a user has fitted another.

``candidates`` proposes, by ``cues`` and by the search in ``sides``, and describes; ``judge`` and ``weigher`` say what
they make of it; this module decides; ``bounds`` says what of a contrast is marked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.contrast.bounds import Shape, shape_all
from rhetoric.pipeline.contrast.candidates import FEATURES as WEIGHED
from rhetoric.pipeline.contrast.candidates import Candidate, Heard, features_of, propose
from rhetoric.pipeline.contrast.judge import Judge, Judging
from rhetoric.pipeline.contrast.weigher import Weigher, load_weigher
from rhetoric.pipeline.graph import model_folder
from rhetoric.pipeline.read import Array, decide, passages
from rhetoric.pipeline.thresholds import fitted, line

GROUP = "contrast"
FEATURES: Final = ("weigher", *WEIGHED)
WEIGHER_ALONE: Final = {"weigher": 1.0}

for _name in ("a", "b", "contrast_cue", "contrast_score"):
    Span.set_extension(_name, default=None, force=True)


class Contrasts:
    """Adds to ``doc.spans["contrast"]`` a span from first to second side, with ``a``, ``b`` and ``contrast_cue``
    (character ranges) and ``contrast_score``.
    """

    def __init__(self, weights: Array, threshold: float, judge: Judging, weigher: Weigher | None = None) -> None:
        """Decide by ``weights`` (one a feature, the last one alone). Without a ``weigher``, which is fitted last in
        training, the judge's word stands for it.
        """
        self.weights, self.threshold, self.judge, self.weigher = weights, threshold, judge, weigher

    def __call__(self, doc: Doc) -> Doc:
        """Keep the likeliest candidates of each passage that do not cut across one another."""
        return self.decide(doc, prepare(doc, self.judge))

    def decide(self, doc: Doc, prepared: "list[Prepared]") -> Doc:
        """Do the same with what ``prepare`` gave for the passages of ``doc``."""
        found: list[Span] = []
        for passage, each in zip(passages(doc), prepared, strict=True):
            weighed, asked = self.weigh(each)
            chosen = self._choose(each, asked)
            for (at, chance), shape in zip(chosen, _shapes(each, [at for at, _ in chosen]), strict=True):
                found.append(self._mark(passage, each, at, chance, weighed[at, 1:], shape))
        doc.spans[GROUP] = sorted(found, key=lambda span: (span.start, span.end))
        return doc

    def weigh(self, prepared: "Prepared") -> tuple[Array, Array]:
        """Return what the weigher says (candidates × 1 + contrasts), and what the decision rests on (candidates ×
        FEATURES): that in one number, and what it has weighed.
        """
        weighed = self.weigher(prepared.features) if self.weigher else prepared.judged
        any_of_them = np.logaddexp.reduce(weighed[:, 1:], axis=1) - weighed[:, 0]
        return weighed, np.column_stack([any_of_them, prepared.features])

    def _choose(self, prepared: "Prepared", asked: Array) -> list[tuple[int, float]]:
        candidates, chances = prepared.candidates, decide(asked, self.weights)
        kept: list[tuple[int, float]] = []
        for at in np.argsort(-chances, kind="stable"):
            if chances[at] < self.threshold:
                break
            if not any(_clash(candidates[at], candidates[other]) for other, _ in kept):
                kept.append((int(at), float(chances[at])))
        return kept

    def _mark(self, passage: Span, prepared: "Prepared", at: int, chance: float, labels: Array, shape: Shape) -> Span:
        doc, base = passage.doc, passage.start
        start, end = prepared.candidates[at].reach
        ((low, high),) = prepared.heard.tokens([(start, max(end, shape.b[1]))]).tolist()
        span = Span(doc, base + low, base + high, label=CONTRASTS[int(labels.argmax())])
        first = passage.start_char
        span._.a, span._.b = ([first + start, first + end] for start, end in (shape.a, shape.b))
        span._.contrast_cue = [[first + start, first + end] for start, end in shape.cue]
        span._.contrast_score = chance
        return span


@dataclass(frozen=True)
class Prepared:
    """One passage with its candidates, what the judge says of them (candidates × 1 + contrasts), and their ``features``
    (candidates × those of ``rhetoric.pipeline.contrast.candidates``), before anything is decided.
    """

    heard: Heard
    candidates: list[Candidate]
    judged: Array
    features: Array


def prepare(doc: Doc, judge: Judging) -> list[Prepared]:
    """Return the candidates of each passage of an encoded document."""
    found = []
    for passage in passages(doc):
        heard = Heard(passage)
        candidates = propose(heard)
        a, b = (heard.tokens([getattr(each, side) for each in candidates]) for side in ("a", "b"))
        judged = judge(heard.vectors, np.concatenate([a, b], axis=1))
        found.append(Prepared(heard, candidates, judged, features_of(heard, candidates, a, b, judged)))
    return found


def _shapes(prepared: Prepared, chosen: list[int]) -> list[Shape]:
    """Return what is marked of the candidates that were chosen of a passage."""
    candidates = [prepared.candidates[at] for at in chosen]
    cues = [prepared.heard.cue_of(each) for each in candidates]
    return shape_all(prepared.heard.text, [(each.a, each.b) for each in candidates], cues)


def _clash(one: Candidate, other: Candidate) -> bool:
    """Whether two candidates cannot both stand: they overlap, and neither lies within one side of the other."""
    (low, high), (bottom, top) = one.reach, other.reach
    if high <= bottom or top <= low:
        return False
    nested = any(low >= start and high <= end for start, end in (other.a, other.b))
    holds = any(bottom >= start and top <= end for start, end in (one.a, one.b))
    return not (nested or holds)


@Language.factory(
    "rhetoric_contrast",
    requires=["doc.tensor", "span._.scores"],
    assigns=["doc.spans"],
    default_config={"threshold": None, "folder": None},
)
def make_contrast(nlp: Language, name: str, threshold: float | None, folder: str | None) -> Callable[[Doc], Doc]:
    """Make the component; ``threshold`` is the probability from which a candidate counts."""
    where = model_folder(folder)
    return Contrasts(
        fitted("contrast", FEATURES, WEIGHER_ALONE, where),
        line("contrast.threshold", threshold, where),
        Judge(where),
        load_weigher(where, len(WEIGHED)),
    )
