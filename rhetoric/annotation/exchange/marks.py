"""Records as annotation tools know texts: labelled stretches, and links between two of them; and back again.

A contrast is two sides with the contrast's label, linked ``against`` from the first to the second; a framing instance
is its account, machinery and cue, linked to the first of them. What a coder drew without links is joined by where it
stands: framing by passage, sides of contrasts in pairs.
"""

from bisect import bisect_left, bisect_right
from collections import ChainMap, Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Final, NamedTuple, cast

from rhetoric.annotation.exchange.finish import Fields, pick
from rhetoric.labels import ACTORS, CONTRASTS, FRAMES, FRAMINGS, SOURCES, TARGETS
from rhetoric.record import Range, Record

PASSAGE: Final = "passage"
FRAMING: Final = {"account": "account", "machinery": "machinery", "framing_cue": "cue"}  # label: part of the instance
CONTRAST_CUE: Final = "contrast_cue"
LIVE: Final = "live"
RELATED: Final = "metaphor"  # metaphor-related, not live: the labels are those of doc.spans["metaphor"]
LABELS: Final = (PASSAGE, *FRAMING, *CONTRASTS, CONTRAST_CUE, LIVE, RELATED)
AGAINST, SAME, CUE = LINKS = ("against", "same", "cue")
CHOICES: Final = {  # fields of marks whose values are chosen: of the marks with which labels, and among what
    "actor": (tuple(FRAMING), ACTORS),
    "explicit": (tuple(FRAMING), ("true", "false")),
    "source": ((LIVE,), SOURCES),
    "target": ((LIVE,), TARGETS),
    "framing": ((PASSAGE,), FRAMINGS),
}
ITEM: Final = {
    "framing": ("actor", "explicit", "score"),
    "contrasts": ("score",),
    "metaphors": ("score", "source", "target"),
}


@dataclass(frozen=True)
class Mark:
    """A labelled stretch of text, in more than one range where the tool knows discontinuous ones.

    ``fields`` are those of the item it belongs to; of an item's marks the first has them.
    """

    label: str
    spans: list[Range]
    fields: Fields = field(default_factory=dict)

    @property
    def cover(self) -> Range:
        """The range from the first to the last character."""
        return [min(start for start, _ in self.spans), max(end for _, end in self.spans)]


class Link(NamedTuple):
    """That two marks, by their positions, belong to one item; ``source`` is the first mark of it."""

    source: int
    target: int
    label: str


Pair = tuple[int, int]
Related = tuple[int | None, int | None]  # the two marks of a tool's relation, where they are there


def say_choices(fields: Fields) -> dict[str, str]:
    """Return those of a mark's fields that are choices, as tools show them."""
    return {name: str(fields[name]).lower() for name in CHOICES if name in fields}


def take_choice(name: str, value: str) -> str | bool:
    """Return what a choice is in a record; coders may have typed it."""
    return {"true": True, "false": False}.get(value.lower(), value) if name == "explicit" else value


def mark_passages(passages: Iterable[Any]) -> list[Mark]:
    """Return passages of a record as marks, without what no tool shows."""
    own = ("start", "end", "embedding", "sentences")
    return [
        Mark(PASSAGE, [[each["start"], each["end"]]], {name: each[name] for name in each if name not in own})
        for each in passages
    ]


def take_apart(
    record: Record, lost: Counter[str], join: Callable[[list[Range]], bool] = lambda spans: False
) -> tuple[list[Mark], list[Link]]:
    """Return the marks and links of a record: passages, framing, contrasts, metaphors, each in their order.

    ``join`` says whether several ranges of one part can be one mark. Ranges without a character, which no tool can
    show, are left out and counted in ``lost``.
    """
    marks = [mark for mark in mark_passages(record["passages"]) if _shown(mark.spans, lost)]
    links: list[Link] = []

    def add(fields: Fields, parts: Iterable[tuple[str, list[Range], str]]) -> None:
        """Add an item, whose parts are each a label, its ranges, and the link from the first part to it."""
        first = len(marks)
        for label, spans, link in parts:
            if len(marks) > first:
                links.append(Link(first, len(marks), link))
            marks.append(Mark(label, spans, {} if len(marks) > first else fields))

    for instance in record["framing"]:
        shown = [(label, _shown(cast("Fields", instance)[part], lost)) for label, part in FRAMING.items()]
        head = next((label for label, spans in shown if spans), None)
        lost["framing instances without any span"] += head is None
        parts: list[tuple[str, list[Range], str]] = []
        for label, spans in shown:
            link = SAME if label == head else CUE if FRAMING[label] == "cue" else AGAINST
            groups = [spans] if len(spans) > 1 and join(spans) else [[span] for span in spans]
            parts += [(label, group, link) for group in groups]
        add(pick(instance, *ITEM["framing"]), parts)
    for pair in record["contrasts"]:
        if min(end - start for start, end in (pair["a"], pair["b"])) <= 0:
            lost["contrasts with an empty side"] += 1
            continue
        sides = [(pair["label"], [pair[side]], AGAINST) for side in ("a", "b")]
        cues = [(CONTRAST_CUE, [span], CUE) for span in _shown(pair["cue"], lost)]
        add(pick(pair, *ITEM["contrasts"]), [*sides, *cues])
    for metaphor in record["metaphors"]:
        label = LIVE if metaphor["live"] else RELATED
        add(pick(metaphor, *ITEM["metaphors"]), [(label, [span], "") for span in _shown([metaphor["span"]], lost)])
    return marks, links


