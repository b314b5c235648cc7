"""What the user names: a path, a folder, a glob, "-" or a URL, turned into single things to read, in order."""

import glob
import json
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from rhetoric import resources
from rhetoric.errors import SourceError
from rhetoric.ingest.document import Failure

EXTENSIONS = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
# What a run (``rhetoric.corpus``) holds while it is begun, and when it is there.
_RUNS = ({"manifest.json", ".lock"}, {"manifest.json", "documents", "passages", "spans"})
# What a fetched folder (``rhetoric.corpus.fetch``) holds: texts, and beside them two files of what is told of them.
TEXTS = "texts"
PROVENANCE = "provenance.jsonl"
TABLE = "texts.csv"
_LONGEST = 255  # bytes of a name that file systems allow
_URL = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
LINES = tuple(extension for extension, kind in EXTENSIONS.items() if kind == "jsonl")
_FOUND = ("passages", "framing", "contrasts", "metaphors")
MADE = (*_FOUND, "pipeline")  # what a record holds beside its text, id and meta
_FIRST = 100_000_000  # characters of a first line that is looked at; the record of the longest text has fewer


@dataclass(frozen=True)
class Input:
    """One thing to read: ``name`` as the user knows it, and its ``path`` (None for stdin and URLs; a run's folder)."""

    name: str
    path: Path | None = None


def is_url(source: str) -> bool:
    """Whether ``source`` is written as a URL, of whatever scheme."""
    return bool(_URL.match(source))


def names_file(text: str) -> bool:
    """Whether a text is one line that names what could be read: a URL, a path that is there, a file by its ending."""
    line = text.strip()
    if not line or len(line) > _LONGEST or "\n" in line:
        return False
    try:
        return (is_url(line) and " " not in line) or Path(line).suffix.lower() in EXTENSIONS or Path(line).exists()
    except (OSError, ValueError):  # a name that is too long, or has a null byte
        return False


def expand(source: str | Path, *, records: bool = False) -> Iterator[Input | Failure]:
    """Yield what ``source`` stands for, folders and globs in sorted order; something that matches nothing is a Failure.

    A relative path under ``corpora/`` that does not exist here is looked up in the corpora that ship with the package.

    In a folder, files of records are none of its texts, for they were made of texts: only with ``records`` they are
    yielded too. So is the folder of a run, but not one among texts.
    """
    name = str(source)
    if name == "-" or is_url(name):
        yield Input(name)
        return
    if not name.strip() or "\0" in name:
        yield Failure(None, repr(name), "this is not a path. Name a file, a folder, a glob, a URL, or - for stdin.")
        return
    found = False
    try:
        for path, shown in _matches(name):
            found = True
            yield from _at(path, shown, records)
    except OSError as error:  # a folder that may not be listed
        if not _is_text(name):
            found = True
            yield Failure(None, name, f"cannot look there: {error.strerror or error}.")
    if not found and _is_text(name):
        advice = "Save it and name the file, or pipe it in and name - instead."
        yield Failure(None, f"{' '.join(name[:60].split())}…", f"this is a text, and no path. {advice}")
    elif not found:
        what = "no file matches this glob" if glob.has_magic(name) else "there is no such file or folder"
        yield Failure(None, name, f"{what} (looked in {Path.cwd()}). Check the name and the folder you are in.")


def _is_text(name: str) -> bool:
    return "\n" in name or max(map(len, Path(name).parts), default=0) > _LONGEST


def check_sources(sources: Sequence[str], *, each: bool = False, records: bool = False) -> None:
    """Raise SourceError where none of ``sources`` names anything to read, or one of them where ``each`` must.

    ``records`` says that a folder of records is something to read. No text is opened: a name that was misspelt is told
    before models are loaded and anything is written.
    """
    failures = [failure for source in sources if (failure := _nothing_at(source, records))]
    if failures and (each or len(failures) == len(sources)):
        raise SourceError(failures[0].source, failures[0].reason)


def _nothing_at(source: str, records: bool) -> Failure | None:
    failure = None
    for item in expand(source, records=records):
        if isinstance(item, Input):
            return None
        failure = failure or item
    return failure


