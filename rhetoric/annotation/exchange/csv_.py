"""CSV (UTF-8, commas, a header line): the tables of ``tables.py``. Offsets are code points.

A path that ends in .csv is one long table, another one a folder. Cells are the text as it stands, so that offsets hold;
a spreadsheet may take one that begins with an equals sign for a formula.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from rhetoric.annotation.exchange.files import open_file, said
from rhetoric.annotation.exchange.finish import Fields, Found
from rhetoric.annotation.exchange.tables import (
    LONG,
    PIPELINE,
    Tables,
    missing_columns,
    read_tables,
    schema,
    write_tables,
)
from rhetoric.errors import SourceError, say_size
from rhetoric.record import Record

if TYPE_CHECKING:
    import pyarrow

ENDING: Final = ".csv"
_EMPTY: Final = ("id", "source", "text", *PIPELINE)  # of documents: an empty cell is an empty text, not a missing one
_EACH: Final = 5_000  # rows turned into Arrow at once


def write(records: Iterable[Record], path: Path, lost: Counter[str]) -> None:
    """Write a file a table, or one long table."""
    write_tables(records, path, lost, ENDING, _Writer)


class _Writer:
    def __init__(self, stream: IO[bytes], columns: "pyarrow.Schema") -> None:
        self._text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
        self._rows = csv.writer(self._text, lineterminator="\n")
        self._rows.writerow(columns.names)

    def write(self, table: "pyarrow.Table") -> None:
        self._rows.writerows([_cell(value) for value in row.values()] for row in table.to_pylist())

    def close(self) -> None:
        self._text.detach()


def _cell(value: Any) -> str:  # noqa: ANN401 - of any column
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, (list, bool)) else str(value)


def read(path: Path, most: int, lost: Counter[str]) -> Iterator[Found]:
    """Yield the records of a folder of CSV files, or of one long table."""
    yield from read_tables(path, lost, ENDING, lambda file, names: _load(file, names, most))


def _load(path: Path, names: list[str], most: int) -> Tables:
    import pyarrow as pa

    csv.field_size_limit(max(csv.field_size_limit(), most + 1))  # of the whole process; only ever raised
    found: dict[str, list[pyarrow.Table]] = {name: [schema(name).empty_table()] for name in names}
    held: dict[str, list[Fields]] = {name: [] for name in names}

    def flush(name: str) -> None:
        found[name].append(pa.Table.from_pylist(held[name], schema=schema(name)))
        held[name].clear()

    try:
        for name, row in _rows(path, names, most):
            held[name].append(row)
            if len(held[name]) == _EACH:
                flush(name)
        for name in names:
            flush(name)
    except (pa.ArrowException, OverflowError, ValueError) as error:
        raise SourceError(str(path), f"cannot be read as these tables ({said(error)}).") from error
    return {name: pa.concat_tables(tables) for name, tables in found.items()}


def _rows(path: Path, names: list[str], most: int) -> Iterator[tuple[str, Fields]]:
    """Yield each row with the name of its table."""
    columns = {name: list(schema(name)) for name in names}
    with open_file(path) as raw:
        reader = csv.DictReader(_lines(raw, path, most))
        try:
            header = reader.fieldnames or ()
            later = {column for name in names for column in missing_columns(name, header)}
            columns = {name: [each for each in columns[name] if each.name not in later] for name in names}
            wanted = [LONG] * (len(names) > 1) + [each.name for name in names for each in columns[name]]
            missing = [name for name in dict.fromkeys(wanted) if name not in header]
            if missing:
                raise SourceError(str(path), f"there is no column {', '.join(missing)}.")
            for row in reader:
                place = f"{path}:{reader.line_num}"
                name = names[0] if len(names) == 1 else row[LONG]
                if name not in columns:
                    raise SourceError(place, f"the column {LONG} holds {name!r}, not one of {', '.join(names)}.")
                yield name, {each.name: _value(row[each.name], name, each, place) for each in columns[name]}
        except (csv.Error, UnicodeDecodeError) as error:
            raise SourceError(f"{path}:{reader.line_num}", f"cannot be read any further ({said(error)}).") from error


def _lines(raw: IO[bytes], path: Path, most: int) -> Iterator[str]:
    stream, limit = io.TextIOWrapper(raw, "utf-8-sig", newline=""), 4 * most + (1 << 16)
    while line := stream.readline(limit):
        if len(line) == limit:
            raise SourceError(str(path), f"a line is longer than a text of {say_size(most)} can make it.")
        yield line


def _value(cell: str | None, table: str, column: "pyarrow.Field", place: str) -> Any:  # noqa: ANN401 - of any column
    import pyarrow as pa

    try:
        if cell is None:
            raise ValueError("the row is cut short")
        if pa.types.is_string(column.type):
            return cell if cell or (table == "documents" and column.name in _EMPTY) else None
        if not cell:
            return None
        if pa.types.is_floating(column.type):
            return float(cell)
        if pa.types.is_boolean(column.type):  # spreadsheets write them in capitals
            return json.loads(cell.lower())
        return int(cell) if pa.types.is_integer(column.type) else json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise SourceError(place, f"the column {column.name} holds {str(cell)[:40]!r} ({said(error)}).") from error
