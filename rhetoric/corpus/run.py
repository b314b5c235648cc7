"""A run: a corpus annotated into a folder, shard by shard. The same command goes on where a stopped one ended.

Only what is new is annotated: what the run has found in a text already is taken from it. Whatever way a run came
about, the same documents give the same bytes.
"""

import hashlib
import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from rhetoric.corpus.engines.setup import Setup
from rhetoric.corpus.kept import Kept, plain
from rhetoric.corpus.store import ANEW, FORMAT, Store, fingerprint, key_lines, read_manifest
from rhetoric.corpus.tables import Done, Place
from rhetoric.errors import RhetoricError
from rhetoric.ingest.document import Document, Failure, Found, ReadOptions, is_analysed
from rhetoric.ingest.sources import is_url
from rhetoric.record import Pipeline

_MOST_DOCUMENTS: Final = 1_000
_MOST_CHARACTERS: Final = 2_000_000  # of text in a shard: some two minutes of work, some 100 MB while it is written
ASKED: Final = ("embedding", "sentences")  # what records hold only where it was asked for

Each = TypeVar("Each")
Engine = Callable[[Iterable[Document]], Iterator[Found]]
"""Annotates documents: a record, or a failure, for each, in order; what it finds depends on nothing but the text.

Engines are in ``rhetoric.corpus.engines``.
"""


@dataclass(frozen=True)
class Progress:
    """One document of a run that is done: why it ``failed``, if it did; whether the run had ``kept`` it from before."""

    failed: Failure | None
    kept: bool


def key_of(document: Document | Failure) -> str:
    """Return what tells a document from every other: a checksum over its id, text, metadata and place."""
    if isinstance(document, Failure):
        told: list[Any] = [document.id, document.source, document.reason]
    else:
        told = [document.id, document.text, document.meta]
        at = Place(document.source, document.row)._asdict()
        # Only what the metadata, which mostly tell it too, do not.
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
        number, every = -1, hashlib.sha256()
        for number, batch in enumerate(batches(documents, _length)):
            keys = [key_of(each) for each in batch]
            yield from _as_it_is(store, number, keys, batch, retry) or _anew(store, number, keys, batch, engine, kept)
            every.update(key_lines(keys))
        store.set_aside(number + 1)
        store.finish(every.hexdigest())


def _as_it_is(
    store: Store, number: int, keys: list[str], batch: list[Document | Failure], retry: bool
) -> list[Progress]:
    """Return what is done in shard ``number``; nothing where it has to be made anew."""
    told = [each for each in batch if isinstance(each, Failure)]  # now, with the options that they advise
    for shard in store.manifest["shards"][number : number + 1]:
        if shard["keys"] == fingerprint(keys) and store.is_there(shard) and not (retry and shard["failed"]):
            failures = store.failures(shard)
            good = len(keys) - len(failures)
            failed = (next((now for now in told if now == each), each) for each in failures)
            return [*(Progress(each, True) for each in failed), *(Progress(None, True) for _ in range(good))]
    return []


def _anew(
    store: Store, number: int, keys: list[str], batch: list[Document | Failure], engine: Engine, kept: Kept
) -> Iterator[Progress]:
    """Make shard ``number``, and yield each document as it is done."""
    store.set_aside(number)
    finished: list[Done] = []
    for document, key, (item, old) in zip(batch, keys, _make(batch, keys, engine, kept), strict=True):
        place = Place(document.source, document.row) if isinstance(document, Document) else Place()
        finished.append(Done(key, item, place))
        if not old:
            store.journal.note(finished[-1])
        yield Progress(None if is_analysed(item) else item, old)
    store.commit(finished)


def settings_of(sources: Sequence[str], options: ReadOptions, setup: Setup) -> dict[str, Any]:
    """Return the settings of a run: which sources it is of, where they lie, and how they are read and analysed."""
    # Links stay as they are: what one leads to may change, as other sources may.
    paths = (None if name == "-" or is_url(name) else os.path.abspath(name) for name in sources)  # noqa: PTH100 - Path keeps ".."
    return {
        "sources": [_written(name) for name in sources],
        "paths": [path and _written(path) for path in paths],
        **{name: getattr(options, name) for name in ("text_field", "id_field", "force")},
        **{name: getattr(setup, name) for name in ASKED},
    }


