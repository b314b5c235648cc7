"""What a terminal shows of a text, character by character as people count them, with its offsets in the text."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from rhetoric.report.safe import clean

_JOINER: Final = "\u200d"
_MODIFIERS: Final = range(0x1F3FB, 0x1F400)  # skin tones
_INDICATORS: Final = range(0x1F1E6, 0x1F200)  # two of them are a flag
_TAGS: Final = range(0xE0020, 0xE0080)
_WORD_JOINERS: Final = frozenset("'’-‐‑")
_HIDDEN: Final = "·"
_BREAKS: Final = ("\n", "\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85")


@dataclass(frozen=True)
class Glyph:
    """One character as people count them: its range ``[start, end)``, what is shown of it, and in how many cells."""

    start: int
    end: int
    shown: str
    width: int

    @property
    def breaks(self) -> bool:
        """Whether it ends a line."""
        return self.width == 0


def glyphs(text: str) -> list[Glyph]:
    """Cut ``text`` into glyphs; together they cover all of it. A line break is shown in no cell.

    What a terminal would act on or hide is shown as a dot. Joined emoji are shown as their first one, since terminals
    disagree on how wide they are, and the cells after them would move.
    """
    found = []
    start = 0
    while start < len(text):
        end = _end(text, start)
        found.append(_glyph(text[start:end], start, end))
        start = end
    return found


def _end(text: str, start: int) -> int:
    if text.startswith("\r\n", start):
        return start + 2
    at = start + 1
    if text[start] in "\r\n":
        return at
    if ord(text[start]) in _INDICATORS and at < len(text) and ord(text[at]) in _INDICATORS:
        at += 1
    while at < len(text):
        if text[at] == _JOINER:
            joins = at + 1 < len(text) and unicodedata.category(text[at + 1]) == "So"
            at += 2 if joins else 1
        elif _completes(text[at - 1], text[at]):
            at += 1
        else:
            break
    return at


def _completes(before: str, character: str) -> bool:
    if unicodedata.category(character) in ("Mn", "Mc", "Me"):
        return True
    if ord(character) in _MODIFIERS or ord(character) in _TAGS:
        return True
    return _jamo(character) and (_jamo(before) or "\u1100" <= before <= "\u115f" or "\uac00" <= before <= "\ud7a3")


def _jamo(character: str) -> bool:
    return "\u1160" <= character <= "\u11ff"  # vowels and finals, which complete the letter before


def _glyph(cluster: str, start: int, end: int) -> Glyph:
    from rich.cells import cell_len

    if cluster in _BREAKS:
        return Glyph(start, end, "", 0)
    if cluster.isspace():
        return Glyph(start, end, " ", 1)
    first = cluster[:2] if ord(cluster[0]) in _INDICATORS else cluster[0]
    category = unicodedata.category(first[0])
    if category[0] == "M" or not clean(first):
        return Glyph(start, end, _HIDDEN, 1)
    if category != "So":
        shown = clean(cluster)
        first = shown if cell_len(shown) == cell_len(first) else first
    width = min(2, cell_len(first))
    return Glyph(start, end, first, width) if width else Glyph(start, end, _HIDDEN, 1)


def words(text: str, cut: list[Glyph]) -> list[tuple[int, int]]:
    """Return the ranges of the words of ``text``, whose glyphs are ``cut``; a hyphen or apostrophe inside joins."""
    found: list[tuple[int, int]] = []
    begin: int | None = None
    for number, glyph in enumerate(cut):
        after = text[cut[number + 1].start] if number + 1 < len(cut) else ""
        character = text[glyph.start]
        inside = character.isalnum() or character == "_"
        inside = inside or (begin is not None and character in _WORD_JOINERS and after.isalnum())
        if inside and begin is None:
            begin = glyph.start
        if not inside and begin is not None:
            found.append((begin, glyph.start))
            begin = None
    return [*found, (begin, len(text))] if begin is not None else found
