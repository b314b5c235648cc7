"""``--meta``: what a table tells of documents, joined to their records."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, cast
from unicodedata import normalize

import typer

from rhetoric.cli import options as o
from rhetoric.errors import RhetoricError, SourceError
from rhetoric.record import Record

_IDS: Final = ("id", "slug")  # what a metadata file may call its first column, if nobody says
_KEPT: Final = ("id", "source")  # what a metadata file does not replace: the name, and where the text was read
_MOST: Final = 10  # columns that an error names
_LONGEST: Final = 40  # characters of each
MetaFile = Annotated[Path | None, o.given_file("CSV of metadata, a row a document.", "--meta")]
MetaId = Annotated[
    str | None,
    typer.Option(metavar="NAME", help='Its column of ids or of file names without extension; else "id" or "slug".'),
]


@dataclass(frozen=True)
class MetaTable:
    """Metadata by document: ``rows`` holds the columns of each id; ``unmatched`` collects ids that have no row."""

    where: str
    rows: Mapping[str, Mapping[str, str]]
    unmatched: list[str] = field(default_factory=list)

    def join(self, record: Record) -> Record:
        """Return ``record`` with the row of its id, or of its file's name without the extension, in its ``meta``."""
        source = str(record["meta"].get("source", ""))
        keys = (normalize("NFC", key) for key in (record["id"], Path(source).stem))  # macOS takes letters apart
        found = next((self.rows[key] for key in keys if key in self.rows), None)
        if found is None:
            self.unmatched.append(Path(source).name or record["id"])
            return record
        added = {name: value for name, value in found.items() if name not in _KEPT}
        return cast("Record", {**record, "meta": {**record["meta"], **added}})


def metadata(path: Path | None, id_column: str | None) -> MetaTable | None:
    """Return the metadata that ``--meta`` names, None where it does not; raises RhetoricError for ``--meta-id`` alone,
    and SourceError as :func:`read_meta` does.
    """
    if path is None and id_column is not None:
        raise RhetoricError("--meta-id names a column of a table of metadata. Name that too: --meta FILE.csv")
    return read_meta(path, id_column) if path else None


def read_meta(path: Path, id_column: str | None = None) -> MetaTable:
    """Read a CSV of metadata whose column ``id_column`` (by default ``id``, else ``slug``) names documents; rows that
    name none are left out.

    Raises SourceError where it cannot be read, lacks that column or names a document twice.
    """
    where = str(path)
    rows: dict[str, dict[str, str]] = {}
    names: list[str] = []
    for place, row in _csv_rows(path):
        if isinstance(row, SourceError):
            raise row
        if isinstance(row, list):
            names = row
            wanted = id_column or next((name for name in _IDS if name in names), "")
            if wanted not in names:
                told = f"there is no column {id_column!r}" if id_column else 'there is no column "id" or "slug"'
                advice = "Say with --meta-id which column names the documents."
                raise SourceError(where, f"{told}; columns found: {_list(names)}.", advice)
            continue
        cells = {name: value.strip() for name, value in row.items() if name and value.strip()}
        key = normalize("NFC", cells.get(wanted, ""))
        if key in rows:
            raise SourceError(place, f"{key!r} has a row already.", "Keep one of them.")
        if key:
            rows[key] = cells
    if not names:
        raise SourceError(where, "this table is empty.", "Check that it was saved completely.")
    return MetaTable(where, rows)


def _csv_rows(path: Path) -> Iterator[tuple[str, list[str] | dict[str, str] | SourceError]]:
    from rhetoric.ingest.delimited import csv_rows
    from rhetoric.ingest.detect import HEAD, kind_of

    try:
        data = path.read_bytes()  # it may be a pipe
    except OSError as error:
        raise SourceError(str(path), f"this table cannot be read ({error}).") from error
    if kind_of(data[:HEAD], "csv", str(path)) != "csv":
        raise SourceError(str(path), "this is no CSV.", "Open it in a spreadsheet, and save the table as CSV.")
    yield from csv_rows(io.BytesIO(data), data[:HEAD], str(path), o.DEFAULTS)


def _list(names: list[str]) -> str:
    """Name columns, of which a file that is no table may have many, and long ones."""
    from rhetoric.report.safe import excerpt

    shown = ", ".join(excerpt(name, _LONGEST) for name in names[:_MOST]) or "none"
    return shown + (", ..." if len(names) > _MOST else "")


def no_column(column: str, there: Iterable[str]) -> RhetoricError:
    """Return the error to raise where no document has ``column`` in its metadata; ``there`` are the columns found."""
    named = ", ".join(sorted(there)) or "none"
    return RhetoricError(
        f"No document has {column!r} in its metadata; columns found: {named}. --meta FILE.csv adds more."
    )
