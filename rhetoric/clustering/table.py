"""Records as a table of passages: what the scorecard counts in each, and the embedding; the texts wait on disk."""

import tempfile
import weakref
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from rhetoric.labels import ACTORS, CONTRASTS, COUNTRIES, FRAMES, ROLES, SOURCES
from rhetoric.record import Record
from rhetoric.scoring.columns import Column, fields
from rhetoric.scoring.copies import text_digest
from rhetoric.scoring.groups import name_of
from rhetoric.scoring.passages import scored_passages
from rhetoric.scoring.ratios import make_ratios, words_of
from rhetoric.scoring.uncertainty import MILLION

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Kind = Literal["frames", "framing", "contrast", "metaphor", "portrayal"]

UNDER: Final = ("passages", "words", "us", "china")  # what fields are rates of; a country: passages that speak of it
_SAMPLES: Final = ("frame_race", "contrast", "us_stance", "china_stance")  # a field of each
_COPY: Final = -1  # the row of what repeats the text of another


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
    characters ``[start, end)``, ``about`` (passages) how probably it is about the matter. ``top`` (passages × FIELDS)
    over ``bottom`` (passages × UNDER) is a field's value. ``embedding`` (passages × numbers) is None where not every
    passage has one; ``embedded`` counts those that have.
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
    texts: "Texts" = field(repr=False)

    def text(self, passage: int) -> str:
        """Return the text of one passage of the table."""
        return self.texts.read(passage)


class Texts:
    """Passages' texts in a temporary file, so that a corpus does not have to fit into memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the table, and goes with it
        weakref.finalize(self, self._file.close)
        self._ends = array("Q", [0])
        self._order: Integers | None = None

    def __getstate__(self) -> dict[str, Any]:
        self._file.seek(0)
        return {**vars(self), "_file": self._file.read()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        written = state.pop("_file")
        Texts.__init__(self)
        self._file.write(written)
        vars(self).update(state)

    def add(self, text: str) -> None:
        """Keep one more text."""
        written = self._file.write(text.encode("utf-8", "surrogatepass"))
        self._ends.append(self._ends[-1] + written)

    def sort(self, order: Integers) -> None:
        """From now on let the text at ``order[i]`` be number ``i``."""
        self._order = order

    def read(self, number: int) -> str:
        """Return one text."""
        at = number if self._order is None else int(self._order[number])
        self._file.seek(self._ends[at])
        found = self._file.read(self._ends[at + 1] - self._ends[at]).decode("utf-8", "surrogatepass")
        self._file.seek(0, 2)
        return found


def make_table(records: Iterable[Record], *, every_passage: bool = False) -> Table:
    """Read records, one at a time, into a table; those passages count that the scorecard counts.

    Of a text that is off topic none does, for a passing mention shows no way of framing. A text that stands more than
    once counts once, lest copies make a cluster.
    """
    members: list[Member] = []
    keys: list[tuple[str, ...]] = []
    digests: list[bytes] = []
    made_by: list[tuple[str, ...]] = []
    counts: list[int] = []
    spans: list[list[int]] = []
    about: list[float] = []
    tops: list[NDArray[np.float32]] = []
    bottoms: list[NDArray[np.float32]] = []
    embeddings: list[NDArray[np.float32]] = []
    texts = Texts()
    for record in records:
        chosen = scored_passages(record, every_passage)
        meta = record["meta"]
        title, source, date = (_said(meta.get(name)) for name in ("title", "source", "date"))
        called = name_of(record, short=True)
        members.append(Member(record["id"], title, source, called, date, len(record["passages"]), len(chosen)))
        digests.append(text_digest(record))
        made_by.append(tuple(str(value) for value in record["pipeline"].values()))
        keys.append((record["id"], digests[-1].hex(), title or "", source or "", date or "", *made_by[-1]))
        counts.append(len(chosen))
        if not chosen:
            continue
        ratios = make_ratios(record, chosen, words_of(record, chosen))
        tops.append(np.stack([ratios[name].top * _scale(name) for name in KIND], axis=1).astype(np.float32))
        bottoms.append(np.stack([ratios[name].bottom for name in _SAMPLES], axis=1).astype(np.float32))
        passages = [record["passages"][at] for at in chosen]
        spans.extend([at + 1, each["start"], each["end"]] for at, each in zip(chosen, passages, strict=True))
        about.extend(each["about"] for each in passages)
        for each in passages:
            texts.add(record["text"][each["start"] : each["end"]])
        embeddings.extend(_vector(each.get("embedding")) for each in passages)
    first: dict[bytes, int] = {}
    for at in sorted(range(len(members)), key=keys.__getitem__):
        first.setdefault(digests[at], at)
    order = list(first.values())
    rank = np.full(len(members), _COPY, dtype=np.int64)
    rank[order] = np.arange(len(order))
    document = np.repeat(rank, counts)
    rows = np.argsort(document, kind="stable")
    rows = rows[document[rows] != _COPY]
    texts.sort(rows)
    vectors = [embeddings[at] for at in rows]
    embedded = sum(len(each) > 0 for each in vectors)
    whole = 0 < embedded == len(rows) and len({len(each) for each in vectors}) == 1
    return Table(
        members=[members[at] for at in order],
        document=document[rows],
        span=np.asarray(spans, dtype=np.int64).reshape(-1, 3)[rows],
        about=np.asarray(about, dtype=np.float32)[rows],
        top=_joined(tops, len(KIND))[rows],
        bottom=_joined(bottoms, len(UNDER))[rows],
        embedding=np.stack(vectors) if whole else None,
        embedded=embedded,
        pipelines=len({made_by[at] for at in order}),
        copies=len(members) - len(order),
        every_passage=every_passage,
        texts=texts,
    )


def _joined(parts: list[NDArray[np.float32]], width: int) -> NDArray[np.float32]:
    return np.concatenate(parts) if parts else np.empty((0, width), dtype=np.float32)


def _scale(name: str) -> float:
    return 1 / MILLION if KIND[name] == "frames" else fields()[name].scale


def _vector(value: object) -> NDArray[np.float32]:
    """Return an embedding as numbers, none where it is not one."""
    try:
        found = np.asarray(value if isinstance(value, list) else [], dtype=np.float32)
    except (TypeError, ValueError, OverflowError):
        return np.empty(0, dtype=np.float32)
    return found if found.ndim == 1 and np.isfinite(found).all() else np.empty(0, dtype=np.float32)


def _said(value: object) -> str | None:
    return None if value is None else str(value)
