"""What each passage puts forward: the ten frames, whether it is about the matter, and how it portrays each country.

Codebook, section 4. Frames are decided by a small logistic model over what the encoder says and what the words say,
aboutness by one over the encoder alone (words know the matter by the names of their day), both fitted on passages that
neither had seen, so that their probabilities mean what they say (those of frames are moved up a little: from a half on
a frame counts as present, and F1 is served best from somewhat less on). Results are attributes of the spans in
``doc.spans["passage"]``.

A country that a passage names is portrayed by what the encoder says of the tokens that name it. This was fitted to
passages with the countries exchanged too, so that it goes by what is said; what the encoder says of the passage as a
whole goes half by the name. Where both countries are named, only the role is told so: for whom of two the author is,
the tokens of their names tell less well than the passage does.

The encoder reads a passage alone, and takes much news of the two countries for the matter. So where no word of the
matter stands anywhere in a document, a fifth of its probability is left, and no passage counts as about the matter. The
fifth is counted: of coded passages of real texts that it took for such, and that had no such word within some 200
words, 7 of 36 were. A lone passage may do without the word (one in twenty of real texts that are about the matter, more
of essays), so there the encoder's word holds.
"""

from bisect import bisect_left
from collections.abc import Callable
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.labels import COUNTRIES, FRAMES, ROLES, SPOKEN, STANCES, Country
from rhetoric.pipeline.actors import GROUP as ACTOR
from rhetoric.pipeline.graph import model_folder
from rhetoric.pipeline.matter import names_matter
from rhetoric.pipeline.read import Array, decide, named_scores, passage_scores, passages, sigmoid
from rhetoric.pipeline.text import text_of
from rhetoric.pipeline.thresholds import fitted
from rhetoric.pipeline.words import load_words
from rhetoric.record import Portrayal

for _name in ("about", "frames", "portrayal"):
    Span.set_extension(_name, default=None, force=True)


FEATURES: Final = ("encoder", "words", *FRAMES)
ABOUT_FEATURES: Final = ("encoder",)
_UNNAMED: Final = 0.2  # of the probability of about, where no word of the matter stands in a document
_START: Final = {"encoder": 1.0}  # before the decisions are fitted: what the encoder says


class Frames:
    """Sets ``span._.about`` (probability), ``span._.frames`` (frame -> probability), ``span._.portrayal``."""

    def __init__(self, frames: Array, about: Array, words: Callable[[str], Array], threshold: float) -> None:
        """Decide by the weights of ``FEATURES`` and ``ABOUT_FEATURES`` (the last one alone); ``words`` gives the
        log-odds of ``rhetoric.pipeline.words``.
        """
        self.frames, self.about, self.words, self.threshold = frames, about, words, threshold

    def __call__(self, doc: Doc) -> Doc:
        """Read the passage heads and the words; a country named in a passage is always portrayed, another one where the
        head says so.
        """
        named = list(doc.spans.get(ACTOR, []))  # in order
        starts = [mention.start for mention in named]
        spans = list(passages(doc))
        left = 1.0 if len(spans) < 2 or names_matter(text_of(doc)) else _UNNAMED
        for span in spans:
            frames, about = features_of(span, self.words)
            span._.about = left * float(decide(about, self.about))
            said = sigmoid(frames @ self.frames[:2] + self.frames[2:-1] + self.frames[-1])
            span._.frames = dict(zip(FRAMES, map(float, said), strict=True))
            here = named[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
            countries = {mention.label_ for mention in here}
            spoken = sigmoid(passage_scores(span, "spoken"))
            span._.portrayal = {
                country: _portrayed(span, country, [each for each in here if each.label_ == country], countries)
                for country, sure in zip(COUNTRIES, spoken, strict=True)
                if country in countries or sure >= self.threshold
            }
        return doc


def _portrayed(passage: Span, country: Country, mentions: list[Span], named: set[str]) -> Portrayal:
    """Return how a passage portrays a country, given its ``mentions`` there and which countries are ``named``."""
    role = named_scores(mentions, "role") if mentions else passage_scores(passage, f"role_{country}")
    stance = named_scores(mentions, "stance") if named == {country} else passage_scores(passage, f"stance_{country}")
    return {"role": ROLES[int(role.argmax())], "stance": STANCES[int(stance.argmax())]}


def features_of(span: Span, words: Callable[[str], Array]) -> tuple[Array, Array]:
    """Return the log-odds of each frame (frames × encoder and words) and of ``about`` (encoder)."""
    frames = np.stack([passage_scores(span, "frames"), words(text_of(span))[: len(FRAMES)]], axis=1)
    return frames, passage_scores(span, "about")


@Language.factory(
    "rhetoric_frames",
    requires=["span._.scores"],
    assigns=["span._.about", "span._.frames", "span._.portrayal"],
    default_config={"threshold": SPOKEN, "folder": None},
)
def make_frames(nlp: Language, name: str, threshold: float, folder: str | None) -> Callable[[Doc], Doc]:
    """Make the component; ``threshold`` is the probability from which an unnamed country counts as spoken of."""
    where = model_folder(folder)
    return Frames(
        fitted("frames", FEATURES, _START, where),
        fitted("about", ABOUT_FEATURES, _START, where),
        load_words(where),
        threshold,
    )
