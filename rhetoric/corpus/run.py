"""A run: a corpus annotated into a folder, shard by shard. The same command goes on where a stopped one ended.

Only what is new is annotated: what the run has found in a text already is taken from it. Whatever way a run came
about, the same documents give the same bytes.
"""

import hashlib
import json
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from rhetoric.corpus.kept import Kept
from rhetoric.corpus.store import ANEW, Done, Item, Store, fingerprint, read_manifest
from rhetoric.corpus.tables import Place
from rhetoric.errors import RhetoricError
from rhetoric.ingest import Document, Failure
from rhetoric.record import FailureRecord, Pipeline

_MOST_DOCUMENTS: Final = 1_000
_MOST_CHARACTERS: Final = 2_000_000  # of text in a shard: some two minutes of work, some 100 MB while it is written
_ASKED: Final = ("embedding", "sentences")  # what records hold only where it was asked for

Each = TypeVar("Each")
Engine = Callable[[Iterable[Document]], Iterator[Item]]
"""Annotates documents: a record, or a failure, for each, in order; what it finds depends on nothing but the text.

Engines are in ``rhetoric.corpus.engines``.
"""


@dataclass(frozen=True)
class Progress:
    """One document of a run that is done: why it ``failed``, if it did; whether the run had ``kept`` it from before."""

    failed: FailureRecord | None
    kept: bool


