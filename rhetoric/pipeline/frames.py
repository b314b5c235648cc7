"""What each passage puts forward: the ten frames, whether it is about the matter, and how it portrays each country.

Codebook, section 4. Results are attributes of the spans in ``doc.spans["passage"]``.
"""

from bisect import bisect_left
from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.labels import COUNTRIES, FRAMES, ROLES, STANCES
from rhetoric.pipeline.actors import GROUP as ACTOR
from rhetoric.pipeline.read import passage_scores, passages, sigmoid

for _name in ("about", "frames", "portrayal"):
    Span.set_extension(_name, default=None, force=True)


class Frames:
    """Sets ``span._.about`` (probability), ``span._.frames`` (frame -> probability), ``span._.portrayal``."""

    def __init__(self, threshold: float) -> None:
        self.threshold = threshold

    def __call__(self, doc: Doc) -> Doc:
        """Read the passage heads; a country named in a passage is always portrayed, another one where the head says
        so.
        """
        named = [(mention.start, mention.label_) for mention in doc.spans.get(ACTOR, [])]  # in order
        starts = [start for start, _ in named]
        for span in passages(doc):
            span._.about = float(sigmoid(passage_scores(span, "about"))[0])
            span._.frames = dict(zip(FRAMES, map(float, sigmoid(passage_scores(span, "frames"))), strict=True))
            spoken = sigmoid(passage_scores(span, "spoken"))
            here = {label for _, label in named[bisect_left(starts, span.start) : bisect_left(starts, span.end)]}
            span._.portrayal = {
                country: {
                    "role": ROLES[int(passage_scores(span, f"role_{country}").argmax())],
                    "stance": STANCES[int(passage_scores(span, f"stance_{country}").argmax())],
                }
                for country, sure in zip(COUNTRIES, spoken, strict=True)
                if country in here or sure >= self.threshold
            }
        return doc


@Language.factory(
    "rhetoric_frames",
    requires=["span._.scores"],
    assigns=["span._.about", "span._.frames", "span._.portrayal"],
    default_config={"threshold": 0.5},
)
def make_frames(nlp: Language, name: str, threshold: float) -> Callable[[Doc], Doc]:
    """Make the component; ``threshold`` is the probability from which an unnamed country counts as spoken of."""
    return Frames(threshold)