def _matches(name: str) -> Iterator[tuple[Path, str]]:
    places = [Path()]
    if not Path(name).is_absolute() and Path(name).parts[:1] == ("corpora",) and ".." not in Path(name).parts:
        places.append(resources.CORPORA.parent)
    for place in places:
        if os.path.lexists(place / name):
            yield place / name, name
            return
        if glob.has_magic(name):
            matched = sorted(glob.glob(name, root_dir=place, recursive=True))  # noqa: PTH207 - Path.glob refuses "/a/*"
            yield from ((place / each, each) for each in matched)
            if matched:
                return


def is_record(value: Any) -> bool:  # noqa: ANN401 - JSON is of any type
    """Whether a JSON value is a record, as ``rhetoric.record`` describes it."""
    return isinstance(value, dict) and all(isinstance(value.get(name), list) for name in _FOUND)


def holds_records(item: Input | Failure) -> TypeGuard[Input]:
    """Whether an input is a run, or a file of records: JSON lines of which the first is one, or a failure."""
    if isinstance(item, Failure) or item.path is None:
        return False
    if item.path.is_dir():  # only runs are yielded as folders
        return True
    first = first_line(item.path)
    return is_record(first) or (isinstance(first, dict) and set(first) == {*Failure.FIELDS})


def first_line(path: Path) -> Any:  # noqa: ANN401 - JSON is of any type
    """Return what the first line of a file of JSON lines holds; None where it is no such file."""
    if path.suffix.lower() not in LINES or not path.is_file():  # a pipe can be read but once
        return None
    try:
        with path.open(encoding="utf-8-sig") as lines:
            while (line := lines.readline(_FIRST)) and not line.strip():
                pass
        return json.loads(line)
    except (OSError, ValueError, RecursionError):
        return None


def _at(path: Path, shown: str, records: bool) -> Iterator[Input | Failure]:
    if path.is_dir():
        yield from _walk(path, shown, records)
        return
    try:
        mode = path.stat().st_mode
    except OSError as error:
        yield Failure(None, shown, f"cannot be opened: {error.strerror or error}.")
        return
    if stat.S_ISREG(mode) or stat.S_ISFIFO(mode):  # a FIFO: the shell's <(command)
        yield Input(shown, path)
    else:
        yield Failure(None, shown, "this is a device or a socket, not a file. Name a file, or pipe it in with -.")


def _run_advice(shown: str) -> str:
    again = f"To annotate its texts again, name its table of them: {Path(shown) / 'documents'}"
    return f"this is a run, which holds records and no file of a text. {again}"


def _walk(folder: Path, shown: str, records: bool) -> Iterator[Input | Failure]:
    found = False
    made = ""
    closed: list[OSError] = []
    for root, folders, files in os.walk(folder, onerror=closed.append):  # does not follow links to folders, so it ends
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        if any(run <= {*files, *folders} for run in _RUNS):
            folders[:] = []  # what was made of the texts is none of them: `annotate . -o run/`
            if Path(root) == folder:
                found = True
                yield Input(shown, folder) if records else Failure(None, shown, _run_advice(shown))
            continue
        fetched = TEXTS in folders and PROVENANCE in files
        for name in sorted({*files} - {PROVENANCE, TABLE} if fetched else files):
            path = Path(root, name)
            if path.suffix.lower() in EXTENSIONS and not name.startswith(".") and path.is_file():
                item = Input(str(Path(shown) / path.relative_to(folder)), path)
                if not records and holds_records(item):
                    made = made or name
                    continue
                found = True
                yield item
    for error in closed:
        place = Path(shown) / Path(error.filename).relative_to(folder)
        yield Failure(None, str(place), f"this folder cannot be opened: {error.strerror or error}.")
    if made and not found:
        what = f"this folder holds no text, only records ({made})"
        yield Failure(None, shown, f"{what}. To annotate their texts again, name that file.")
    elif not found and not closed:
        known = ", ".join(sorted(EXTENSIONS))
        yield Failure(None, shown, f"this folder holds no file that can be read. Known extensions: {known}.")