def key_of(document: Document | Failure) -> str:
    """Return what tells a document from every other: a checksum over its id, text, metadata and place."""
    if isinstance(document, Failure):
        told: list[Any] = [document.id, document.source, document.reason]
    else:
        told = [document.id, document.text, document.meta]
        at = Place(document.source, document.row)._asdict()
        # Where the metadata tell it, as they mostly do, the key is that of versions before there were places.
        if own := {name: value for name, value in at.items() if value and document.meta.get(name) != value}:
            told.append(own)
    said = json.dumps([type(document).__name__, *told], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def annotate_run(
    documents: Iterable[Document | Failure],
    engine: Engine,
    folder: Path,
    made_by: Pipeline,
    settings: dict[str, Any],
    *,
    retry: bool = False,
    overwrite: bool = False,
    warn: Callable[[str], object] = warnings.warn,
) -> Iterator[Progress]:
    """Annotate ``documents`` into the run ``folder``, and yield each as it is done.

    ``made_by`` is the pipeline of ``engine``; ``settings`` (sources and options, as JSON holds them) are stored. A run
    of another pipeline or other settings is refused, unless ``overwrite`` is given: then it follows them, and what a
    different pipeline made is made anew. ``retry`` annotates documents again that could not be analysed before. What
    the run holds of a source that cannot be read any more is kept, and ``warn`` is told; ``overwrite`` drops it. Raises
    RhetoricError where the folder is no run, is in use, or cannot be written.
    """
    store = Store(folder)
    with store.locked():
        _agree(store, made_by, settings, overwrite)
        kept = Kept(store, retry=retry)
        documents = documents if overwrite else kept.instead(documents, warn)
        number, first, every = -1, 0, hashlib.sha256()
        for number, batch in enumerate(_batches(documents, _length)):
            keys = [key_of(each) for each in batch]
            shard = next(iter(store.manifest["shards"][number : number + 1]), None)
            if (
                shard is not None
                and shard["keys"] == fingerprint(keys)
                and store.is_there(shard)
                and store.is_current(shard)  # else its records are written anew
                and not (retry and shard["failed"])
            ):
                failures = store.failures(shard)
                yield from (Progress(each, True) for each in failures)
                yield from (Progress(None, True) for _ in range(len(batch) - len(failures)))
            else:
                store.set_aside(number)
                finished: list[Done] = []
                for document, key, (item, old) in zip(batch, keys, _make(batch, keys, engine, kept), strict=True):
                    place = Place(document.source, document.row) if isinstance(document, Document) else Place()
                    finished.append(Done(key, item, place))
                    if not old:
                        store.note(finished[-1])
                    yield Progress(cast("FailureRecord", item) if "error" in item else None, old)
                store.commit(number, first, finished)
            first += len(batch)
            every.update(_lines(keys))
        store.set_aside(number + 1)
        store.finish(documents=first, input=every.hexdigest())


def _agree(store: Store, made_by: Pipeline, settings: dict[str, Any], overwrite: bool) -> None:
    """Raise RhetoricError where the run was made otherwise and may not be changed; note how it is made now."""
    told = store.manifest
    if not store.fresh:
        earlier = {"sentences": False, "paths": settings.get("paths")}  # which earlier versions did not name
        before = {**earlier, **told.get("settings", {})}
        differ = [name for name in settings if before.get(name) != settings[name]]
        differ += ["pipeline"] if _name_of(told.get("pipeline", {})) != _name_of(made_by) else []
        if differ and not overwrite:
            advice = "Name another folder, or let this run follow with --overwrite."
            others = [name for name in differ if name not in _ASKED and not (name == "paths" and "sources" in differ)]
            other = ", ".join(_named(name, before, settings) for name in others)
            asked = [f"with{'out' if settings[name] else ''} --{name}" for name in differ if name in _ASKED]
            said = " and ".join([*([f"with other {other}"] if other else []), *asked])
            raise RhetoricError(f"{store.folder}: this run was made {said}. {advice}")
        if {"pipeline", *_ASKED} & {*differ}:
            store.forget()
    told.update(pipeline=made_by, settings=settings, complete=False)
    store.save()


def _named(name: str, before: dict[str, Any], settings: dict[str, Any]) -> str:
    """Return what to call a setting that is another; a source may have the same name and be another, elsewhere."""
    if name != "paths":
        return name
    pairs = zip(before["sources"], before["paths"], settings["paths"], strict=False)
    moved = [f"{source} was {then}" for source, then, now in pairs if then != now]
    return f"paths ({moved[0]})" if moved else name


def _name_of(made_by: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what tells a pipeline from every other; its parts are named by this version and not by earlier ones."""
    return tuple(made_by.get(each) for each in ("name", "version", "sha256"))


def _length(document: Document | Failure) -> int:
    return len(document.text) if isinstance(document, Document) else 0


def _text_length(each: Done) -> int:
    return len(str(each.item.get("text", "")))


def _lines(keys: Iterable[str]) -> bytes:
    return "".join(f"{key}\n" for key in keys).encode()


def _batches(items: Iterable[Each], length: Callable[[Each], int]) -> Iterator[list[Each]]:
    """Cut a corpus into shards: where, depends on the ``length`` in characters of its documents alone."""
    batch: list[Each] = []
    size = 0
    for item in items:
        if batch and (len(batch) >= _MOST_DOCUMENTS or size + length(item) > _MOST_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += length(item)
    if batch:
        yield batch


def _make(batch: list[Document | Failure], keys: list[str], engine: Engine, kept: Kept) -> Iterator[tuple[Item, bool]]:
    """Yield what becomes of each document of a shard, and whether the run held it already."""
    old = kept.find_all(batch, keys)
    fresh = [d for d, key in zip(batch, keys, strict=True) if isinstance(d, Document) and key not in old]
    made = engine(fresh) if fresh else iter(())
    for document, key in zip(batch, keys, strict=True):
        if key in old:
            yield old[key], True
        elif isinstance(document, Failure):
            yield document.to_record(), False
        else:
            yield next(made), False


def read_run(folder: Path) -> Iterator[Item]:
    """Yield the records and failures of a run in order, one shard in memory at a time; raises RhetoricError."""
    manifest = read_manifest(folder)
    store = Store(folder)
    for shard in manifest["shards"]:
        yield from (each.item for each in store.read(shard))


def verify_run(folder: Path) -> list[str]:
    """Return what is wrong with a run, one sentence each: files missing or changed, counts that do not agree."""
    manifest = read_manifest(folder)
    wrong = [] if manifest["complete"] else ["The run is not complete: give its command again."]
    damaged = False
    store, first = Store(folder), 0
    every = hashlib.sha256()
    for shard in manifest["shards"]:
        missing, changed = store.missing(shard), store.changed(shard)
        wrong += [f"{path.relative_to(folder)} is missing." for path in missing]
        wrong += [f"{path.relative_to(folder)} is not the file that was written." for path in changed]
        damaged = damaged or bool(missing or changed)
        if shard["first"] != first:
            wrong.append(f"Shard {shard['number']} begins with document {shard['first']}, not {first}.")
        first += shard["documents"]
        if not missing and not changed:
            every.update(_lines(each.key for each in store.read(shard)))
    if not wrong and (first, every.hexdigest()) != (manifest["documents"], manifest["input"]):
        wrong.append("The documents are not those that the manifest names.")
    if damaged:
        wrong.append(ANEW)
    return wrong


def merge_runs(folders: list[Path], output: Path) -> Iterator[Progress]:
    """Write a run that holds the documents of all ``folders``, each once, in their order; yields them.

    What failed in one run and is a record in another is taken from the other. Raises RhetoricError where a run is not
    complete, where two were made by different pipelines, or where ``output`` is there already.
    """
    manifests = [read_manifest(folder) for folder in folders]
    for folder, told in zip(folders, manifests, strict=True):
        if not told["complete"]:
            raise RhetoricError(f"{folder}: this run is not complete. Give its command again first.")
        if _name_of(told["pipeline"]) != _name_of(manifests[0]["pipeline"]):
            raise RhetoricError(f"{folder}: made by another pipeline than {folders[0]}. Annotate one of them anew.")
        for name in _ASKED:
            if bool(told["settings"].get(name)) != bool(manifests[0]["settings"].get(name)):
                some = name if name == "sentences" else "embeddings"
                raise RhetoricError(f"{folder}: only one of the runs has {some}. Annotate the other with --{name}.")
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise RhetoricError(f"{output}: there is something already. Name a new folder.")
    store = Store(output)
    with store.locked():
        asked = {name: bool(manifests[0]["settings"].get(name)) for name in _ASKED}
        settings = {"merged": [told["input"] for told in manifests], **asked}
        made_by = max((told["pipeline"] for told in manifests), key=len)  # one run may name its parts
        _agree(store, made_by, settings, overwrite=False)
        first, every = 0, hashlib.sha256()
        for number, batch in enumerate(_batches(_each_once(folders), _text_length)):
            store.commit(number, first, batch)
            first += len(batch)
            every.update(_lines(each.key for each in batch))
            for each in batch:
                yield Progress(cast("FailureRecord", each.item) if "error" in each.item else None, True)
        store.finish(documents=first, input=every.hexdigest())


def _each_once(folders: list[Path]) -> Iterator[Done]:
    """Yield the documents of all runs, each once: none with the id and the text of one in a run before."""
    stores = [Store(folder) for folder in folders]
    seen, before, mended = set[str](), set[str](), _mended(stores)
    for store, elsewhere in zip(stores, _read_elsewhere(stores), strict=True):
        here = set[str]()
        for shard in store.manifest["shards"]:
            for done in store.read(shard):
                key, item, _ = done
                same = key if "error" in item else key_of(Document(item["id"], item["text"]))  # wherever it was read
                made_up_for = "error" in item and (key in mended or item.get("source") in elsewhere)
                if key not in seen and same not in before and not made_up_for:
                    seen.add(key)
                    here.add(same)
                    yield done
        before |= here


def _mended(stores: list[Store]) -> set[str]:
    """Return the keys of documents that failed at one place and are a record at another."""
    shards = [(store, shard) for store in stores for shard in store.manifest["shards"]]
    failed = {key for store, shard in shards if shard["failed"] for key, bad in store.outcomes(shard) if bad}
    if not failed:
        return failed
    return {key for store, shard in shards for key, bad in store.outcomes(shard) if not bad and key in failed}


def _read_elsewhere(stores: list[Store]) -> list[set[str]]:
    """Return the sources that failed in each run and that another one has read without a failure."""
    shards = [(at, store, shard) for at, store in enumerate(stores) for shard in store.manifest["shards"]]
    failed, read = ([set[str]() for _ in stores] for _ in range(2))
    for at, store, shard in shards:
        failed[at].update(each["source"] for each in store.failures(shard))
    wanted = set[str]().union(*failed)
    for at, store, shard in shards if wanted else ():
        read[at].update(wanted.intersection(store.sources(shard)))
    return [
        {each for each in bad if any(each in read[other] - failed[other] for other in range(len(stores)))}
        for bad in failed
    ]
