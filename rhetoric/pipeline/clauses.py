"""Where sentences and clauses end, by punctuation alone; the cue lists need no more."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

_END: Final = re.compile(r"(?<!\b[A-Z])[.!?…][\"'”’)\]]*(?:\[\d{1,3}\])*\s+(?=[\"'“‘(\[]?[A-Z])")
_TRIM: Final = " \t\r\n,;:.!?…—–-"


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the character range of each sentence; a stop after a single capital (U.S.) ends none."""
    cuts = [0, *(end.end() for end in _END.finditer(text)), len(text)]
    return [(start, end) for start, end in pairwise(cuts) if text[start:end].strip()]


def trim(text: str, start: int, end: int) -> list[int]:
    """Return the range without white space and stops at its ends; its start equals its end where nothing is left."""
    inside = text[start:end]
    left = len(inside) - len(inside.lstrip(_TRIM))
    right = len(inside.rstrip(_TRIM))
    return [start + left, start + max(left, right)]


def clause_before(text: str, start: int, at: int, stops: str) -> list[int]:
    """Return the stretch from the last of ``stops`` (or ``start``) to ``at``, trimmed."""
    end = trim(text, start, at)[1]
    return trim(text, max([start, *(text.rfind(stop, start, end) + 1 for stop in stops)]), at)


def clause_after(text: str, at: int, end: int, stops: str) -> list[int]:
    """Return the stretch from ``at`` to the first of ``stops`` (or ``end``), trimmed."""
    start = trim(text, at, end)[0]
    found = [place for stop in stops if (place := text.find(stop, start, end)) >= 0]
    return trim(text, start, min([end, *found]))


def whole(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that matches whole words only, in any case, whatever space is between them."""
    return re.compile(rf"\b(?:{pattern})\b".replace(" ", r"\s+"), re.IGNORECASE)


def matches(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Yield what ``pattern`` finds between two places: the words in lower case and their range."""
    for found in pattern.finditer(text, start, end):
        yield " ".join(found.group().lower().split()), found.start(), found.end()
