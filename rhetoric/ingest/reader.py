"""The way in: sources to documents, lazily, one Failure for each thing that cannot be read."""

import io
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rhetoric.errors import SourceError, say_size
from rhetoric.ingest.delimited import is_header
from rhetoric.ingest.detect import HEAD, kind_of, opening_of
from rhetoric.ingest.document import (
    Document,
    Failure,
    ReadOptions,
    advise_shorter,
    make_document,
    normalise,
    read_up_to,
)
from rhetoric.ingest.docx import read_docx
from rhetoric.ingest.html import read_html
from rhetoric.ingest.language import NAMES, foreign_language
from rhetoric.ingest.pdf import read_pdf
from rhetoric.ingest.sources import EXTENSIONS, Input, expand, is_url
from rhetoric.ingest.tables import Row, read_rows
from rhetoric.ingest.text import read_markdown, read_text

if TYPE_CHECKING:
    from rhetoric.ingest.web import Page

_STREAMED = {"jsonl", "json", "csv", "tsv", "parquet"}
_RECORD = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"')


def read(sources: Iterable[str | Path], *, options: ReadOptions | None = None) -> Iterator[Document | Failure]:
    """Yield a Document, or a Failure in its place, for everything that ``sources`` name, in their order.

    A source is a path, a folder, a glob, "-" for standard input, or an http(s) URL. Nothing is read before it is asked
    for, and no more than one document is held at a time; one that cannot be read never raises.
    """
    chosen = options or ReadOptions()
    for source in [sources] if isinstance(sources, (str, Path)) else sources:
        for item in expand(source):
            yield from [item] if isinstance(item, Failure) else _guarded(_read(item, chosen), item.name)


def read_page(page: "Page", name: str, options: ReadOptions) -> Iterator[Document | Failure]:
    """Yield what :func:`read` does, of what was fetched from the URL ``name`` already."""
    yield from _guarded(_of_page(page, name, options), name)


def _guarded(found: Iterator[Document | Failure], name: str) -> Iterator[Document | Failure]:
    try:
        yield from found
    except SourceError as error:
        yield Failure.of(error)
    except OSError as error:
        yield Failure(None, name, f"cannot be read: {error.strerror or error}.")
    except Exception as error:  # a reader's own fault must not end a run over ten thousand files
        kind = type(error).__name__
        yield Failure(None, name, f"cannot be read ({kind}: {str(error)[:200]}). Save it as .txt and give that.")


def _read(item: Input, options: ReadOptions) -> Iterator[Document | Failure]:
    if is_url(item.name):
        from rhetoric.ingest.web import fetch

        yield from _of_page(fetch(item.name, options), item.name, options)
    elif item.path is None:
        stream = _buffered(sys.stdin.buffer)
        try:
            yield from _documents(stream, "-", None, options)
        finally:
            stream.detach()  # standard input is not ours to close
    else:
        declared = EXTENSIONS.get(item.path.suffix.lower())
        with _buffered(item.path.open("rb")) as stream:
            yield from _documents(stream, item.name, declared, options)


def _buffered(stream: Any) -> io.BufferedReader:  # noqa: ANN401 - a binary stream, of whatever class
    """Return a stream that may be a pipe, which cannot be wound back, with room for the beginning that is looked at."""
    return io.BufferedReader(stream, HEAD)


def _of_page(page: "Page", name: str, options: ReadOptions) -> Iterator[Document | Failure]:
    by_name = EXTENSIONS.get(Path(urlsplit(page.url).path).suffix.lower())
    # Servers send Markdown and tables as plain text; there the name knows more.
    declared = by_name if page.kind in (None, "txt") and by_name else page.kind
    yield from _documents(_buffered(io.BytesIO(page.data)), name, declared, options, page)


def _documents(
    stream: io.BufferedReader, where: str, declared: str | None, options: ReadOptions, page: "Page | None" = None
) -> Iterator[Document | Failure]:
    """Yield the documents in a stream; ``page`` says that it was fetched, and what else is known of that."""
    head = stream.peek(HEAD)
    if declared in (None, "txt"):
        declared = _records_in(opening_of(head), options) or declared
    kind = kind_of(head, declared, where)
    meta = {"source": where, **({"url": page.url} if page else {}), "format": kind}
    if kind in _STREAMED:
        table: IO[bytes] = stream
        if kind == "parquet" and not stream.seekable():
            table = io.BytesIO(_whole(stream, where, options))  # its index is at its end
        for row in read_rows(table, kind, head, where, options):
            yield row if isinstance(row, Failure) else _document(row, {**meta, "row": row.number}, options)
        return
    data = _whole(stream, where, options, text=kind in ("txt", "md"))
    if kind in ("pdf", "docx"):
        text, found = (read_pdf if kind == "pdf" else read_docx)(data, where, options.max_bytes)
    else:
        reader = {"html": read_html, "md": read_markdown}.get(kind, read_text)
        text, found = reader(data, where, page.charset if page else None)
    yield _document(Row(text, found, None, None, where), meta, options)


def _records_in(head: bytes, options: ReadOptions) -> str | None:
    """Records where no name says so: "csv" if the first line names the fields, "jsonl" if it is a whole record."""
    if not _RECORD.match(head):
        return "csv" if is_header(head, options) else None
    try:
        return "jsonl" if isinstance(json.loads(head.splitlines()[0]), dict) else "json"
    except (ValueError, RecursionError):
        return "json"


def _whole(stream: IO[bytes], where: str, options: ReadOptions, *, text: bool = False) -> bytes:
    limit, size = options.max_bytes, 0
    if stream.seekable():
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
    data = b"" if size > limit else read_up_to(stream, limit + 1)
    if size > limit or len(data) > limit:
        what = f"this is {say_size(size)}," if size else "this is"
        advice: tuple[str, ...] = "Split it into one file a text, or raise the limit.", "max_bytes"
        if text:
            advice = advise_shorter(max(size, limit))
        raise SourceError(where, f"{what} over the limit of {say_size(limit)} for one document.", *advice)
    return data


def _document(row: Row, meta: dict[str, Any], options: ReadOptions) -> Document | Failure:
    """Make a document of a row, or of a whole file. Its own columns come last: "source" says where it was published."""
    id, where = row.id, row.where
    made = make_document(row.text, {**meta, **row.meta}, id)
    document = replace(made, source=normalise(meta["source"]), row=row.number)
    if not document.text.strip():
        return Failure(id, where, "there is no text here, only space. Check that it was saved completely.")
    size = len(document.text.encode())
    if size > options.max_bytes:
        advice, *named = advise_shorter(size)
        limit = f"{say_size(size)} of text is over the limit of {say_size(options.max_bytes)}"
        return Failure(id, where, f"{limit} for one document. {advice}", *named)
    foreign = foreign_language(document.text)
    if not foreign:
        return document
    code, sure = foreign
    said = f"looks like {NAMES[code]} ({code}), {min(sure, 0.99):.0%}: the detectors know English only"
    if not options.force:
        return Failure(id, where, f"{said}. To go on all the same, force it.", "force")
    before = document.meta.get("warnings")  # a table may have a column of that name, of whatever it holds
    warnings = [*(before if isinstance(before, list) else []), f"{said}."]
    return replace(document, meta={**document.meta, "language": code, "warnings": warnings})
