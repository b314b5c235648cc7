"""The evidence under a scorecard: the spans of the counted passages, with their text and where they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from rhetoric.labels import FRAMES, PRESENT, Actor, Contrast, Frame, Source, Target
from rhetoric.pipeline.sentences import CARRIERS
from rhetoric.record import Range, Record
from rhetoric.report.trust import Trust
from rhetoric.report.words import ACTORS
from rhetoric.scoring.passages import count_passages, find_passage, first_character, unmasks
from rhetoric.scoring.percent import percent
from rhetoric.scoring.records import warnings_of
from rhetoric.scoring.scorecard import Scorecard

_OF: Final = {"both": {"us", "china"}}


@dataclass(frozen=True)
class Quote:
    """A stretch ``[start, end)`` of the record's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Carrier(Quote):
    """A passage (numbered from 1) that carries a frame, with the frame's ``probability`` in it.

    ``sentence`` is the one that carries it there, and ``without`` the probability that the frame would have were that
    sentence left out; both are None where the passage is one sentence or the record does not say.
    """

    passage: int
    probability: float
    sentence: Quote | None = None
    without: float | None = None


@dataclass(frozen=True)
class Instance:
    """A framing instance; ``complete`` where it unmasks and is no hint, ``inferred`` where the passage does
    not name the country that the account is of, or not both of two.
    """

    passage: int
    account: tuple[Quote, ...]
    machinery: tuple[Quote, ...]
    cue: tuple[Quote, ...]
    actor: Actor
    explicit: bool
    complete: bool
    inferred: bool
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
    """What a scorecard counted; all but ``frames`` and ``custom``, the frames of the user's own, in text order."""

    frames: dict[Frame, tuple[Carrier, ...]]
    framing: tuple[Instance, ...]
    contrasts: tuple[Pair, ...]
    metaphors: tuple[Image, ...]
    custom: dict[str, tuple[Carrier, ...]]


def to_dict(scorecard: Scorecard, record: Record, trust: Trust) -> dict[str, Any]:
    """Return all that there is to say of a text, as JSON can hold it: scorecard, evidence, trust and warnings."""
    return {
        **scorecard.to_dict(),
        "evidence": asdict(gather_evidence(record, scorecard.every_passage)),
        "trust": trust.to_dict(),
        "trust_notes": trust.notes,
        "bars": trust.bars,
        "warnings": warnings_of(record),
    }


def say_carrier(carrier: Carrier) -> str:
    """Say how sure a frame is in its passage, and how sure it would be without the sentence that carries it."""
    said = f"{percent(carrier.probability)} sure"
    if carrier.without is None:
        return said
    still = "still " if carrier.without >= PRESENT else ""
    return f"{said}, {still}{percent(carrier.without)} without this sentence"


def say_instance(instance: Instance, trust: Trust) -> str:
    """Say what a detector is sure of: that an account is unmasked, or hinted at, and not whose account it is; of a hint
    also how well hints are found, and where not one was right no more than that.
    """
    sure, hints = f"{percent(instance.score)} sure that", trust.measured.get("framing.partial")
    if instance.complete:
        return f"{sure} an account is unmasked"
    if hints and not hints.value:
        return "a place to look at, and no finding: of hints in unseen texts not one was right"
    return f"{sure} there is a hint (detector of hints: {trust.phrase('framing.partial')})"


def say_whose(instance: Instance) -> str:
    """Say whose the account is, and where its passage names no such country that this is inferred."""
    return f"of {ACTORS[instance.actor]}{' (inferred, not named there)' if instance.inferred else ''}"


def named_countries(record: Record) -> dict[int, set[str]]:
    """Return the countries named in each passage that names one, by its index."""
    from rhetoric.pipeline.actors import find_actors

    found: dict[int, set[str]] = {}
    for start, _, country in find_actors(record["text"]):
        if (at := find_passage(record, start)) is not None:
            found.setdefault(at, set()).add(country)
    return found


def gather_evidence(record: Record, every_passage: bool = False) -> Evidence:
    """Gather the spans of the passages of a record that count, and for each frame the passages surest of it."""
    chosen = count_passages(record, every_passage)
    counted = set(chosen)

    def number(character: int) -> int | None:
        at = find_passage(record, character)
        return at + 1 if at in counted and at is not None else None

    def quote(span: Range) -> Quote:
        return Quote(*_cut(record, span))

    def quotes(spans: Iterable[Range]) -> tuple[Quote, ...]:
        return tuple(map(quote, spans))

    named = named_countries(record) if record["framing"] else {}
    framing = [
        Instance(
            passage=passage,
            account=quotes(each["account"]),
            machinery=quotes(each["machinery"]),
            cue=quotes(each["cue"]),
            actor=each["actor"],
            explicit=each["explicit"],
            complete=unmasks(record, each),
            inferred=not _OF.get(each["actor"], {each["actor"]}) - {"other"} <= named.get(passage - 1, set()),
            score=each["score"],
        )
        for each in record["framing"]
        if (passage := number(first_character(each)))
    ]
    contrasts = [
        Pair(passage, each["label"], quote(each["a"]), quote(each["b"]), quotes(each["cue"]), each["score"])
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
    own = sorted({label for at in chosen for label in record["passages"][at].get("custom", {})})
    return Evidence(
        {frame: _carriers(record, passages_with(record, chosen, frame), frame) for frame in FRAMES},
        tuple(sorted(framing, key=lambda each: (each.passage, _begins(each)))),
        tuple(sorted(contrasts, key=lambda each: (each.a.start, each.b.start))),
        tuple(sorted(metaphors, key=lambda each: each.start)),
        {label: _carriers(record, passages_with_own(record, chosen, label)) for label in own},
    )


def passages_with(record: Record, counted: Sequence[int], frame: Frame) -> list[tuple[int, float]]:
    """Return the counted passages (numbered from 1) in which a frame is present, each with its probability there."""
    chances = [(at + 1, record["passages"][at]["frames"].get(frame, 0.0)) for at in counted]
    return [each for each in chances if each[1] >= PRESENT]


def passages_with_own(record: Record, counted: Sequence[int], label: str) -> list[tuple[int, float]]:
    """Return the same of a frame of the user's own, whose line need not lie at a half."""
    found = [(at + 1, record["passages"][at].get("custom", {}).get(label)) for at in counted]
    return [(number, own["score"]) for number, own in found if own and own["present"]]


def _begins(instance: Instance) -> int:
    return min(quote.start for quote in (*instance.account, *instance.machinery, *instance.cue))


def _cut(record: Record, span: Range) -> tuple[int, int, str]:
    return span[0], span[1], record["text"][span[0] : span[1]]


def _carriers(record: Record, passages: Sequence[tuple[int, float]], frame: Frame | None = None) -> tuple[Carrier, ...]:
    """Return the passages surest of a frame; of the user's own (None) it is not known which sentence carries it."""
    surest = sorted(passages, key=lambda each: (-each[1], each[0]))[:CARRIERS]
    return tuple(_carrier(record, number, probability, frame) for number, probability in surest)


def _carrier(record: Record, number: int, probability: float, frame: Frame | None) -> Carrier:
    passage = record["passages"][number - 1]
    whole = _cut(record, [passage["start"], passage["end"]])
    found = passage.get("sentences", {}).get(frame) if frame else None
    if found is None:
        return Carrier(*whole, number, probability)
    sentence = Quote(*_cut(record, [found["start"], found["end"]]))
    return Carrier(*whole, number, probability, sentence, found["without"])
