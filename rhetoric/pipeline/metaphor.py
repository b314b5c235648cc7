"""Metaphor: live ones with source domain and target, and every metaphor-related word (MIPVU), in
``doc.spans["metaphor"]``.

Codebook, section 3; MIPVU: Steen et al. 2010. Whether a word is live is decided by a small logistic model over what the
encoder says of it and of its neighbours, fitted on passages that it had not seen.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from rhetoric.labels import SOURCES, TARGETS
from rhetoric.pipeline.graph import model_folder
from rhetoric.pipeline.read import (
    Array,
    decide,
    heard,
    passages,
    runs,
    softmax,
    token_probability,
    token_score,
    token_scores,
    trim,
    with_gaps,
)
from rhetoric.pipeline.thresholds import fitted, line

GROUP = "metaphor"
_SURE: Final = 8.0  # log-odds; of white space, and before the first word and after the last, surely not
FEATURES: Final = ("encoder", "before", "after")  # an image seldom stands in the midst of what is none
_HYPHENS: Final = ("-", "\u2010", "\u2011")
_NO_IMAGE: Final = frozenset((
    "the", "a", "an", "and", "this", "that", "these", "those", "its", "their", "his", "her", "our", "your", "my",
))  # fmt: skip
_START: Final = {"encoder": 1.0}  # before the decision is fitted: what the encoder says

for _name in ("live", "source", "target", "metaphor_score"):
    Span.set_extension(_name, default=None, force=True)


class Metaphors:
    """Adds spans labelled ``live`` or ``metaphor``, with ``live``, ``source``, ``target`` and ``metaphor_score``."""

    def __init__(self, weights: Array, live_threshold: float, metaphor_threshold: float) -> None:
        """Decide by ``weights`` (one a feature, the last one alone) which words are live."""
        self.weights = weights
        self.live_threshold, self.metaphor_threshold = live_threshold, metaphor_threshold

    def __call__(self, doc: Doc) -> Doc:
        """Join neighbouring live words into one image; other metaphor-related words stand alone."""
        found: list[Span] = []
        for passage in passages(doc):
            live = decide(features_of(passage), self.weights)
            related = token_probability(passage, "marks", "metaphor")
            source, target = softmax(token_scores(passage, "source")), softmax(token_scores(passage, "target"))
            taken: set[int] = set()
            for start, end in runs(with_gaps(passage, _with_compounds(passage, live >= self.live_threshold))):
                words = _bare(trim(doc, passage.start + start, passage.start + end))
                if not any(letter.isalpha() for letter in words.text) or words[-1].lower_ in _NO_IMAGE:
                    continue
                taken |= set(range(start, end))
                span = Span(doc, words.start, words.end, label="live")
                span._.live, span._.metaphor_score = True, float(live[start:end].max())
                span._.source = SOURCES[int(source[start:end].mean(axis=0).argmax())]
                span._.target = TARGETS[int(target[start:end].mean(axis=0).argmax())]
                found.append(span)
            for at in np.flatnonzero(related >= self.metaphor_threshold).tolist():
                if at not in taken and any(map(str.isalnum, passage[at].text)):
                    span = Span(doc, passage.start + at, passage.start + at + 1, label="metaphor")
                    span._.live, span._.metaphor_score = False, float(related[at])
                    found.append(span)
        doc.spans[GROUP] = sorted(found, key=lambda s: (s.start, s.end))
        return doc


def _with_compounds(passage: Span, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Choose all of a hyphenated word of which a part is chosen (cutting-edge, double-edged)."""
    if not chosen.any():
        return chosen
    words, whole = [*passage], chosen.copy()
    hyphens = [at for at in range(1, len(words) - 1) if words[at].text in _HYPHENS and not words[at].whitespace_]
    joins = [
        at for at in hyphens if not words[at - 1].whitespace_ and words[at - 1].is_alpha and words[at + 1].is_alpha
    ]
    for at in (*joins, *reversed(joins)):  # there and back: a word may have several
        whole[at - 1 : at + 2] |= whole[at - 1] or whole[at + 1]
    return whole


def _bare(span: Span) -> Span:
    """Return an image without articles, possessives and quotation marks at its ends, which are no part of it."""
    doc, start, end = span.doc, span.start, span.end
    while end - start > 1 and _surrounds(doc[start]):
        start += 1
    while end - start > 1 and _surrounds(doc[end - 1]):
        end -= 1
    return trim(doc, start, end)


def _surrounds(token: Token) -> bool:
    return token.lower_ in _NO_IMAGE or token.is_punct


def features_of(passage: Span) -> Array:
    """Return the log-odds (tokens × FEATURES) to be live, of each token and of its neighbours."""
    words = heard(passage)
    own = np.clip(token_score(passage, "marks", "live")[words], -_SURE, _SURE)
    padded = np.concatenate([[-_SURE], own, [-_SURE]])
    found = np.full((len(passage), len(FEATURES)), -_SURE, dtype=np.float32)
    found[words] = np.column_stack([own, padded[:-2], padded[2:]])
    return found


@Language.factory(
    "rhetoric_metaphor",
    requires=["doc.tensor", "span._.scores"],
    assigns=["doc.spans"],
    default_config={"live_threshold": None, "metaphor_threshold": None, "folder": None},
)
def make_metaphor(
    nlp: Language, name: str, live_threshold: float | None, metaphor_threshold: float | None, folder: str | None
) -> Callable[[Doc], Doc]:
    """Make the component; thresholds are probabilities from which a word counts."""
    where = model_folder(folder)
    return Metaphors(
        fitted("live", FEATURES, _START, where),
        line("metaphor.live", live_threshold, where),
        line("metaphor.any", metaphor_threshold, where),
    )
