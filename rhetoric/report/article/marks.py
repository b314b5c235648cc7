"""The text with its marks as HTML: cut into segments that never overlap, and every stretch escaped."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal, get_args

from markupsafe import Markup, escape

from rhetoric.report.article.article import Article, Passage
from rhetoric.report.article.say import explain
from rhetoric.report.evidence import Evidence, Quote
from rhetoric.report.safe import shown
from rhetoric.report.trust import Trust

Part = Literal["account", "machinery", "level-cue", "side-a", "side-b", "contrast-cue", "metaphor"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
_CUES: Final = ("level-cue", "contrast-cue")
_MARKED: Final = Markup('<{tag} class="m {parts}" data-of="{of}"{more}>{tags}{text}</{tag}>')
_LINK: Final = Markup(' href="#e-{entry}"')
_WHY: Final = Markup(' title="{why}" data-begins="{begins}"')
_TAG: Final = Markup('<sup class="tag {part}">{said}</sup>')


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


@dataclass
class _Seen:
    """What to say of each entry; the entries that have an anchor in the text, and those that were explained."""

    why: dict[str, str]
    anchored: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)


def mark_up(article: Article, trust: Trust) -> Iterator[tuple[Passage, Markup]]:
    """Yield each passage with its words as HTML.

    Where a mark begins, but for cues, there is a link to its entry; the first of them tells what it is. The first mark
    of an entry, cue or not, is its anchor.
    """
    seen, marks = _Seen(explain(article.evidence, trust)), _marks_by_passage(article)
    for passage in article.passages():
        segments = cut_segments(article.record["text"], passage.start, passage.end, marks[passage.number])
        yield passage, Markup("").join(_segment(article, segment, seen) for segment in segments)


def _marks_by_passage(article: Article) -> defaultdict[int, list[Mark]]:
    """Return the marks that reach into each passage (numbered from 1)."""
    found: defaultdict[int, list[Mark]] = defaultdict(list)
    starts = [passage["start"] for passage in article.record["passages"]]
    for mark in find_marks(article.evidence):
        first = max(bisect_right(starts, mark.start) - 1, 0)
        for at in range(first, bisect_left(starts, mark.end)):
            found[at + 1].append(mark)
    return found


def _segment(article: Article, segment: Segment, seen: _Seen) -> Markup:
    if not segment.parts:
        return escape(segment.text)
    begins = [mark for mark in segment.begins if mark.part not in _CUES]
    entries = list(dict.fromkeys(mark.of for mark in begins))
    anchors = [entry for entry in dict.fromkeys(mark.of for mark in segment.begins) if entry not in seen.anchored]
    told = [entry for entry in entries if entry not in seen.told]
    seen.anchored.update(anchors)
    seen.told.update(told)
    ids = [f"{article.prefix}{entry}" for entry in anchors]
    before = Markup("").join(Markup('<span id="{}"></span>').format(each) for each in ids[1:])
    more = Markup(' id="{}"').format(ids[0]) if ids else Markup("")
    if begins:
        more += _LINK.format(entry=f"{article.prefix}{entries[0]}")
    if told:
        more += _WHY.format(
            why="\n".join(seen.why[entry] for entry in told),
            begins=" ".join(article.prefix + entry for entry in told),
        )
    return before + _MARKED.format(
        tag="a" if begins else "span",
        parts=" ".join(segment.parts),
        of=" ".join(article.prefix + entry for entry in segment.of),
        more=more,
        tags=Markup("").join(_tag(mark) for mark in begins),
        text=segment.text,
    )


def _tag(mark: Mark) -> Markup:
    """Return the small sign before an account, a machinery or a side of a contrast; images need none."""
    number = mark.of[1:]
    said = {
        "account": f"account {number}",
        "machinery": f"machinery {number}",
        "side-a": f"{number}a",
        "side-b": f"{number}b",
    }.get(mark.part)
    return _TAG.format(part=mark.part, said=said) if said else Markup("")