def _shown(spans: Sequence[Range], lost: Counter[str]) -> list[Range]:
    kept = [span for span in spans if span[0] < span[1]]
    lost["ranges without a character"] += len(spans) - len(kept)
    return kept


def put_together(text: str, marks: Sequence[Mark], related: Iterable[Related], lost: Counter[str]) -> Fields:
    """Return the fields ``passages``, ``framing``, ``contrasts`` and ``metaphors`` of a record.

    ``related`` marks are of one item, whatever their relation is called. What a coder leaves out has defaults: actor
    "other", explicit where there is a cue, scores 1. ``lost`` counts what cannot be taken: a relation to no mark, a
    side of a contrast without the other, a contrast's cue without a contrast, other labels.
    """
    pairs = list(related)
    links = [(one, other) for one, other in pairs if one is not None and other is not None and one != other]
    lost["relations to spans that are not there"] += sum(None in pair for pair in pairs)
    home = _homes(text, marks)
    lost["spans with other labels"] += sum(mark.label not in LABELS for mark in marks)
    in_pieces = sum(len(mark.spans) > 1 for mark in marks if mark.label in (PASSAGE, *CONTRASTS, LIVE, RELATED))
    lost["gaps in passages, sides of contrasts and metaphors, which have none"] += in_pieces
    return {
        "passages": [_passage(mark) for mark in marks if mark.label == PASSAGE],
        "framing": list(_framing(marks, links, home)),
        "contrasts": _contrasts(marks, links, home, lost),
        "metaphors": [
            {"span": mark.cover, "live": mark.label == LIVE, "score": 1.0, **pick(mark.fields, *ITEM["metaphors"])}
            for mark in marks
            if mark.label in (LIVE, RELATED)
        ],
    }


def _homes(text: str, marks: Sequence[Mark]) -> list[int]:
    """Return where each mark stands: the passage that holds its beginning, or else the paragraph."""
    covers = sorted(mark.cover for mark in marks if mark.label == PASSAGE)
    if not covers:
        from rhetoric.pipeline.paragraphs import split_paragraphs

        covers = [[start, end] for start, end in split_paragraphs(text)]
    furthest = [*accumulate((end for _, end in covers), max)]

    def home(at: int) -> int:
        last = inner = bisect_right(covers, at, key=lambda cover: cover[0]) - 1
        while inner >= 0 and at < furthest[inner]:
            if at < covers[inner][1]:
                return inner
            inner -= 1  # a passage in another one, which goes on after it
        return last

    return [home(mark.cover[0]) for mark in marks]


def _passage(mark: Mark) -> Fields:
    start, end = mark.cover
    unseen = {
        "about": 1.0,
        "framing": "none",
        "framing_score": 1.0,
        "frames": dict.fromkeys(FRAMES, 0.0),
        "portrayal": {},
    }
    return {"start": start, "end": end, **unseen, **pick(mark.fields, *unseen, "custom")}


