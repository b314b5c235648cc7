"""What a run holds from before, wherever in its folder it lies: by key, and by the source it was read from."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import numpy as np

from rhetoric.corpus.store import Item, Shard, Store
from rhetoric.ingest import Document, Failure
from rhetoric.record import Record

_KEPT_SHARDS: Final = 2
_UNREAD: Final = "It is kept as it was read before (--overwrite drops it)."


class Kept:
    """Finds documents that the run holds already: in the journal, in its shards, or in those that were set aside."""

    def __init__(self, store: Store, *, retry: bool) -> None:
        """Look into ``store``; with ``retry``, what could not be analysed counts as not held."""
        self._store, self._retry = store, retry
        self._aside = _Index([])
        self._sources: tuple[list[Shard], _Index] | None = None
        self._read: OrderedDict[str, list[tuple[str, Item]]] = OrderedDict()

    def find(self, key: str) -> Item | None:
        """Return the document's record or failure; None where it has to be made."""
        found: Item | None = self._store.journal.get(key) or self._find_aside(key)
        if found is not None and self._retry and "error" in found:
            return None
        return found

    def instead(
        self, documents: Iterable[Document | Failure], warn: Callable[[str], object]
    ) -> Iterator[Document | Failure]:
        """Yield ``documents``; where a source cannot be read, those that the run holds of it instead, and ``warn``.

        A server that is down for a moment must not cost what was read from it.
        """
        source, read = "", set[str]()  # what was read of a source before it failed
        for each in documents:
            if isinstance(each, Document):
                if source != (source := str(each.meta.get("source"))):
                    read.clear()
                read.add(_place(each.id, each.meta))
                yield each
            elif held := self._of_source(each.source):
                warn(f"{each.source}: {each.reason} {_UNREAD}")
                known = read if each.source == source else ()
                yield from (Document(r["id"], r["text"], r["meta"]) for at, r in held.items() if at not in known)
            else:
                yield each

    def _find_aside(self, key: str) -> Item | None:
        before: list[Shard] = self._store.manifest["before"]
        if self._aside.shards != len(before):
            self._aside = _Index([[key for key, _ in self._store.outcomes(shard)] for shard in before])
        return next((self._item(before[shard], row) for shard, row in self._aside.find(key)), None)

    def _of_source(self, source: str) -> dict[str, Record]:
        """Return the records of a source in order, by place in it; as it was read last, where there are several."""
        if self._sources is None:  # most runs never ask
            told = self._store.manifest
            shards = [shard for shard in (*told["before"], *told["shards"]) if self._store.is_there(shard)]
            self._sources = shards, _Index([[_digest(each) for each in self._store.sources(s)] for s in shards])
        shards, index = self._sources
        items = [self._item(shards[shard], row) for shard, row in index.find(_digest(source))]
        records = [each for each in (*items, *self._store.journal.values()) if "error" not in each]
        held = {_place(each["id"], each["meta"]): each for each in records if each["meta"].get("source") == source}
        return dict(sorted(held.items(), key=lambda each: _row(each[1]["meta"])))

    def _item(self, shard: Shard, row: int) -> Item:
        name = shard["keys"]
        if name not in self._read:
            self._read[name] = self._store.read(shard)
            while len(self._read) > _KEPT_SHARDS:
                self._read.popitem(last=False)
        return self._read[name][row][1]


class _Index:
    """Where in ``names``, a list of names a shard, a name stands; an array, for there may be millions."""

    def __init__(self, names: list[list[str]]) -> None:
        self.shards = len(names)
        every = np.concatenate([np.empty(0, dtype="S32"), *(np.array(each, dtype="S32") for each in names)])
        places = [np.column_stack([np.full(len(each), at), np.arange(len(each))]) for at, each in enumerate(names)]
        order = np.argsort(every, kind="stable")
        self._names = every[order]
        self._places = np.concatenate([np.empty((0, 2), dtype=np.int64), *places])[order]

    def find(self, name: str) -> list[tuple[int, int]]:
        """Return the numbers of shard and row of each place where ``name`` stands."""
        begin, end = (int(np.searchsorted(self._names, name.encode(), side)) for side in ("left", "right"))
        return [(int(shard), int(row)) for shard, row in self._places[begin:end]]


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _place(id: str, meta: dict[str, Any]) -> str:
    """Return what tells a document from others of its source: nothing, unless the source is a table."""
    return json.dumps([meta["row"], id], sort_keys=True) if "row" in meta else ""


def _row(meta: dict[str, Any]) -> int:
    row = meta.get("row")
    return row if isinstance(row, int) else 0
