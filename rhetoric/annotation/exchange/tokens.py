"""A text cut into the tokens of spaCy's English, and further wherever a span begins or ends within one."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rhetoric.record import Range

if TYPE_CHECKING:
    from spacy.language import Language

_PLAIN: Final = re.compile(r"\w+|\s|[^\w\s]")
_ENDLESS: Final = re.compile(r"\S{3000}")  # spaCy's tokeniser is quadratic in runs without a space


@dataclass(frozen=True)
class Tokens:
    """``ranges`` of the tokens, and whether each is followed by a space that no token holds."""

    ranges: list[Range]
    spaces: list[bool]

    def of(self, start: int, end: int) -> tuple[int, int]:
        """Return the first token of a span that the text was cut for, and the one after its last."""
        first = bisect_right(self.ranges, start, key=lambda each: each[0]) - 1
        return first, bisect_right(self.ranges, end, key=lambda each: each[1])


def cut(text: str, spans: Iterable[Range]) -> Tokens:
    """Return tokens of ``text`` such that each of ``spans`` (with characters in it) begins and ends with one."""
    starts, ends = set(), set()
    for start, end in spans:
        starts.add(start)
        ends.add(end)
    edges = sorted(starts | ends)
    ranges: list[Range] = []
    spaces: list[bool] = []
    for start, end, space in _words(text):
        # The space after a token is a token itself where a span begins or ends with it.
        alone = space and (end in starts or end + 1 in ends)
        inside = edges[bisect_right(edges, start) : bisect_right(edges, end - 1)]
        pieces = [start, *inside, end]
        ranges += [[a, b] for a, b in pairwise(pieces)] + ([[end, end + 1]] if alone else [])
        spaces += [False] * len(inside) + [space and not alone] + ([False] if alone else [])
    return Tokens(ranges, spaces)


def _words(text: str) -> Iterable[tuple[int, int, bool]]:
    """Yield the range of each token and whether a space follows it that belongs to no other."""
    if _ENDLESS.search(text):
        for word in _PLAIN.finditer(text):
            yield word.start(), word.end(), False
        return
    for token in english().tokenizer(text):
        yield token.idx, token.idx + len(token), bool(token.whitespace_)


@lru_cache(maxsize=1)
def english() -> "Language":
    """Return spaCy's English without any component: the tokens that ours has too."""
    import spacy

    return spacy.blank("en")
