"""The marks in a text: which stretch is what, cut into segments that never overlap, so that HTML can hold them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, get_args

from rhetoric.report.evidence import Evidence, Quote
from rhetoric.report.safe import shown

Part = Literal["account", "machinery", "level-cue", "side-a", "side-b", "contrast-cue", "metaphor"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)


@dataclass(frozen=True)
class Mark:
    """A stretch ``[start, end)`` that is one part of the entry ``of`` (f1, c2, m3: framing, contrast, metaphor)."""

    start: int
    end: int
    part: Part
    of: str


@dataclass(frozen=True)
class Segment:
    """A stretch of text with the same marks throughout; ``begins`` are those that begin here.

    ``parts`` is in the order of PARTS; ``of`` are the entries that hold it, in the order of their marks.
    """

    text: str
    parts: tuple[Part, ...]
    of: tuple[str, ...]
    begins: tuple[Mark, ...]


def find_marks(evidence: Evidence) -> list[Mark]:
    """Return a mark for every stretch of the evidence, in text order, the longer of two that begin together first."""
    found: list[Mark] = []

    def add(part: Part, of: str, quotes: Iterable[Quote]) -> None:
        found.extend(Mark(quote.start, quote.end, part, of) for quote in quotes if quote.end > quote.start)

    for number, instance in enumerate(evidence.framing, 1):
        add("account", f"f{number}", instance.account)
        add("machinery", f"f{number}", instance.machinery)
        add("level-cue", f"f{number}", instance.cue)
    for number, pair in enumerate(evidence.contrasts, 1):
        add("side-a", f"c{number}", [pair.a])
        add("side-b", f"c{number}", [pair.b])
        add("contrast-cue", f"c{number}", pair.cue)
    for number, image in enumerate(evidence.metaphors, 1):
        add("metaphor", f"m{number}", [image])
    return sorted(found, key=lambda mark: (mark.start, -mark.end, PARTS.index(mark.part), mark.of))


def cut_segments(text: str, start: int, end: int, marks: Iterable[Mark]) -> Iterator[Segment]:
    """Yield ``text[start:end]`` as segments, safe to show; marks may overlap, nest, or reach beyond either end.

    A mark begins in the first segment that it covers here.
    """
    opens: defaultdict[int, list[Mark]] = defaultdict(list)
    closes: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        first, last = max(mark.start, start), min(mark.end, end)
        if first < last:
            opens[first].append(mark)
            closes[last].append(mark)
    active: list[Mark] = []
    cuts = sorted({start, end, *opens, *closes})
    for at, to in pairwise(cuts):
        ended = {id(mark) for mark in closes.get(at, ())}
        active = [mark for mark in active if id(mark) not in ended] + opens.get(at, [])
        there = {mark.part for mark in active}
        parts = tuple(part for part in PARTS if part in there)
        yield Segment(shown(text[at:to]), parts, tuple(dict.fromkeys(m.of for m in active)), tuple(opens.get(at, ())))
