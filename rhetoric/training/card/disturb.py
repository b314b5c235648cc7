"""Texts as the world spoils them: upper case, errors of scanning, other spelling, plain quotes."""

import random
import re
from collections.abc import Callable
from typing import Final

_MISREAD: Final = {
    "l": "1",
    "m": "rn",
    "e": "c",
    "o": "0",
    "h": "b",
    "s": "5",
    "i": "l",
    "d": "cl",
    "n": "ri",
    "a": "o",
}
MISREAD: Final = 0.02  # of the letters, about what a poor scan of a printed page leaves

_BRITISH: Final = {
    "defense": "defence", "defenses": "defences", "center": "centre", "centers": "centres", "labor": "labour",
    "program": "programme", "programs": "programmes", "behavior": "behaviour", "favor": "favour", "honor": "honour",
    "organization": "organisation", "organizations": "organisations", "organize": "organise", "realize": "realise",
    "recognize": "recognise", "modernization": "modernisation", "globalization": "globalisation",
    "liberalization": "liberalisation", "civilization": "civilisation", "civilizations": "civilisations",
    "analyze": "analyse", "license": "licence", "licenses": "licences", "catalog": "catalogue", "fueled": "fuelled",
    "traveled": "travelled", "leveling": "levelling", "skeptical": "sceptical", "skepticism": "scepticism",
    "color": "colour", "colors": "colours", "neighbor": "neighbour", "neighbors": "neighbours", "rumor": "rumour",
    "theater": "theatre", "fiber": "fibre", "emphasize": "emphasise", "prioritize": "prioritise",
    "weaponize": "weaponise",
}  # fmt: skip
_PLAIN: Final = {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "--", "…": "..."}


def misread(text: str) -> str:
    """Return ``text`` with one letter in fifty read wrongly, always the same ones."""
    chance = random.Random(text)  # noqa: S311 - noise, no secret
    return "".join(_MISREAD[c] if c in _MISREAD and chance.random() < MISREAD else c for c in text)


def british(text: str) -> str:
    """Return ``text`` in British spelling, as far as a list of common words goes."""
    return _respell(text, _BRITISH)


def american(text: str) -> str:
    """Return ``text`` in American spelling, by the same list."""
    return _respell(text, {there: here for here, there in _BRITISH.items()})


def _respell(text: str, words: dict[str, str]) -> str:
    def change(found: re.Match[str]) -> str:
        word = found.group()
        new = words.get(word.lower(), word)
        return new.capitalize() if word[0].isupper() and new != word else new

    return re.sub(r"[A-Za-z]+", change, text)


def plain_quotes(text: str) -> str:
    """Return ``text`` with the quotes and dashes of a typewriter."""
    return "".join(_PLAIN.get(c, c) for c in text)


DISTURBANCES: Final[dict[str, Callable[[str], str]]] = {
    "upper case": str.upper,
    "errors of scanning": misread,
    "British spelling": british,
    "American spelling": american,
    "plain quotes": plain_quotes,
}
