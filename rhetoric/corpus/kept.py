"""What a run holds from before, wherever in its folder it lies: by key, by text, and by the source it was read from."""

import glob
import os
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

import numpy as np

from rhetoric.corpus.store import Done, Item, Shard, Store, digest
from rhetoric.ingest import Document, Failure
from rhetoric.ingest.sources import is_url
from rhetoric.record import Record

_AT_A_TIME: Final = 500  # documents of a source that cannot be read, in memory at once
_UNREAD: Final = "It is kept as it was read before (--overwrite drops it)."
_Row = tuple[int, int]  # the number of a shard, and a row in it
_InTable = tuple[int, str] | None  # what tells a document from others of its source: nothing, unless that is a table


class Kept:
    """Finds documents that the run holds already: in the journal, in its shards, or in those that were set aside."""

    def __init__(self, store: Store, *, retry: bool) -> None:
        """Look into ``store``; with ``retry``, what could not be analysed counts as not held."""
        self._store, self._retry = store, retry
        noted = store.journal.values()
        self._noted: dict[str, dict[str, Item]] = {
            "key": {each.key: each.item for each in noted},
            "text": {digest(str(each.item["text"])): each.item for each in noted if "error" not in each.item},
        }
        self._aside: dict[str, _Index] = {}
        self._sources: _Sources | None = None

    def find_all(self, documents: Sequence[Document | Failure], keys: Sequence[str]) -> dict[str, Item]:
        """Return, by key, the records and failures of those documents that the run holds, or whose texts it holds.

        All at once, so that each shard is read but once for them. What was found in the text of another document, or
        in its own when that had other metadata or stood elsewhere, is given this one's id and metadata.
        """
        wanted = dict(zip(keys, documents, strict=True))
        held = self._find("key", {key: key for key in wanted})
        found = {key: item for key, item in held.items() if not (self._retry and "error" in item)}
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
                read.add(_in_table(each))
                yield each
            elif held := self._of_source(each.source):
                warn(f"{each.source}: {each.reason} {_UNREAD}")
                known = {*before} - {hash(each.source)}
                now = read if each.source == source else ()
                rest = [at for (of, row), at in held.items() if row not in now and hash(of) not in known]
                yield from self._documents(rest)
            else:
                yield each

    def _find(self, what: str, names: Mapping[str, str]) -> dict[str, Item]:
        """Return the items whose key or text has one of ``names``, by what these are the names of."""
        noted = self._noted[what]
        found = {each: noted[name] for each, name in names.items() if name in noted}
        rest = {each: name for each, name in names.items() if name not in noted}
        before: list[Shard] = self._store.manifest["before"]
        if rest and before:
            if what not in self._aside or self._aside[what].shards != len(before):
                of: Callable[[Shard], list[str]] = self._store.keys if what == "key" else self._store.texts
                self._aside[what] = _Index([of(shard) for shard in before], "S32")
            places = {each: at[0] for each, name in rest.items() if (at := self._aside[what].find(name.encode()))}
            items: dict[_Row, Item] = {}
            for number, rows in _by_shard(places.values()).items():
                for row, done in zip(rows, self._store.read(before[number], rows), strict=True):
                    items[number, row] = done.item
            found |= {each: items[at] for each, at in places.items()}
        return found

    def _of_source(self, source: str) -> dict[tuple[str, _InTable], _Row | Document]:
        """Return where the documents of a source, a folder or a glob are held, in order; as they were read last."""
        if self._sources is None:  # most runs never ask
            told = self._store.manifest
            shards = [shard for shard in (*told["before"], *told["shards"]) if self._store.is_there(shard)]
            noted = [each for each in map(_document, self._store.journal.values()) if each]
            names = [[*map(_plain, self._store.sources(shard))] for shard in shards]
            self._sources = _Sources(shards, _Index(names, object), [(_plain(each.source), each) for each in noted])
        shards, places, journal = self._sources
        place = _plain(source)
        below = "" if is_url(source) else os.path.join(place, "")  # noqa: PTH118 - a Path has no separator at its end
        found = [*places.find(place), *(places.find(below, below + chr(0x10FFFF)) if below else [])]
        noted = [each for name, each in journal if name == place or (below and name.startswith(below))]
        if not found and not noted and _is_glob(source):
            pattern = Path(source).parts
            found = [at for name in places.names() if _fits(Path(name).parts, pattern) for at in places.find(name)]
            noted = [each for name, each in journal if _fits(Path(name).parts, pattern)]
        held: list[tuple[Document, _Row | Document]] = []
        for number, rows in _by_shard(found).items():
            every = self._store.documents(shards[number], rows, text=False)
            held += [(each, (number, row)) for row, each in zip(rows, every, strict=True) if each]
        held += [(each, each) for each in noted]
        last = {(each.source, _in_table(each)): at for each, at in held}
        return dict(sorted(last.items(), key=lambda each: (each[0][0], each[0][1] or (0, ""))))

    def _documents(self, held: list[_Row | Document]) -> Iterator[Document]:
        for first in range(0, len(held), _AT_A_TIME):
            some = held[first : first + _AT_A_TIME]
            shards = self._sources.shards if self._sources else []
            read: dict[_Row, Document | None] = {}
            for number, rows in _by_shard(at for at in some if not isinstance(at, Document)).items():
                read |= zip([(number, row) for row in rows], self._store.documents(shards[number], rows), strict=True)
            yield from (each for at in some if (each := at if isinstance(at, Document) else read[at]))


class _Index:
    """Where in ``names``, a list of names a shard, a name stands; an array, for there may be millions."""

    def __init__(self, names: list[list[str]], kind: Any) -> None:  # noqa: ANN401 - NumPy's name of a type
        self.shards = len(names)
        every = np.concatenate([np.empty(0, dtype=kind), *(np.array(each, dtype=kind) for each in names)])
        places = [np.column_stack([np.full(len(each), at), np.arange(len(each))]) for at, each in enumerate(names)]
        order = np.argsort(every, kind="stable")
        self._names = every[order]
        self._places = np.concatenate([np.empty((0, 2), dtype=np.int64), *places])[order]

    def names(self) -> list[Any]:
        """Return all names, each once."""
        return sorted({*self._names})

    def find(self, name: str | bytes, last: str | bytes | None = None) -> list[_Row]:
        """Return where ``name`` stands, or all names from it to ``last``."""
        begin = int(np.searchsorted(self._names, name, "left"))
        end = int(np.searchsorted(self._names, name if last is None else last, "right"))
        return [(int(shard), int(row)) for shard, row in self._places[begin:end]]


class _Sources(NamedTuple):
    """What is held by its source, as :func:`_plain` names it: in some shards, and in the journal."""

    shards: list[Shard]
    places: _Index
    journal: list[tuple[str, Document]]


def _plain(source: str) -> str:
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


def _by_shard(places: Iterable[_Row]) -> dict[int, list[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for shard, row in places:
        found[shard].add(row)
    return {shard: sorted(found[shard]) for shard in sorted(found)}


def _in_table(document: Document) -> _InTable:
    return None if document.row is None else (document.row, document.id)


def _document(done: Done) -> Document | None:
    """Return what a record was made of."""
    if "error" in done.item:
        return None
    return Document(done.item["id"], done.item["text"], done.item["meta"], *done.place)
