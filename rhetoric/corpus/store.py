"""The folder of a run: Parquet shards, a manifest that says which of them count, and a journal of what is in none yet.

A shard is written beside its place and renamed; it counts once the manifest, renamed in its turn, lists it. Whatever a
killed process leaves otherwise is overwritten or removed by the next one.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, cast

from rhetoric.corpus.tables import TABLES, Place, from_tables, place_told, places_of, schemas, to_tables
from rhetoric.errors import RhetoricError
from rhetoric.ingest import Document
from rhetoric.record import FailureRecord, Record
from rhetoric.writing import checksum, replacing

if TYPE_CHECKING:
    import pyarrow

MANIFEST: Final = "manifest.json"
_JOURNAL: Final = "journal.jsonl"
_ASIDE: Final = "before"  # shards of the run as it was, kept until the run as it will be is complete
_LOCK: Final = ".lock"
_BEGUN: Final = {_LOCK, f"{MANIFEST}.part"}  # all that a run stopped at its very first write has left
_FORMAT: Final = 1
ANEW: Final = "Give the command that made the run again: it makes its damaged files anew. Merge a merged one anew."
_SYNC: Final = 1.0  # seconds of work that a power cut may cost

Item = Record | FailureRecord
Manifest = dict[str, Any]
Shard = dict[str, Any]  # an entry of the manifest


class Done(NamedTuple):
    """A document of a run that is done: its key, what became of it, and where it was read."""

    key: str
    item: Item
    place: Place = Place()


class Store:
    """One run folder. ``manifest`` is what its file says; ``journal`` what a killed run had finished, by key.

    Only under ``locked`` is anything changed or the journal read, so that a reader may look in at any time.
    """

    def __init__(self, folder: Path) -> None:
        """Open a run folder, new or not; raises RhetoricError where it holds something else."""
        self.folder = folder
        self.manifest: Manifest = {"format": _FORMAT, "complete": False, "shards": [], "before": []}
        self.fresh = not (folder / MANIFEST).is_file()
        if self.fresh:
            if folder.exists() and (not folder.is_dir() or any(each.name not in _BEGUN for each in folder.iterdir())):
                raise RhetoricError(f"{folder}: this is no run, and it is not empty. Name a new folder.")
        else:
            self.manifest = read_manifest(folder)
        self.journal: dict[str, Done] = {}
        self._later: dict[str, Done] = {}  # what of the journal is in no shard yet
        self._lines: IO[str] | None = None
        self._synced = 0.0

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes off this run, and take up what a killed one left.

        Raises RhetoricError where another is at it, or where it cannot be written.
        """
        from filelock import FileLock, Timeout

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / _LOCK, timeout=0):
                self._take_up()
                yield
        except Timeout as error:
            raise RhetoricError(f"{self.folder}: another process is writing this run. Wait for it to end.") from error
        except OSError as error:
            said = f"cannot be written ({error.strerror or error}). What is finished is kept"
            raise RhetoricError(f"{self.folder}: {said}: mend that and give the same command again.") from error
        finally:
            with suppress(OSError):
                self._close_journal()

    def note(self, done: Done) -> None:
        """Write down a finished document that is in no shard yet."""
        if self._lines is None:
            self._lines = (self.folder / _JOURNAL).open("a", encoding="utf-8")
        self._lines.write(_line(done))
        self._lines.flush()
        if monotonic() - self._synced >= _SYNC:
            os.fsync(self._lines.fileno())
            self._synced = monotonic()

    def noted(self) -> int:
        """Return how many documents are finished and in no shard yet; about, where a process is at it."""
        try:
            with (self.folder / _JOURNAL).open("rb") as lines:
                return sum(line.endswith(b"\n") for line in lines)
        except FileNotFoundError:
            return 0

    def commit(self, number: int, first: int, done: Sequence[Done]) -> None:
        """Make ``done`` shard ``number`` of the run; ``first`` is the number of its first document."""
        tables = to_tables(((each.key, each.item) for each in done), first, (each.place for each in done))
        checksums = {name: self._write(name, number, table) for name, table in tables.items()}
        failed = sum("error" in each.item for each in done)
        kinds = tables["spans"].column("kind").to_pylist()
        entry = {
            "number": number,
            "first": first,
            "documents": len(done),
            "failed": failed,
            "words": sum(words or 0 for words in tables["documents"].column("words").to_pylist()),
            "passages": tables["passages"].num_rows,
            **{kind: kinds.count(kind) for kind in ("framing", "contrast", "metaphor")},
            "keys": fingerprint(each.key for each in done),
            "sha256": checksums,
        }
        self.manifest["shards"][number:] = [entry]
        self.save()
        there = set[object]().union(*map(_names, done))
        self._later = {key: each for key, each in self._later.items() if not there & _names(each)}
        self._write_journal()

    def save(self) -> None:
        """Write the manifest; it replaces the old one at once or not at all."""
        said = json.dumps(self.manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        with replacing(self.folder / MANIFEST) as file:
            file.write(said.encode())

    def set_aside(self, number: int) -> None:
        """Take shard ``number`` and all after it out of the run, and keep them to take records from."""
        if len(self.manifest["shards"]) > number:
            self.manifest["before"] += filter(self.is_there, self.manifest["shards"][number:])
            self.manifest["shards"] = self.manifest["shards"][:number]
            self.manifest["complete"] = False
            self.save()
            self._finish_moving()

    def forget(self) -> None:
        """Start anew: nothing that the run holds is of use any more."""
        self.manifest.update(shards=[], before=[], complete=False)
        self.save()
        shutil.rmtree(self.folder / _ASIDE, ignore_errors=True)
        self.journal, self._later = {}, {}
        (self.folder / _JOURNAL).unlink(missing_ok=True)

    def finish(self, **told: Any) -> None:  # noqa: ANN401 - whatever a manifest tells
        """Say that the run is complete, and remove what it no longer needs."""
        self.manifest.update(told, complete=True, before=[])
        self.save()
        shutil.rmtree(self.folder / _ASIDE, ignore_errors=True)
        self._close_journal()
        (self.folder / _JOURNAL).unlink(missing_ok=True)
        counted = {shard["number"] for shard in self.manifest["shards"]}
        for path in (each for name in TABLES for each in (self.folder / name).glob("part-*.parquet*")):
            if path.suffix != ".parquet" or int(path.stem.removeprefix("part-")) not in counted:
                path.unlink()

    def read(self, shard: Shard, rows: Sequence[int] | None = None) -> list[Done]:
        """Return the documents of a shard, or some by their rows; raises RhetoricError where a file is damaged."""
        import pyarrow.compute as pc

        tables = {name: self._table(name, shard) for name in TABLES}
        if rows is not None:  # cut while they are columns: to make objects of them is what takes long
            tables["documents"] = tables["documents"].take(rows)
            numbers = tables["documents"].column("document")
            for name in ("passages", "spans"):
                tables[name] = tables[name].filter(pc.is_in(tables[name].column("document"), value_set=numbers))
        found = from_tables(tables, self.manifest["pipeline"])
        places = places_of(tables["documents"])
        return [Done(key, item, place) for (key, item), place in zip(found, places, strict=True)]

    def failures(self, shard: Shard) -> list[FailureRecord]:
        """Return the documents of a shard that failed."""
        return (
            [cast("FailureRecord", each.item) for each in self.read(shard) if "error" in each.item]
            if shard["failed"]
            else []
        )

    def outcomes(self, shard: Shard) -> list[tuple[str, bool]]:
        """Return the key of each document of a shard, and whether it failed; raises RhetoricError as ``read`` does."""
        rows = self._table("documents", shard, ["key", "error"]).to_pylist()
        return [(row["key"], row["error"] is not None) for row in rows]

    def keys(self, shard: Shard) -> list[str]:
        """Return the key of each document of a shard."""
        return [key for key, _ in self.outcomes(shard)]

    def sources(self, shard: Shard) -> list[str]:
        """Return where each document of a shard was read; nothing for what failed."""
        rows = self._table("documents", shard, ["source", "error"]).to_pylist()
        return ["" if row["error"] is not None else row["source"] for row in rows]

    def texts(self, shard: Shard) -> list[str]:
        """Return a checksum of the text of each document of a shard; nothing for what failed."""
        texts = self._table("documents", shard, ["text"]).column("text").to_pylist()
        return ["" if text is None else digest(text) for text in texts]

    def documents(self, shard: Shard, rows: Sequence[int] | None = None, *, text: bool = True) -> list[Document | None]:
        """Return what the documents of a shard, or those in some rows, were made of, with ``text`` or without.

        None for what failed.
        """
        columns = ["id", "source", "row", "meta", "error", *(["text"] if text else [])]
        table = self._table("documents", shard, columns)
        table = table if rows is None else table.take(rows)
        return [
            None
            if row["error"] is not None
            else Document(row["id"], row.get("text", ""), json.loads(row["meta"]), *place)
            for row, place in zip(table.to_pylist(), places_of(table), strict=True)
        ]

    def missing(self, shard: Shard) -> list[Path]:
        """Return the files of a shard that are not there."""
        return [path for name in TABLES if not (path := self.path(name, shard)).is_file()]

    def changed(self, shard: Shard) -> list[Path]:
        """Return the files of a shard that are there, and are not those that were written."""
        paths = [(name, path) for name in TABLES if (path := self.path(name, shard)).is_file()]
        return [path for name, path in paths if checksum(path) != shard["sha256"][name]]

    def is_there(self, shard: Shard) -> bool:
        """Whether all files of a shard are there as they were written."""
        return not self.missing(shard) and not self.changed(shard)

    def is_current(self, shard: Shard) -> bool:
        """Whether the tables of a shard have the columns that this version writes; those of an earlier one may not."""
        import pyarrow.parquet as parquet

        return all(parquet.read_schema(self._open(name, shard)).equals(schemas()[name]) for name in TABLES)

    def path(self, table: str, shard: Shard) -> Path:
        """Return where one table of a shard lies."""
        if any(shard is each for each in self.manifest["before"]):  # one that was made anew may equal it
            return self.folder / _ASIDE / table / f"{shard['keys']}.parquet"
        return self.folder / table / f"part-{shard['number']:05d}.parquet"

    def _open(self, name: str, shard: Shard) -> "pyarrow.BufferReader":
        # pyarrow opens no path that is not UTF-8; its threads may outlive a file of Python's, which ends the process.
        import pyarrow

        return pyarrow.BufferReader(self.path(name, shard).read_bytes())

    def _table(self, name: str, shard: Shard, columns: list[str] | None = None) -> "pyarrow.Table":
        import pyarrow.parquet as parquet

        try:
            file = self._open(name, shard)
            if columns:  # tables of earlier versions do not have all
                there = parquet.read_schema(file).names
                columns = [each for each in columns if each in there]
            return parquet.read_table(file, columns=columns)
        except (OSError, ValueError) as error:
            raise RhetoricError(f"{self.folder}: shard {shard['number']} cannot be read ({error}). {ANEW}") from error

    def _write(self, name: str, number: int, table: "pyarrow.Table") -> str:
        import pyarrow.parquet as parquet

        path = self.folder / name / f"part-{number:05d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            parquet.write_table(table, file, compression="zstd")
        return checksum(path)

    def _take_up(self) -> None:
        if is_run(self.folder):  # another process may have written it since it was opened
            self.manifest, self.fresh = read_manifest(self.folder), False
        self._finish_moving()
        self.manifest["before"] = [shard for shard in self.manifest["before"] if self.is_there(shard)]
        self.journal = self._read_journal()
        self._later = dict(self.journal)

    def _finish_moving(self) -> None:
        counted = len(self.manifest["shards"])
        for shard in self.manifest["before"]:
            for name in TABLES if shard["number"] >= counted else ():  # what is counted may equal it, and stays
                old, new = self.folder / name / f"part-{shard['number']:05d}.parquet", self.path(name, shard)
                # It replaces what lies there: that is of the same documents, and perhaps of another pipeline.
                if old.exists() and checksum(old) == shard["sha256"][name]:
                    new.parent.mkdir(parents=True, exist_ok=True)
                    old.replace(new)

    def _close_journal(self) -> None:
        lines, self._lines = self._lines, None
        if lines:
            lines.close()

    def _write_journal(self) -> None:
        """Leave in the journal what is in no shard yet: sources that changed may bring it in a later one."""
        self._close_journal()
        if self._later:
            with replacing(self.folder / _JOURNAL) as lines:
                lines.writelines(_line(each).encode() for each in self._later.values())
        else:
            (self.folder / _JOURNAL).unlink(missing_ok=True)

    def _read_journal(self) -> dict[str, Done]:
        found: dict[str, Done] = {}
        path = self.folder / _JOURNAL
        if path.is_file():
            whole = 0
            with path.open("rb") as lines:
                for line in lines:
                    try:
                        key, item, *place = json.loads(line)
                    except (ValueError, TypeError):  # the line that was being written
                        break
                    if not line.endswith(b"\n"):
                        break
                    found[key] = Done(key, item, Place(*place[0]) if place else place_told(item.get("meta", {})))
                    whole += len(line)
            os.truncate(path, whole)
        return found


def _line(done: Done) -> str:
    return json.dumps(done, ensure_ascii=False, separators=(",", ":")) + "\n"


def _names(done: Done) -> set[object]:
    """Return what tells a document: its key; its place, whatever it says now; its text, wherever in its source."""
    source, row = done.place
    text = {(source, str(done.item["text"]))} if "error" not in done.item else ()
    return {done.key, *({(source, row)} if source else ()), *text}


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a run; raises RhetoricError where the folder is none, or one of a later version."""
    try:
        found: Manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version, _ = found["format"], found["shards"]
    except (FileNotFoundError, NotADirectoryError) as error:
        advice = "A run is what `rhetoric annotate CORPUS -o FOLDER` writes."
        raise RhetoricError(f"{folder}: this is no run. {advice}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RhetoricError(f"{folder}: this is no run, or is damaged: its {MANIFEST} cannot be read.") from error
    if version != _FORMAT:
        raise RhetoricError(f"{folder}: this run has format {version}; this version reads {_FORMAT}. Upgrade rhetoric.")
    return found


def is_run(path: Path) -> bool:
    """Whether a path is a run folder."""
    try:
        return (path / MANIFEST).is_file()
    except OSError:  # a name too long, such as a text in the place of its file
        return False


def digest(text: str) -> str:
    """Return a checksum of a text: what is found in it depends on nothing else."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def fingerprint(keys: Iterable[str]) -> str:
    """Return one SHA-256 over keys in their order."""
    total = hashlib.sha256()
    for key in keys:
        total.update(key.encode() + b"\n")
    return total.hexdigest()