def _written(name: str) -> str:
    """Return a name as it can be written: those of files are any bytes, and need be no text."""
    return name.encode("utf-8", "backslashreplace").decode()


def _agree(store: Store, made_by: Pipeline, settings: dict[str, Any], overwrite: bool) -> None:
    """Raise RhetoricError where the run was made otherwise and may not be changed; note how it is made now."""
    told = store.manifest
    if "pipeline" in told:  # it is not new
        before = told["settings"]
        differ = [name for name in settings if _meant(name, before) != _meant(name, settings)]
        differ += ["pipeline"] if told["pipeline"] != made_by else []
        if differ and not overwrite:
            advice = "Name another folder, or let this run follow."
            yes_or_no = {name for name in settings if isinstance(settings[name], bool)}
            others = [
                name for name in differ if name not in yes_or_no and not (name == "paths" and "sources" in differ)
            ]
            other = ", ".join(_named(name, before, settings) for name in others)
            asked = [f"with{'out' if settings[name] else ''} --{name}" for name in differ if name in yes_or_no]
            said = " and ".join([*([f"with other {other}"] if other else []), *asked])
            raise RhetoricError(f"{store.folder}: this run was made {said}. {advice}", "overwrite")
        if {"pipeline", *ASKED} & {*differ}:
            store.forget()
    if told["format"] != FORMAT:  # all is written anew, of the records that are there
        store.set_aside(0)
    told.update(format=FORMAT, pipeline=made_by, settings=settings, complete=False)
    store.save()


def _meant(name: str, settings: dict[str, Any]) -> Any:  # noqa: ANN401 - any that JSON holds
    """Return a setting; sources however they were written: the shell ends the name of a folder with a slash."""
    told = settings.get(name)
    return [*map(plain, told)] if told and name == "sources" else told


def _named(name: str, before: dict[str, Any], settings: dict[str, Any]) -> str:
    """Return what to call a setting that is another; a source may have the same name and be another, elsewhere."""
    if name != "paths":
        return f"--{name.replace('_', '-')}" if name in ("text_field", "id_field") else name
    pairs = zip(before.get("sources", ()), before.get("paths", ()), settings["paths"], strict=False)
    moved = [f"{source} was {then}" for source, then, now in pairs if then != now]
    return f"paths ({moved[0]})" if moved else name


def _length(document: Document | Failure) -> int:
    return len(document.text) if isinstance(document, Document) else 0


def batches(items: Iterable[Each], length: Callable[[Each], int]) -> Iterator[list[Each]]:
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


def _make(batch: list[Document | Failure], keys: list[str], engine: Engine, kept: Kept) -> Iterator[tuple[Found, bool]]:
    """Yield what becomes of each document of a shard, and whether the run held it already."""
    old = kept.find_all(batch, keys)
    fresh = [d for d, key in zip(batch, keys, strict=True) if isinstance(d, Document) and key not in old]
    made = engine(fresh) if fresh else iter(())
    for document, key in zip(batch, keys, strict=True):
        if isinstance(document, Failure):
            yield document, key in old
        elif key in old:
            yield old[key], True
        else:
            yield next(made), False


def read_run(folder: str | Path) -> Iterator[Found]:
    """Yield the records and failures of a run in order, one shard in memory at a time; raises RhetoricError."""
    folder = Path(folder)
    manifest = read_manifest(folder)
    store = Store(folder)
    for shard in manifest["shards"]:
        yield from (each.item for each in store.read(shard))


def verify_run(folder: str | Path) -> list[str]:
    """Return what is wrong with a run, one sentence each: files missing or changed, counts that do not agree."""
    folder = Path(folder)
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
            every.update(key_lines(each.key for each in store.read(shard)))
    if not wrong and (first, every.hexdigest()) != (manifest["documents"], manifest["input"]):
        wrong.append("The documents are not those that the manifest names.")
    if damaged:
        wrong.append(ANEW)
    return wrong
