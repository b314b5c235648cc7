"""Other people's text for a page: as it stands, but for characters that hide, reorder or pile up."""

import re
import unicodedata
from typing import Final

from rhetoric.report.safe import DROPPED, STACKED, excerpt

_KEPT: Final = {"\n", "\t", "\u200c", "\u200d"}  # line breaks; joiners, which scripts and emoji need


def shown(text: str) -> str:
    """Return ``text`` with its spaces and line breaks, without controls, direction overrides and piled-up marks."""
    if text.isascii() and text.isprintable():
        return text
    kinds = {character: unicodedata.category(character) for character in set(text)}
    said = text.translate({ord(each): None for each, kind in kinds.items() if kind in DROPPED and each not in _KEPT})
    marks = "".join(each for each, kind in kinds.items() if kind in ("Mn", "Me"))
    return re.sub(f"([{marks}]{{{STACKED}}})[{marks}]+", r"\1", said) if marks else said


def brief(text: str, limit: int) -> str:
    """Return the beginning of a text that may be very long, on one line of at most ``limit`` characters."""
    return excerpt(text[: limit * 10], limit)
