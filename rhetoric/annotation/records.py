"""Records that were written before, read again as they are; what is no record yet is annotated on the way."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from rhetoric.analysis import analyse
from rhetoric.annotation.exchange.finish import BAD, finish
from rhetoric.errors import SourceError
from rhetoric.gold import numbered_lines
from rhetoric.ingest import Document, Failure, ReadOptions, read
from rhetoric.ingest.document import Found, cell_text, is_analysed
from rhetoric.ingest.sources import Input, expand, holds_records

Maker = Callable[[Iterator[Document | Failure]], Iterator[Found]]


def read_records(
    source: str | Path,
    make: Maker = analyse,
    *,
    options: ReadOptions | None = None,
    warn: Callable[[str], None] | None = None,
) -> Iterator[Found]:
    """Yield the records of a run's folder or of a .jsonl or .ndjson file as they are, a Failure in the place of
    what is none.

    All else that ``source`` may name, as ``rhetoric.read`` takes it, is read as ``options`` say and annotated by
    ``make``, which is called for nothing else. Of a folder or a glob the texts come first, and records only of other
    texts: they often lie beside the texts that they were made of. What failed when it was annotated was told then:
    where ``warn`` is given, it says how many these were in one line, and they are yielded only where nothing else is
    there.
    """
    texts, written = list[Input | Failure](), dict[Input, None]()
    for item in expand(source, records=True):
        if holds_records(item):
            written[item] = None
        else:
            texts.append(item)
    seen: set[int] = set()
    for record in make(_documents(texts, options)) if texts else ():
        if written:
            seen.add(_mark(record))
        yield record
    for item in written:
        if isinstance(item, Input) and item.path:  # holds_records has seen to it that it is
            yield from _written(item.name, item.path, seen, warn)


def parse_record(line: str, where: str) -> tuple[dict[str, Any], Found]:
    """Return a line of a file of records as it stands, and what it holds: a record, checked and cleaned as a text that
    is read, or a document's failure. Raises SourceError for one that is neither.
    """
    try:
        found = json.loads(line)
        if isinstance(found, dict) and isinstance(found.get("error"), str):
            return found, Failure(cell_text(found.get("id")), str(found.get("source", where)), found["error"])
        return found, finish(found, Counter())
    except BAD as error:
        advice = "Write records with: rhetoric annotate SOURCE -o FILE.jsonl"
        raise SourceError(where, f"this is not a record ({str(error)[:200]}).", advice) from error


def _written(name: str, path: Path, seen: set[int], warn: Callable[[str], None] | None) -> Iterator[Found]:
    kept, before = 0, list[Failure]()
    for item, now in _held(path):
        if _mark(item) in seen:
            continue
        if warn and not now and not is_analysed(item):
            before.append(item)
        else:
            kept += is_analysed(item)
            yield item
    if not kept:
        yield from before
    elif before and warn:
        listed = f"`rhetoric run info {name}` lists them" if path.is_dir() else 'their lines hold "error"'
        failed = f"{len(before):,} of {kept + len(before):,} documents failed when annotated"
        warn(f"{name}: {failed} ({listed}); the rest is read.")


def _held(path: Path) -> Iterator[tuple[Found, bool]]:
    """Yield what a run or a file holds, and whether that is a failure to read it now."""
    if path.is_dir():
        from rhetoric.corpus.run import read_run

        yield from ((item, False) for item in read_run(path))
        return
    try:
        for where, line in numbered_lines(path):
            try:
                yield parse_record(line, where)[1], False
            except SourceError as error:
                yield Failure.of(error), True
    except SourceError as error:
        yield Failure.of(error), True


def _mark(item: Found) -> int:
    return hash(item["text"] if is_analysed(item) else item.source)


def _documents(items: Iterable[Input | Failure], options: ReadOptions | None) -> Iterator[Document | Failure]:
    for item in items:
        yield from [item] if isinstance(item, Failure) else read([item.name], options=options)
