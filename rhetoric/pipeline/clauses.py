"""Where sentences and clauses end, by punctuation alone; the cue lists need no more."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Final

# Names and examples follow these. spaCy's tokens keep more abbreviations whole, but with those (Jr., Inc.) a sentence
# may end, as it does with "No.", which before a capital is mostly an answer.
_BEFORE_NAMES: Final = (
    *("Adm", "Capt", "Col", "Dr", "Gen", "Gov", "Hon", "hon", "Lt", "Maj", "Messrs", "Mr", "Mrs", "Ms", "Prof", "Rep"),
    *("Rev", "Sen", "St", "e.g", "i.e", "v", "vs"),
)
_INSIDE: Final = "".join(rf"(?<!\b{re.escape(each)}\.)" for word in _BEFORE_NAMES for each in (word, word.upper()))
_MARKS: Final = r"[\"'”’)\]]*"
# The number of a note may stick to a full stop (time.34 Instead), as one does to an abbreviation (Vol.91 No.10).
_NOTES: Final = rf"(?<=[a-z]{{2}}.)(?<!\b[A-Z][a-z]{{2}}.){_MARKS}\d{{1,3}}(?:,\s?\d{{1,3}})*"
_END: Final = re.compile(rf"[.!?…](?:(?<!\b[A-Z].){_INSIDE}{_MARKS}(?:\[\d{{1,3}}\])*|{_NOTES})\s+(?=[\"'“‘(\[]?[A-Z])")
# Words that join a clause to another and say nothing of their own: before it, and after it.
OPENING: Final = re.compile(
    r"(?:(?:even\s+(?:as|if|though|when|while)|and|but|or|yet|while|whilst|although|though|whereas)\b,?\s+)+",
    re.IGNORECASE,
)
CLOSING: Final = re.compile(r"[\s,;:(–—-]+(?:and|but|or)$", re.IGNORECASE)
_SPACE: Final = "".join(filter(str.isspace, map(chr, range(0x3001))))  # none is further on in Unicode
_TRIM: Final = _SPACE + ",;:.!?…—–-"
_OPENS: Final = {"“": "”", "(": ")", "[": "]"}
_CLOSES: Final = {mark: opens for opens, mark in _OPENS.items()}


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the character range of each sentence; a stop after a single capital (U.S.) or a title (Mr.) ends none."""
    cuts = [0, *(end.end() for end in _END.finditer(text)), len(text)]
    return [(start, end) for start, end in pairwise(cuts) if text[start:end].strip()]


def trim(text: str, start: int, end: int) -> list[int]:
    """Return the range without white space and stops at its ends; its start equals its end where nothing is left."""
    inside = text[start:end]
    left = len(inside) - len(inside.lstrip(_TRIM))
    right = len(inside.rstrip(_TRIM))
    return [start + left, start + max(left, right)]


def with_mates(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range with the mates of its quotation marks and brackets, where they stand right outside of it, and
    without a mark at its ends that has no mate there, nor the space beside that mark.
    """
    opened, closed = _lonely(text, start, end)
    for at, mate in reversed(opened):
        if found := re.compile(rf"[,.;:!?]?{re.escape(mate)}").match(text, end):
            end = found.end()
        elif at == start:
            start += 1
    for at, mate in closed:
        if start and text[start - 1] == mate:
            start -= 1
        elif at == end - 1:
            end -= 1
        elif at == start:
            start += 1
    left = text[start:end].lstrip()
    return end - len(left), end - len(left) + len(left.rstrip())


def _lonely(text: str, start: int, end: int) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return where marks that open and marks that close have no mate between two places, and what it would be."""
    opened: list[tuple[int, str]] = []
    closed: list[tuple[int, str]] = []
    for at in range(start, end):
        mark = text[at]
        straight = mark == '"'
        if mark in _OPENS or (straight and text[at + 1 : at + 2].isalnum() and not text[max(at - 1, 0) : at].isalnum()):
            opened.append((at, _OPENS.get(mark, mark)))
        elif straight or mark in _CLOSES:
            if opened and opened[-1][1] == mark:
                opened.pop()
            else:
                closed.append((at, _CLOSES.get(mark, mark)))
    return opened, closed


def clause_before(text: str, start: int, at: int, stops: str) -> list[int]:
    """Return the stretch from the last of ``stops`` (or ``start``) to ``at``, trimmed."""
    cut = last_stop(text, start, trim(text, start, at)[1], stops)
    return trim(text, start if cut is None else cut + 1, at)


def clause_after(text: str, at: int, end: int, stops: str) -> list[int]:
    """Return the stretch from ``at`` to the first of ``stops`` (or ``end``), trimmed."""
    start = trim(text, at, end)[0]
    found = _stops(stops).search(text, start, end)
    return trim(text, start, found.start() if found else end)


def last_stop(text: str, start: int, end: int, stops: str) -> int | None:
    """Return where the last of ``stops`` stands between two places; None where there is none."""
    return max((found.start() for found in _stops(stops).finditer(text, start, end)), default=None)


@cache
def _stops(stops: str) -> re.Pattern[str]:
    """A dash or a colon within a word (US–China, 10:30) stops nothing."""
    return re.compile("|".join(rf"(?<!\w){stop}|{stop}(?!\w)" if stop in "–:" else re.escape(stop) for stop in stops))


def whole(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that matches whole words only, in any case, whatever space is between them."""
    return re.compile(rf"\b(?:{pattern})\b".replace(" ", r"\s+"), re.IGNORECASE)


def matches(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield what ``pattern`` finds between two places: the words in lower case and their range."""
    for found in pattern.finditer(text, start, end):
        yield " ".join(found.group().lower().split()), found.start(), found.end()
