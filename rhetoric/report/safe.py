"""Other people's text, made safe to print: no control characters, no text that runs backwards, no endless lines."""

import unicodedata
from typing import Final

# Controls, formats (direction overrides, zero-width marks), surrogates, private use, unassigned.
_DROPPED: Final = {"Cc", "Cf", "Cs", "Co", "Cn"}
_STACKED: Final = 2  # combining marks allowed on one character; piled up, they overwrite the lines around
ELLIPSIS: Final = "…"


def clean(text: str) -> str:
    """Return ``text`` on one line, each run of white space one space, without what a terminal acts on or hides."""
    kept: list[str] = []
    marks = 0
    for character in " ".join(text.split()):
        category = unicodedata.category(character)
        if category in _DROPPED:
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= _STACKED:
            kept.append(character)
    return " ".join("".join(kept).split())


def excerpt(text: str, limit: int) -> str:
    """Return the beginning of ``text``, clean, of at most ``limit`` characters, cut between words where it can be."""
    whole = clean(text)
    if len(whole) <= limit:
        return whole
    at = whole.rfind(" ", 0, limit)
    return whole[: at if at > limit // 2 else limit - 1].rstrip(" ,;:.-–—") + ELLIPSIS
