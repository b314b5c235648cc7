"""Contrast structures: two sides, cue and type, in ``doc.spans["contrast"]``.

Codebook, section 2. The best sequence of sides is found by Viterbi search over what the encoder says of each token: a first
side is always followed by a second one, so every contrast found is whole.
"""

from collections.abc import Callable

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.labels import CONTRASTS
from rhetoric.pipeline.read import Array, passages, ranges, runs, softmax, token_probability, token_scores, trim
from rhetoric.pipeline.thresholds import line

GROUP = "contrast"
# Search states: outside, begin a, inside a, between the sides, begin b, inside b; and the column each one reads.
_COLUMN = np.array([0, 1, 2, 0, 3, 4])
_NEXT = {0: (0, 1), 1: (2, 3, 4), 2: (2, 3, 4), 3: (3, 4), 4: (5, 0, 1), 5: (5, 0, 1)}
_ALLOWED = np.full((6, 6), -np.inf, dtype=np.float32)
for _from, _to in _NEXT.items():
    _ALLOWED[_from, list(_to)] = 0
_START, _END = np.array([0, 0, -np.inf, -np.inf, -np.inf, -np.inf]), np.array([0, -np.inf, -np.inf, -np.inf, 0, 0])
_HOPELESS = 0.05  # no token likelier than this to begin a side: nothing to search

for _name in ("a", "b", "contrast_cue", "contrast_score"):
    Span.set_extension(_name, default=None, force=True)


def best_sides(scores: Array, eagerness: float = 0.0) -> list[tuple[int, int, int, int]]:
    """Return ``(a start, a end, b start, b end)`` of each contrast in the likeliest sequence.

    ``scores`` are (tokens × 5) log-probabilities of outside, begin-a, inside-a, begin-b, inside-b; ``eagerness`` (in nats
    a token) favours sides over outside.
    """
    emitted = scores[:, _COLUMN].copy()
    emitted[:, [1, 2, 4, 5]] += eagerness
    value = emitted[0] + _START
    back = np.zeros((len(scores), 6), dtype=np.int8)
    for at in range(1, len(scores)):
        reach = value[:, None] + _ALLOWED
        back[at] = reach.argmax(axis=0)
        value = reach.max(axis=0) + emitted[at]
    state = int((value + _END).argmax())
    path = [state]
    for at in range(len(scores) - 1, 0, -1):
        state = int(back[at, state])
        path.append(state)
    return _pairs(path[::-1])


def _pairs(path: list[int]) -> list[tuple[int, int, int, int]]:
    found: list[list[int]] = []
    for at, state in enumerate(path):
        if state == 1:
            found.append([at, at + 1])
        elif state == 2:
            found[-1][1] = at + 1
        elif state == 4:
            found[-1] += [at, at + 1]
        elif state == 5:
            found[-1][3] = at + 1
    return [(a, b, c, d) for a, b, c, d in (pair for pair in found if len(pair) == 4)]


class Contrasts:
    """Adds to ``doc.spans["contrast"]`` a span from first to second side, with ``a``, ``b`` and ``contrast_cue`` (character
    ranges) and ``contrast_score``."""

    def __init__(self, eagerness: float, cue_threshold: float) -> None:
        self.eagerness, self.cue_threshold = eagerness, cue_threshold

    def __call__(self, doc: Doc) -> Doc:
        """Search every passage in which some token may begin a side."""
        found: list[Span] = []
        for passage in passages(doc):
            chance = softmax(token_scores(passage, "sides"))
            if chance[:, 1].max() < _HOPELESS:
                continue
            for sides in best_sides(np.log(chance + 1e-9), self.eagerness):
                found.append(self._contrast(passage, chance, sides))
        doc.spans[GROUP] = found
        return doc

    def _contrast(self, passage: Span, chance: Array, sides: tuple[int, int, int, int]) -> Span:
        first, last = sides[0], sides[3]
        inside = np.concatenate([np.arange(sides[0], sides[1]), np.arange(sides[2], sides[3])])
        types = softmax(token_scores(passage, "contrast")[inside].mean(axis=0))
        cues = token_probability(passage, "marks", "contrast-cue")
        # A cue may stand before the first side ("although ..."): look a few words back.
        begin = max(0, first - 3)
        base, doc = passage.start, passage.doc
        span = Span(doc, base + first, base + last, label=CONTRASTS[int(types.argmax())])
        a, b = trim(doc, base + sides[0], base + sides[1]), trim(doc, base + sides[2], base + sides[3])
        span._.a, span._.b = ranges([a, b])
        chosen = runs(cues[begin:last] >= self.cue_threshold)
        span._.contrast_cue = ranges(doc[base + begin + start : base + begin + end] for start, end in chosen)
        span._.contrast_score = float(1 - chance[inside, 0].mean())
        return span


@Language.factory(
    "rhetoric_contrast",
    requires=["span._.scores"],
    assigns=["doc.spans"],
    default_config={"eagerness": None, "cue_threshold": None, "folder": None},
)
def make_contrast(
    nlp: Language, name: str, eagerness: float | None, cue_threshold: float | None, folder: str | None
) -> Callable[[Doc], Doc]:
    """Make the component; ``eagerness`` above 0 finds more contrasts, below 0 fewer."""
    return Contrasts(
        line("contrast.eagerness", eagerness, folder), line("contrast.cue", cue_threshold, folder)
    )
