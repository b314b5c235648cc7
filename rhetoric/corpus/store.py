"""The folder of a run: Parquet shards, a manifest that says which of them count, and a journal of what is in none yet.

A shard is written beside its place and renamed; it counts once the manifest, renamed in its turn, lists it. Whatever a
killed process leaves otherwise is overwritten or removed by the next one.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rhetoric.corpus.journal import Journal
from rhetoric.corpus.tables import TABLES, Done, from_tables, to_tables
from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import Failure, is_analysed
from rhetoric.writing import checksum, replacing

if TYPE_CHECKING:
    import pyarrow

MANIFEST: Final = "manifest.json"
_JOURNAL: Final = "journal.jsonl"
_ASIDE: Final = "before"  # shards of the run as it was, kept until the run as it will be is complete
_LOCK: Final = ".lock"
_BEGUN: Final = {_LOCK, f"{MANIFEST}.part"}  # all that a run stopped at its very first write has left
FORMAT: Final = 2
_FORMATS: Final = (1, FORMAT)  # that are read; 1 counts passages from 0
_TOLD: Final = {"pipeline", "settings", "complete", "shards", "before"}  # by every manifest
COUNTS: Final = ("documents", "failed", "words", "passages", "framing", "contrast", "metaphor")
_OF_SHARD: Final = {*COUNTS, "number", "first", "keys", "sha256"}
ANEW: Final = "Give the command that made the run again: it makes its damaged files anew. Merge a merged one anew."

Manifest = dict[str, Any]
Shard = dict[str, Any]  # an entry of the manifest


class Store:
    """One run folder. ``manifest`` is what its file says; ``journal`` holds what is finished and in no shard yet.

    Only under ``locked`` is anything changed or the journal read, so that a reader may look in at any time.
    """

    def __init__(self, folder: Path) -> None:
        """Open a run folder, new or not; raises RhetoricError where it holds something else."""
        self.folder = folder
        self.manifest: Manifest = {"format": FORMAT, "complete": False, "shards": [], "before": []}
        self.journal = Journal(folder / _JOURNAL)
        if (folder / MANIFEST).is_file():
            self.manifest = read_manifest(folder)
        elif folder.exists() and (not folder.is_dir() or any(each.name not in _BEGUN for each in folder.iterdir())):
            raise RhetoricError(f"{folder}: this is no run, and it is not empty. Name a new folder.")

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
                self.journal.close()

    def commit(self, done: Sequence[Done]) -> None:
        """Make ``done`` the next shard of the run."""
        number, first = len(self.manifest["shards"]), self._documents()
        tables = to_tables(done, first)
        checksums = {name: self._write(name, number, table) for name, table in tables.items()}
        failed = sum(not is_analysed(each.item) for each in done)
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
        self.manifest["shards"].append(entry)
        self.save()
        self.journal.drop(done)

    def save(self) -> None:
        """Write the manifest; it replaces the old one at once or not at all."""
        said = json.dumps(self.manifest, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        with replacing(self.folder / MANIFEST) as file:
            file.write(said.encode())

    def set_aside(self, number: int) -> None:
        """Take shard ``number`` and all after it out of the run, and keep them to take records from."""
        if len(self.manifest["shards"]) > number:
            whole = [*filter(self.is_there, self.manifest["shards"][number:])]
            for shard in whole:
                shard["aside"] = True  # itself and no copy: who has found documents in it will look where it lies then
            self.manifest["before"] += whole
            self.manifest["shards"] = self.manifest["shards"][:number]
            self.manifest["complete"] = False
            self.save()
            self._finish_moving()

    def forget(self) -> None:
        """Start anew: nothing that the run holds is of use any more."""
        self.manifest.update(shards=[], before=[], complete=False)
        self.save()
        shutil.rmtree(self.folder / _ASIDE, ignore_errors=True)
        self.journal.clear()

    def finish(self, input: str) -> None:
        """Say that the run is complete, with a checksum over all keys, and remove what it no longer needs."""
        self.manifest.update(input=input, documents=self._documents(), complete=True, before=[])
        self.save()
        shutil.rmtree(self.folder / _ASIDE, ignore_errors=True)
        self.journal.clear()
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
        return from_tables(tables, self.manifest["pipeline"])

    def rows(self, shard: Shard, *columns: str) -> list[dict[str, Any]]:
        """Return some columns of the documents of a shard; raises RhetoricError as ``read`` does."""
        found: list[dict[str, Any]] = self._table("documents", shard, columns).to_pylist()
        return found

    def failures(self, shard: Shard) -> list[Failure]:
        """Return the documents of a shard that failed."""
        rows = self.rows(shard, *Failure.FIELDS) if shard["failed"] else []
        return [Failure(row["id"], row["source"], row["error"]) for row in rows if row["error"] is not None]

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

    def path(self, table: str, shard: Shard) -> Path:
        """Return where one table of a shard lies."""
        if "aside" in shard:
            return self.folder / _ASIDE / table / f"{shard['keys']}.parquet"
        return self.folder / table / f"part-{shard['number']:05d}.parquet"

    def _table(self, name: str, shard: Shard, columns: Sequence[str] | None = None) -> "pyarrow.Table":
        import pyarrow
        import pyarrow.parquet as parquet

        try:
            # pyarrow opens no path that is not UTF-8; a thread of its own that still holds what it read of Python's
            # when that ends would abort the process, and read_table starts such threads whatever it is told.
            file = parquet.ParquetFile(pyarrow.BufferReader(self.path(name, shard).read_bytes()))
            return file.read(columns=columns and [*columns], use_threads=False)
        except (OSError, ValueError) as error:
            raise RhetoricError(f"{self.folder}: shard {shard['number']} cannot be read ({error}). {ANEW}") from error

    def _documents(self) -> int:
        return sum(shard["documents"] for shard in self.manifest["shards"])

    def _write(self, name: str, number: int, table: "pyarrow.Table") -> str:
        import pyarrow.parquet as parquet

        path = self.folder / name / f"part-{number:05d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            parquet.write_table(table, file, compression="zstd")
        return checksum(path)

    def _take_up(self) -> None:
        if is_run(self.folder):  # another process may have written it since it was opened
            self.manifest = read_manifest(self.folder)
        self._finish_moving()
        self.manifest["before"] = [shard for shard in self.manifest["before"] if self.is_there(shard)]
        self.journal.read()

    def _finish_moving(self) -> None:
        counted = len(self.manifest["shards"])
        for shard in self.manifest["before"]:
            for name in TABLES if shard["number"] >= counted else ():  # what is counted may equal it, and stays
                old, new = self.folder / name / f"part-{shard['number']:05d}.parquet", self.path(name, shard)
                # It replaces what lies there: that is of the same documents, and perhaps of another pipeline.
                if old.exists() and checksum(old) == shard["sha256"][name]:
                    new.parent.mkdir(parents=True, exist_ok=True)
                    old.replace(new)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a run; raises RhetoricError where the folder is none, or one of a later version."""
    try:
        found: Manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version = found["format"]
        if version in _FORMATS:
            whole = found.keys() >= _TOLD and isinstance(found["settings"], dict)
            if not whole or any(not each.keys() >= _OF_SHARD for each in (*found["shards"], *found["before"])):
                raise ValueError("something is missing in it")
    except (FileNotFoundError, NotADirectoryError) as error:
        advice = "A run is what `rhetoric annotate CORPUS -o FOLDER` writes."
        raise RhetoricError(f"{folder}: this is no run. {advice}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RhetoricError(f"{folder}: this is no run, or is damaged: its {MANIFEST} cannot be read.") from error
    if version not in _FORMATS:
        raise RhetoricError(f"{folder}: this run has format {version}; this version reads {FORMAT}. Upgrade rhetoric.")
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


def key_lines(keys: Iterable[str]) -> bytes:
    """Return keys in their order as what their checksum is made over."""
    return "".join(f"{key}\n" for key in keys).encode()


def fingerprint(keys: Iterable[str]) -> str:
    """Return one SHA-256 over keys in their order."""
    return hashlib.sha256(key_lines(keys)).hexdigest()
