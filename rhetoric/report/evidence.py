"""The evidence under a scorecard: the spans of the counted passages, with their text and where they stand."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from rhetoric.labels import FRAMES, Actor, Contrast, Frame, Source, Target
from rhetoric.record import Range, Record
from rhetoric.scoring.passages import (
    PRESENT,
    count_passages,
    find_passage,
    first_character,
    is_complete,
    passage_starts,
)
from rhetoric.scoring.scorecard import Scorecard

CARRIERS: Final = 2  # passages shown for a frame


@dataclass(frozen=True)
class Quote:
    """A stretch ``[start, end)`` of the record's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Carrier(Quote):
    """A passage (numbered from 1) that carries a frame."""

    passage: int
    probability: float


@dataclass(frozen=True)
class Instance:
    """A framing instance; ``complete`` where account and machinery are both there."""

    passage: int
    account: tuple[Quote, ...]
    machinery: tuple[Quote, ...]
    cue: tuple[Quote, ...]
    actor: Actor
    explicit: bool
    complete: bool
    score: float


@dataclass(frozen=True)
class Pair:
    """A contrast."""

    passage: int
    label: Contrast
    a: Quote
    b: Quote
    cue: tuple[Quote, ...]
    score: float


@dataclass(frozen=True)
class Image(Quote):
    """A live metaphor."""

    passage: int
    source: Source
    target: Target
    score: float


@dataclass(frozen=True)
class Evidence:
    """What a scorecard counted; all but ``frames`` in text order."""

    frames: dict[Frame, tuple[Carrier, ...]]
    framing: tuple[Instance, ...]
    contrasts: tuple[Pair, ...]
    metaphors: tuple[Image, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the evidence as nested dicts and lists that JSON can hold."""
        return asdict(self)


def gather_evidence(scorecard: Scorecard, record: Record) -> Evidence:
    """Gather the spans that ``scorecard`` counted in its ``record``, and for each frame the passages surest of it."""
    chosen = count_passages(record, scorecard.every_passage)
    counted, starts = set(chosen), passage_starts(record)

    def number(character: int) -> int | None:
        at = find_passage(record, starts, character)
        return at + 1 if at in counted and at is not None else None

    def quotes(ranges: Iterable[Range]) -> tuple[Quote, ...]:
        return tuple(Quote(*_cut(record, each)) for each in ranges)

    framing = [
        Instance(
            passage=passage,
            account=quotes(each["account"]),
            machinery=quotes(each["machinery"]),
            cue=quotes(each["cue"]),
            actor=each["actor"],
            explicit=each["explicit"],
            complete=is_complete(each),
            score=each["score"],
        )
        for each in record["framing"]
        if (passage := number(first_character(each)))
    ]
    contrasts = [
        Pair(
            passage=passage,
            label=each["label"],
            a=Quote(*_cut(record, each["a"])),
            b=Quote(*_cut(record, each["b"])),
            cue=quotes(each["cue"]),
            score=each["score"],
        )
        for each in record["contrasts"]
        if (passage := number(min(each["a"][0], each["b"][0])))
    ]
    metaphors = [
        Image(
            *_cut(record, each["span"]),
            passage,
            each.get("source", "other"),
            each.get("target", "other"),
            each["score"],
        )
        for each in record["metaphors"]
        if each["live"] and (passage := number(each["span"][0]))
    ]
    return Evidence(
        {frame: _carriers(record, chosen, frame) for frame in FRAMES},
        tuple(sorted(framing, key=lambda each: (each.passage, _begins(each)))),
        tuple(sorted(contrasts, key=lambda each: (each.a.start, each.b.start))),
        tuple(sorted(metaphors, key=lambda each: each.start)),
    )


def _begins(instance: Instance) -> int:
    return min(quote.start for quote in (*instance.account, *instance.machinery, *instance.cue))


def _cut(record: Record, span: Range) -> tuple[int, int, str]:
    return span[0], span[1], record["text"][span[0] : span[1]]


def _carriers(record: Record, chosen: list[int], frame: Frame) -> tuple[Carrier, ...]:
    sure = [(at, record["passages"][at]["frames"].get(frame, 0.0)) for at in chosen]
    best = sorted((each for each in sure if each[1] >= PRESENT), key=lambda each: (-each[1], each[0]))[:CARRIERS]
    spans = [(at, probability, record["passages"][at]) for at, probability in best]
    return tuple(Carrier(*_cut(record, [p["start"], p["end"]]), at + 1, sure) for at, sure, p in spans)
