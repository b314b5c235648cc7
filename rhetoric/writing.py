"""Files that are there whole or not at all, whatever stops the process that writes them; and what goes into files."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write that takes the place of ``path`` once it is whole, and leaves nothing where it fails."""
    part = part_of(path)
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def part_of(path: Path) -> Path:
    """Return where ``path`` is written until it is whole."""
    return path.with_name(f"{path.name}.part")


def _sync(folder: Path) -> None:
    """Let the renames in a folder outlive a power cut, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Write ``values`` so that two runs compare line by line, and in their order: that of labels is that of the columns
    of their weights, and of the rows of a card.
    """
    path.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def json_line(item: Mapping[str, Any]) -> bytes:
    """Return an object as a line of a file of JSON lines; raises ValueError for NaN and infinity, which JSON lacks."""
    return json.dumps(item, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def table_row(cells: Iterable[object]) -> str:
    """Write a row of a table in Markdown."""
    return f"| {' | '.join(map(str, cells))} |"
