"""Records as a table of passages: what the scorecard counts in each, its text, and the embedding."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from rhetoric.ingest.document import cell_text
from rhetoric.labels import ACTORS, CONTRASTS, COUNTRIES, FRAMES, ROLES, SOURCES
from rhetoric.record import Record
from rhetoric.scoring.columns import Column, fields
from rhetoric.scoring.copies import text_digest
from rhetoric.scoring.groups import name_of
from rhetoric.scoring.passages import scored_passages
from rhetoric.scoring.ratios import make_ratios
from rhetoric.scoring.uncertainty import MILLION

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Kind = Literal["frames", "framing", "contrast", "metaphor", "portrayal"]

UNDER: Final = ("passages", "words", "us", "china")  # what fields are rates of; a country: passages that speak of it
_SAMPLES: Final = ("frame_race", "contrast", "us_stance", "china_stance")  # a field of each


def _names() -> dict[str, Kind]:
    found: dict[str, Kind] = {f"frame_{frame}_probability": "frames" for frame in FRAMES}
    found |= dict.fromkeys(("passages_unmasking", "passages_partial"), "framing")
    found |= dict.fromkeys(("unmasking_explicit", "unmasking_implicit"), "framing")
    found |= {f"unmasking_{actor}": "framing" for actor in ACTORS}
    found |= dict.fromkeys(("contrast", *(f"contrast_{label}" for label in CONTRASTS)), "contrast")
    found |= dict.fromkeys(("metaphor", *(f"metaphor_{source}" for source in SOURCES)), "metaphor")
    for country in COUNTRIES:
        found |= {f"{country}_role_{role}": "portrayal" for role in ROLES if role != "none"}
        found[f"{country}_stance"] = "portrayal"
    return found


KIND: Final[dict[str, Kind]] = _names()  # the fields of the scorecard that clusters rest on
FIELDS: Final[tuple[Column, ...]] = tuple(fields()[name] for name in KIND)


def under(column: Column) -> int:
    """Return which of ``UNDER`` a field is a rate of."""
    if column.unit == "per 1,000 words":
        return UNDER.index("words")
    return next((at for at, name in enumerate(UNDER) if column.name.startswith(f"{name}_")), 0)


@dataclass(frozen=True)
class Member:
    """A document: what it is ``called`` where shown, how many ``passages`` it has and how many are ``counted``."""

    id: str
    title: str | None
    source: str | None
    called: str
    date: str | None
    passages: int
    counted: int


@dataclass(frozen=True)
class Table:
    """The counted passages of many documents, documents in the order of their ids, passages in that of the text.
    ``copies`` counts documents that are not here, since they repeat the text of another.

    ``document`` (passages) says which of ``members`` a passage is of, ``span`` (passages × 3) its number from 1 and its
    characters ``[start, end)``, ``about`` (passages) how probably it is about the matter, ``texts`` what it says.
    ``top`` (passages × FIELDS) over ``bottom`` (passages × UNDER) is a field's value. ``embedding`` (passages ×
    numbers) is None where not every passage has one; ``embedded`` counts those that have.
    """

    members: list[Member]
    document: Integers
    span: Integers
    about: NDArray[np.float32]
    top: NDArray[np.float32]
    bottom: NDArray[np.float32]
    embedding: NDArray[np.float32] | None
    embedded: int
    pipelines: int
    copies: int
    every_passage: bool
    texts: list[str] = field(repr=False)


@dataclass(frozen=True)
class _Part:
    """One record of the table: a member, and its counted passages."""

    member: Member
    digest: bytes
    made_by: tuple[str, ...]
    span: Integers
    about: NDArray[np.float32]
    top: NDArray[np.float32]
    bottom: NDArray[np.float32]
    texts: list[str]
    vectors: list[NDArray[np.float32]]

    @property
    def key(self) -> tuple[str, ...]:
        """What parts are sorted by, so that the order of records does not matter."""
        told = (each or "" for each in (self.member.title, self.member.source, self.member.date))
        return self.member.id, self.digest.hex(), *told, *self.made_by


def make_table(records: Iterable[Record], *, every_passage: bool = False) -> Table:
    """Read records, one at a time, into a table; those passages count that the scorecard counts.

    Of a text that is off topic none does, for a passing mention shows no way of framing. A text that stands more than
    once counts once, lest copies make a cluster.
    """
    given = sorted((_read(record, every_passage) for record in records), key=lambda part: part.key)
    first: dict[bytes, _Part] = {}
    for part in given:
        first.setdefault(part.digest, part)
    parts = list(first.values())
    vectors = [vector for part in parts for vector in part.vectors]
    embedded = sum(len(each) > 0 for each in vectors)
    whole = embedded > 0 and len({len(each) for each in vectors}) == 1
    return Table(
        members=[part.member for part in parts],
        document=np.repeat(np.arange(len(parts)), [len(part.texts) for part in parts]),
        span=np.concatenate([np.empty((0, 3), np.int64), *(part.span for part in parts)]),
        about=np.concatenate([np.empty(0, np.float32), *(part.about for part in parts)]),
        top=np.concatenate([np.empty((0, len(KIND)), np.float32), *(part.top for part in parts)]),
        bottom=np.concatenate([np.empty((0, len(UNDER)), np.float32), *(part.bottom for part in parts)]),
        embedding=np.stack(vectors) if whole else None,
        embedded=embedded,
        pipelines=len({part.made_by for part in parts}),
        copies=len(given) - len(parts),
        every_passage=every_passage,
        texts=[text for part in parts for text in part.texts],
    )


def _read(record: Record, every_passage: bool) -> _Part:
    chosen = scored_passages(record, every_passage)
    passages = [record["passages"][at] for at in chosen]
    title, source, date = (cell_text(record["meta"].get(name)) for name in ("title", "source", "date"))
    called = name_of(record, short=True)
    ratios = make_ratios(record, chosen)
    spans = [[at + 1, each["start"], each["end"]] for at, each in zip(chosen, passages, strict=True)]
    return _Part(
        member=Member(record["id"], title, source, called, date, len(record["passages"]), len(chosen)),
        digest=text_digest(record),
        made_by=tuple(str(value) for value in record["pipeline"].values()),
        span=np.array(spans, dtype=np.int64).reshape(-1, 3),
        about=np.array([each["about"] for each in passages], dtype=np.float32),
        top=np.stack([ratios[name].top * _scale(name) for name in KIND], axis=1).astype(np.float32),
        bottom=np.stack([ratios[name].bottom for name in _SAMPLES], axis=1).astype(np.float32),
        texts=[record["text"][each["start"] : each["end"]] for each in passages],
        vectors=[_vector(each.get("embedding")) for each in passages],
    )


def _scale(name: str) -> float:
    return 1 / MILLION if KIND[name] == "frames" else fields()[name].scale


def _vector(value: object) -> NDArray[np.float32]:
    """Return an embedding as numbers, none where it is not one."""
    try:
        found = np.asarray(value if isinstance(value, list) else [], dtype=np.float32)
    except (TypeError, ValueError, OverflowError):
        return np.empty(0, dtype=np.float32)
    return found if found.ndim == 1 and np.isfinite(found).all() else np.empty(0, dtype=np.float32)
