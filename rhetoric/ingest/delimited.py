"""Text of one record a line or row, within bounds: the lines of any table, and the rows of CSV."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import IO

from rhetoric.errors import SourceError, say_size
from rhetoric.ingest.detect import MIXED, decode, encoding_of
from rhetoric.ingest.document import ReadOptions, advise_shorter

_ESCAPED = 6  # bytes that one byte of text can take in a JSON line (\u0001)
_OTHERS = 1_000_000  # bytes left for the other fields of a line
_UNCLOSED = "Look for a quotation mark that is never closed."
_SEPARATOR = re.compile(r'"?sep=([^\w\s"]|\t)"? *', re.IGNORECASE)
_END = "\0 the end of the table \0"  # a line put after the last: a cell that holds it was still open there


def lines(stream: IO[bytes], head: bytes, where: str, options: ReadOptions, newline: str) -> Iterator[tuple[str, bool]]:
    """Yield each line of ``stream`` and whether it is whole; of one beyond the limit only the beginning is kept."""
    limit = _ESCAPED * options.max_bytes + _OTHERS
    reader = io.TextIOWrapper(stream, encoding_of(head), errors=MIXED, newline=newline)
    try:
        while line := reader.readline(limit):
            whole = len(line) < limit or line.endswith(("\n", "\r"))
            yield line, whole
            while not whole and (rest := reader.readline(limit)):
                whole = rest.endswith(("\n", "\r"))
    finally:
        with suppress(ValueError):  # a table that was given up on may be closed by now
            reader.detach()  # the stream may be standard input, which is not ours to close


def too_long(where: str, options: ReadOptions) -> SourceError:
    """Return what is wrong with a line that is not whole."""
    what = f"this line is longer than a text of {say_size(options.max_bytes)} can make it."
    return SourceError(where, what, *advise_shorter(options.max_bytes))


def csv_rows(
    stream: IO[bytes], head: bytes, where: str, options: ReadOptions
) -> Iterator[tuple[str, list[str] | dict[str, str] | SourceError]]:
    """Yield the header of a CSV, of which ``head`` is a copy of the beginning, as a list of names; then the cells of
    each row that is not empty by these names, or what is wrong with it; and with each what to call its place.

    Raises SourceError where the rest of the file is lost too.
    """
    # The limit is one for the whole process; it is only ever raised, which breaks nobody.
    csv.field_size_limit(max(csv.field_size_limit(), options.max_bytes + 1))
    separator, told = _separator(head, options)
    reader = csv.reader(chain(_whole_lines(stream, head, where, options), [_END]), delimiter=separator)
    while told and not any(next(reader)):  # the line that tells it, and empty ones above
        pass
    header: list[str] | None = None
    number = 0
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except csv.Error as error:
            # The one thing that this reader takes for an error is a cell beyond the limit.
            what = f"a cell that begins in line {begins} is over the limit of {say_size(options.max_bytes)}"
            advice = _of_long_cell(options.max_bytes, broken=reader.line_num > begins)
            raise SourceError(where, f"{what}, so all that follows is lost.", *advice) from error
        if cells == [_END]:
            return
        if cells and cells[-1].endswith(_END):
            # Not the row fails but the table, so ``where`` alone: what a run holds of its rows is found by that.
            row = f"row {number + 1}" if header else "the header"
            what = f"a cell of {row}, which begins in line {begins}, has no end, so all that follows is lost."
            raise SourceError(where, what, _UNCLOSED)
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = [cell.strip() for cell in cells]
            yield where, header
            continue
        number += 1
        place = f"{where} row {number}"
        fault = _fault(cells, len(header), place, f"ends in line {reader.line_num}", options)
        yield place, fault or dict(zip(header, cells, strict=False))


def _fault(cells: list[str], columns: int, place: str, ends: str, options: ReadOptions) -> SourceError | None:
    needed = max(number for number, cell in enumerate(cells, 1) if cell.strip())  # spreadsheets fill rows up
    if needed > columns:
        what = f"{needed} cells under a header of {columns} ({ends})."
        return SourceError(place, what, "Put text that holds the separator in quotation marks.")
    longest = max(cells, key=len)
    if len(longest) > options.max_bytes:
        what = f"a cell of this row holds {len(longest):,} characters, over the limit of {say_size(options.max_bytes)}."
        return SourceError(place, what, *_of_long_cell(len(longest), broken="\n" in longest))
    return None


def _of_long_cell(size: int, *, broken: bool) -> tuple[str, ...]:
    advice, *options = advise_shorter(size)
    lost = "If it holds rows that follow, a quotation mark was never closed. " if broken else ""
    return f"{lost}{advice}", *options


def _whole_lines(stream: IO[bytes], head: bytes, where: str, options: ReadOptions) -> Iterator[str]:
    for line, whole in lines(stream, head, where, options, ""):
        if not whole:
            raise too_long(where, options)
        yield line


def is_header(head: bytes, options: ReadOptions) -> bool:
    """Whether the first line of ``head`` is a table's: two columns or more, the text's and the id's among them."""
    first, _, rest = head.lstrip().partition(b"\n")
    told = b"sep=" in first[:9].lower() and _separator(first, options)[1]
    line = (rest if told else first).split(b"\n", 1)[0].split(b"\r", 1)[0]
    if options.text_field.encode() not in line:
        return False
    cells = next(csv.reader([decode(line)], delimiter=_separator(line, options)[0]), [])
    wanted = {options.text_field, options.id_field or options.text_field}
    spaced = any(cell != cell.strip() for cell in cells)  # a list of words in a sentence
    return len(cells) > 1 and wanted <= set(cells) and not spaced


def _separator(head: bytes, options: ReadOptions) -> tuple[str, bool]:
    """Return what sets cells apart, and whether the first line tells it, as Excel's do ("sep=;"), and is no header.

    Else it is likeliest what sets the name of the text's column apart, or makes most columns of the header line.
    """
    first = (decode(head).lstrip("\ufeff\r\n").splitlines() or [""])[0]
    told = _SEPARATOR.fullmatch(first)
    if told:
        return told.group(1), True

    def columns(separator: str) -> tuple[bool, int]:
        cells = next(csv.reader([first], delimiter=separator), [])
        return options.text_field in map(str.strip, cells), len(cells)

    return max(",\t;|", key=columns), False
