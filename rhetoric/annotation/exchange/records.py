"""JSON lines of records, as ``corpora/record.md`` describes them: everything is carried. Offsets are code points."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rhetoric.annotation.exchange.files import read_lines, write_lines
from rhetoric.annotation.exchange.finish import Fields, Found, finish_all, imported
from rhetoric.ingest import make_document
from rhetoric.record import Record


def write(records: Iterable[Record], path: Path, lost: Counter[str]) -> None:
    """Write one record a line."""
    write_lines(path, records)


def read(path: Path, most: int, lost: Counter[str]) -> Iterator[Found]:
    """Yield the records of a file, whatever its line breaks; a line that is none, as a failure."""
    yield from finish_all(read_lines(path, most), lambda item: [_record(item)], lost)


def _record(item: Any) -> Fields:  # noqa: ANN401 - JSON is of any type
    """Give a record that others wrote what they may leave out: an id, metadata, a pipeline."""
    if not isinstance(item, dict):
        raise TypeError(f"this is a {type(item).__name__}, not a JSON object")
    if isinstance(item.get("error"), str):
        raise ValueError(f"a document that failed before ({item['error']})")
    made = {"meta": {}, "pipeline": imported("jsonl"), **item}
    return made if "id" in item else {**made, "id": make_document(str(item.get("text", ""))).id}
