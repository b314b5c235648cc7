"""Codings: what each coder said of each passage, in the format of the gold (corpora/gold/README.md)."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from rhetoric.annotation.exchange.files import new_file
from rhetoric.errors import SourceError
from rhetoric.gold import Coded, read_rows

SQLITE: Final = b"SQLite format 3\x00"


def read_codings(path: Path) -> dict[str, list[Coded]]:
    """Return the coded passages of each coder, both in the order of the file.

    ``path`` is a .jsonl of coded passages, of which the coder is each row's ``coder``, else the file's name without its
    extension; or a review database, of which passages count that their coder has said to be done (its adjudications
    are not codings: ``Review.gold``). Rows hold ``id`` and, of ``FIELDS``, what was coded.
    Raises SourceError with the line that is no coded passage, and RhetoricError for a file that cannot be read.
    """
    if is_database(path):
        from rhetoric.annotation.store import Review

        with Review(path) as review:
            return review.codings()
    found: dict[str, list[Coded]] = {}
    seen: set[tuple[str, str]] = set()
    for where, row in read_rows(path):
        coder = str(row.get("coder", path.stem))
        if (coder, row["id"]) in seen:
            advice = "Keep one coding of each passage by each coder."
            raise SourceError(where, f"{coder} has coded passage {row['id']} above already.", advice)
        seen.add((coder, row["id"]))
        found.setdefault(coder, []).append(row)
    return found


def write_codings(rows: Iterable[Coded], path: Path) -> None:
    """Write coded passages to ``path``, one a line; the file has its name only once it is complete.

    Raises RhetoricError where it cannot be written.
    """
    with new_file(path) as stream:
        stream.writelines(map(line_of, rows))


def is_database(path: Path) -> bool:
    """Whether a file is an SQLite database, whatever its name."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(SQLITE)) == SQLITE
    except OSError:
        return False


def line_of(row: Mapping[str, Any]) -> bytes:
    """Return a coded passage, or what is said of some, as a line of JSON."""
    try:
        return json.dumps(row, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair, which UTF-8 cannot hold but JSON can
        return json.dumps(row).encode() + b"\n"
