"""Drawing passages to code: at random, by strata, or those that the machine is least sure of.

What is drawn depends on the seed and the passages alone, not on the order of the corpus. A text that stands in a corpus
twice is drawn once. Of a corpus only what may still be drawn is in memory.
"""

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, cast, get_args

from rhetoric.annotation.passages import cut, digest, doubt
from rhetoric.errors import RhetoricError
from rhetoric.labels import ABOUT, CONTRASTS, FRAMES, PRESENT, SOURCES
from rhetoric.pipeline.length import count_words
from rhetoric.record import Record
from rhetoric.scoring.groups import tell

By = Literal["random", "stratified", "uncertain"]
WAYS: Final[tuple[By, ...]] = get_args(By)
STRATA: Final = ("frame", "framing", "about", "contrast", "source", "document")
_UNKNOWN: Final = "unknown"
Ticket = tuple[float, int, Record]  # a passage with its doubt and its lot, by which the least is thrown out


@dataclass(frozen=True)
class Stratum:
    """How many different passages a stratum holds, and how many were ``drawn`` from it."""

    name: str
    passages: int
    drawn: int


@dataclass
class Sample:
    """Passages drawn, each a record of its own whose ``meta.sample`` says how, and what they were drawn from.

    ``passages`` are those of ``documents``; of these ``short`` have fewer words than asked for, ``repeated`` have the
    text of another, and ``left_out`` were not to be drawn.
    """

    rows: list[Record]
    by: By
    seed: int
    stratum: str | None
    documents: int = 0
    passages: int = 0
    short: int = 0
    repeated: int = 0
    left_out: int = 0
    strata: list[Stratum] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return what was drawn from what, without the passages."""
        told = {name: value for name, value in asdict(self).items() if name != "rows"}
        return {"drawn": len(self.rows), **told}


def draw(
    records: Iterable[Record],
    n: int,
    by: By = "random",
    *,
    stratum: str | None = None,
    seed: int = 0,
    without: Iterable[str] = (),
    min_words: int = 1,
) -> Sample:
    """Draw ``n`` passages of ``records``, or all where there are not as many.

    "random" gives every passage the same chance. "stratified" draws as evenly from each ``stratum`` (one of STRATA, or
    the name of a metadata column) as they have passages. "uncertain" takes those of which the machine is expected to
    have most judgements wrong (``rhetoric.annotation.passages.doubt``). Passages come in random order, so that the
    first fifty are a random sample too; the uncertain ones come the most uncertain first. Texts in ``without``
    (digests) and passages of fewer than ``min_words`` words are not drawn. Raises RhetoricError where ``stratum`` does
    not go with ``by``, or no passage has it.
    """
    if (stratum is None) == (by == "stratified"):
        if stratum is None:
            raise RhetoricError("A stratified sample needs to know by what: --stratum about, frame, or a column.")
        raise RhetoricError(f"--stratum {stratum} is for a stratified sample: ask for one with --by stratified.")
    found = Sample([], by, seed, stratum)
    barred, seen = set(without), set[str]()
    sizes: Counter[str] = Counter()
    pots: dict[str, list[Ticket]] = {}
    for record in records:
        found.documents += 1
        for passage in cut(record):
            found.passages += 1
            if count_words(passage["text"]) < min_words:
                found.short += 1
                continue
            mark = digest(passage["text"])
            found.left_out += mark in barred
            found.repeated += mark in seen
            if mark in barred or mark in seen:
                continue
            seen.add(mark)
            name = stratum_of(passage, stratum) if stratum else ""
            sizes[name] += 1
            lot = -int(hashlib.sha256(f"{seed} {mark}".encode()).hexdigest(), 16)  # of its own, as the text is
            ticket = (doubt(passage) if by == "uncertain" else 0.0, lot, passage)
            pot = pots.setdefault(name, [])
            if len(pot) < n:
                heapq.heappush(pot, ticket)
            else:
                heapq.heappushpop(pot, ticket)
    if stratum and set(sizes) == {_UNKNOWN}:
        advice = f"Name one of {', '.join(STRATA)}, or a metadata column."
        raise RhetoricError(f"No document has {stratum!r} in its metadata. {advice}")
    shares = share_out(n, {name: sizes[name] for name in sorted(pots, key=lambda name: max(pots[name]), reverse=True)})
    drawn = [(ticket, name) for name, pot in pots.items() for ticket in heapq.nlargest(shares[name], pot)]
    drawn.sort(reverse=True)
    found.rows = [_told(found, ticket, name, sizes[name], shares[name]) for ticket, name in drawn]
    found.strata = [Stratum(name, sizes[name], shares[name]) for name in sorted(sizes)] if stratum else []
    return found


def share_out(n: int, sizes: dict[str, int]) -> dict[str, int]:
    """Share ``n`` out among strata of those ``sizes``, as evenly as they go; what is left over goes to the first."""
    shares = dict.fromkeys(sizes, 0)
    left = min(n, sum(sizes.values()))
    while left:
        room = [name for name in sizes if shares[name] < sizes[name]]
        each = max(1, left // len(room))
        for name in room:
            more = min(each, sizes[name] - shares[name], left)
            shares[name] += more
            left -= more
    return shares


def _told(found: Sample, ticket: Ticket, name: str, size: int, share: int) -> Record:
    unsure, _, record = ticket
    told: dict[str, Any] = {"by": found.by, "seed": found.seed}
    if found.stratum:
        told |= {"stratum": found.stratum, "value": name}
    told |= {"doubt": round(unsure, 4)} if found.by == "uncertain" else {"chance": round(share / size, 6)}
    return cast("Record", {**record, "meta": {**record["meta"], "sample": told}})


def stratum_of(record: Record, stratum: str) -> str:
    """Return the value that a record of one passage has of a stratum: one of STRATA, or a metadata column.

    "frame" is the likeliest frame that is present; "contrast" and "source" (the domain of live metaphors) are the
    commonest in the passage; "document" is the id of the document.
    """
    passage = record["passages"][0]
    if stratum == "framing":
        return passage["framing"]
    if stratum == "about":
        return "about" if passage["about"] >= ABOUT else "not about"
    if stratum == "frame":
        likely = max(FRAMES, key=lambda frame: passage["frames"].get(frame, 0.0))
        return likely if passage["frames"].get(likely, 0.0) >= PRESENT else "no frame"
    if stratum == "contrast":
        labels = Counter(each["label"] for each in record["contrasts"])
        return max(CONTRASTS, key=lambda label: labels[label]) if labels else "no contrast"
    if stratum == "source":
        sources = Counter(each.get("source", "other") for each in record["metaphors"] if each["live"])
        return max(SOURCES, key=lambda source: sources[source]) if sources else "no live metaphor"
    if stratum == "document":
        return str(record["meta"].get("slug", record["id"]))
    return tell(record, stratum) or _UNKNOWN
