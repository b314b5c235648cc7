"""SOURCE... as records: records that were written before are read as they are, everything else is annotated."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Annotated, TypedDict, Unpack

import typer

from rhetoric.cli import options as o
from rhetoric.cli.metadata import MetaTable
from rhetoric.cli.outcome import progress, say_warning
from rhetoric.ingest.document import Document, Failure, Found, is_analysed
from rhetoric.record import Record

if TYPE_CHECKING:
    from spacy.language import Language

    from rhetoric.annotation.records import Maker
    from rhetoric.cli.outcome import Outcome

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
    records too. ``warn`` is told how many documents had failed when records were written, which are passed over; where
    it is None, these are among the records.
    """

    embedding: bool
    sentences: bool | None
    make: "Maker | None"
    meta: MetaTable | None
    figures: bool
    warn: Callable[[str], None] | None


def take_records(
    sources: Iterable[str], outcome: "Outcome", how: o.How = o.DEFAULTS, *, lines: bool = False, **asked: Unpack[Asked]
) -> Iterator[Record]:
    """Yield the records among what :func:`records_by_source` does, as :func:`good_records` counts them, with a progress
    bar; ``lines`` says that lines go to standard output meanwhile.
    """
    found = (item for _, item in records_by_source(sources, how, **asked))
    return good_records(progress(found, lines=lines), outcome)


def records_from(sources: Iterable[str], how: o.How = o.DEFAULTS, **asked: Unpack[Asked]) -> Iterator[Found]:
    """Yield what :func:`records_by_source` does without the numbers, and all failures: for notebooks, which have no
    ``Outcome``.
    """
    asked.setdefault("warn", None)
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
    from rhetoric.annotation.records import read_records

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
        for item in read_records(source, make or annotated, options=how, warn=asked.get("warn", say_warning)):
            yield number, meta.join(item) if meta and is_analysed(item) else item
    if meta and meta.unmatched:
        shown = ", ".join(meta.unmatched[:5]) + (", ..." if len(meta.unmatched) > 5 else "")
        say_warning(f"{meta.where} has no row for {len(meta.unmatched)} of the documents: {shown}")
    if not loaded.cache_info().misses:
        asked_for = {"--spacy-model": how.spacy_model, "--pipeline": None if asked.get("figures") else how.pipeline}
        if unused := " and ".join(name for name, given in asked_for.items() if given):
            say_warning(f"{unused} did nothing: nothing was annotated. Records are read as they are.")


def good_records(items: Iterable[Found], outcome: "Outcome") -> Iterator[Record]:
    """Yield the records among ``items``; count them and the failures, which are reported, in ``outcome``."""
    return (item for item in outcome.count(items) if is_analysed(item))
