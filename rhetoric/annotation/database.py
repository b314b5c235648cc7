"""The SQLite file under a review: its tables, how it is opened, and one transaction at a time."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final

from rhetoric.errors import RhetoricError

_APPLICATION: Final = 0x72687463  # "rhtc": what tells this database from other people's
_FORMAT: Final = 1
_WAIT: Final = 20.0  # seconds for another coder's transaction, which takes milliseconds
_TABLES: Final = """
CREATE TABLE info (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL,
    extra TEXT NOT NULL, suggested TEXT, doubt REAL);
CREATE TABLE coders (
    name TEXT NOT NULL, task TEXT NOT NULL, blind INTEGER NOT NULL, place TEXT NOT NULL DEFAULT '{}',
    UNIQUE (name, task));
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, coder TEXT NOT NULL, task TEXT NOT NULL, at TEXT NOT NULL,
    passage INTEGER NOT NULL REFERENCES passages (number), kind TEXT NOT NULL CHECK (kind IN ('do', 'undo', 'redo')),
    what TEXT NOT NULL, done INTEGER NOT NULL, coding TEXT, of INTEGER REFERENCES decisions (number));
CREATE INDEX by_coder ON decisions (coder, task, number);
CREATE TRIGGER no_update BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;
CREATE TRIGGER no_delete BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;
"""


class Database:
    """An open review database; ``read`` and ``writing`` raise RhetoricError for what SQLite cannot do."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises RhetoricError where it is no review database, or one of a later version."""
        self.path = path
        self._saved: Path | None = None
        if not path.is_file():
            raise RhetoricError(f"{path}: there is no such file.")
        with self._explained():
            self._base = _connect(path)
            self._file = path.stat()
        try:
            application, version = self.read("PRAGMA application_id")[0][0], self.read("PRAGMA user_version")[0][0]
            if application != _APPLICATION:
                advice = "`rhetoric review RUN --coder NAME` makes one of a run."
                raise RhetoricError(f"{path}: this is no review database. {advice}")
            if version != _FORMAT:
                raise RhetoricError(f"{path}: this database has format {version}, made by another version of rhetoric.")
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; everything is in it already."""
        self._base.close()

    def read(self, query: str, values: tuple[object, ...] = ()) -> list[tuple]:
        """Return the rows that a query gives."""
        with self._explained():
            return self._base.execute(query, values).fetchall()

    def check(self) -> None:
        """Raise RhetoricError where the file was deleted or moved since it was opened; what it held is saved then."""
        with suppress(OSError):
            if os.path.samestat(self.path.stat(), self._file):
                return
        if self._saved is None:
            names = (self.path.with_name(f"{self.path.name}.saved{number or ''}") for number in count())
            saved = next(name for name in names if not name.exists())  # one of another time stays
            with self._explained():
                self._base.execute("VACUUM INTO ?", (str(saved),))
            self._saved = saved
        said = "this file was deleted or moved while it was open, and takes nothing more"
        raise RhetoricError(f"{self.path}: {said}. What was decided before is in {self._saved}: leave, and go on.")

    @contextmanager
    def reading(self, what: str) -> Iterator[None]:
        """Say that ``what`` is damaged where what the database holds is not what was put there."""
        try:
            yield
        except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
            said = f"{what} is damaged, or was changed by hand ({type(error).__name__}: {str(error)[:200]})"
            raise RhetoricError(f"{self.path}: {said}. Go on with a copy from before.") from error

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction: all of it is on the disk afterwards, or nothing."""
        self.check()
        with self._explained():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
                self._base.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._base.execute("ROLLBACK")
                raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, UnicodeEncodeError) as error:
            advice = "What was decided before is kept. Free the disk or the file and try again."
            raise RhetoricError(f"{self.path}: the database cannot do this ({error}). {advice}") from error


@contextmanager
def new_database(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a new database to fill, which has its name only once it is full; raises RhetoricError where it cannot.

    A file of that name stays as it is.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)
        base = _connect(part)
        try:
            base.executescript(f"BEGIN; {_TABLES}")
            yield base
            base.execute("COMMIT")
            base.execute(f"PRAGMA application_id = {_APPLICATION}")
            base.execute(f"PRAGMA user_version = {_FORMAT}")
            base.execute("PRAGMA journal_mode = WAL")
        finally:
            base.close()
        _name(part, path)
    except FileExistsError as error:
        raise RhetoricError(f"{path}: this file exists. Open it, or name another.") from error
    except (OSError, sqlite3.Error, UnicodeEncodeError) as error:
        raise RhetoricError(f"{path}: cannot be written ({error}).") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _name(part: Path, path: Path) -> None:
    try:
        os.link(part, path)  # unlike a renaming, this fails where another process was faster
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(path) from None
        part.replace(path)


def _connect(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    base.execute("PRAGMA synchronous = FULL")  # a decision outlives a power cut, not only a killed terminal
    base.execute("PRAGMA foreign_keys = ON")
    return base
