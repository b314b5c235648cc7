"""Cut a document into passages, the unit of coding of the codebook, in ``doc.spans["passage"]``."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc, Span

from rhetoric.pipeline.length import count_words
from rhetoric.pipeline.paragraphs import split_paragraphs
from rhetoric.pipeline.text import text_of

GROUP = "passage"
WHOLE = 160  # words: a paragraph up to this length is one passage (corpora/record.md)
_ENDLESS = 400  # words: no sentence is as long
_MARKS = re.compile(r"[,;:–—]\s+|\n"), re.compile(r"\s+")
WINDOW = 150  # words: longer paragraphs are cut at sentence ends into even windows of at most about this many


def cut_passages(doc: Doc) -> Iterator[tuple[int, int]]:
    """Yield the character range of each passage of a sentence-split document, in order."""
    text = text_of(doc)
    sentences = [(s.start_char, s.end_char) for s in doc.sents]
    at = 0
    for start, end in split_paragraphs(text):
        words = count_words(text[start:end])
        while at < len(sentences) and sentences[at][1] <= start:
            at += 1
        if words <= WHOLE:
            yield start, end
            continue
        inside = []
        while at < len(sentences) and sentences[at][0] < end:
            inside.append(sentences[at])
            at += 1
        cuts = [b for _, b in inside if b < end] + [end]
        finer = [each for last, cut in pairwise([start, *cuts]) for each in _refine(text, last, cut)]
        yield from _windows(text, start, end, finer, words)


def _refine(
    text: str, start: int, end: int, longest: int = _ENDLESS, marks: Sequence[re.Pattern[str]] = _MARKS
) -> Iterator[int]:
    """Yield ``end`` and, where more words than ``longest`` are before it, places to cut at: captions and lists may run
    on for pages without a full stop.
    """
    if marks and count_words(text[start:end]) > longest:
        for found in marks[0].finditer(text, start, end):
            if found.end() < end:
                yield from _refine(text, start, found.end(), WHOLE, marks[1:])
                start = found.end()
        yield from _refine(text, start, end, WHOLE, marks[1:])
    else:
        yield end


def _windows(text: str, start: int, end: int, cuts: list[int], words: int) -> Iterator[tuple[int, int]]:
    """Cut ``text[start:end]`` at some of ``cuts`` into windows of about equal length."""
    goal = words / math.ceil(words / WINDOW)
    opened = last = start
    held = 0  # words between opened and last
    for cut in cuts:
        more = count_words(text[last:cut])
        if held and held + more > WINDOW:
            yield opened, last
            opened, held = last, 0
        last, held = cut, held + more
        if held >= goal or cut == end:
            yield opened, cut
            opened, held = cut, 0


def mark_passages(doc: Doc) -> Doc:
    """Fill ``doc.spans["passage"]``; spans are trimmed to tokens that are not white space."""
    spans: list[Span] = []
    for start, end in cut_passages(doc):
        span = doc.char_span(start, end, alignment_mode="expand")
        if span is None:
            continue
        first, last = span.start, span.end
        while first < last and doc[first].is_space:
            first += 1
        while last > first and doc[last - 1].is_space:
            last -= 1
        if last > first:
            spans.append(doc[first:last])
    doc.spans[GROUP] = spans
    return doc


@Language.factory("rhetoric_passages", requires=["doc.sents"], assigns=["doc.spans"])
def make_passages(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Make the component that cuts documents into passages; it needs sentence boundaries."""
    return mark_passages
