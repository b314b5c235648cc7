"""The record: what analysing one document gives, as JSON can hold it (corpora/record.md). Every view reads records.

Offsets are character ranges ``[start, end)`` of ``text``; scores are calibrated probabilities, but for
those of metaphor-related words that are not live (models/detectors/README.md).
"""

from typing import Annotated, Any, NotRequired

from annotated_types import Interval, Len
from typing_extensions import TypedDict  # the one that pydantic, which checks records, takes on any Python

from rhetoric.labels import Actor, Contrast, Country, Framing, Role, Source, Target

Range = Annotated[list[int], Len(2, 2)]  # [start, end)
Chance = Annotated[float, Interval(ge=0, le=1)]


class Portrayal(TypedDict):
    """How a passage speaks of one country; ``stance`` is -1, 0 or +1."""

    role: Role
    stance: Annotated[int, Interval(ge=-1, le=1)]


class Custom(TypedDict):
    """A frame of the user's own: its probability in a passage, and whether that reaches the line fitted with it."""

    score: Chance
    present: bool


class Sentence(TypedDict):
    """The sentence ``[start, end)`` that carries a frame; ``without`` is its probability in the passage without it."""

    start: int
    end: int
    without: Chance


class Passage(TypedDict):
    """One unit of coding: ``about`` and ``frames`` are probabilities, ``framing_score`` that of the label given.

    ``embedding``, a unit vector that places the passage by how it frames, is there where it was asked for; ``custom``
    where the detectors hold frames of the user's own (``rhetoric train frames``); ``sentences`` where they were asked
    for, of the frames that the passage is among the surest of.
    """

    start: int
    end: int
    about: Chance
    framing: Framing
    framing_score: Chance
    frames: dict[str, Chance]
    portrayal: dict[Country, Portrayal]
    custom: NotRequired[dict[str, Custom]]
    embedding: NotRequired[list[Annotated[float, Interval(ge=-1, le=1)]]]
    sentences: NotRequired[dict[str, Sentence]]


class FramingInstance(TypedDict):
    """An account set against a machinery; one of the two may be empty where the passage is ``partial``."""

    account: list[Range]
    machinery: list[Range]
    cue: list[Range]
    actor: Actor
    explicit: bool
    score: Chance


class ContrastPair(TypedDict):
    """Two sides set against each other, in text order; ``cue`` may be empty."""

    label: Contrast
    a: Range
    b: Range
    cue: list[Range]
    score: Chance


class Metaphor(TypedDict):
    """A metaphor-related word; ``source`` and ``target`` only where it is live."""

    span: Range
    live: bool
    score: Chance
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
