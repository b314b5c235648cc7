"""Account against machinery: instances in ``doc.spans["framing"]``, and the label of each passage.

Codebook, section 1. A passage holds at most one instance here: its account, machinery and cue may each be several
ranges of characters. Ranges, not spans, since a DocBin keeps the former; and names of their own, since spaCy keys
attributes by range alone.
"""

from collections.abc import Callable

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.labels import ACTORS, FRAMINGS
from rhetoric.pipeline.read import Array, passage_scores, passages, ranges, runs, softmax, token_probability, trim
from rhetoric.pipeline.thresholds import line

GROUP = "framing"
_BRIDGE = 3  # tokens: a comma or an aside does not end an account
_SHORTEST = 2  # tokens of an account or a machinery; a cue may be one word

for _name in ("framing", "framing_score", "account", "machinery", "framing_cue", "actor", "explicit"):
    Span.set_extension(_name, default=None, force=True)


class Framing:
    """Sets ``span._.framing`` and ``framing_score`` of passages, and adds spans with account, machinery, cue and
    actor.
    """

    def __init__(self, threshold: float) -> None:
        self.threshold = threshold

    def __call__(self, doc: Doc) -> Doc:
        """Label each passage; where it is framing, find the parts."""
        found: list[Span] = []
        for passage in passages(doc):
            chances = softmax(passage_scores(passage, "framing"))
            best = int(chances.argmax())
            passage._.framing, passage._.framing_score = FRAMINGS[best], float(chances[best])
            if FRAMINGS[best] == "none":
                continue
            instance = self._instance(passage)
            if instance is not None:
                instance._.framing_score = float(chances[best])
                found.append(instance)
        doc.spans[GROUP] = found
        return doc

    def _instance(self, passage: Span) -> Span | None:
        account, machinery = (
            self._part(passage, token_probability(passage, "parts", part), _BRIDGE, _SHORTEST)
            for part in ("account", "machinery")
        )
        cue = self._part(passage, token_probability(passage, "parts", "cue"), 0, 1)
        if passage._.framing == "unmasking":  # complete by definition: take the likeliest words where none is sure
            account = account or self._likeliest(passage, "account")
            machinery = machinery or self._likeliest(passage, "machinery")
        parts = [*account, *machinery, *cue]
        if not parts:
            return None
        span = Span(passage.doc, min(p.start for p in parts), max(p.end for p in parts), label=passage._.framing)
        span._.account, span._.machinery, span._.framing_cue = ranges(account), ranges(machinery), ranges(cue)
        span._.actor = ACTORS[int(passage_scores(passage, "actor").argmax())]
        span._.explicit = bool(cue)
        return span

    def _part(self, passage: Span, chance: Array, bridge: int, shortest: int) -> list[Span]:
        found = [(a, b) for a, b in runs(chance >= self.threshold, bridge) if b - a >= shortest]
        return [trim(passage.doc, passage.start + a, passage.start + b) for a, b in found]

    def _likeliest(self, passage: Span, part: str) -> list[Span]:
        chance = token_probability(passage, "parts", part)
        sentences = list(passage.sents)  # type: ignore[attr-defined]  # spaCy's stub lacks it
        means = [
            float(np.mean(chance[max(s.start, passage.start) - passage.start : s.end - passage.start]))
            for s in sentences
        ]
        best = sentences[int(np.argmax(means))]
        return [trim(passage.doc, max(best.start, passage.start), min(best.end, passage.end))]


@Language.factory(
    "rhetoric_framing",
    requires=["doc.tensor", "span._.scores", "doc.sents"],
    assigns=["doc.spans", "span._.framing"],
    default_config={"threshold": None, "folder": None},
)
def make_framing(nlp: Language, name: str, threshold: float | None, folder: str | None) -> Callable[[Doc], Doc]:
    """Make the component; ``threshold`` is the probability from which a token belongs to a part."""
    return Framing(line("framing.part", threshold, folder))
