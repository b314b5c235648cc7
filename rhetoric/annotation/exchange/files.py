"""Files of other tools: read in pieces within limits, written whole or not at all, named so that no id can harm."""

import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import IO, Any, Final

from rhetoric.errors import RhetoricError, SourceError, say_size
from rhetoric.ingest.document import content_id
from rhetoric.ingest.sources import EXTENSIONS
from rhetoric.record import Record
from rhetoric.scoring.groups import name_of
from rhetoric.writing import json_line, replacing

LIST: Final = "documents.jsonl"  # beside formats that keep a document a file: what the files do not hold
TOLD: Final = ("id", "meta", "pipeline")  # that is, these fields of a record
_CHUNK: Final = 1 << 16  # characters
_ESCAPED: Final = 6  # bytes that a byte of text can take in JSON (\u0001)
_SPACE: Final = re.compile(r"[\s,]*")
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|documents|typesystem|initial_cas)(\..*)?", re.IGNORECASE)
_LONGEST: Final = 80

Located = tuple[str, Any]  # where a thing stands (file and line, or item), and the thing: JSON, or a SourceError


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a stream to write ``path`` with, which has its name only once it is complete; raises RhetoricError."""
    try:
        with replacing(path) as stream:
            yield stream
    except OSError as error:
        raise RhetoricError(f"{path}: cannot be written ({error.strerror or error}).") from error


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill, which becomes ``path`` once it is complete; raises RhetoricError."""
    path = path.absolute()
    part = path.with_name(f"{path.name}.part")
    try:
        part.mkdir()
        yield part
        if path.is_dir():
            path.rmdir()  # an empty one: the command line lets no other pass
        part.replace(path)
    except FileExistsError as error:
        raise RhetoricError(
            f"{part}: is in the way. Another export is writing, or was killed: then delete it."
        ) from error
    except BaseException as error:
        shutil.rmtree(part, ignore_errors=True)
        if isinstance(error, OSError):
            raise RhetoricError(f"{path}: cannot be written ({error.strerror or error}).") from error
        raise


def write_lines(path: Path, items: Iterable[Mapping[str, Any]]) -> None:
    """Write each object as one line of JSON, as :func:`new_file` writes files."""
    with new_file(path) as stream:
        stream.writelines(map(json_line, items))


def read_lines(path: Path, most: int) -> Iterator[Located]:
    """Yield each line of a file of JSON lines with its place; a bad line as a SourceError in its place."""
    limit = _ESCAPED * most + _CHUNK
    with open_file(path) as lines:
        number = 0
        while line := lines.readline(limit):
            number += 1
            where = f"{path}:{number}"
            if len(line) == limit and not line.endswith(b"\n"):
                yield where, too_large(where, f"this line is longer than a text of {say_size(most)} can make it.")
                while len(line) == limit and not line.endswith(b"\n"):
                    line = lines.readline(limit)
                continue
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                if text.strip():
                    yield where, json.loads(text)
            except (ValueError, RecursionError) as error:
                yield where, SourceError(where, f"this is not a line of JSON ({said(error)}).")


