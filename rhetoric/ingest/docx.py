"""Word documents, by python-docx, once the archive has been found harmless."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from rhetoric.errors import SourceError, say_size

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MARKUP = 3  # times the limit on bytes that one XML part may unpack to; markup is the larger part of a .docx
_WHOLE = 10  # times that limit for all parts together, pictures included
_PARTS = 10_000
# What python-docx writes into documents that it makes, and tells of those that say nothing.
_OF_NOBODY = ("Word Document", "python-docx", datetime(2013, 12, 23, 23, 15, tzinfo=UTC))
_RESAVE = "Open it in Word and save it as .docx again, or as .txt."


def read_docx(data: bytes, where: str, max_bytes: int) -> tuple[str, dict[str, Any]]:
    """Return the body text of a .docx, one paragraph each for paragraphs and table rows, with title, author and date.

    Tracked insertions count; tracked deletions, and what was moved elsewhere, do not. Headers, footers, footnotes and
    comments are left out. Raises SourceError for an archive that is damaged, no Word document, or unpacks to far more
    than ``max_bytes``.
    """
    _check_archive(data, where, max_bytes)
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        paragraphs = list(_rows(_paragraphs(document.element.body)))
        core = document.core_properties
        made = core.created if core.created not in _OF_NOBODY else None
        meta = {"title": core.title, "author": core.author, "date": made and made.date().isoformat()}
    except Exception as error:  # python-docx raises whatever it stumbles over
        raise SourceError(where, "this .docx is damaged.", _RESAVE) from error
    if not paragraphs:
        raise SourceError(where, "this .docx holds no text (only pictures, perhaps).", "Give a document with text.")
    return "\n\n".join(paragraphs), {k: v for k, v in meta.items() if v and v not in _OF_NOBODY}


def _check_archive(data: bytes, where: str, max_bytes: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise SourceError(where, "this .docx is damaged or cut short.", "Download or save it again.") from error
    names = {part.filename for part in parts}
    if "word/document.xml" not in names and "[Content_Types].xml" not in names:
        if "content.xml" in names or "Index/Document.iwa" in names:
            raise SourceError(
                where, "this is a document of LibreOffice or Pages.", "Open it there and save it as .docx."
            )
        what = "an e-book (.epub)" if "META-INF/container.xml" in names else "a zip archive, not a Word document"
        raise SourceError(where, f"this is {what}.", "Unpack it, and give the files inside.")
    if not any(name.startswith("word/") for name in names):
        raise SourceError(
            where, "this is a spreadsheet or a presentation, not a Word document.", "Save it as .csv or .txt."
        )
    # zipfile never unpacks a part beyond the size declared for it, so the declared sizes can be trusted as bounds.
    markup = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    whole = sum(part.file_size for part in parts)
    if markup > _MARKUP * max_bytes or whole > _WHOLE * max_bytes or len(parts) > _PARTS:
        size = f"{whole / 1e6:,.0f} MB in {len(parts):,} parts"
        raise SourceError(where, f"this .docx of {say_size(len(data))} unpacks to {size} (a zip bomb?).", _RESAVE)
    if any(part.flag_bits & 1 for part in parts):
        raise SourceError(where, "this .docx is encrypted.", "Open it in Word and save it without a password.")


def _paragraphs(body: Any) -> Iterator[tuple[Any, Any, str]]:  # noqa: ANN401 - lxml publishes no types
    """Paragraphs in reading order wherever they stand, each after the row and the cell of a table that it stands in:
    python-docx's own list misses tracked changes and controls.
    """
    for paragraph in body.iter(f"{_W}p"):
        text = "".join(_runs(paragraph))
        if text.strip() and next(paragraph.iterancestors(_FALLBACK), None) is None:  # a text box, stored a second time
            cell = next(paragraph.iterancestors(f"{_W}tc"), None)  # of tables in tables the inner one
            yield None if cell is None else next(cell.iterancestors(f"{_W}tr"), None), cell, text


def _rows(paragraphs: Iterable[tuple[Any, Any, str]]) -> Iterator[str]:
    """Join the cells of a row, as far as a cell is one paragraph: "China" alone says nothing. Others stay apart."""
    for _, row in groupby(paragraphs, key=itemgetter(0)):
        joined: list[str] = []
        label = False  # whether the cell before was one paragraph
        for _, cell in groupby(row, key=itemgetter(1)):
            texts = [text for *_, text in cell]
            if label:
                joined[-1] += "\t" + texts.pop(0)
                label = not texts
            else:
                label = len(texts) == 1
            joined += texts
        yield from joined


def _runs(element: Any) -> Iterator[str]:  # noqa: ANN401
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in (f"{_W}tab", f"{_W}ptab"):
            yield "\t"
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag not in (f"{_W}p", f"{_W}pPr", f"{_W}rPr", f"{_W}moveFrom", _FALLBACK):
            yield from _runs(child)  # a text box holds paragraphs of its own: the walk above meets them