def _framing(marks: Sequence[Mark], links: Iterable[Pair], home: Sequence[int]) -> Iterator[Fields]:
    ours = [at for at, mark in enumerate(marks) if mark.label in FRAMING]
    group = {at: [at] for at in ours}  # what belongs together, the same list for each of it
    joined = [(one, other) for one, other in links if one in group and other in group]
    linked = {at for pair in joined for at in pair}
    loose: dict[int, list[int]] = defaultdict(list)  # in each place what has no links; a score tells that it is whole
    tied: dict[int, list[tuple[Range, int]]] = defaultdict(list)  # and what has
    for at in ours:
        if at in linked:
            tied[home[at]].append((marks[at].cover, at))
        elif "score" not in marks[at].fields:
            loose[home[at]].append(at)
    for place, alone in loose.items():
        if place in tied and all(FRAMING[marks[at].label] == "cue" for at in alone):
            nearest = _nearest(tied[place])
            joined += [(nearest(marks[cue].cover), cue) for cue in alone]
        else:
            joined += [(alone[0], at) for at in alone]
    for one, other in joined:
        less, more = sorted((group[one], group[other]), key=len)
        if less is not more:
            more += less
            group |= dict.fromkeys(less, more)
    whole = sorted(map(sorted, {id(each): each for each in group.values()}.values()))
    for held in ([marks[at] for at in each] for each in whole):
        parts = {part: [span for m in held if m.label == label for span in m.spans] for label, part in FRAMING.items()}
        unsaid = {"actor": "other", "explicit": bool(parts["cue"]), "score": 1.0}
        yield {**parts, **pick(ChainMap(*(mark.fields for mark in held), unsaid), *ITEM["framing"])}


def _contrasts(marks: Sequence[Mark], links: Sequence[Pair], home: Sequence[int], lost: Counter[str]) -> list[Fields]:
    def place(at: int) -> tuple[Range, int]:
        return marks[at].cover, at

    sides = {at for at, mark in enumerate(marks) if mark.label in CONTRASTS}
    # In the order of the text, and once, whichever way coders drew their links.
    linked = {(min(pair, key=place), max(pair, key=place)) for pair in links if sides.issuperset(pair)}
    free: dict[tuple[int, str], list[int]] = defaultdict(list)
    for at in sorted(sides.difference(*linked), key=place):
        free[home[at], marks[at].label].append(at)
    for alone in free.values():
        linked |= {*zip(alone[::2], alone[1::2], strict=False)}
        lost["sides of a contrast without the other side"] += len(alone) % 2
    pairs = sorted(linked)
    owners = _owners(marks, pairs, links, home)
    lost["cues of a contrast without a contrast"] += sum(mark.label == CONTRAST_CUE for mark in marks) - len(owners)
    cues: dict[int, list[Range]] = defaultdict(list)  # of each pair
    for cue, number in owners.items():
        cues[number] += marks[cue].spans
    return [
        {
            "label": marks[a].label,
            "a": marks[a].cover,
            "b": marks[b].cover,
            "cue": cues[number],
            "score": ChainMap(marks[a].fields, marks[b].fields).get("score", 1.0),
        }
        for number, (a, b) in enumerate(pairs)
    ]


def _owners(marks: Sequence[Mark], pairs: Sequence[Pair], links: Iterable[Pair], home: Sequence[int]) -> dict[int, int]:
    """Return the pair that each cue belongs to: the one it is linked to, else the nearest in its place."""
    pair_of = {at: number for number, pair in reversed([*enumerate(pairs)]) for at in pair}
    told: dict[int, int] = {}
    for one, other in links:
        for cue, side in ((one, other), (other, one)):
            if side in pair_of:
                told.setdefault(cue, pair_of[side])

    here: dict[int, list[tuple[Range, int]]] = defaultdict(list)  # in each place the sides, with the pair they are of
    for number, pair in enumerate(pairs):
        here[home[pair[0]]] += [(marks[side].cover, number) for side in pair]
    nearest = {place: _nearest(sides) for place, sides in here.items()}
    cues = [at for at, mark in enumerate(marks) if mark.label == CONTRAST_CUE and (at in told or home[at] in nearest)]
    return {cue: told[cue] if cue in told else nearest[home[cue]](marks[cue].cover) for cue in cues}


def _nearest(held: Sequence[tuple[Range, int]]) -> Callable[[Range], int]:
    """Return the function from a range to the number of the nearest of those ``held``; of several the least."""
    by_start = sorted((start, number, end) for (start, end), number in held)
    by_end = sorted((end, -number) for (_, end), number in held)
    furthest = [*accumulate((end for *_, end in by_start), max)]

    def find(span: Range) -> int:
        start, end = span
        after = at = bisect_right(by_start, end, key=lambda each: each[0])
        touching = []
        while at and furthest[at - 1] >= start:
            at -= 1
            touching += [by_start[at][1]] if by_start[at][2] >= start else []
        if touching:
            return min(touching)
        near = [(first - end, number) for first, number, _ in by_start[after : after + 1]]
        before = bisect_left(by_end, start, key=lambda each: each[0])
        near += [(start - last, -number) for last, number in by_end[before - 1 : before]]
        return min(near)[1]

    return find
