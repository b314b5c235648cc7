"""Files of many records: JSON, JSON lines, CSV (``delimited``) and Parquet, read one record at a time."""

import io
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from rhetoric.errors import SourceError, say_size
from rhetoric.ingest.delimited import csv_rows, lines, too_long
from rhetoric.ingest.detect import decode
from rhetoric.ingest.document import Failure, ReadOptions, cell_text, is_missing, read_up_to
from rhetoric.ingest.sources import MADE, is_record

_BATCH = 16  # Parquet rows in memory at once


@dataclass(frozen=True)
class Row:
    """One record: its text, its other columns, its id where it has one, its number, and what to call its place. A file
    that is no table is one without a number.
    """

    text: str
    meta: dict[str, Any]
    id: str | None
    number: int | None
    where: str


def read_rows(stream: IO[bytes], kind: str, head: bytes, where: str, options: ReadOptions) -> Iterator[Row | Failure]:
    """Yield the records of ``stream``, of which ``head`` is a copy of the beginning, as Rows; a bad one as a Failure.

    ``kind`` is jsonl, json, csv, tsv or parquet. Raises SourceError where the rest of the file is lost too.
    """
    records = {"jsonl": _json_lines, "json": _json, "parquet": _parquet}.get(kind, _csv)
    number = 0
    for number, (place, record) in enumerate(records(stream, head, where, options), 1):
        id = cell_text(record.get(options.id_field or "id")) if isinstance(record, Mapping) else None
        try:
            if isinstance(record, SourceError):
                raise record
            yield _row(record, number, id, place, options)
        except SourceError as error:
            yield Failure.of(error, id)
    if not number:
        raise SourceError(where, "this file holds no records.", "Check that it was saved completely.")


def _row(record: Any, number: int, id: str | None, where: str, options: ReadOptions) -> Row:  # noqa: ANN401 - any JSON
    if not isinstance(record, Mapping):
        what = f"this record is a {_type(record)}, not an object with a field {options.text_field!r}."
        raise SourceError(where, what)
    _check_fields(record.names if isinstance(record, _Repeating) else record, where, options)
    text = record[options.text_field]
    if is_missing(text):
        text = ""
    if not isinstance(text, str):
        what = f"the field {options.text_field!r} holds a {_type(text)}, not text."
        raise SourceError(where, what, "Name the field of the text.", "text_field")
    id_field = options.id_field or "id"
    meta: dict[str, Any] = {}
    made = MADE if is_record(record) else ()  # what was found in a text before is no metadata of it
    for key, value in record.items():
        if key == "meta" and isinstance(value, Mapping):  # as spaCy and this toolkit write documents
            meta.update(value)
        elif key not in (options.text_field, id_field, *made):
            meta[str(key)] = value
    # An empty CSV cell is a missing value; None and NaN are dropped on the way into the Document.
    return Row(text, {key: value for key, value in meta.items() if value != ""}, id, number, where)


def _check_fields(found: Collection[Any], where: str, options: ReadOptions) -> None:
    for wanted, of in ((options.text_field, "text"), (options.id_field, "id")):
        if wanted is not None and wanted not in found:
            fields = ", ".join(repr(str(key)[:60]) for key in list(found)[:20]) or "none"
            what = f"no field {wanted!r} here; fields found: {fields}."
            raise SourceError(where, what, f"Name the field of the {of}.", f"{of}_field")
    for name in (options.text_field, options.id_field or "id"):
        if sum(name == each for each in found) > 1:
            raise SourceError(where, f"the field {name!r} stands twice here.", "Rename one of the two.")


class _Repeating(dict[str, Any]):
    """A JSON object in which a name stands twice: the last is kept, as everywhere, and ``names`` has all."""

    names: list[str]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        found = _Repeating(found)
        found.names = [name for name, _ in pairs]
    return found


def _type(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, Mapping):
        return "JSON object"
    names = {"NoneType": "null", "int": "number", "float": "number", "bool": "true or false"}
    return names.get(type(value).__name__, type(value).__name__)


def _json_lines(stream: IO[bytes], head: bytes, where: str, options: ReadOptions) -> Iterator[tuple[str, Any]]:
    for number, (line, whole) in enumerate(lines(stream, head, where, options, "\n"), 1):
        place = f"{where}:{number}"
        if not whole:
            yield place, too_long(place, options)
        elif line.strip():
            try:
                yield place, _loads(line, place)
            except SourceError as error:
                yield place, error


def _json(stream: IO[bytes], head: bytes, where: str, options: ReadOptions) -> Iterator[tuple[str, Any]]:
    data = read_up_to(stream, options.max_bytes + 1)
    if len(data) > options.max_bytes:
        what = f"this JSON file is larger than the limit of {say_size(options.max_bytes)}, and has to be read whole."
        raise SourceError(where, what, "Save it as JSON lines (.jsonl), which is read line by line.")
    try:
        found = _loads(decode(data).removeprefix("\ufeff"), where)
    except SourceError:
        if data.lstrip()[:1] != b"{" or b"\n" not in data.strip():
            raise
        yield from _json_lines(io.BytesIO(data), head, where, options)  # JSON lines under the name of .json
        return
    if isinstance(found, list):
        yield from ((f"{where} item {number}", record) for number, record in enumerate(found, 1))
    else:
        yield where, found


def _loads(text: str, where: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}" if "\n" in text.strip() else f"column {error.colno}"
        what = f"this is not valid JSON: {error.msg} ({place})."
        raise SourceError(where, what, "Correct it; a file that was cut short ends in mid-record.") from error
    except RecursionError as error:
        raise SourceError(where, "this JSON is nested too deeply.", "Give records of plain fields.") from error
    except ValueError as error:  # a number of thousands of digits
        raise SourceError(where, f"this JSON cannot be read: {error}.") from error


def _csv(stream: IO[bytes], head: bytes, where: str, options: ReadOptions) -> Iterator[tuple[str, Any]]:
    for place, row in csv_rows(stream, head, where, options):
        if isinstance(row, list):
            _check_fields(row, where, options)
        else:
            yield place, row


def _parquet(stream: IO[bytes], head: bytes, where: str, options: ReadOptions) -> Iterator[tuple[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        table = pq.ParquetFile(stream)
        _check_fields(table.schema_arrow.names, where, options)
        for batch in table.iter_batches(batch_size=_BATCH, use_threads=False):
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            for at in range(batch.num_rows):
                number += 1
                place = f"{where} row {number}"
                try:
                    record: Any = {name: _words(_value(column[at])) for name, column in columns.items()}
                except (ValueError, OverflowError) as error:  # text that is not UTF-8, dates that Python has not
                    record = SourceError(place, f"a cell cannot be read: {error}.")
                yield place, record
    except (pa.ArrowException, OSError, MemoryError) as error:
        what = f"this Parquet file is damaged or cut short ({str(error).splitlines()[0][:120]})."
        raise SourceError(where, what, "Write or download it again.") from error


def _value(cell: Any) -> Any:  # noqa: ANN401 - pyarrow publishes no types
    try:
        return cell.as_py()
    except KeyError:  # a time zone that is unknown here: what is stored is the time in UTC
        import pyarrow as pa

        return cell.cast(pa.timestamp(cell.type.unit, "UTC")).as_py()


def _words(value: Any) -> Any:  # noqa: ANN401 - a table's cells are of any type
    """Return bytes that are text as text: some writers of Parquet do not say what theirs are."""
    with suppress(UnicodeDecodeError):
        return value.decode() if isinstance(value, bytes) else value
    return value
