"""Small things that every detector does with the encoder's scores."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Span, Token

from rhetoric.pipeline.layout import NAMED, PASSAGE, SILENT, TOKEN, VECTOR, column, columns, width
from rhetoric.pipeline.passages import GROUP

Array = NDArray[np.float32]

_NO_END: Final = frozenset((",", ".", ";", ":", "-", "–", "—", "--", "(", "[", "“", "‘"))
_BEFORE_QUOTE: Final = frozenset(("(", "[", "-", "–", "—", "--"))

_TOKEN, _PASSAGE, _NAMED = columns(TOKEN), columns(PASSAGE), columns(NAMED)
_COLUMN = {(head.name, label): column(TOKEN, head.name, label) for head in TOKEN for label in head.labels}


def sigmoid(scores: Array) -> Array:
    """Return probabilities of independent labels."""
    return np.asarray(1 / (1 + np.exp(-scores)), dtype=np.float32)


def decide(features: Array, weights: Array) -> Array:
    """Return the probabilities of a fitted decision by ``weights``, one a feature, the last one alone."""
    return sigmoid(features @ weights[:-1] + weights[-1])


def softmax(scores: Array) -> Array:
    """Return probabilities over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


def passages(doc: Doc) -> Iterator[Span]:
    """Yield the encoded passages of ``doc``; raises ValueError where the encoder has not run."""
    if GROUP not in doc.spans:
        raise ValueError("No passages here: add the pipes 'rhetoric_passages' and 'rhetoric_encoder' first.")
    for span in doc.spans[GROUP]:
        if span._.scores is None:
            raise ValueError("No scores here: add the pipe 'rhetoric_encoder' before the detectors.")
        yield span


def passage_scores(span: Span, head: str) -> Array:
    """Return the logits (labels) of one passage head."""
    return np.asarray(span._.scores, dtype=np.float32)[_PASSAGE[head]]


def token_scores(span: Span, head: str) -> Array:
    """Return the logits (tokens × labels) of one token head."""
    return np.asarray(span.doc.tensor[span.start : span.end, _TOKEN[head]], dtype=np.float32)


def token_score(span: Span, head: str, label: str) -> Array:
    """Return the logits (tokens) of one label of a token head."""
    return np.asarray(span.doc.tensor[span.start : span.end, _COLUMN[head, label]], dtype=np.float32)


def token_probability(span: Span, head: str, label: str) -> Array:
    """Return the probability (tokens) of one independent label."""
    return sigmoid(token_score(span, head, label))


def token_vectors(span: Span) -> Array:
    """Return the vectors (tokens × VECTOR) in which the judge sees a passage."""
    return np.asarray(span.doc.tensor[span.start : span.end, width(TOKEN) :][:, :VECTOR], dtype=np.float32)


def named_scores(mentions: Sequence[Span], head: str) -> Array:
    """Return the logits (labels) of one head of NAMED, the mean over the tokens of all ``mentions`` of a country."""
    tokens = [at for span in mentions for at in range(span.start, span.end)]
    told = mentions[0].doc.tensor[tokens, width(TOKEN) + VECTOR :][:, _NAMED[head]]
    return np.asarray(told.mean(axis=0), dtype=np.float32)


def heard(span: Span) -> NDArray[np.intp]:
    """Return the positions in ``span`` of the tokens that the encoder speaks of; white space is none of them."""
    return np.flatnonzero((span.doc.tensor[span.start : span.end, : width(TOKEN)] > SILENT).any(axis=1))


def with_gaps(span: Span, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which tokens are ``chosen``, with the white space between two of them: a phrase goes on where a line
    breaks.
    """
    words, found = heard(span), chosen.copy()
    for at in np.flatnonzero(np.diff(words) > 1):
        before, after = words[at], words[at + 1]
        found[before + 1 : after] |= chosen[before] & chosen[after]
    return found


def runs(chosen: Iterable[bool]) -> list[tuple[int, int]]:
    """Return ranges of consecutive chosen positions."""
    found: list[tuple[int, int]] = []
    for at, yes in enumerate(chosen):
        if not yes:
            continue
        if found and at == found[-1][1]:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def trim(doc: Doc, start: int, end: int) -> Span:
    """Return ``doc[start:end]`` without the space and stray punctuation around it, nor the 's of the word before
    (quotation marks stay, but no closing one at its beginning, and no opening one at its end).
    """
    while start < end - 1 and _is_stray(doc[start]):
        start += 1
    while end - 1 > start and (doc[end - 1].is_space or doc[end - 1].text in _NO_END):
        end -= 1
    return doc[start:end]


def _is_stray(token: Token) -> bool:
    """Whether no stretch begins with this."""
    opens = token.is_quote and token.is_left_punct
    if opens and token.is_right_punct and token.i:  # a straight one: it closes what it stands right behind
        before = token.nbor(-1)
        opens = bool(before.whitespace_) or before.is_space or before.text in _BEFORE_QUOTE
    return token.is_space or (token.is_punct and not opens) or token.lower_ in ("'s", "’s")


def ranges(spans: Iterable[Span]) -> list[list[int]]:
    """Return the character ranges ``[start, end)`` of spans."""
    return [[span.start_char, span.end_char] for span in spans]
