"""What might be a contrast: pairs of stretches that a cue, the encoder or their place beside each other proposes.

Each is described by the features that the decision rests on: wide nets are thrown here, the choice is made there.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from spacy.tokens import Span

from rhetoric.labels import CONTRASTS, Contrast
from rhetoric.pipeline.clauses import matches, split_sentences, trim
from rhetoric.pipeline.cues import CUE, find_contrasts
from rhetoric.pipeline.read import Array, heard, runs, softmax, token_probability, token_scores
from rhetoric.pipeline.sides import best_sides

_WORDS: Final = (  # cue words that the decision knows by themselves
    "but", "yet", "not", "never", "rather than", "instead of", "although", "though", "even though",
    "even if", "despite", "while", "whereas", "unlike", "however", "still", "by contrast",
    "on the other hand", "than", "less", "it is",
)  # fmt: skip
FEATURES: Final = (
    "inside a", "inside b", "begin a", "begin b", "outside a", "outside b", "cue", "between",
    *(f"cue says {label}" for label in CONTRASTS), "searched", "neighbours",
    "length", "unequal", "apart", "sentences", "likeness", *(f"type {label}" for label in CONTRASTS),
    "shortened", "sure cue", "sure sides", *(f"word {word}" for word in _WORDS),
)  # fmt: skip
_EAGER: Final = (0.0, 0.5, 1.0)  # nats a token in favour of sides: each search proposes its own
_BREAK: Final = re.compile(r"[;:—–]|,(?=\s)|\s-\s")
_LONGEST: Final = 400  # characters of a side
_AROUND: Final = 16  # characters: how far from a side its cue may open
_CUE_CHANCE: Final = 0.5


@dataclass(frozen=True)
class Candidate:
    """A pair of sides and the words of its cue as character ranges of the passage; ``label`` is what its cue says."""

    a: tuple[int, int]
    b: tuple[int, int]
    cue: tuple[tuple[int, int], ...]
    label: Contrast | None
    origin: str  # cue, search or place
    shortened: bool = False

    @property
    def reach(self) -> tuple[int, int]:
        """From the first character of a side to the last."""
        return min(self.a[0], self.b[0]), max(self.a[1], self.b[1])


class Heard:
    """One passage as the contrast detector sees it: where its tokens are and what the encoder says of them."""

    def __init__(self, passage: Span) -> None:
        self.text = passage.text
        self.starts = np.array([token.idx for token in passage]) - passage.start_char
        self.ends = self.starts + np.array([len(token) for token in passage])
        self.tags = [token.pos_ for token in passage]
        self.words = [token.lower_ for token in passage]
        self.sides = softmax(token_scores(passage, "sides"))
        self.types = softmax(token_scores(passage, "contrast"))
        self.cues = token_probability(passage, "marks", "contrast-cue")
        self.heard = heard(passage)
        self.cue_list = list(matches(CUE, self.text, 0, len(self.text)))
        self.openings = [start for start, _ in split_sentences(self.text)]

    def tokens(self, span: tuple[int, int]) -> slice:
        """Return the tokens that a character range touches; at least one."""
        first = int(np.searchsorted(self.ends, span[0], side="right"))
        last = int(np.searchsorted(self.starts, span[1], side="left"))
        first = min(first, len(self.starts) - 1)
        return slice(first, max(last, first + 1))

    def cue_words(self, candidate: Candidate) -> set[str]:
        """Return the cue words that open a candidate's first side, stand between its sides, or early in its second."""
        low, late = candidate.a[0] - _AROUND, candidate.b[0] + _AROUND
        return {
            word
            for word, start, _ in self.cue_list
            if low <= start <= candidate.a[0] + 3 or candidate.a[1] <= start <= late
        }

    def likely_cue(self, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """Return the words that the encoder takes for a cue among tokens ``first`` to ``last`` and just before."""
        begin = max(0, first - 3)
        found = runs(self.cues[begin : last + 1] >= _CUE_CHANCE)
        return tuple((int(self.starts[begin + a]), int(self.ends[begin + b - 1])) for a, b in found)

    def type_of(self, candidate: Candidate) -> Array:
        """Return the probability of each label, over both sides."""
        both = np.r_[self.tokens(candidate.a), self.tokens(candidate.b)]
        return np.asarray(self.types[both].mean(axis=0), dtype=np.float32)


def propose(passage: Heard) -> list[Candidate]:
    """Return every candidate of a passage, each pair of sides once; those of cues first."""
    found: dict[tuple[tuple[int, int], tuple[int, int]], Candidate] = {}
    for candidate in (*_by_cue(passage), *_by_search(passage), *_by_place(passage)):
        longest = max(candidate.a[1] - candidate.a[0], candidate.b[1] - candidate.b[0])
        if longest <= _LONGEST:
            found.setdefault((candidate.a, candidate.b), candidate)
    return list(found.values())


def _by_cue(passage: Heard) -> Iterator[Candidate]:
    for pair in find_contrasts(passage.text):
        a, b = (pair["a"][0], pair["a"][1]), (pair["b"][0], pair["b"][1])
        cue = tuple((start, end) for start, end in pair["cue"])
        yield Candidate(a, b, cue, pair["label"], "cue")
        # How far a side reaches is what a cue does not tell: try it up to the nearest break as well.
        for near_a, near_b in ((True, False), (False, True), (True, True)):
            cut_a = _from_last_break(passage.text, a) if near_a else a
            cut_b = _to_first_break(passage.text, b) if near_b else b
            if (cut_a, cut_b) != (a, b):
                yield Candidate(cut_a, cut_b, cue, pair["label"], "cue", shortened=True)


def _from_last_break(text: str, span: tuple[int, int]) -> tuple[int, int]:
    breaks = [found.end() for found in _BREAK.finditer(text, *span)]
    return _trimmed(text, breaks[-1], span[1]) if breaks else span


def _to_first_break(text: str, span: tuple[int, int]) -> tuple[int, int]:
    found = _BREAK.search(text, *span)
    return _trimmed(text, span[0], found.start()) if found else span


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    first, last = trim(text, start, end)
    return (first, last) if first < last else (start, end)


def _by_search(passage: Heard) -> Iterator[Candidate]:
    kept = passage.heard
    if len(kept) < 2:
        return
    scores = np.log(passage.sides[kept] + 1e-9)
    for eagerness in _EAGER:
        for sides in best_sides(scores, eagerness):
            first, last, second, end = (int(kept[at]) for at in (sides[0], sides[1] - 1, sides[2], sides[3] - 1))
            a = _trimmed(passage.text, int(passage.starts[first]), int(passage.ends[last]))
            b = _trimmed(passage.text, int(passage.starts[second]), int(passage.ends[end]))
            yield Candidate(a, b, passage.likely_cue(first, end), None, "search")


def _by_place(passage: Heard) -> Iterator[Candidate]:
    for a, b in _neighbours(passage.text):
        first, last = passage.tokens(a).start, passage.tokens(b).stop - 1
        yield Candidate(a, b, passage.likely_cue(first, last), None, "place")


def _neighbours(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield pairs of neighbouring sentences, of neighbouring clauses, and the two halves that each break makes."""
    sentences = split_sentences(text)
    for (a, b), (c, d) in pairwise(sentences):
        yield _trimmed(text, a, b), _trimmed(text, c, d)
    for start, end in sentences:
        cuts = [start, *(found.end() for found in _BREAK.finditer(text, start, end)), end]
        clauses = [_trimmed(text, x, y) for x, y in pairwise(cuts) if text[x:y].strip(" ,;:—–-.")]
        yield from pairwise(clauses)
        for at in range(1, len(clauses) if len(clauses) > 2 else 0):
            yield (clauses[0][0], clauses[at - 1][1]), (clauses[at][0], clauses[-1][1])


def describe(passage: Heard, candidate: Candidate) -> list[float]:
    """Return the features of a candidate, as ``FEATURES`` names them."""
    a, b = passage.tokens(candidate.a), passage.tokens(candidate.b)
    sides = passage.sides
    low, high = candidate.reach
    whole = passage.tokens((max(0, low - 12), high))
    between = sides[a.stop : b.start, 0]
    length_a, length_b = a.stop - a.start, b.stop - b.start
    crossed = sum(candidate.a[1] <= start <= candidate.b[0] for start in passage.openings)
    types = passage.type_of(candidate)
    said = passage.cue_words(candidate)
    return [
        float(sides[a, 1:3].sum(axis=1).mean()),
        float(sides[b, 3:5].sum(axis=1).mean()),
        float(sides[a.start, 1]),
        float(sides[b.start, 3]),
        float(sides[a, 0].mean()),
        float(sides[b, 0].mean()),
        float(passage.cues[whole].max()),
        float(between.mean()) if len(between) else 0.5,
        *(float(candidate.label == label) for label in CONTRASTS),
        float(candidate.origin == "search"),
        float(candidate.origin == "place"),
        math.log(length_a + length_b),
        abs(math.log(length_a / length_b)),
        math.log1p(max(0, b.start - a.stop)),
        float(crossed),
        _likeness(passage, a, b),
        *(float(chance) for chance in types),
        float(candidate.shortened),
        float(passage.cues[whole].max()) * (candidate.origin == "cue"),
        float(np.sqrt(sides[a, 1:3].sum(axis=1).mean() * sides[b, 3:5].sum(axis=1).mean())),
        *(float(word in said) for word in _WORDS),
    ]


def _likeness(passage: Heard, a: slice, b: slice) -> float:
    """How parallel two sides are worded: the share of words and of tags that they have in common (Dice)."""
    shares = []
    for told in (passage.words, passage.tags):
        left, right = set(told[a]), set(told[b])
        shares.append(2 * len(left & right) / (len(left) + len(right)))
    return sum(shares) / 2
