"""Account against machinery: instances in ``doc.spans["framing"]``, and the label of each passage.

Codebook, section 1. Whether a passage is framing is decided by a small logistic model over what the encoder says of the
whole, and over the words of the two levels: the encoder alone is too easily led by topic and style. A
passage holds at most one instance here: its account, machinery and cue may each be several ranges of characters.
Ranges, not spans, since a DocBin keeps the former; names of their own, since spaCy keys attributes by range alone.

``levels`` counts the words of the two levels, ``stretches`` makes ranges of likely words.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.labels import ACTORS, FRAMINGS
from rhetoric.labels import Framing as Framing_
from rhetoric.pipeline.framing.levels import FEATURES as LEVELS
from rhetoric.pipeline.framing.levels import count_levels
from rhetoric.pipeline.framing.stretches import (
    find_cues,
    find_likeliest,
    find_stretches,
    keep_cues_whole,
    keep_marks_paired,
    mark_tokens,
)  # fmt: skip
from rhetoric.pipeline.graph import model_folder
from rhetoric.pipeline.read import (
    Array,
    decide,
    passage_scores,
    passages,
    ranges,
    softmax,
    token_probability,
    token_score,
    with_gaps,
)  # fmt: skip
from rhetoric.pipeline.text import text_of
from rhetoric.pipeline.thresholds import fitted, line
from rhetoric.pipeline.words import LABELS, load_words

GROUP = "framing"
_ORDER: Final = ("none", "partial", "unmasking")
# Before the decision is fitted: what the encoder says of the whole passage.
_START: Final = {"unmasking": {"unmasking": 1.0}, "partial": {"partial": 1.0}, "none": {}}

for _name in ("framing", "framing_score", "account", "machinery", "framing_cue", "actor", "explicit"):
    Span.set_extension(_name, default=None, force=True)


FEATURES: Final = ("unmasking", "partial", "about", "words partial", *LEVELS)


def features_of(passage: Span, words: Callable[[str], Array]) -> list[float]:
    """Return the features of a passage, as ``FEATURES`` names them: log-odds of the whole, what ``words``
    (``rhetoric.pipeline.words``) say, and how many of the two levels there are.

    That a passage is unmasking the words do not tell: on real prose they led astray.
    """
    text = text_of(passage)
    none, partial, unmasking = (float(passage_scores(passage, "framing")[FRAMINGS.index(label)]) for label in _ORDER)
    about = float(passage_scores(passage, "about")[0])
    told = float(words(text)[LABELS.index("partial")])
    return [unmasking - none, partial - none, about, told, *count_levels(text)]


CUE_FEATURES: Final = ("encoder",)


def cue_features_of(passage: Span) -> Array:
    """Return the log-odds (tokens × CUE_FEATURES) of each token to be in a cue."""
    return np.asarray(token_score(passage, "parts", "cue"))[:, None]


class Framing:
    """Sets ``span._.framing`` and ``framing_score`` of passages; adds spans with account, machinery, cue and actor."""

    def __init__(
        self,
        weights: Array,
        cue_weights: Array,
        words: Callable[[str], Array],
        threshold: float,
        partial: float,
        part: float,
        cue: float,
    ) -> None:
        """Decide by ``weights`` (labels × features, the last column alone), and on cues by ``cue_weights`` (features,
        the last one alone). A passage is unmasking from ``threshold`` on, of the others partial from ``partial`` on; a
        token is in account or machinery, whichever is likelier, from ``part`` on, in a cue from ``cue`` on.
        """
        self.weights, self.cue_weights, self.words = weights, cue_weights, words
        self.threshold, self.partial, self.part, self.cue = threshold, partial, part, cue

    def decide(self, passage: Span) -> tuple[Framing_, float]:
        """Return the label of a passage and its probability."""
        chances = softmax(
            self.weights[:, :-1] @ np.array(features_of(passage, self.words), dtype=np.float32) + self.weights[:, -1]
        )
        none, partial, unmasking = (float(chances[FRAMINGS.index(label)]) for label in _ORDER)
        if unmasking >= self.threshold:
            return "unmasking", unmasking
        return ("partial", partial) if partial >= self.partial * (none + partial) else ("none", none)

    def __call__(self, doc: Doc) -> Doc:
        """Label each passage; where it is framing, find the parts."""
        found: list[Span] = []
        for passage in passages(doc):
            passage._.framing, passage._.framing_score = self.decide(passage)
            if passage._.framing == "none":
                continue
            instance = self._instance(passage)
            if instance is not None:
                instance._.framing_score = passage._.framing_score
                found.append(instance)
        doc.spans[GROUP] = found
        return doc

    def _instance(self, passage: Span) -> Span | None:
        told, works = (token_probability(passage, "parts", part) for part in ("account", "machinery"))
        official, working = (told >= self.part) & (told >= works), (works >= self.part) & (works > told)
        account = find_stretches(passage, official, working)
        machinery = find_stretches(passage, working, official)
        chance = decide(cue_features_of(passage), self.cue_weights)
        cue = find_cues(passage, with_gaps(passage, chance >= self.cue))
        if passage._.framing == "unmasking":  # complete by definition: take the likeliest words where none is sure
            account = account or find_likeliest(passage, told, mark_tokens(passage, machinery))
            machinery = machinery or find_likeliest(passage, works, mark_tokens(passage, account))
        account, machinery = keep_cues_whole(account, machinery, cue), keep_cues_whole(machinery, account, cue)
        account, machinery = keep_marks_paired(passage, account), keep_marks_paired(passage, machinery)
        parts = [*account, *machinery, *cue]
        if not parts:
            return None
        span = Span(passage.doc, min(p.start for p in parts), max(p.end for p in parts), label=passage._.framing)
        span._.account, span._.machinery, span._.framing_cue = ranges(account), ranges(machinery), ranges(cue)
        span._.actor = ACTORS[int(passage_scores(passage, "actor").argmax())]
        span._.explicit = bool(cue)
        return span


@Language.factory(
    "rhetoric_framing",
    requires=["doc.tensor", "span._.scores", "doc.sents"],
    assigns=["doc.spans", "span._.framing"],
    default_config={"threshold": None, "part": None, "folder": None},
)
def make_framing(
    nlp: Language, name: str, threshold: float | None, part: float | None, folder: str | None
) -> Callable[[Doc], Doc]:
    """Make the component; ``threshold`` is the probability from which a passage is unmasking, ``part`` of a token."""
    where = model_folder(folder)
    return Framing(
        np.stack([fitted(f"framing.{label}", FEATURES, _START[label], where) for label in FRAMINGS]),
        fitted("cue", CUE_FEATURES, {"encoder": 1.0}, where),
        load_words(where),
        line("framing.unmasking", threshold, where),
        line("framing.partial", None, where),
        line("framing.part", part, where),
        line("framing.cue", None, where),
    )
