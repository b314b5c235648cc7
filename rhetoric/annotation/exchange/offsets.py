"""What other tools count text in, and what becomes of offsets where a text is cleaned on the way in.

Records count code points, as Python does. JavaScript and Java count UTF-16 code units, of which a character beyond
U+FFFF (most emoji) takes two.
"""

import re
from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate

from rhetoric.ingest.document import normalise

Move = Callable[[int], int]


def to_utf16(text: str) -> Move:
    """Return the function from offsets in code points of ``text`` to offsets in UTF-16 code units."""
    wide = _wide(text)
    return lambda offset: offset + bisect_left(wide, offset)


def from_utf16(text: str) -> Move:
    """Return the function from offsets in UTF-16 code units to code points; it raises ValueError within a character."""
    wide = [at + before for before, at in enumerate(_wide(text))]

    def move(offset: int) -> int:
        before = bisect_left(wide, offset)
        if before and wide[before - 1] == offset - 1:
            raise ValueError(f"offset {offset} lies within a character: these are no UTF-16 code units")
        return offset - before

    return move


def cleaned(text: str) -> tuple[str, Move]:
    """Return ``text`` as ingest leaves it (line breaks, control characters), and where each offset of it has gone."""
    clean = normalise(text)
    if clean == text:
        return text, lambda offset: offset
    changed = {character: len(normalise("x" + character)) - 1 for character in set(text)}
    widths = {character: width for character, width in changed.items() if width != 1} | {"\r\n": 1}
    shrinks = [
        (m.start(), len(m[0]) - widths[m[0]]) for m in re.finditer("|".join(map(re.escape, ["\r\n", *widths])), text)
    ]
    starts = [start for start, _ in shrinks]
    totals = [0, *accumulate(by for _, by in shrinks)]
    # Marks at the very beginning (U+FEFF) go only there, so they are counted apart.
    marks = len(text) - totals[-1] - len(clean)

    def move(offset: int) -> int:
        return min(max(offset - totals[bisect_left(starts, offset)] - marks, 0), len(clean))

    return clean, move


def _wide(text: str) -> list[int]:
    return [at for at, character in enumerate(text) if character > "\uffff"] if max(text, default="") > "\uffff" else []
