"""Keywords by group: the tables of *Contending Frames* (shares of documents by year, by source) for any corpus."""

import math
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from rhetoric.record import Record
from rhetoric.scoring.copies import text_digest
from rhetoric.scoring.cset import FRAMES, SCORER, TERMS, Keywords
from rhetoric.scoring.groups import NOWHERE, tell
from rhetoric.scoring.uncertainty import Z, rounded


@dataclass(frozen=True)
class Share:
    """In how many of the documents that mention AI a frame is, as number and share, with its 95 % interval (Wilson's).

    The three are None where no document mentions AI.
    """

    count: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Row:
    """One group: its documents, those of them that mention AI, and the share of each frame among the latter."""

    group: str
    documents: int
    ai: int
    frames: dict[str, Share]


@dataclass
class Shares:
    """Documents by the values of one metadata column (``year`` is taken from the date), added up one by one."""

    by: str
    groups: dict[str, Counter[str]] = field(default_factory=dict)  # how many "documents", with "ai", with each frame

    def add(self, record: Record, found: Keywords) -> None:
        """Add a document."""
        group = self.groups.setdefault(tell(record, self.by) or NOWHERE, Counter())
        said = {"ai": found.mentions_ai, **found.frames}
        group.update(["documents", *(what for what, there in said.items() if there)])

    def rows(self) -> list[Row]:
        """Return a row a group: periods in order, others by how many mention AI, and last those that do not tell."""
        in_time = self.by in ("year", "month")
        first = {group: 0 if in_time else -counts["ai"] for group, counts in self.groups.items()}
        order = sorted(self.groups, key=lambda group: (group == NOWHERE, first[group], group))
        return [_row(group, self.groups[group]) for group in order]

    def total(self) -> Row:
        """Return the row of all documents."""
        return _row("all", sum(self.groups.values(), Counter()))

    def to_dict(self) -> dict[str, Any]:
        """Return the table as nested dicts and lists that JSON can hold."""
        return {"by": self.by, "rows": [asdict(row) for row in self.rows()], "total": asdict(self.total())}


def _row(name: str, counts: Counter[str]) -> Row:
    shares = {frame: make_share(counts[frame], counts["ai"]) for frame in FRAMES}
    return Row(name, counts["documents"], counts["ai"], shares)


def make_share(count: int, of: int) -> Share:
    """Return a share with its 95 % interval by Wilson's score (1927), which holds for few documents too."""
    if not of:
        return Share(count, None, None, None)
    value, extra = count / of, Z * Z / of
    middle = (value + extra / 2) / (1 + extra)
    half = Z * math.sqrt(value * (1 - value) / of + extra / (4 * of)) / (1 + extra)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Share(count, *map(rounded, (value, min(low, value), max(high, value))))


@dataclass
class KeywordTable:
    """What ``cset-2021`` finds in a corpus: a table a column, and in how many documents each term occurs.

    ``copies`` repeat the text of another, which counts once, where it first stands.
    """

    tables: list[Shares]
    terms: dict[str, Counter[str]] = field(default_factory=lambda: {frame: Counter() for frame in FRAMES})
    copies: int = 0
    _texts: set[bytes] = field(default_factory=set)

    @classmethod
    def by(cls, *columns: str) -> "KeywordTable":
        """Make an empty table for each of the columns."""
        return cls([Shares(column) for column in columns])

    def add(self, record: Record, found: Keywords) -> bool:
        """Add a document, and say whether it counts: not where its text was added before."""
        text = text_digest(record)
        if text in self._texts:
            self.copies += 1
            return False
        self._texts.add(text)
        for table in self.tables:
            table.add(record, found)
        for frame, counts in found.counts.items():
            self.terms[frame].update(term for term, count in counts.items() if count)
        return True

    def to_dict(self) -> dict[str, Any]:
        """Return the tables and the documents with each term as nested dicts and lists that JSON can hold."""
        terms = {frame: {term: self.terms[frame][term] for term in names} for frame, names in TERMS.items()}
        tables = [table.to_dict() for table in self.tables]
        return {"scorer": SCORER, "tables": tables, "terms": terms, "copies": self.copies}
