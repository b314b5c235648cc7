"""Other people's text, made safe to show: no control characters, no text that runs backwards, no endless lines."""

import re
import unicodedata
from typing import Final

# Controls, formats (direction overrides, zero-width marks), surrogates, private use, unassigned.
DROPPED: Final = {"Cc", "Cf", "Cs", "Co", "Cn"}
STACKED: Final = 2  # combining marks allowed on one character; piled up, they overwrite the lines around
ELLIPSIS: Final = "…"
_KEPT: Final = {"\n", "\t", "\u200c", "\u200d"}  # line breaks; joiners, which scripts and emoji need
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")  # what makes a spreadsheet compute a cell
# What no title looks like: a path, a file's name, an id, a passage of it. But one may tell of US/China relations.
_FILE: Final = re.compile(r"^[/~.]|\\|\.\w{1,8}$|^\S+$|^\S*/\S* \S+$")


def clean(text: str) -> str:
    """Return ``text`` on one line, each run of white space one space, without what a terminal acts on or hides."""
    kept: list[str] = []
    marks = 0
    for character in " ".join(text.split()):
        category = unicodedata.category(character)
        if category in DROPPED:
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= STACKED:
            kept.append(character)
    return " ".join("".join(kept).split())


def plain_cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula: a title may begin with an equals sign."""
    if isinstance(value, str) and len(value) > 1 and value.startswith(_FORMULA):  # a sign alone computes nothing
        return f"'{value}"
    return value


def excerpt(text: str, limit: int) -> str:
    """Return the beginning of ``text``, clean, of at most ``limit`` characters, cut between words where it can be."""
    whole = clean(text[: limit * 10])  # its beginning tells, however long it is
    if len(whole) <= limit:  # unless that is all of it, or hardly more than spaces
        whole = clean(text)
    if len(whole) <= limit:
        return whole
    at = whole.rfind(" ", 0, limit)
    return whole[: at if at > limit // 2 else limit - 1].rstrip(" ,;:.-–—") + ELLIPSIS


def quoted(text: str, limit: int) -> str:
    """Return the beginning of ``text`` as :func:`excerpt` does, between quotation marks, which do not count."""
    return f"“{excerpt(text, limit)}”"


def shorten(name: str, limit: int) -> str:
    """Return what a text is called, clean, of at most ``limit`` characters.

    A title loses its end, a path folders from its beginning. The name of a file, an address or an id loses its middle,
    since those of one corpus often begin alike; so does a path of which little would be left.
    """
    whole = clean(name)
    if len(whole) <= limit or not _FILE.search(whole):
        return excerpt(whole, limit)
    kept = limit - len(ELLIPSIS)
    if "://" not in whole:
        at = whole.find("/", len(whole) - kept, -1)
        if len(whole) - at > limit // 2 and at >= 0:
            return ELLIPSIS + whole[at:]
        whole = whole[whole.rfind("/", 0, at) + 1 :]  # the name of the file, or the last folder that is too long for it
        if len(whole) <= limit:
            return whole
    end = kept // 2
    return whole[: kept - end].rstrip() + ELLIPSIS + whole[len(whole) - end :].lstrip()


def shown(text: str) -> str:
    """Return ``text`` with its spaces and line breaks, without controls, direction overrides and piled-up marks."""
    if text.isascii() and text.isprintable():
        return text
    kinds = {character: unicodedata.category(character) for character in set(text)}
    said = text.translate({ord(each): None for each, kind in kinds.items() if kind in DROPPED and each not in _KEPT})
    marks = "".join(each for each, kind in kinds.items() if kind in ("Mn", "Me"))
    return re.sub(f"([{marks}]{{{STACKED}}})[{marks}]+", r"\1", said) if marks else said
