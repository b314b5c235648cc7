"""SOURCE... as records: records that were written before are read as they are, everything else is annotated."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict, Unpack

import typer

from rhetoric.cli import options as o
from rhetoric.cli.metadata import MetaTable
from rhetoric.cli.outcome import progress, say_warning
from rhetoric.errors import SourceError
from rhetoric.ingest.document import Document, Failure, Found, ReadOptions, cell_text, is_analysed
from rhetoric.ingest.sources import Input, expand, holds_records
from rhetoric.record import Record

if TYPE_CHECKING:
    from spacy.language import Language

    from rhetoric.cli.outcome import Outcome

Maker = Callable[[Iterator[Document | Failure]], Iterator[Found]]
RecordSources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help="Records (a run, or .jsonl), or files, folders, globs, URLs or - to annotate now.",
    ),
]


class Asked(TypedDict, total=False):
    """What records are to hold: the embeddings if ``embedding``, and the sentences that carry a frame if ``sentences``,
    which None asks for where one document comes alone. ``make`` makes records of documents in place of the detectors.
    ``meta`` joins metadata to each record, whoever made it. ``figures`` says that those in ``How.pipeline`` are told of
    records too.
    """

    embedding: bool
    sentences: bool | None
    make: Maker | None
    meta: MetaTable | None
    figures: bool


def take_records(
    sources: Iterable[str], outcome: "Outcome", how: o.How = o.DEFAULTS, *, lines: bool = False, **asked: Unpack[Asked]
) -> Iterator[Record]:
    """Yield the records among what :func:`records_from` does, as :func:`good_records` counts them, with a progress bar;
    ``lines`` says that lines go to standard output meanwhile.
    """
    return good_records(progress(records_from(sources, how, **asked), lines=lines), outcome)


def records_from(sources: Iterable[str], how: o.How = o.DEFAULTS, **asked: Unpack[Asked]) -> Iterator[Found]:
    """Yield what :func:`records_by_source` does without the numbers: for notebooks, which have no ``Outcome``."""
    return (item for _, item in records_by_source(sources, how, **asked))


def records_by_source(
    sources: Iterable[str], how: o.How = o.DEFAULTS, **asked: Unpack[Asked]
) -> Iterator[tuple[int, Found]]:
    """Yield a record, or a Failure in its place, for every document that ``sources`` name, in their order, each
    with the number of its source, from 0.

    A run folder, or a .jsonl or .ndjson file whose first line is a record, is read as it is, what failed when it was
    annotated passed over with a warning; all else, tables and standard input included, is read and annotated as ``how``
    says. Of a folder or a glob the texts come first, and records, of runs too, only of other texts. The models are
    loaded only where something has to be annotated. Documents without a row in the metadata, and a ``spacy_model`` or
    ``pipeline`` that was not needed, are warned of at the end. Nothing is held but the document at hand.
    """
    meta, make = asked.get("meta"), asked.get("make")

    @cache
    def loaded() -> "Language":
        from rhetoric.analysis import load

        return load(how.spacy_model, detectors=how.pipeline)

    def annotated(found: Iterator[Document | Failure]) -> Iterator[Found]:
        from rhetoric.analysis import analyse

        sentences = asked.get("sentences", False)
        if sentences is None:
            begun = list(islice(found, 2))
            found, sentences = chain(begun, found), len(begun) == 1
        yield from analyse(found, loaded(), embedding=asked.get("embedding", False), sentences=sentences)

    for number, source in enumerate(sources):
        for item in _each_once(source, how, make or annotated):
            yield number, meta.join(item) if meta and is_analysed(item) else item
    if meta and meta.unmatched:
        shown = ", ".join(meta.unmatched[:5]) + (", ..." if len(meta.unmatched) > 5 else "")
        say_warning(f"{meta.where} has no row for {len(meta.unmatched)} of the documents: {shown}")
    if not loaded.cache_info().misses:
        asked_for = {"--spacy-model": how.spacy_model, "--pipeline": None if asked.get("figures") else how.pipeline}
        if unused := " and ".join(name for name, given in asked_for.items() if given):
            say_warning(f"{unused} did nothing: nothing was annotated. Records are read as they are.")


def _each_once(source: str, options: ReadOptions, make: Maker) -> Iterator[Found]:
    """Yield the records that ``make`` makes of the texts that ``source`` stands for, then its records, but none of the
    same text.

    Records often lie beside the texts that they were made of; such a text counts once, as it is read now.
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
            yield from _written(item.name, item.path, seen)


def _mark(item: Found) -> int:
    return hash(item["text"] if is_analysed(item) else item.source)


def good_records(items: Iterable[Found], outcome: "Outcome") -> Iterator[Record]:
    """Yield the records among ``items``; count them and the failures, which are reported, in ``outcome``."""
    return (item for item in outcome.count(items) if is_analysed(item))


def _written(name: str, path: Path, seen: set[int]) -> Iterator[Found]:
    """Yield the records of a run or a file but those ``seen``, and a failure for what cannot be read of it now.

    What failed when it was annotated was an error then; now it is told in one line, unless nothing else is there.
    """
    from rhetoric.report.words import count

    kept, failed = 0, list[Failure]()
    for item in _held(name, path):
        if isinstance(item, SourceError):
            yield Failure.of(item)
        elif _mark(item) not in seen:
            if is_analysed(item):
                kept += 1
                yield item
            else:
                failed.append(item)
    if not kept:
        yield from failed
    elif failed:
        listed = f"`rhetoric run info {name}` lists them" if path.is_dir() else 'their lines hold "error"'
        what = f"{len(failed):,} of {count(kept + len(failed), 'document')} failed when annotated"
        say_warning(f"{name}: {what} ({listed}); the rest is read.")


def _held(name: str, path: Path) -> Iterator[Found | SourceError]:
    if path.is_dir():
        from rhetoric.corpus.run import read_run

        yield from read_run(path)
        return
    with path.open(encoding="utf-8-sig") as lines:
        try:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _parse(line, f"{name}:{number}")
        except (OSError, UnicodeDecodeError) as error:
            yield SourceError(name, f"cannot be read any further ({error}).")


def _parse(line: str, where: str) -> Found | SourceError:
    from rhetoric.annotation.exchange.finish import BAD, finish

    try:
        found = json.loads(line)
        if isinstance(found, dict) and isinstance(found.get("error"), str):
            return Failure(cell_text(found.get("id")), str(found.get("source", where)), found["error"])
        return finish(found, Counter())
    except BAD as error:
        said = f"this is not a record ({str(error)[:200]}). Write records with: rhetoric annotate SOURCE -o FILE.jsonl"
        return SourceError(where, said)


def _documents(items: Iterable[Input | Failure], options: ReadOptions) -> Iterator[Document | Failure]:
    from rhetoric.ingest import read

    for item in items:
        yield from [item] if isinstance(item, Failure) else read([item.name], options=options)
