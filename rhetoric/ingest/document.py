"""What ingest hands on: a Document, or the Failure that stands in its place, and in that of its record."""

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from rhetoric.errors import SourceError
from rhetoric.record import Record

if TYPE_CHECKING:
    from typing_extensions import TypeIs

_MAX_BYTES = 20_000_000
_CHUNK = 1 << 20  # bytes read at once
_LONGEST = 1_000_000  # characters that the analysis takes, which is spaCy's limit
_WIDEST = 4  # bytes of a character in UTF-8
_DEPTH = 20  # a column nested deeper than this is nobody's metadata
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
# C0 controls except tab and line feed (carriage returns have become line feeds), DEL, and C1. The last are never meant:
# they are characters of cp1252 that somebody read as Latin-1, but for five that it has not.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MEANT = {chr(byte): bytes([byte]).decode("cp1252", "ignore") for byte in range(128, 160)}
# Breaks that str.splitlines knows and editors show as new lines: NEL, line and paragraph separator, vertical tab, FF.
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True)
class Document:
    """One text and what is known of it; every offset the toolkit reports counts characters of ``text``.

    ``id`` is the user's, or the first 16 hexadecimal digits of the SHA-256 of ``text``. ``meta`` can be written as
    JSON; keys in common use are title, date, author, url, source, format, language and warnings (a list of sentences).
    ``source`` and, in a table, ``row`` say where it was read; in ``meta`` columns of the user's may have these names.
    """

    id: str
    text: str
    meta: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    row: int | None = None

    def __post_init__(self) -> None:
        """Take None for ``meta``: nothing is known."""
        if self.meta is None:
            object.__setattr__(self, "meta", {})

    @property
    def place(self) -> str:
        """What to call the place it was read at: its source and its row, as ``meta`` has them where they are empty."""
        source, row = self.source, self.row
        if not source:
            source, row = str(self.meta.get("source", self.id)), self.meta.get("row")
        return source if row is None else f"{source} row {row}"

    def failure(self, reason: str) -> "Failure":
        """Return what stands in the place of its record where it was read and then failed."""
        return Failure(self.id, self.place, reason)


class Failure(dict[str, Any]):
    """A document that could not be read or analysed: its ``id`` where known, the ``source`` that names it, and as
    ``error``, or ``reason``, what is wrong and what to do about it; ``options`` are those that this advises.

    It is a dict, as a record is, in whose place it is kept; the options are not.
    """

    FIELDS = ("id", "source", "error")

    def __init__(self, id: str | None, source: str, reason: str, *options: str) -> None:
        """Keep out what cannot be written: names of files are any bytes, and errors quote them."""
        said = (value and normalise(value) for value in (id, source, reason))
        super().__init__(zip(self.FIELDS, said, strict=True))
        self.options = options

    id = property(lambda self: self["id"])
    source = property(lambda self: self["source"])
    reason = property(lambda self: self["error"])

    @classmethod
    def of(cls, error: SourceError, id: str | None = None) -> "Failure":
        """Return what stands for what ``error`` says."""
        return cls(id, error.where, f"{error.what} {error.advice}".strip(), *error.options)


Found = Record | Failure
"""What becomes of a document."""


def is_analysed(found: Found) -> "TypeIs[Record]":
    """Whether this is a record, and no failure in the place of one."""
    return not isinstance(found.get("error"), str)


def read_up_to(stream: IO[bytes], most: int) -> bytes:
    """Return what is in a stream, ``most`` bytes at most; takes no memory for more than there is."""
    parts: list[bytes] = []
    while most > 0 and (part := stream.read(min(most, _CHUNK))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def advise_shorter(size: int) -> tuple[str, ...]:
    """Say what to do about ``size`` bytes of text that are over a limit, and by which option: raising it helps only
    what can be analysed.
    """
    if size > _WIDEST * _LONGEST:
        return (f"Split the text: {_LONGEST:,} characters are the most that is analysed.",)
    return "Split the text, or raise the limit.", "max_bytes"


@dataclass(frozen=True)
class ReadOptions:
    """How to read.

    ``text_field`` and ``id_field`` name the columns of JSON, CSV and Parquet records (no ``id_field``: a column "id" is
    used where there is one). ``force`` goes on with text that is not English. ``allow_private`` lets URLs reach private
    and loopback addresses. ``max_bytes`` bounds one file, download or record's text; ``timeout`` is the time in seconds
    that one URL may take in all, redirects included.
    """

    text_field: str = "text"
    id_field: str | None = None
    force: bool = False
    allow_private: bool = False
    max_bytes: int = _MAX_BYTES
    timeout: float = 20.0


def make_document(text: str, meta: Mapping[str, Any] | None = None, id: str | None = None) -> Document:
    """Make a Document of ``text`` as :func:`normalise` leaves it; without an ``id`` its content gives one."""
    text = normalise(text)
    given = " ".join(normalise(id).split()) if id is not None else ""
    return Document(given or content_id(text), text, json_able(dict(meta or {})))


def content_id(text: str) -> str:
    """Return the id of a document that was given none."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def normalise(text: str) -> str:
    r"""Return ``text`` with every line break as ``\n`` and nothing in it that UTF-8 or a terminal chokes on.

    A leading byte order mark and control characters go, but those which are characters of cp1252 that were read as
    Latin-1 become these; lone surrogates become U+FFFD, and spaces that do not break a line or have a width of their
    own become plain ones, which is all that a parser knows. Nothing else changes, and a second pass changes nothing.
    """
    text = text.translate(_SPACES)
    text = _CONTROL.sub(lambda found: _MEANT.get(found.group(), ""), _BREAK.sub("\n", text))
    return _SURROGATE.sub("\ufffd", text).lstrip("\ufeff")


def is_missing(value: Any) -> bool:  # noqa: ANN401 - a table's cells are of any type
    """Whether a table's cell holds nothing: None, NaN, NaT or NA, of Python's, NumPy's or pandas' own types."""
    if hasattr(value, "tolist") and getattr(value, "ndim", None) == 0:  # NumPy's scalars
        value = _of_python(value)
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, Decimal):
        return not value.is_finite()
    return value is None or type(value).__name__ in ("NaTType", "NAType")  # pandas is not imported for this


def _of_python(value: Any) -> Any:  # noqa: ANN401
    """Return a scalar or an array of NumPy's as Python has it; times to the nanosecond it would make numbers of."""
    dtype = str(getattr(value, "dtype", ""))
    fine = dtype in ("datetime64[ns]", "timedelta64[ns]")
    return (value.astype(dtype.replace("[ns]", "[us]")) if fine else value).tolist()


def cell_text(value: Any) -> str | None:  # noqa: ANN401 - a table's cells are of any type
    """Return a table's cell as text, None where there is none or a blank one; pandas makes floats of whole numbers with
    gaps.
    """
    if is_missing(value):
        return None
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip() or None


def json_able(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - a table's cells are of any type
    """Return ``value`` as JSON can hold it; missing values (None, NaN, NaT) inside dicts are dropped, bytes are too."""
    if isinstance(value, str):
        return normalise(value)
    if is_missing(value):
        return None
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if depth > _DEPTH or isinstance(value, (bytes, bytearray, memoryview)):
        return None
    if isinstance(value, Mapping):
        pairs = ((normalise(str(k)), json_able(v, depth + 1)) for k, v in value.items())
        return {k: v for k, v in pairs if v is not None}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [json_able(v, depth + 1) for v in value]
    if hasattr(value, "tolist"):  # NumPy's scalars and arrays
        return json_able(_of_python(value), depth + 1)
    return normalise(str(value) if isinstance(value, Path) else f"{value}")
