"""What comparing needs of one record: its sums by passage, its metaphors, and where its passages stand."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhetoric.errors import RhetoricError
from rhetoric.labels import FRAMES
from rhetoric.record import Record
from rhetoric.scoring.columns import Column, fields
from rhetoric.scoring.groups import tell
from rhetoric.scoring.passages import count_passages, find_passage, passage_starts
from rhetoric.scoring.ratios import make_ratios, words_of

TRAITS: Final = (*FRAMES, "unmasking")  # what a passage is said to be distinctive by
_LEFT_OUT: Final = ("_corrected", "_probability", "_role_none")  # says the same as another field, or nothing
_TEXT: Final = 600  # characters kept of a passage
_SCALE: Final = 1_000_000

Numbers = NDArray[np.float64]


def compared_fields(named: "list[str] | tuple[str, ...]" = ()) -> dict[str, Column]:
    """Return the fields to compare: those ``named``, or all that say something of their own.

    Raises RhetoricError for a name that is no field.
    """
    known = fields()
    for name in named:
        if name not in known:
            near = [each for each in known if name in each or name.split("_")[-1] in each.split("_")][:8]
            said = f" Did you mean one of {', '.join(near)}?" if near else ""
            raise RhetoricError(f"{name}: a scorecard has no field of this name.{said}")
    return {name: known[name] for name in dict.fromkeys(named) or known if named or not name.endswith(_LEFT_OUT)}


@dataclass(frozen=True)
class Place:
    """A passage: the document, its number in it (from 1), its range, and the beginning of its text."""

    document: str
    title: str
    passage: int
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Summary:
    """One record. ``tops`` and ``bottoms`` are passages × fields; ``scales`` what a ratio of their sums is times.

    ``traits`` (passages × TRAITS) are the probabilities of the frames, and 1 where the passage unmasks.
    """

    id: str
    title: str
    date: str
    pipeline: str
    tops: NDArray[np.int64]
    bottoms: NDArray[np.int64]
    scales: Numbers
    words: int
    traits: Numbers
    places: tuple[Place, ...]
    metaphors: Counter[tuple[str, str]]

    @property
    def counted(self) -> int:
        """How many passages count."""
        return len(self.places)

    @cached_property
    def values(self) -> Numbers:
        """The value of each field, NaN where nothing is below it; those of a scorecard."""
        bottom = self.bottoms.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Numbers = np.where(bottom > 0, self.tops.sum(axis=0) / bottom * self.scales, np.nan)
        return found.round(6)


def summarise(record: Record, chosen: "dict[str, Column]", *, every_passage: bool = False) -> Summary:
    """Summarise a record over its counted passages for the ``chosen`` fields, in their order."""
    counted = count_passages(record, every_passage)
    words = words_of(record, counted)
    ratios = make_ratios(record, counted, words)
    passages = [record["passages"][at] for at in counted]
    title = tell(record, "title") or tell(record, "source") or record["id"]
    places = tuple(
        Place(
            record["id"], title, at + 1, each["start"], each["end"], record["text"][each["start"] : each["end"]][:_TEXT]
        )
        for at, each in zip(counted, passages, strict=True)
    )
    traits = [[*(p["frames"].get(f, 0.0) for f in FRAMES), float(p["framing"] == "unmasking")] for p in passages]
    return Summary(
        id=record["id"],
        title=title,
        date=str(record["meta"].get("date") or ""),
        pipeline=record["pipeline"]["sha256"],
        tops=np.column_stack([ratios[name].top for name in chosen]),
        bottoms=np.column_stack([ratios[name].bottom for name in chosen]),
        scales=np.array([ratios[name].scale for name in chosen]),
        words=int(words.sum()),
        traits=np.array(traits, dtype=np.float64).reshape(len(passages), len(TRAITS)),
        places=places,
        metaphors=_count_metaphors(record, set(counted)),
    )


def _count_metaphors(record: Record, counted: set[int]) -> Counter[tuple[str, str]]:
    """Count live metaphors in the counted passages by their words, in lower case, and their source domain."""
    starts, text = passage_starts(record), record["text"]
    found: Counter[tuple[str, str]] = Counter()
    for each in record["metaphors"]:
        start, end = each["span"]
        if each["live"] and find_passage(record, starts, start) in counted:
            found[" ".join(text[start:end].lower().split()), each.get("source", "other")] += 1
    return found
