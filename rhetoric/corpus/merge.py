"""Merging runs: one that holds the documents of several, each once, and a record rather than a failure."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from rhetoric.corpus.run import ASKED, Progress, batches, key_of
from rhetoric.corpus.store import Store, is_run, key_lines, read_manifest
from rhetoric.corpus.tables import Done
from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import Document, is_analysed


def merge_runs(folders: Iterable[str | Path], output: str | Path) -> Iterator[Progress]:
    """Write a run that holds the documents of all ``folders``, each once, in their order; yields them.

    What failed in one run and is a record in another is taken from the other. Raises RhetoricError where a run is not
    complete, where two were made by different pipelines, or where ``output`` is there already.
    """
    given, output = [*map(Path, folders)], Path(output)
    manifests = [*map(read_manifest, given)]
    for folder, told in zip(given, manifests, strict=True):
        if not told["complete"]:
            raise RhetoricError(f"{folder}: this run is not complete. Give its command again first.")
        if told["pipeline"] != manifests[0]["pipeline"]:
            raise RhetoricError(f"{folder}: made by another pipeline than {given[0]}. Annotate one of them anew.")
        for name in ASKED:
            if bool(told["settings"].get(name)) != bool(manifests[0]["settings"].get(name)):
                some = name if name == "sentences" else "embeddings"
                raise RhetoricError(f"{folder}: only one of the runs has {some}. Annotate the other with --{name}.")
    taken = RhetoricError(f"{output}: there is something already. Name a new folder.")
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise taken
    store = Store(output)
    with store.locked():
        if is_run(output):  # another merge has written it meanwhile
            raise taken
        asked = {name: bool(manifests[0]["settings"].get(name)) for name in ASKED}
        settings = {"merged": [told["input"] for told in manifests], **asked}
        store.manifest.update(pipeline=manifests[0]["pipeline"], settings=settings)
        store.save()
        every = hashlib.sha256()
        for batch in batches(_each_once(given), _text_length):
            store.commit(batch)
            every.update(key_lines(each.key for each in batch))
            for each in batch:
                yield Progress(None if is_analysed(each.item) else each.item, True)
        store.finish(every.hexdigest())


def _text_length(each: Done) -> int:
    return len(str(each.item.get("text", "")))


def _each_once(folders: list[Path]) -> Iterator[Done]:
    """Yield the documents of all runs, each once: none with the id and the text of one in a run before."""
    stores = [Store(folder) for folder in folders]
    seen, before, made_up_for = set[str](), set[str](), _made_up_for(stores)
    for store in stores:
        here = set[str]()
        for shard in store.manifest["shards"]:
            for done in store.read(shard):
                key, item, _ = done
                good = is_analysed(item)
                same = key_of(Document(item["id"], item["text"])) if good else key  # wherever it was read
                if key not in seen and same not in before and (good or key not in made_up_for):
                    seen.add(key)
                    here.add(same)
                    yield done
        before |= here


def _made_up_for(stores: list[Store]) -> set[str]:
    """Return the keys of failures that do not count: the document is a record in some run, or another run has read its
    source without a failure.
    """
    failed = [dict(_outcomes(store, failed=True)) for store in stores]  # key -> source
    every = {key: source for each in failed for key, source in each.items()}
    wanted, mended, whole = {*every.values()}, set[str](), set[str]()
    for store, bad in zip(stores, failed, strict=True) if every else ():
        read = set[str]()
        for key, source in _outcomes(store, failed=False):
            mended |= {key} & every.keys()
            read |= {source} & wanted
        whole |= read - {*bad.values()}
    return {key for key, source in every.items() if key in mended or source in whole}


def _outcomes(store: Store, *, failed: bool) -> Iterator[tuple[str, str]]:
    """Yield the key and the source of each document of a run that failed, or of each that did not."""
    for shard in store.manifest["shards"]:
        rows = store.rows(shard, "key", "source", "error") if shard["failed"] or not failed else []
        yield from ((row["key"], row["source"]) for row in rows if (row["error"] is not None) == failed)
