"""CSV (UTF-8, commas, a header line): the tables of ``tables.py``. Offsets are code points.

It is read as ``rhetoric.ingest`` reads tables, whatever a spreadsheet set the cells apart with and encoded them in.
A path that ends in .csv is one long table, another one a folder. Cells are the text as it stands, so that offsets hold;
a spreadsheet may take one that begins with an equals sign for a formula.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from rhetoric.annotation.exchange.files import open_file, said
from rhetoric.annotation.exchange.finish import Fields
from rhetoric.annotation.exchange.tables import LONG, OPTIONAL, PIPELINE, WriteRows, read_tables, schema, write_tables
from rhetoric.corpus.tables import TABLES
from rhetoric.errors import SourceError
from rhetoric.ingest.delimited import csv_rows
from rhetoric.ingest.detect import HEAD
from rhetoric.ingest.document import Found, ReadOptions
from rhetoric.record import Record

if TYPE_CHECKING:
    import pyarrow

ENDING: Final = ".csv"
_EMPTY: Final = ("id", "text", *PIPELINE)  # where an empty cell is an empty text, not a missing one
_EACH: Final = 5_000  # rows turned into Arrow at once


def write(records: Iterable[Record], path: Path, lost: Counter[str]) -> None:
    """Write a file a table, or one long table."""
    write_tables(records, path, lost, ENDING, _writing)


@contextmanager
def _writing(stream: IO[bytes], columns: "pyarrow.Schema") -> Iterator[WriteRows]:
    text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(columns.names)
    yield lambda table: rows.writerows([_cell(value) for value in row.values()] for row in table.to_pylist())
    text.detach()


def _cell(value: Any) -> str:  # noqa: ANN401 - of any column
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, (list, bool)) else str(value)


def read(path: Path, most: int, lost: Counter[str]) -> Iterator[Found]:
    """Yield the records of a folder of CSV files, or of one long table."""
    return read_tables(path, lost, ENDING, lambda file, columns: _load(file, columns, most))


def _load(path: Path, columns: "pyarrow.Schema", most: int) -> "pyarrow.Table":
    import pyarrow as pa

    rows = _rows(path, columns, most)
    tables = [columns.empty_table()]
    try:
        while batch := list(islice(rows, _EACH)):
            tables.append(pa.Table.from_pylist(batch, schema=columns))
    except (pa.ArrowException, OverflowError, ValueError) as error:
        raise SourceError(str(path), f"cannot be read as these tables ({said(error)}).") from error
    return pa.concat_tables(tables)


def _rows(path: Path, columns: "pyarrow.Schema", most: int) -> Iterator[Fields]:
    # A row of a long table fills the columns of its own table.
    filled = {name: [columns.field(LONG), *schema(name)] for name in TABLES} if LONG in columns.names else {}
    names: list[str] = []
    with open_file(path) as stream:
        head = stream.read(HEAD)
        stream.seek(0)
        for place, row in csv_rows(stream, head, str(path), ReadOptions(max_bytes=most)):
            if isinstance(row, SourceError):
                raise row
            if isinstance(row, list):
                names = row
                if missing := [name for name in columns.names if name not in (*OPTIONAL, *names)]:
                    raise SourceError(str(path), f"there is no column {', '.join(missing)}.")
                continue
            if filled and row.get(LONG) not in filled:
                held = f"{row.get(LONG)!r}, not one of {', '.join(TABLES)}"
                raise SourceError(place, f"the column {LONG} holds {held}.")
            mine = filled[row[LONG]] if filled else columns
            yield {
                column.name: _value(row.get(column.name, None if column.name in names else ""), column, place)
                for column in mine
            }
    if not names:
        raise SourceError(str(path), "this table is empty.")


def _value(cell: str | None, column: "pyarrow.Field", place: str) -> Any:  # noqa: ANN401 - of any column
    import pyarrow as pa

    try:
        if cell is None:
            raise ValueError("the row is cut short")
        if column.name in _EMPTY:
            return cell
        if cell in ("", "NA"):  # the latter is R's
            return None
        if pa.types.is_string(column.type):
            return cell
        if pa.types.is_floating(column.type):
            return float(cell.replace(",", "."))  # which some countries' spreadsheets write
        if pa.types.is_boolean(column.type):  # spreadsheets write them in capitals
            return json.loads(cell.lower())
        if not pa.types.is_integer(column.type):
            return json.loads(cell)
        number = float(cell)  # pandas writes 1.0 where one of the column is missing, and R 1e+05
        if not number.is_integer():
            raise ValueError("it is not a whole number")
        return int(number)
    except (ValueError, RecursionError) as error:
        raise SourceError(place, f"the column {column.name} holds {str(cell)[:40]!r} ({said(error)}).") from error
