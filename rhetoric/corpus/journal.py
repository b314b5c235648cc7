"""The journal of a run: documents that are finished and in no shard yet, a line each, so that none is done twice."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import IO, Final

from rhetoric.corpus.tables import Done, Place
from rhetoric.ingest.document import Failure, is_analysed
from rhetoric.writing import part_of, replacing

_SYNC: Final = 1.0  # seconds of work that a power cut may cost


class Journal:
    """One file of JSON lines; ``found`` is what a killed run had finished and is in no shard yet, by key."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.found: dict[str, Done] = {}
        self._lines: IO[str] | None = None
        self._synced = 0.0

    def read(self) -> None:
        """Fill ``found``, and cut off the line that was being written."""
        if not self._path.is_file():
            return
        whole = 0
        with self._path.open("rb") as lines:
            for line in lines:
                try:
                    key, item, place = json.loads(line)
                except (ValueError, TypeError):
                    break
                if not line.endswith(b"\n"):
                    break
                item = item if is_analysed(item) else Failure(item["id"], item["source"], item["error"])
                self.found[key] = Done(key, item, Place(*place))
                whole += len(line)
        os.truncate(self._path, whole)

    def note(self, done: Done) -> None:
        """Write down a finished document."""
        if self._lines is None:
            self._lines = self._path.open("a", encoding="utf-8")
        self._lines.write(_line(done))
        self._lines.flush()
        if monotonic() - self._synced >= _SYNC:
            os.fsync(self._lines.fileno())
            self._synced = monotonic()

    def count(self) -> int:
        """Return how many documents are noted; about, where a process is at it."""
        try:
            with self._path.open("rb") as lines:
                return sum(line.endswith(b"\n") for line in lines)
        except FileNotFoundError:
            return 0

    def drop(self, done: Iterable[Done]) -> None:
        """Leave nothing but what was found and is in no shard yet, now that ``done`` are in one: sources that changed
        may bring it in a later one.
        """
        self.close()
        there = set[object]().union(*map(_names, done))
        self.found = {key: each for key, each in self.found.items() if not there & _names(each)}
        if self.found:
            with replacing(self._path) as lines:
                lines.writelines(_line(each).encode() for each in self.found.values())
        else:
            self._path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget everything."""
        self.close()
        self.found = {}
        for path in (self._path, part_of(self._path)):  # one killed as it dropped some has left the latter
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file."""
        lines, self._lines = self._lines, None
        if lines:
            lines.close()


def _line(done: Done) -> str:
    return json.dumps(done, ensure_ascii=False, separators=(",", ":")) + "\n"


def _names(done: Done) -> set[object]:
    """Return what tells a document: its key; its place, whatever it says now; its text, wherever in its source."""
    source, row = done.place
    text = {(source, done.item["text"])} if is_analysed(done.item) else ()
    return {done.key, *({(source, row)} if source else ()), *text}
