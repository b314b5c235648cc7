"""Where paragraphs end: the first component, so that no sentence ever runs across a paragraph break."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import quantiles
from typing import Any

import numpy as np
from spacy.attrs import IDX, IS_SPACE, SENT_START, SPACY
from spacy.language import Language
from spacy.tokens import Doc

from rhetoric.pipeline.text import text_of

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
# What no wrapped line is the middle of: a point of a list, or a speaker of a transcript (MODERATOR: ..., Q: ...),
# whose name is longer than an acronym: a sentence may go on with "AI: ..." on the next line.
_OPENING = re.compile(r"\s*(?:[-–—*•‣▪●]|\(?\d{1,2}[.)]|\(?[a-z][.)]|(?:Q|A|[A-Z][A-Z.'’ -]{5,40}):)\s")
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*\s*$")
# After these a number goes on: Fig. 3, No. 5, pp. 3–5. A lower-case "no." is as often the end of a sentence.
_NUMBERED = re.compile(
    r"\b(?:[Ff]igs?|Nos?|[Ss]ecs?|[Aa]rts?|[Pp]aras?|pp?|[Vv]ols?|[Cc]hs?|[Cc]hap|[Ee]qs?|[Tt]ab|cl|ca|approx|et\ al)"
    r"\.\s+(?=[\d§]|[IVXLC]+\b)"
)
# Glued to a full stop and the quotation marks after it, a capital may still begin a sentence: end.Next
_GLUED = re.compile(r"[.!?…][\"'”’)\]]*(?=[A-Z“‘])")
# A full stop, space, and quotation marks or brackets that open before a capital: they belong to what follows.
_OPENED = re.compile(r"[.!?](?:[\"'”’)\]]*\s+(?=[\"'“‘]{1,2}[A-Z])|\s+(?=[(\[][\"'“‘]?[A-Z]))")
_WRAP_WIDTH = 100  # characters; mail, RFCs, PDF and Gutenberg text wrap below it, an unwrapped paragraph is longer


def split_paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the character ranges ``[start, end)`` of the paragraphs of ``text``, without surrounding space.

    A blank line always ends a paragraph. A single line break does too, unless the lines around it look hard-wrapped.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for gap in [*_BLANK_LINE.finditer(text), None]:
        end = gap.start() if gap else len(text)
        found.extend(_split_block(text, start, end))
        start = gap.end() if gap else end
    return found


def _split_block(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    at = start
    for line in text[start:end].split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    wrapped = _is_wrapped([text[a:b] for a, b in lines])
    group: list[tuple[int, int]] = []
    for a, b in lines:
        if group and (not wrapped or _OPENING.match(text, a, b)):
            yield from _stripped(text, group[0][0], group[-1][1])
            group = []
        group.append((a, b))
    if group:
        yield from _stripped(text, group[0][0], group[-1][1])


def _is_wrapped(lines: list[str]) -> bool:
    """Whether line breaks inside a block are typography: lines of even, modest width that stop in mid-sentence."""
    if len(lines) < 2:
        return False
    widths = [len(line) for line in lines[:-1]]
    ends = sum(bool(_SENTENCE_END.search(line)) for line in lines[:-1])
    widest = quantiles(widths, n=10, method="inclusive")[-1] if len(widths) > 1 else widths[0]
    return 30 <= widest <= _WRAP_WIDTH and ends <= len(widths) / 2


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a range without the space around it, where it holds a letter or a digit: a row of asterisks is no text."""
    piece = text[start:end]
    if any(map(str.isalnum, piece)):
        yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _goes_on(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where no sentence of a paragraph begins: at a line break after a line that holds no word more and no stop,
    up to the next word. To the parser a capital letter there looks like a new sentence.
    """
    lines = text[start:end].split("\n")
    widest = max(map(len, lines))
    at = start
    for line, following in pairwise(lines):
        at += len(line)
        word = following.split(maxsplit=1)[0]
        if len(line) + 1 + len(word) > widest and not _SENTENCE_END.search(line):
            yield from range(at, text.index(word, at) + 1)
        at += 1


def mark_paragraphs(doc: Doc) -> Doc:
    """Start a sentence at the first token of each paragraph, and at a quotation mark that opens after a full stop;
    start none at the number of a figure, in a line that goes on, nor where no space is before. The parser keeps to what
    is set.

    Raises ValueError where the document has been parsed before.
    """
    if len(doc) and doc.has_annotation("DEP"):
        raise ValueError("This document is parsed: the pipe 'rhetoric_paragraphs' belongs before the parser.")
    text = text_of(doc)
    ranges = split_paragraphs(text)
    starts = [start for start, _ in ranges]
    inside = [at for start, end in ranges for at in _goes_on(text, start, end)]
    marks = doc.to_array(SENT_START).astype(np.int64)
    offsets, spaced, blank = doc.to_array([IDX, SPACY, IS_SPACE]).T.astype(np.int64)
    at, free = offsets[1:], marks[1:] == 0
    glued = (spaced[:-1] == 0) & (blank[:-1] == 0) & ~np.isin(at, [found.end() for found in _GLUED.finditer(text)])
    marks[1:][free & glued] = -1
    opened = np.array([(found.start(), found.end()) for found in _OPENED.finditer(text)], dtype=np.int64).reshape(-1, 2)
    stops = np.isin(opened[:, 0], offsets)  # a full stop that is a token: none of "U.S."
    marks[1:][free & np.isin(at, opened[stops, 1])] = 1
    marks[1:][free & np.isin(at, [*(found.end() for found in _NUMBERED.finditer(text)), *inside])] = -1
    marks[1:][np.isin(at, starts)] = 1
    attributes: Any = marks.astype(np.uint64)  # as spaCy has them, whatever its stub says
    return doc.from_array(SENT_START, attributes)  # set one by one, each would cost a look at the whole document


class Paragraphs:
    """Sets sentence starts at paragraph breaks. An encoder further down ``nlp`` begins here, so that it reads
    paragraphs while the parser does.
    """

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    def __call__(self, doc: Doc) -> Doc:
        """See the class."""
        mark_paragraphs(doc)
        if "rhetoric_encoder" in self._nlp.pipe_names:  # the enabled ones
            encoder: Any = self._nlp.get_pipe("rhetoric_encoder")
            encoder.begin(doc)
        return doc


@Language.factory("rhetoric_paragraphs", assigns=["token.is_sent_start"])
def make_paragraphs(nlp: Language, name: str) -> Callable[[Doc], Doc]:
    """Make the component that sets sentence starts at paragraph breaks; it belongs before the parser.

    It also starts the pipe ``rhetoric_encoder`` of ``nlp``, where there is one, so that the encoder runs while the
    parser does: the two are most of the work.
    """
    return Paragraphs(nlp)
