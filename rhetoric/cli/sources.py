"""SOURCE... as records: records that were written before are read as they are, everything else is annotated."""

import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypedDict, Unpack, cast
from unicodedata import normalize

import typer

from rhetoric.cli import options as o
from rhetoric.cli.run import say_warning
from rhetoric.errors import RhetoricError, SourceError
from rhetoric.ingest import Document, Failure, ReadOptions
from rhetoric.ingest.sources import Input, expand, holds_records
from rhetoric.record import FailureRecord, Record

if TYPE_CHECKING:
    from spacy.language import Language

    from rhetoric.cli.run import Run

_IDS: Final = ("id", "slug")  # what a metadata file may call its first column, if nobody says
_KEPT: Final = ("id", "source")  # what a metadata file does not replace: the name, and where the text was read
_MOST: Final = 10  # columns that an error names
_LONGEST: Final = 40  # characters of each

Maker = Callable[[Iterator[Document | Failure]], Iterator[Record | FailureRecord]]
RecordSources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help="Records (a run, or .jsonl), or files, folders, globs, URLs or - to annotate now.",
    ),
]
MetaFile = Annotated[Path | None, o.given_file("CSV of metadata, a row a document.", "--meta")]
MetaId = Annotated[
    str | None,
    typer.Option(metavar="NAME", help='Its column of ids or of file names without extension; else "id" or "slug".'),
]


@dataclass(frozen=True)
class MetaTable:
    """Metadata by document: ``rows`` holds the columns of each id; ``unmatched`` collects ids that have no row."""

    where: str
    columns: tuple[str, ...]
    rows: Mapping[str, Mapping[str, str]]
    unmatched: list[str] = field(default_factory=list)

    def join(self, record: Record) -> Record:
        """Return ``record`` with the row of its id, or of its file's name without the extension, in its ``meta``."""
        source = str(record["meta"].get("source", ""))
        keys = (normalize("NFC", key) for key in (record["id"], Path(source).stem))  # macOS takes letters apart
        found = next((self.rows[key] for key in keys if key in self.rows), None)
        if found is None:
            self.unmatched.append(Path(source).name or record["id"])
            return record
        added = {name: value for name, value in found.items() if name not in _KEPT}
        return cast("Record", {**record, "meta": {**record["meta"], **added}})


def metadata(path: Path | None, id_column: str | None) -> MetaTable | None:
    """Return the metadata that ``--meta`` names, None where it does not; raises RhetoricError for ``--meta-id`` alone,
    and SourceError as :func:`read_meta` does.
    """
    if path is None and id_column is not None:
        raise RhetoricError("--meta-id names a column of a table of metadata. Name that too: --meta FILE.csv")
    return read_meta(path, id_column) if path else None


def read_meta(path: Path, id_column: str | None = None) -> MetaTable:
    """Read a CSV of metadata whose column ``id_column`` (by default ``id``, else ``slug``) names documents; rows that
    name none are left out.

    Raises SourceError where it cannot be read, lacks that column or names a document twice.
    """
    where = str(path)
    rows: dict[str, dict[str, str]] = {}
    names: list[str] = []
    for place, row in _csv_rows(path):
        if isinstance(row, SourceError):
            raise row
        if isinstance(row, list):
            names = row
            wanted = id_column or next((name for name in _IDS if name in names), "")
            if wanted not in names:
                told = f"there is no column {id_column!r}" if id_column else 'there is no column "id" or "slug"'
                advice = "Say with --meta-id which column names the documents."
                raise SourceError(where, f"{told}; columns found: {_list(names)}.", advice)
            continue
        cells = {name: value.strip() for name, value in row.items() if name and value.strip()}
        key = normalize("NFC", cells.get(wanted, ""))
        if key in rows:
            raise SourceError(place, f"{key!r} has a row already.", "Keep one of them.")
        if key:
            rows[key] = cells
    if not names:
        raise SourceError(where, "this table is empty.", "Check that it was saved completely.")
    return MetaTable(where, tuple(names), rows)


def _csv_rows(path: Path) -> Iterator[tuple[str, list[str] | dict[str, str] | SourceError]]:
    from rhetoric.ingest.detect import HEAD, kind_of
    from rhetoric.ingest.tables import csv_rows

    try:
        data = path.read_bytes()  # it may be a pipe
    except OSError as error:
        raise SourceError(str(path), f"this table cannot be read ({error}).") from error
    if kind_of(data[:HEAD], "csv", str(path)) != "csv":
        raise SourceError(str(path), "this is no CSV.", "Open it in a spreadsheet, and save the table as CSV.")
    yield from csv_rows(io.BytesIO(data), data[:HEAD], str(path), ReadOptions())


def _list(names: list[str]) -> str:
    """Name columns, of which a file that is no table may have many, and long ones."""
    from rhetoric.report.safe import excerpt

    shown = ", ".join(excerpt(name, _LONGEST) for name in names[:_MOST]) or "none"
    return shown + (", ..." if len(names) > _MOST else "")


def no_column(column: str, there: Iterable[str]) -> RhetoricError:
    """Return the error to raise where no document has ``column`` in its metadata; ``there`` are the columns found."""
    named = ", ".join(sorted(there)) or "none"
    return RhetoricError(
        f"No document has {column!r} in its metadata; columns found: {named}. --meta FILE.csv adds more."
    )


