"""What comparing needs of one record: its sums by passage, its metaphors, and where its passages stand."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import numpy as np

from rhetoric.errors import RhetoricError
from rhetoric.labels import FRAMES
from rhetoric.record import Record
from rhetoric.scoring.columns import CORRECTED, OWN, Column, fields, find_field, own_columns, own_field, own_label
from rhetoric.scoring.copies import text_digest
from rhetoric.scoring.groups import date_part, name_of, tell
from rhetoric.scoring.passages import KEPT, find_passage, scored_passages
from rhetoric.scoring.ratios import make_ratios
from rhetoric.scoring.uncertainty import DIGITS, Counts, Numbers

TRAITS: Final = (*FRAMES, "unmasking")  # what a passage is said to be distinctive by
_LEFT_OUT: Final = (CORRECTED, "_probability", "_role_none")  # says the same as another field, or nothing


def compared_fields(named: Sequence[str] = ()) -> dict[str, Column]:
    """Return the fields to compare: those ``named``, or all of the codebook that say something of their own.

    Raises RhetoricError for a name that is no field, or of a corrected share, which passages have no part in.
    """
    found = find_fields(named)
    for name in found:
        if name.endswith(CORRECTED):
            what = f"{name}: a corrected share is of a whole text, so it is not compared"
            raise RhetoricError(f"{what}. Name {name.removesuffix(CORRECTED)} instead.")
    return found or {name: column for name, column in fields().items() if not name.endswith(_LEFT_OUT)}


def find_fields(named: Sequence[str]) -> dict[str, Column]:
    """Return the fields of those names, each once; raises RhetoricError for a name that is no field.

    What could be a frame of the user's own, such as custom_mine, is taken for one: only records can say.
    """
    known = fields()
    found: dict[str, Column] = {}
    for name in named:
        column = find_field(name)
        if column is None:
            parts = [each for each in known if name in each or name.split("_")[-1] in each.split("_")][:8]
            near = get_close_matches(name, known, 3) or parts
            said = f" Did you mean {' or '.join(near)}?" if near else " `rhetoric.scoring.columns()` lists them."
            raise RhetoricError(f"{name}: a scorecard has no field of this name.{said}")
        found[name] = column
    return found


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
    """One record. ``called`` is its title, or in short where it is from; ``digest`` stands for its text where copies
    are looked for; ``passages`` counts all. ``names`` are the fields asked for, and those of the frames of the user's
    own that were looked for; ``tops`` and ``bottoms`` (counted passages × names) are what they are ratios of.

    ``traits`` (counted passages × TRAITS) are the probabilities of the frames, and 1 where the passage unmasks.
    """

    id: str
    digest: bytes
    title: str
    called: str
    date: str
    pipeline: str
    passages: int
    names: tuple[str, ...]
    tops: Counts
    bottoms: Counts
    words: int
    traits: Numbers
    places: tuple[Place, ...]
    metaphors: Counter[tuple[str, str]]

    @property
    def counted(self) -> int:
        """How many passages count."""
        return len(self.places)

    def stack(self, columns: Sequence[Column]) -> tuple[Counts, Counts]:
        """Return the tops and the bottoms of fields, both counted passages × fields; nothing over nothing for a frame
        of the user's own that was not looked for.
        """
        wanted = tuple(column.name for column in columns)
        if wanted == self.names:  # no copy, which for thousands of documents would take as much memory again
            return self.tops, self.bottoms
        at = [self.names.index(name) if name in self.names else -1 for name in wanted]
        top, bottom = (np.pad(each, ((0, 0), (0, 1)))[:, at] for each in (self.tops, self.bottoms))
        return top, bottom

    def values(self, columns: Sequence[Column]) -> Numbers:
        """Return the value of each field, NaN where nothing is below it; those of a scorecard."""
        top, bottom = (each.sum(axis=0) for each in self.stack(columns))
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Numbers = np.where(bottom > 0, top / bottom * scales_of(columns), np.nan)
        return found.round(DIGITS)


def scales_of(columns: Sequence[Column]) -> Numbers:
    """Return what the ratios of fields are times."""
    return np.array([column.scale for column in columns])


def summarise(record: Record, chosen: "dict[str, Column]", *, every_passage: bool = False) -> Summary:
    """Summarise a record for the ``chosen`` fields over its counted passages; a text off topic has none."""
    counted = scored_passages(record, every_passage)
    ratios = make_ratios(record, counted)
    names = (
        *(name for name in chosen if name in ratios),
        *(name for name in ratios if name.startswith(OWN) and name not in chosen),
    )
    used = [ratios[name] for name in names]
    passages = [record["passages"][at] for at in counted]
    title, date = name_of(record), tell(record, "date") or ""
    places = tuple(
        Place(
            record["id"], title, at + 1, each["start"], each["end"], record["text"][each["start"] : each["end"]][:KEPT]
        )
        for at, each in zip(counted, passages, strict=True)
    )
    traits = [[*(p["frames"].get(f, 0.0) for f in FRAMES), float(p["framing"] == "unmasking")] for p in passages]
    return Summary(
        id=record["id"],
        digest=text_digest(record),
        title=title,
        called=name_of(record, short=True),
        date=date if date_part(date, "year") else tell(record, "year") or "",
        pipeline=record["pipeline"]["sha256"],
        passages=len(record["passages"]),
        names=names,
        tops=_columns([ratio.top for ratio in used], len(counted)),
        bottoms=_columns([ratio.bottom for ratio in used], len(counted)),
        words=int(ratios["contrast"].bottom.sum()),
        traits=np.array(traits, dtype=np.float64).reshape(len(passages), len(TRAITS)),
        places=places,
        metaphors=_count_metaphors(record, set(counted)),
    )


def _columns(found: list[Counts], passages: int) -> Counts:
    return np.array(found, dtype=np.int64).reshape(len(found), passages).T.copy()  # of none too


def count_once(summaries: Iterable[Summary], first: Callable[[Summary], str] = lambda each: each.id) -> list[Summary]:
    """Return one summary of each text, of copies that whose ``first`` sorts first, all in order of id.

    So nothing depends on the order that they come in.
    """
    kept: dict[bytes, Summary] = {}
    for each in sorted(summaries, key=lambda each: (first(each), each.id, each.title, each.date, each.pipeline)):
        kept.setdefault(each.digest, each)
    return sorted(kept.values(), key=lambda each: (each.id, each.title, each.digest))


def shown_fields(sides: Iterable[Sequence[Summary]], named: Sequence[str], usual: Sequence[str] = ()) -> list[Column]:
    """Return the fields ``named``; where none is, the ``usual`` ones (all, unless given) and the shares of all frames
    of the user's own that any of the summaries has.

    Raises RhetoricError for a frame of the user's own that is named and that no summary has.
    """
    there = {name for side in sides for summary in side for name in summary.names if name.startswith(OWN)}
    labels = sorted({label for name in there if (label := own_label(name)) is not None})
    chosen = compared_fields(named or usual)
    if not named:
        return [*chosen.values(), *own_columns(labels)[::2]]
    if missing := [name for name in chosen if name.startswith(OWN) and name not in there]:
        known = ", ".join(map(own_field, labels)) or "none"
        what = f"{missing[0]}: the passages that count hold no such frame of your own (they hold {known})"
        raise RhetoricError(f"{what}. Annotate with the detectors that find it.", "pipeline")
    return [*chosen.values()]


def _count_metaphors(record: Record, counted: set[int]) -> Counter[tuple[str, str]]:
    """Count live metaphors in the counted passages by their words, in lower case, and their source domain."""
    text = record["text"]
    found: Counter[tuple[str, str]] = Counter()
    for each in record["metaphors"]:
        start, end = each["span"]
        if each["live"] and find_passage(record, start) in counted:
            found[" ".join(text[start:end].lower().split()), each.get("source", "other")] += 1
    return found
