"""What a run holds from before, wherever in its folder it lies: by key, by text, and by the source it was read from."""

import glob
import os
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final, Literal, cast

import numpy as np

from rhetoric.corpus.store import Shard, Store, digest
from rhetoric.corpus.tables import Done
from rhetoric.ingest.document import Document, Failure, Found, is_analysed
from rhetoric.ingest.sources import is_url
from rhetoric.record import Record

_AT_A_TIME: Final = 500  # documents of a source that cannot be read, in memory at once
_UNREAD: Final = "It is kept as it was read before (--overwrite drops it)."
_Name = Literal["key", "text", "source"]  # by which documents are found
_Place = tuple[int, int]  # the number of a part of the run, and a row in it
_InTable = tuple[int, str] | None  # what tells a document from others of its source: nothing, unless that is a table


class Kept:
    """Finds documents that the run holds already: in the journal, in its shards, or in those that were set aside."""

    def __init__(self, store: Store, *, retry: bool) -> None:
        """Look into ``store``; with ``retry``, what could not be analysed counts as not held."""
        self._store, self._retry = store, retry
        self._journal = list(store.journal.found.values())
        self._indices: dict[_Name, _Index] = {}

    def find_all(self, documents: Sequence[Document | Failure], keys: Sequence[str]) -> dict[str, Found]:
        """Return, by key, the records and failures of those documents that the run holds, or whose texts it holds.

        All at once, so that each shard is read but once for them. What was found in the text of another document, or
        in its own when that had other metadata or stood elsewhere, is given this one's id and metadata.
        """
        wanted = dict(zip(keys, documents, strict=True))
        held = self._find("key", {key: key for key in wanted})
        found = {key: item for key, item in held.items() if is_analysed(item) or not self._retry}
        new = {k: each for k, each in wanted.items() if k not in found and isinstance(each, Document)}
        for key, item in self._find("text", {key: digest(each.text) for key, each in new.items()}).items():
            found[key] = cast("Record", {**item, "id": new[key].id, "meta": new[key].meta})
        return found

    def instead(
        self, documents: Iterable[Document | Failure], warn: Callable[[str], object]
    ) -> Iterator[Document | Failure]:
        """Yield ``documents``; where a source cannot be read, those that the run holds of it instead, and ``warn``.

        A server that is down for a moment must not cost what was read from it; nor must a folder or a glob, of which
        all that was read below it is held.
        """
        source, read = "", set[_InTable]()  # what was read of a source before it failed
        before = array("q")  # which sources were read: eight bytes each, for there may be millions
        for each in documents:
            if isinstance(each, Document):
                if each.source != source:
                    source = each.source
                    before.append(hash(source))
                    read.clear()
                read.add(_in_table(each.row, each.id))
                yield each
            elif held := self._of_source(each.source):
                warn(f"{each.source}: {each.reason} {_UNREAD}")
                known = {*before} - {hash(each.source)}
                now = read if each.source == source else ()
                yield from self._documents(
                    [at for (of, row), at in held.items() if row not in now and hash(of) not in known]
                )
            else:
                yield each

    def _find(self, what: _Name, names: Mapping[str, str]) -> dict[str, Found]:
        """Return the items whose key or text has one of ``names``, by what these are the names of."""
        index = self._index(what, self._store.manifest["before"])
        places = {each: at[-1] for each, name in names.items() if (at := index.find(name.encode()))}
        items = {at: done.item for at, done in self._read(index, places.values())}
        return {each: items[at] for each, at in places.items()}

    def _of_source(self, source: str) -> "dict[tuple[str, _InTable], _Place]":
        """Return where the documents of a source, a folder or a glob are held, in order; as they were read last."""
        index = self._sources()
        place = plain(source)
        below = "" if is_url(source) else os.path.join(place, "")  # noqa: PTH118 - a Path has no separator at its end
        found = [*index.find(place), *(index.find(below, below + chr(0x10FFFF)) if below else [])]
        if not found and _is_glob(source):
            pattern = Path(source).parts
            found = [at for name in index.names() if _fits(Path(name).parts, pattern) for at in index.find(name)]
        last: dict[tuple[str, _InTable], _Place] = {}
        for part, rows in _by_part(found).items():
            told = self._told(index.parts[part], "id", "source", "row")
            last |= {(told[row]["source"], _in_table(told[row]["row"], told[row]["id"])): (part, row) for row in rows}
        return dict(sorted(last.items(), key=lambda each: (each[0][0], each[0][1] or (0, ""))))

    def _documents(self, held: list[_Place]) -> Iterator[Document]:
        """Yield what the records at those places were made of."""
        for first in range(0, len(held), _AT_A_TIME):
            some = held[first : first + _AT_A_TIME]
            read = dict(self._read(self._sources(), some))
            for _, item, place in (read[at] for at in some):
                record = cast("Record", item)  # what failed has no source by which it is found
                yield Document(record["id"], record["text"], record["meta"], *place)

    def _index(self, what: _Name, shards: list[Shard]) -> "_Index":
        """Return where the documents of some shards and of the journal stand; made anew where there are more shards."""
        if what not in self._indices or len(self._indices[what].parts) != len(shards) + 1:
            parts = [*shards, None]
            names = [[_name(what, row) for row in self._told(part, what, "error")] for part in parts]
            self._indices[what] = _Index(parts, names, object if what == "source" else "S32")
        return self._indices[what]

    def _sources(self) -> "_Index":
        if "source" in self._indices:
            return self._indices["source"]
        held = self._store.manifest
        return self._index("source", [*filter(self._store.is_there, (*held["before"], *held["shards"]))])

    def _told(self, part: Shard | None, *columns: str) -> list[dict[str, Any]]:
        """Return what is told of the documents of a shard, or of the journal."""
        if part is None:
            return [{**each.item, "key": each.key, **each.place._asdict()} for each in self._journal]
        return self._store.rows(part, *columns)

    def _read(self, index: "_Index", places: Iterable[_Place]) -> Iterator[tuple[_Place, Done]]:
        """Yield the documents at some places, each shard read but once."""
        for number, rows in _by_part(places).items():
            part = index.parts[number]
            done = [self._journal[row] for row in rows] if part is None else self._store.read(part, rows)
            yield from zip(((number, row) for row in rows), done, strict=True)


