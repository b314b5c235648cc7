"""Where the sides of a contrast that was found begin and end, and whose words its cue is: as coders mark them.

Candidates are cut by stops, cues and the encoder's scores, which is near enough to choose among them. What is shown
is a side without the words that join it to the other, and with the end of its clause.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rhetoric.pipeline.clauses import CLOSING, OPENING, trim, with_mates

Range = tuple[int, int]

_CONNECTIVES: Final = (
    "but", "yet", "while", "whereas", "although", "though", "even", "even though", "even if", "however", "despite",
    "rather than", "instead of", "instead", "unlike", "by contrast", "on the other hand",
)  # fmt: skip
# What an item of a list opens with, and emoji: (1), b), 2., [3], a bullet.
_ITEM: Final = re.compile(
    r"(?:\[\d{1,2}\]\s*|\(?\d{1,2}\)\s*|\(?(?:[a-z]|[ivx]{2,4})\)(?:\s+|(?=\())|\d{1,2}\.\s+|[*·]\s+"
    r"|(?:\d\ufe0f?\u20e3|[•‣\u2190-\u21ff\u2300-\u2bff\U0001f000-\U0001faff][\ufe0f\u200d]*)\s*)+"
)
_SPEAKER: Final = re.compile(r"[A-Z][A-Z .'’-]{2,30}:\s")
_NOTE: Final = re.compile(r"(?<=[a-z]{2})[.!?…][\"'”’)\]]*\d{1,3}(?:,\s?\d{1,3})*$")  # the number of a note
# Words that may be missing at the end of a clause.
_REST: Final = re.compile(r"(?:\s+\w[^\s,;:—–.!?()\"“”]*){1,3}(?=[,;:—–.!?()\"”]|\s[—–-]\s|$)")


@dataclass(frozen=True)
class Shape:
    """What is marked of a contrast: both sides and the words of its cue, as character ranges of the passage."""

    a: Range
    b: Range
    cue: tuple[Range, ...]


def shape_all(text: str, pairs: Sequence[tuple[Range, Range]], cues: Sequence[tuple[Range, ...]]) -> list[Shape]:
    """Return what to mark of the contrasts of a passage, given their sides and cues as they were proposed.

    A cue belongs to one contrast: where one lies within a side of another, to the inner one.
    """
    shapes = [
        Shape(side_bounds(text, a, b, cue), side_bounds(text, b, a, cue), cue)
        for (a, b), cue in zip(pairs, cues, strict=True)
    ]
    return [
        replace(each, cue=tuple(word for word in each.cue if not _is_of_inner(word, each, shapes))) for each in shapes
    ]


def _is_of_inner(word: Range, shape: Shape, shapes: Sequence[Shape]) -> bool:
    inner = ([other.a, other.b, word] for other in shapes if other is not shape and word in other.cue)
    return any(
        all(side[0] <= first and last <= side[1] for first, last in ranges)
        for ranges in inner
        for side in (shape.a, shape.b)
    )


def side_bounds(text: str, side: Range, other: Range, cue: Sequence[Range]) -> Range:
    """Return the range of a side, up to the end of its clause where that is near, without a connective that it opens
    with, the number of a list's item, an emoji or a speaker's name, words that join it to the other side, or a bracket
    at its end that it opens.

    Of a cue that is no connective (not, in practice) the side needs the words.
    """
    start, end = side
    for mark in (_ITEM, _SPEAKER):
        if label := mark.match(text, start, end):
            start = label.end()
    for first, last in cue:
        if first <= start < last < end and _said(text, first, last) in _CONNECTIVES:
            start = last
    start = trim(text, start, end)[0]
    if joint := OPENING.match(text, start, end):
        start = joint.end()
    end = _to_clause_end(text, end, other, cue)
    for mark in (_NOTE, CLOSING):
        if found := mark.search(text, start, end):
            end = found.start()
    while end - start > 1 and text[end - 1] in "([“‘":
        end -= 1
    first, last = with_mates(text, *trim(text, start, end))
    return (first, last) if any(map(str.isalnum, text[first:last])) else side


def _said(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].lower().split())


def _to_clause_end(text: str, end: int, other: Range, cue: Sequence[Range]) -> int:
    # A connective ends a clause as a stop does.
    stop = min((at for at, last in cue if at >= end and _said(text, at, last) in _CONNECTIVES), default=len(text))
    rest = _REST.match(text[:stop].rstrip(), end)
    if not rest or OPENING.match(text[rest.start() : rest.end()].lstrip() + " "):
        return end
    free = not any(first < rest.end() and end < last for first, last in [other, *cue])
    return rest.end() if free else end
