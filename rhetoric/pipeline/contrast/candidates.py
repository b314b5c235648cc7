"""What might be a contrast: pairs of stretches that a cue, the encoder or their place beside each other proposes.

Each is described by the features that the decision rests on: wide nets are thrown here, the choice is made there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX, LENGTH, LOWER, POS
from spacy.tokens import Span

from rhetoric.labels import CONTRASTS, Contrast
from rhetoric.pipeline.clauses import matches, split_sentences, trim
from rhetoric.pipeline.contrast.cues import CUE, find_contrasts
from rhetoric.pipeline.contrast.sides import best_sides
from rhetoric.pipeline.read import (
    Array,
    heard,
    runs,
    softmax,
    token_probability,
    token_scores,
    token_vectors,
    with_gaps,
)
from rhetoric.pipeline.text import text_of

Places = NDArray[np.int64]

_WORDS: Final = (  # cue words that the decision knows by themselves
    "but", "yet", "not", "never", "rather than", "instead of", "although", "though", "even though",
    "even if", "despite", "while", "whereas", "unlike", "however", "still", "by contrast",
    "on the other hand", "than", "less", "it is",
)  # fmt: skip
FEATURES: Final = (
    "inside a", "inside b", "begin a", "begin b", "outside a", "outside b", "cue", "between",
    *(f"cue says {label}" for label in CONTRASTS), "searched", "neighbours",
    "length", "unequal", "apart", "sentences", "likeness", *(f"type {label}" for label in CONTRASTS),
    "shortened", "sure cue", "sure sides", "judged", *(f"judged {label}" for label in CONTRASTS),
    *(f"word {word}" for word in _WORDS),
)  # fmt: skip
_EAGER: Final = (0.0, 0.5, 1.0)  # nats a token in favour of sides: each search proposes its own
# A dash or a colon within a word (US–China, 10:30) breaks nothing.
_BREAK: Final = re.compile(r"[;—]|:(?=\s|$)|(?<!\w)–|–(?!\w)|,(?=\s)|\s-\s")
_JOINT: Final = re.compile(r"(?<![\s,]),?\s+(?:and|while|where|whereas)\s+(?:then\s+)?")
_LONGEST: Final = 400  # characters of a side
_AROUND: Final = 16  # characters: how far from a side its cue may open
CUE_CHANCE: Final = 0.5  # the probability from which a word is taken for part of a cue
_NO_CUE: Final = frozenset((  # by themselves
    "and", "or", "over", "to", "with", "from", "in", "of", "as", "between", "for", "by", "at", "on",
))  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A pair of sides, one after the other, and the words of its cue as character ranges of the passage; ``label`` is
    what its cue says.
    """

    a: tuple[int, int]
    b: tuple[int, int]
    cue: tuple[tuple[int, int], ...]
    label: Contrast | None
    origin: str  # cue, search or place
    shortened: bool = False

    @property
    def reach(self) -> tuple[int, int]:
        """From the first character of the first side to the last of the second."""
        return self.a[0], self.b[1]