class _Index:
    """Where in the ``parts`` of a run, its shards and its journal (None), a name stands; an array, for there may be
    millions.
    """

    def __init__(self, parts: list[Shard | None], names: list[list[str]], kind: Any) -> None:  # noqa: ANN401 - of NumPy
        self.parts = parts
        every = np.concatenate([np.array(each, dtype=kind) for each in names])
        places = [np.column_stack([np.full(len(each), at), np.arange(len(each))]) for at, each in enumerate(names)]
        order = np.argsort(every, kind="stable")
        self._names = every[order]
        self._places = np.concatenate(places)[order]

    def names(self) -> list[Any]:
        """Return all names, each once."""
        return sorted({*self._names})

    def find(self, name: str | bytes, last: str | bytes | None = None) -> list[_Place]:
        """Return where ``name`` stands, or all names from it to ``last``, what was done last at the end; nothing has no
        name.
        """
        if not name:
            return []
        begin = int(np.searchsorted(self._names, name, "left"))
        end = int(np.searchsorted(self._names, name if last is None else last, "right"))
        return [(int(part), int(row)) for part, row in self._places[begin:end]]


def _name(what: _Name, row: Mapping[str, Any]) -> str:
    """Return the name of a document, none where it failed and this is no name of a failure."""
    if what == "key":
        return str(row["key"])
    if row.get("error") is not None:
        return ""
    return digest(row["text"]) if what == "text" else plain(row["source"])


def plain(source: str) -> str:
    """Return a source as one name, however it was written; paths from here begin with a dot, and so lie below it."""
    if source in ("", "-") or is_url(source):
        return source
    parts = Path(source).parts
    return os.path.join(*([] if parts[:1] == ("..",) else ["."]), *parts)  # noqa: PTH118 - a Path drops the dot


def _is_glob(source: str) -> bool:
    return glob.has_magic(source) and not is_url(source) and not os.path.lexists(source)


def _fits(path: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether a path, or a folder that it lies in, is one that a glob stands for; both are given in their parts."""
    if not pattern or (pattern[0] == "**" and _fits(path, pattern[1:])):
        return True
    if not path or (path[0].startswith(".") and not pattern[0].startswith(".")):
        return False
    return fnmatch(path[0], pattern[0]) and _fits(path[1:], pattern if pattern[0] == "**" else pattern[1:])


def _by_part(places: Iterable[_Place]) -> dict[int, list[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for part, row in places:
        found[part].add(row)
    return {part: sorted(found[part]) for part in sorted(found)}


def _in_table(row: int | None, id: str) -> _InTable:
    return None if row is None else (row, id)
