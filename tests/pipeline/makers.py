"""Documents for the tests of the components: text cut into passages, with what the encoder says set by hand."""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import spacy
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.ingest.document import normalise
from rhetoric.pipeline.layout import NAMED, PASSAGE, SILENT, TOKEN, TOKEN_COLUMNS, VECTOR, column, width
from rhetoric.pipeline.words import LABELS

SURE = 10.0  # a logit: probability 0.99995, or 0.00005 where negative

steady = settings(max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
_PIECES = [
    *("a", "It", "not", "the state", "U.S.", "e.g.", "3.5", "state-led", "don't", "Ende", "«quoted»", "“said”"),
    *(". ", "! ", "? ", ", ", "; ", "… ", " - ", " — ", "...", "。", "(", ")", "- ", "1. "),
    *(" ", "  ", "\n", "\n\n", "\n \n", "\t", "\u00a0", "\u3000", "\u2009"),
    *("🙂", "👩‍👩‍👧", "🇨🇳", "e\u0301", "\u0301", "\u200b", "\u00ad", "\ufffd", "漢字", "ß", "İ"),
]
# Text as ingest hands it on: anything at all, or sentences and paragraphs with whatever is awkward in them.
texts = st.one_of(
    st.text(max_size=80).map(normalise),
    st.lists(st.sampled_from(_PIECES), max_size=60).map("".join).map(normalise),
)
seeds = st.integers(0, 2**32 - 1)


@lru_cache
def cutter(paragraphs: bool = True) -> Language:
    """Return a pipeline that needs no weights: tokens, sentences by punctuation, passages."""
    nlp = spacy.blank("en")
    if paragraphs:
        nlp.add_pipe("rhetoric_paragraphs")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("rhetoric_passages")
    return nlp


def silent(text: str) -> Any:
    """Stand in for the words of a passage: they say nothing of it."""
    return np.zeros(len(LABELS), dtype=np.float32)


def encoded(text: str) -> Doc:
    """Return ``text`` cut into passages as if encoded: nothing is found in it, nothing said of white space."""
    doc = cutter()(text)
    doc.tensor = np.full((len(doc), TOKEN_COLUMNS), -SURE, dtype=np.float32)
    doc.tensor[:, width(TOKEN) :] = 0
    doc.tensor[:, column(TOKEN, "sides", "outside")] = SURE
    hush(doc)
    for passage in doc.spans["passage"]:
        passage._.scores = [-SURE] * width(PASSAGE)
        say_passage(passage, "framing", "none")
    return doc


def hush(doc: Doc) -> None:
    """Let the encoder say nothing of white space, as it does."""
    for token in doc:
        if token.is_space:
            doc.tensor[token.i, : width(TOKEN)] = SILENT


def say(doc: Doc, words: str, head: str, label: str, logit: float = SURE) -> Span:
    """Let the encoder say ``label`` of the tokens of the first ``words`` in the text; returns them."""
    start = doc.text.index(words)
    span = doc.char_span(start, start + len(words))
    assert span is not None, f"{words!r} are no whole tokens"
    doc.tensor[span.start : span.end, column(TOKEN, head, label)] = logit
    return span


def say_named(doc: Doc, words: str, head: str, label: str, logit: float = SURE) -> None:
    """Let the encoder say how the tokens of the first ``words`` in the text portray what they name."""
    at = width(TOKEN) + VECTOR + column(NAMED, head, label)
    span = say(doc, words, "marks", "live", -SURE)
    doc.tensor[span.start : span.end, at] = logit


def say_side(doc: Doc, words: str, side: str) -> Span:
    """Let the encoder say that ``words`` are one side, "a" or "b", of a contrast."""
    span = say(doc, words, "sides", "outside", -SURE)
    doc.tensor[span.start, column(TOKEN, "sides", f"begin-{side}")] = SURE
    doc.tensor[span.start + 1 : span.end, column(TOKEN, "sides", f"inside-{side}")] = SURE
    return span


def say_passage(passage: Span, head: str, label: str, logit: float = SURE) -> None:
    """Let the encoder say ``label`` of a passage."""
    scores = list(passage._.scores)
    scores[column(PASSAGE, head, label)] = logit
    passage._.scores = scores


def babble(doc: Doc, seed: int) -> Doc:
    """Let the encoder say anything of every token and passage, white space apart."""
    chance = np.random.default_rng(seed)
    doc.tensor = chance.normal(0, 3, doc.tensor.shape).astype(np.float32)
    hush(doc)
    for passage in doc.spans["passage"]:
        passage._.scores = chance.normal(0, 3, width(PASSAGE)).tolist()
    return doc


def said(doc: Doc, ranges: list[list[int]]) -> list[str]:
    """Return the text of character ranges."""
    return [doc.text[start:end] for start, end in ranges]


def cpu_seconds(run: Callable[..., Any], *arguments: object) -> float:
    """Return the processor time that a call takes; other programs on the machine do not count."""
    start = time.process_time()
    run(*arguments)
    return time.process_time() - start