def read_array(path: Path, most: int) -> Iterator[Located]:
    """Yield each object of a file that is one JSON array, with its place, holding little more than one at a time.

    Raises SourceError where the rest of the file cannot be read.
    """
    limit, decoder = _ESCAPED * most + _CHUNK, json.JSONDecoder()
    buffer, at, number = "", 0, 0
    with open_file(path) as raw:
        stream = io.TextIOWrapper(raw, "utf-8-sig", newline="")
        try:
            buffer = stream.read(_CHUNK)
            at = _after_space(buffer, 0)
            if buffer[at : at + 1] != "[":
                raise SourceError(str(path), "this is not a JSON array of tasks.", "Export it as JSON.")
            at += 1
            while True:
                at = _after_space(buffer, at)
                if buffer[at : at + 1] == "]":
                    return
                where = f"{path} item {number + 1}"
                try:
                    item, at = decoder.raw_decode(buffer, at)
                except ValueError as error:
                    buffer, at = buffer[at:], 0
                    more = stream.read(max(len(buffer), _CHUNK)) if len(buffer) <= limit else ""
                    if not more:
                        what = "cannot be read, nor what follows"
                        if len(buffer) > limit:
                            what = f"{what} (it is longer than a text of {say_size(most)} can make it)."
                            raise too_large(where, what) from error
                        raise SourceError(where, f"{what} ({said(error)}).") from error
                    buffer += more
                    continue
                number += 1
                yield where, item
        except UnicodeDecodeError as error:
            raise SourceError(str(path), f"this file is not UTF-8 ({said(error)}).") from error
        except RecursionError as error:
            raise SourceError(f"{path} item {number + 1}", "this JSON is nested too deeply.") from error


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def said(error: BaseException) -> str:
    """Return what an error says, short and on one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__


def too_large(where: str, what: str) -> SourceError:
    """Return the error of what is over the limit of one file or text."""
    return SourceError(where, what, "Raise the limit.", "max_bytes")


def open_file(path: Path) -> IO[bytes]:
    """Open a regular file to read; raises SourceError for anything else."""
    try:
        if not path.is_file():
            raise SourceError(str(path), "this is not a file." if path.exists() else "there is no such file.")
        return path.open("rb")
    except OSError as error:
        raise SourceError(str(path), f"cannot be read ({error.strerror or error}).") from error


def read_bytes(path: Path, most: int) -> bytes:
    """Return what a file holds; raises SourceError where that is more than ``most`` bytes."""
    with open_file(path) as stream:
        size = os.fstat(stream.fileno()).st_size  # room for as much as is allowed would be taken at once
        if size > most:
            raise too_large(str(path), f"this file is over the limit of {say_size(most)}.")
        return stream.read(size)


def read_text(path: Path, most: int) -> str:
    """Return a file of UTF-8 text as it stands, line breaks included; raises SourceError."""
    try:
        return read_bytes(path, most).decode()
    except UnicodeDecodeError as error:
        raise SourceError(str(path), f"this file is not UTF-8 ({said(error)}).") from error


def find_files(folder: Path, suffix: str, first: Iterable[str] = ()) -> list[Path]:
    """Return the files under ``folder`` that end in ``suffix``; no link is followed, nor counted.

    They are in the order of ``first``, names without the ending; the others follow in that of the alphabet.

    Raises SourceError where it is no folder, or there are none.
    """
    if not folder.is_dir():
        raise SourceError(str(folder), "this is not a folder." if folder.exists() else "there is no such folder.")
    found = [
        Path(place) / name
        for place, _, names in os.walk(folder, followlinks=False)
        for name in names
        if name.lower().endswith(suffix)
    ]
    order = {name: number for number, name in enumerate(first)}
    kept = [path for path in found if path.is_file() and not path.is_symlink()]
    kept.sort(key=lambda path: (order.get(path.stem, len(order)), path))
    if not kept:
        raise SourceError(str(folder), f"there is no {suffix} file in this folder.")
    return kept


@contextmanager
def new_names(folder: Path) -> Iterator[Callable[[Record], str]]:
    """Give a function that makes of a record's id a file name (no extension) which no file in ``folder`` has yet, and
    notes in ``documents.jsonl`` what files do not hold.

    An id made of the text tells nobody anything: it is the title then, or the name of the source. A name holds letters,
    digits, dots, dashes and underscores only, begins with none of the signs, and is neither of the names that Windows
    and tools keep for themselves, nor one that differs from another in case alone.
    """
    taken: set[str] = set()

    def name(record: Record) -> str:
        base = _harmless(_called(record)) or _harmless(record["id"]) or "document"
        if _RESERVED.fullmatch(base):
            base = f"document-{base}"
        found, number = base, 1
        while found.lower() in taken:
            number += 1
            found = f"{base}-{number}"
        taken.add(found.lower())
        stream.write(json_line({"file": found, **{name: record[name] for name in TOLD}}))
        return found

    with (folder / LIST).open("wb") as stream:
        yield name


def _called(record: Record) -> str:
    if record["id"] != content_id(record["text"]):
        return record["id"]
    called = name_of(record, short=True)
    ending = PurePath(called).suffix
    return called.removesuffix(ending) if ending.lower() in EXTENSIONS else called


def _harmless(name: str) -> str:
    return _UNSAFE.sub("_", name).strip("._-")[:_LONGEST]


def read_names(folder: Path, most: int) -> dict[str, dict[str, Any]]:
    """Return id, metadata and pipeline as ``documents.jsonl`` in ``folder`` tells them, by file name; nothing where
    there is no such file.

    The names only look things up: no file is opened by them. Raises SourceError for a line that is none of the list.
    """
    path = folder / LIST
    found: dict[str, dict[str, Any]] = {}
    if path.is_file() and not path.is_symlink():
        for where, item in read_lines(path, most):
            if isinstance(item, SourceError):
                raise item
            if not isinstance(item, dict) or not isinstance(item.get("file"), str):
                raise SourceError(where, 'this line names no "file".')
            found[item["file"]] = {name: item[name] for name in TOLD if name in item}
    return found
