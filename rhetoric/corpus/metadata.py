"""What a catalogue tells of the texts that were fetched: a table beside them, to join to their records."""

import csv
import io
from dataclasses import asdict
from pathlib import Path
from typing import Final

from rhetoric.corpus.catalogue import Entry
from rhetoric.errors import SourceError
from rhetoric.writing import replacing

Rows = dict[str, dict[str, str]]
_SLUG: Final = "slug"
_COLUMNS: Final = (_SLUG, "title", "author", "voice", "type", "date", "words", "rights", "url")


def read_rows(path: Path) -> Rows:
    """Return the rows that earlier runs wrote, by slug; raises SourceError where another table lies in the way."""
    if not path.exists():
        return {}
    advice = "Move it away: the metadata of the texts that are fetched go into a file of this name."
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            if _SLUG not in (reader.fieldnames or []):
                raise SourceError(str(path), f'this table has no column "{_SLUG}".', advice)
            rows = [{name: value or "" for name, value in row.items() if isinstance(name, str)} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceError(str(path), f"this table cannot be read ({error}).", advice) from error
    return {row[_SLUG]: row for row in rows}


def add_row(rows: Rows, entry: Entry) -> None:
    """Put what is known of a text among the rows; columns and cells that somebody added by hand stay."""
    told = {name: str(value) for name, value in asdict(entry).items() if name in _COLUMNS and value not in (None, "")}
    rows[entry.slug] = {**rows.get(entry.slug, {}), **told}


def write_rows(path: Path, rows: Rows) -> None:
    """Write the table anew, whole or not at all; without rows there is none."""
    if not rows:
        return
    columns = dict.fromkeys((*_COLUMNS, *(name for row in rows.values() for name in row)))
    lines = io.StringIO()
    writer = csv.DictWriter(lines, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows.values())
    with replacing(path) as file:
        file.write(lines.getvalue().encode())
