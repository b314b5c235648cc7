"""Coded passages: read them, bring back the text of those kept as offsets, and split them by document."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rhetoric.errors import SourceError

FOLDS = 3
_LATER = tuple(f"{hand}-" for hand in "klmnopqv")  # hands that wrote once the first weights were there
Coded = dict[str, Any]  # one passage, as corpora/gold/README.md describes it


def read_gold(path: Path) -> list[Coded]:
    """Read a gold file, one passage a line; raises SourceError with the line that is wrong."""
    found = []
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                row["id"], row["framing"]
            except (ValueError, KeyError, TypeError) as error:
                raise SourceError(f"{path}:{number}", f"this is not a coded passage ({error!r}).") from error
            found.append(row)
    return found


def fold_of(row: Coded, folds: int) -> int:
    """Return the fold of a passage: authored ones by their writer (the ``id`` prefix), real ones by their document."""
    slug = row.get("slug")
    if slug:
        return int(hashlib.sha256(slug.encode()).hexdigest(), 16) % folds
    return (ord(row["id"][0]) - ord("a")) * folds // 6 if row["id"][1:2] == "-" and row["id"][0] in "abcdef" else 0


def by_time(rows: Iterable[Coded]) -> tuple[list[Coded], list[Coded]]:
    """Return the passages that were there from the start, and those written once the first weights were trained."""
    first: list[Coded] = []
    later: list[Coded] = []
    for row in rows:
        (later if row["id"].startswith(_LATER) else first).append(row)
    return first, later


def with_texts(rows: list[Coded], texts: Path) -> list[Coded]:
    """Bring back the text of passages kept as offsets from ``texts/<slug>.txt``; raises SourceError for another
    text.
    """
    whole: dict[str, str] = {}
    for row in rows:
        if "text" not in row:
            slug = row["slug"]
            if slug not in whole:
                whole[slug] = (texts / f"{slug}.txt").read_text(encoding="utf-8")
            row["text"] = whole[slug][row["start"] : row["end"]]
            if hashlib.sha256(row["text"].encode()).hexdigest()[:16] != row["sha"]:
                raise SourceError(f"{slug}.txt", f"this is not the text that passage {row['id']} was coded on.")
    return rows


def without_repeats(rows: list[Coded], measured: list[Coded]) -> list[Coded]:
    """Leave out of ``rows`` what would give away a passage of ``measured``: those that share a dozen words in a row
    with one of another document, as reports that quote one another do.
    """
    seen: dict[tuple[str, ...], set[str]] = {}
    for row in measured:
        for words in _dozens(row["text"]):
            seen.setdefault(words, set()).add(row.get("slug", ""))
    return [
        row for row in rows if not any(seen.get(words, set()) - {row.get("slug")} for words in _dozens(row["text"]))
    ]


def _dozens(text: str) -> Iterator[tuple[str, ...]]:
    words = text.lower().split()
    return (tuple(words[at : at + 12]) for at in range(len(words) - 11))


def split(rows: Iterable[Coded], fold: int, folds: int) -> tuple[list[Coded], list[Coded]]:
    """Return the passages outside ``fold`` (to train on) and inside (to measure on)."""
    kept: list[Coded] = []
    held: list[Coded] = []
    for row in rows:
        (held if fold_of(row, folds) == fold else kept).append(row)
    return kept, held