class How(TypedDict, total=False):
    """How what is no record yet becomes one: parsed by ``spacy_model``, with the detectors in the folder ``pipeline``;
    with the embeddings if ``embedding``, and the sentences that carry a frame if ``sentences``, which None asks for
    where one document comes alone. ``make`` makes records of documents in place of all that. ``meta`` joins metadata to
    each record, whoever made it.
    """

    spacy_model: str | None
    pipeline: Path | None
    embedding: bool
    sentences: bool | None
    make: Maker | None
    meta: MetaTable | None


def records_from(
    sources: Iterable[str], options: ReadOptions | None = None, **how: Unpack[How]
) -> Iterator[Record | FailureRecord]:
    """Yield a record, or a FailureRecord in its place, for every document that ``sources`` name, in their order.

    A run folder, or a .jsonl or .ndjson file whose first line is a record, is read as it is; all
    else, tables and standard input included, is read with ``options`` and annotated. Of a folder or a glob the
    texts come first, and records, of runs too, only of other texts. The models are loaded only where
    something has to be annotated. Documents without a row in the metadata, and a ``spacy_model`` that was not needed,
    are warned of at the end. Nothing is held but the document at hand.
    """
    for _, item in records_by_source(sources, options, **how):
        yield item


def records_by_source(
    sources: Iterable[str], options: ReadOptions | None = None, **how: Unpack[How]
) -> Iterator[tuple[int, Record | FailureRecord]]:
    """Yield what :func:`records_from` does, each with the number of its source, from 0."""
    chosen, meta, spacy_model = options or ReadOptions(), how.get("meta"), how.get("spacy_model")

    @cache
    def loaded() -> "Language":
        from rhetoric.analysis import load

        return load(spacy_model, detectors=how.get("pipeline"))

    def annotated(found: Iterator[Document | Failure]) -> Iterator[Record | FailureRecord]:
        from rhetoric.analysis import analyse

        sentences = how.get("sentences", False)
        if sentences is None:
            begun = list(islice(found, 2))
            found, sentences = chain(begun, found), len(begun) == 1
        yield from analyse(found, loaded(), embedding=how.get("embedding", False), sentences=sentences)

    make = how.get("make")
    for number, source in enumerate(sources):
        for item in _each_once(source, chosen, make or annotated):
            yield number, item if meta is None or "error" in item else meta.join(item)
    if meta and meta.unmatched:
        shown = ", ".join(meta.unmatched[:5]) + (", ..." if len(meta.unmatched) > 5 else "")
        say_warning(f"{meta.where} has no row for {len(meta.unmatched)} of the documents: {shown}")
    if spacy_model and make is None and not loaded.cache_info().misses:
        say_warning("--spacy-model did nothing: all of it are records, which are read as they are.")


def _each_once(source: str, options: ReadOptions, make: Maker) -> Iterator[Record | FailureRecord]:
    """Yield the records that ``make`` makes of the texts that ``source`` stands for, then its records, but none of the
    same text.

    Records often lie beside the texts that they were made of; such a text counts once, as it is read now.
    """
    inputs = list(expand(source, records=True))
    written = {item: None for item in inputs if holds_records(item)}
    texts = [item for item in inputs if item not in written]
    seen: set[int] = set()
    for record in make(_documents(texts, options)) if texts else ():
        if written:
            seen.add(_mark(record))
        yield record
    yield from (record for record in _written(written) if _mark(record) not in seen)


def _mark(item: Record | FailureRecord) -> int:
    return hash(cast("FailureRecord", item)["source"] if "error" in item else item["text"])


def good_records(items: Iterable[Record | FailureRecord], run: "Run") -> Iterator[Record]:
    """Yield the records among ``items``; count them and the failures, which are reported, in ``run``."""
    return (item for item in run.count(items) if "error" not in item)


def _written(items: Iterable[Input | Failure]) -> Iterator[Record | FailureRecord]:
    for item in items:
        if isinstance(item, Failure) or item.path is None:  # holds_records has seen to it that there is none
            continue
        if item.path.is_dir():
            from rhetoric.corpus.run import read_run

            yield from read_run(item.path)
            continue
        with item.path.open(encoding="utf-8-sig") as lines:
            try:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        yield _parse(line, f"{item.name}:{number}")
            except (OSError, UnicodeDecodeError) as error:
                yield {"id": None, "source": item.name, "error": f"cannot be read any further ({error})."}


def _parse(line: str, where: str) -> Record | FailureRecord:
    from rhetoric.annotation.exchange.finish import BAD, finish

    try:
        found = json.loads(line)
        if isinstance(found, dict) and isinstance(found.get("error"), str):
            return {"id": found.get("id"), "source": str(found.get("source", where)), "error": found["error"]}
        return finish(found, Counter())
    except BAD as error:
        said = f"this is not a record ({str(error)[:200]}). Write records with: rhetoric annotate SOURCE -o FILE.jsonl"
        return {"id": None, "source": where, "error": said}


def _documents(items: Iterable[Input | Failure], options: ReadOptions) -> Iterator[Document | Failure]:
    from rhetoric.ingest import read

    for item in items:
        yield from [item] if isinstance(item, Failure) else read([item.name], options=options)
