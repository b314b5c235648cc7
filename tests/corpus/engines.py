"""Engines without weights: what a document becomes can be foreseen, and some documents end the process."""

import hashlib
import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cli.conftest import plain_record

from rhetoric.corpus.engines.setup import Setup
from rhetoric.corpus.run import Progress, annotate_run, verify_run
from rhetoric.ingest.document import Document, Failure, Found

MADE_BY: Any = {"name": "gold", "version": "1.1", "sha256": "0" * 64}
SETTINGS = {"sources": ["here"], "embedding": False}


def documents(count: int, *, words: int = 30, begin: int = 0) -> list[Document]:
    return [Document(f"d{n}", f"Document {n} on the race. " * words, {"n": n}) for n in range(begin, begin + count)]


class Plain:
    """Annotates by rules, in this process; ``seen`` are the ids it was asked for."""

    def __init__(self, failing: Iterable[str] = ()) -> None:
        self.seen: list[str] = []
        self.failing = set(failing)

    def __call__(self, documents: Iterable[Document]) -> Iterator[Found]:
        for document in documents:
            self.seen.append(document.id)
            if document.id in self.failing:
                yield Failure(document.id, document.id, "is of no use.")
            else:
                yield plain_record(document)


def under_way(folder: Path, given: Any, engine: Any = None, **options: Any) -> Iterator[Progress]:
    """Begin to annotate into a run by rules."""
    made_by, settings = options.pop("made_by", MADE_BY), options.pop("settings", SETTINGS)
    return annotate_run(given, engine or Plain(), folder, made_by, settings, **options)


def annotate(folder: Path, given: Any, engine: Any = None, **options: Any) -> tuple[Any, list[Progress]]:
    """Annotate into a run; gives the engine, which knows what it was asked for, and what was done."""
    engine = engine or Plain()
    return engine, list(under_way(folder, given, engine, **options))


def stop_after(count: int, folder: Path, given: Any, engine: Any = None, **options: Any) -> None:
    """Annotate into a run, and stop (as Ctrl-C does) after some documents."""
    run: Any = under_way(folder, given, engine, **options)
    for _ in range(count):
        next(run)
    run.close()


def check_as_new(folder: Path, given: Any, engine: Any = None, **options: Any) -> None:
    """Raise AssertionError where a run is not, byte for byte, what it would be had it been made at once."""
    annotate(folder.parent / "as-new", given, engine, **options)
    assert bytes_of(folder) == bytes_of(folder.parent / "as-new")
    assert verify_run(folder) == []


def deadly(setup: Setup) -> None:
    """Stand in for ``told_by`` in a worker: it ends it."""
    os.kill(os.getpid(), signal.SIGKILL)


def poisonous(setup: Setup, document: Document) -> Found:
    """Stand in for ``make`` in a worker: one document ends it always, another one the first time."""
    if document.id == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
    mark = document.meta.get("mark")
    if mark and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return plain_record(document)


def telling(setup: Setup, document: Document) -> Found:
    """Stand in for ``make`` in a worker: the record says which process made it."""
    return {**poisonous(setup, document), "process": os.getpid()}  # type: ignore[typeddict-item]


def bytes_of(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
