"""The record: what analysing one document gives, as JSON can hold it (corpora/record.md). Every view reads records.

Offsets are character ranges ``[start, end)`` of ``text``; scores are calibrated probabilities, but for
those of metaphor-related words that are not live (models/detectors/README.md).
"""

from typing import Any, NotRequired, TypedDict

from rhetoric.labels import Actor, Contrast, Country, Frame, Framing, Role, Source, Target

Range = list[int]  # [start, end)


class Portrayal(TypedDict):
    """How a passage speaks of one country; ``stance`` is -1, 0 or +1."""

    role: Role
    stance: int


class Custom(TypedDict):
    """A frame of the user's own: its probability in a passage, and whether that reaches the line fitted with it."""

    score: float
    present: bool


class Sentence(TypedDict):
    """The sentence ``[start, end)`` that carries a frame; ``without`` is its probability in the passage without it."""

    start: int
    end: int
    without: float


class Passage(TypedDict):
    """One unit of coding: ``about`` and ``frames`` are probabilities, ``framing_score`` that of the label given.

    ``embedding``, a unit vector that places the passage by how it frames, is there where it was asked for; ``custom``
    where the detectors hold frames of the user's own (``rhetoric train frames``); ``sentences`` where they were asked
    for, of the frames that the passage is among the surest of.
    """

    start: int
    end: int
    about: float
    framing: Framing
    framing_score: float
    frames: dict[Frame, float]
    portrayal: dict[Country, Portrayal]
    custom: NotRequired[dict[str, Custom]]
    embedding: NotRequired[list[float]]
    sentences: NotRequired[dict[Frame, Sentence]]


class FramingInstance(TypedDict):
    """An account set against a machinery; one of the two may be empty where the passage is ``partial``."""

    account: list[Range]
    machinery: list[Range]
    cue: list[Range]
    actor: Actor
    explicit: bool
    score: float


class ContrastPair(TypedDict):
    """Two sides set against each other, in text order; ``cue`` may be empty."""

    label: Contrast
    a: Range
    b: Range
    cue: list[Range]
    score: float


class Metaphor(TypedDict):
    """A metaphor-related word; ``source`` and ``target`` only where it is live."""

    span: Range
    live: bool
    score: float
    source: NotRequired[Source]
    target: NotRequired[Target]


class Pipeline(TypedDict):
    """What made the record: two records with the same three values were made by the same weights and code.

    ``parts`` has a checksum of each part (:mod:`rhetoric.made_by`), to tell in what two differ; records of others have
    none.
    """

    name: str
    version: str
    sha256: str
    parts: NotRequired[dict[str, str]]


class Record(TypedDict):
    """One document, analysed."""

    id: str
    text: str
    meta: dict[str, Any]
    passages: list[Passage]
    framing: list[FramingInstance]
    contrasts: list[ContrastPair]
    metaphors: list[Metaphor]
    pipeline: Pipeline