class Heard:
    """One passage as the contrast detector sees it: where its tokens are and what the encoder says of them."""

    def __init__(self, passage: Span) -> None:
        self.text = text_of(passage)
        at = passage.to_array([IDX, LENGTH, POS, LOWER])  # type: ignore[attr-defined]  # spaCy's stub lacks it
        self.starts = at[:, 0].astype(np.int64) - passage.start_char
        self.ends = self.starts + at[:, 1].astype(np.int64)
        self.told = [at[:, 3].tolist(), at[:, 2].tolist()]  # words and tags, as spaCy numbers them
        self.sides = softmax(token_scores(passage, "sides"))
        self.types = softmax(token_scores(passage, "contrast"))
        self.vectors = token_vectors(passage)
        self.cues = token_probability(passage, "marks", "contrast-cue")
        self.in_cues = with_gaps(passage, self.cues >= CUE_CHANCE)
        self.heard = heard(passage)
        self.cue_list = list(matches(CUE, self.text, 0, len(self.text)))
        self.openings = [start for start, _ in split_sentences(self.text)]

    def tokens(self, spans: Array | list[tuple[int, int]]) -> Places:
        """Return the tokens (spans × first and end) that character ranges (spans × 2) touch; at least one each."""
        places = np.asarray(spans, dtype=np.int64).reshape(-1, 2)
        first = np.searchsorted(self.ends, places[:, 0], side="right").clip(max=len(self.starts) - 1)
        end = np.searchsorted(self.starts, places[:, 1], side="left")
        return np.stack([first, np.maximum(end, first + 1)], axis=1)

    def likely_cue(self, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """Return the words that the encoder takes for a cue among tokens ``first`` to ``last`` and just before."""
        begin = max(0, first - 3)
        found = runs(self.in_cues[begin : last + 1])
        places = ((int(self.starts[begin + a]), int(self.ends[begin + b - 1])) for a, b in found)
        words = ((self.text[start:end].lower(), start, end) for start, end in places)
        return tuple((start, end) for said, start, end in words if said not in _NO_CUE and any(map(str.isalnum, said)))

    def cue_of(self, candidate: Candidate) -> tuple[tuple[int, int], ...]:
        """Return the words of a candidate's cue; where nothing told them, those that are likely."""
        if candidate.origin != "place":
            return candidate.cue
        (first, _), (_, end) = self.tokens([candidate.a, candidate.b])
        return self.likely_cue(int(first), int(end) - 1)


def propose(passage: Heard) -> list[Candidate]:
    """Return every candidate of a passage, each pair of sides once; those of cues first."""
    found: dict[tuple[tuple[int, int], tuple[int, int]], Candidate] = {}
    for candidate in (*_by_cue(passage.text), *_by_search(passage), *_by_place(passage.text)):
        found.setdefault((candidate.a, candidate.b), candidate)
    return [each for each in found.values() if _is_short(each)]


def propose_from_text(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the pairs of sides that the words of a text propose by themselves, before any encoder has read it."""
    found = (*_by_cue(text), *_by_place(text))
    return list(dict.fromkeys((each.a, each.b) for each in found if _is_short(each)))


def _is_short(candidate: Candidate) -> bool:
    return max(candidate.a[1] - candidate.a[0], candidate.b[1] - candidate.b[0]) <= _LONGEST


def _by_cue(text: str) -> Iterator[Candidate]:
    for pair in find_contrasts(text):
        a, b = (pair["a"][0], pair["a"][1]), (pair["b"][0], pair["b"][1])
        cue = tuple((start, end) for start, end in pair["cue"])
        yield Candidate(a, b, cue, pair["label"], "cue")
        # How far a side reaches is what a cue does not tell: try it up to the nearest break as well.
        for near_a, near_b in ((True, False), (False, True), (True, True)):
            cut_a = _from_last_break(text, a) if near_a else a
            cut_b = _to_first_break(text, b) if near_b else b
            if (cut_a, cut_b) != (a, b):
                yield Candidate(cut_a, cut_b, cue, pair["label"], "cue", shortened=True)


def _from_last_break(text: str, span: tuple[int, int]) -> tuple[int, int]:
    # From what is longer than any side no more than its end can be one.
    breaks = [found.end() for found in _BREAK.finditer(text, max(span[0], span[1] - _LONGEST), span[1])]
    return _trimmed(text, breaks[-1], span[1]) if breaks else span


def _to_first_break(text: str, span: tuple[int, int]) -> tuple[int, int]:
    found = _BREAK.search(text, span[0], min(span[1], span[0] + _LONGEST))
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


def _by_place(text: str) -> Iterator[Candidate]:
    for a, b in _neighbours(text):
        yield Candidate(a, b, (), None, "place")


def _neighbours(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield pairs of neighbouring sentences, of neighbouring clauses, the two halves that each break makes, and what is
    joined between two breaks ("prices fell and satisfaction rose").
    """
    sentences = split_sentences(text)
    for (a, b), (c, d) in pairwise(sentences):
        yield _trimmed(text, a, b), _trimmed(text, c, d)
    for start, end in sentences:
        cuts = [start, *(found.end() for found in _BREAK.finditer(text, start, end)), end]
        clauses = [_trimmed(text, x, y) for x, y in pairwise(cuts) if text[x:y].strip(" ,;:—–-.")]
        yield from pairwise(clauses)
        for at in range(1, len(clauses) if len(clauses) > 2 else 0):
            yield (clauses[0][0], clauses[at - 1][1]), (clauses[at][0], clauses[-1][1])
        for joint in _JOINT.finditer(text, start, end):
            low = max(cut for cut in cuts if cut <= joint.start())
            high = min(cut for cut in cuts if cut >= joint.end())
            if text[low : joint.start()].strip() and text[joint.end() : high].strip():
                yield _trimmed(text, low, joint.start()), _trimmed(text, joint.end(), high)


def features_of(passage: Heard, candidates: list[Candidate], a: Places, b: Places, judged: Array) -> Array:
    """Return the features (candidates × FEATURES) as they are named there.

    ``a`` and ``b`` are the tokens (candidates × first and end) of either side, ``judged`` what the judge says.
    """
    if not candidates:
        return np.zeros((0, len(FEATURES)), dtype=np.float32)
    said = np.array([[*each.a, *each.b, *each.reach] for each in candidates], dtype=np.int64)
    label = np.array([[each.label == label for label in CONTRASTS] for each in candidates])
    origin = np.array([[each.origin == name for name in ("search", "place", "cue")] for each in candidates])
    chance = np.concatenate([passage.sides, passage.types], axis=1)
    sum_a, sum_b = _sums(chance, a), _sums(chance, b)
    length_a, length_b = a[:, 1] - a[:, 0], b[:, 1] - b[:, 0]
    in_a, in_b = sum_a / length_a[:, None], sum_b / length_b[:, None]
    inside_a, inside_b = in_a[:, 1:3].sum(axis=1), in_b[:, 3:5].sum(axis=1)
    types = (sum_a + sum_b)[:, 5:] / (length_a + length_b)[:, None]
    apart = np.maximum(b[:, 0] - a[:, 1], 0)
    between = _sums(passage.sides[:, :1], np.stack([a[:, 1], a[:, 1] + apart], axis=1))[:, 0]
    whole = passage.tokens(np.stack([np.maximum(said[:, 4] - 12, 0), said[:, 5]], axis=1))
    cue = np.maximum.reduceat(np.append(passage.cues, 0), whole.ravel())[::2]
    openings = np.array(passage.openings)
    crossed = np.searchsorted(openings, said[:, 2], "right") - np.searchsorted(openings, said[:, 1], "left")
    described = [
        inside_a,
        inside_b,
        passage.sides[a[:, 0], 1],
        passage.sides[b[:, 0], 3],
        in_a[:, 0],
        in_b[:, 0],
        cue,
        np.where(apart > 0, between / np.maximum(apart, 1), 0.5),
        label,
        origin[:, :2],
        np.log(length_a + length_b),
        np.abs(np.log(length_a / length_b)),
        np.log1p(apart),
        np.maximum(crossed, 0),
        _likeness(passage, a, b),
        types,
        [each.shortened for each in candidates],
        cue * origin[:, 2],
        np.sqrt(inside_a * inside_b),
        np.logaddexp.reduce(judged[:, 1:], axis=1) - judged[:, 0],
        softmax(judged[:, 1:]),
        _cue_words(passage, said),
    ]
    return np.column_stack(described).astype(np.float32)


def _sums(values: NDArray[np.floating], places: Places) -> NDArray[np.float64]:
    """Return the sums of ``values`` (tokens × k) over each stretch of tokens (n × k)."""
    summed = np.zeros((len(values) + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=summed[1:])
    found: NDArray[np.float64] = summed[places[:, 1]] - summed[places[:, 0]]
    return found


def _likeness(passage: Heard, a: Places, b: Places) -> list[float]:
    """How parallel two sides are worded: the share of words and of tags that they have in common (Dice)."""
    seen: dict[tuple[int, int], list[set[int]]] = {}
    for first, end in np.concatenate([a, b]).tolist():
        if (first, end) not in seen:
            seen[first, end] = [set(told[first:end]) for told in passage.told]
    found = []
    for (a_first, a_end), (b_first, b_end) in zip(a.tolist(), b.tolist(), strict=True):
        pairs = zip(seen[a_first, a_end], seen[b_first, b_end], strict=True)
        found.append(sum(len(left & right) / (len(left) + len(right)) for left, right in pairs))
    return found


def _cue_words(passage: Heard, said: Places) -> NDArray[np.bool_]:
    """Which cue words open a candidate's first side, stand between its sides, or early in its second."""
    found = np.zeros((len(said), len(_WORDS)), dtype=np.bool_)
    for word, at, _ in passage.cue_list:
        if word in _WORDS:
            opens = (said[:, 0] - _AROUND <= at) & (at <= said[:, 0] + 3)
            found[:, _WORDS.index(word)] |= opens | (said[:, 1] <= at) & (at <= said[:, 2] + _AROUND)
    return found
