"""JSON lines of records, as ``corpora/record.md`` describes them: everything is carried. Offsets are code points."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rhetoric.annotation.exchange.files import read_lines, write_lines
from rhetoric.annotation.exchange.finish import Fields, finish_all
from rhetoric.ingest.document import Found
from rhetoric.record import Record


def write(records: Iterable[Record], path: Path, lost: Counter[str]) -> None:
    """Write one record a line."""
    write_lines(path, records)


def read(path: Path, most: int, lost: Counter[str]) -> Iterator[Found]:
    """Yield the records of a file, whatever its line breaks; a line that is none, as a failure."""
    return finish_all(read_lines(path, most), take, lost, "jsonl")


def take(item: Any, lost: Counter[str]) -> Iterator[Fields]:  # noqa: ANN401 - JSON is of any type
    """Yield an item that is a record, be it of others; raises TypeError or ValueError for one that is none."""
    if not isinstance(item, dict):
        raise TypeError(f"this is a {type(item).__name__}, not a JSON object")
    if isinstance(item.get("error"), str):
        lost["documents that failed when they were annotated"] += 1
    else:
        yield item
