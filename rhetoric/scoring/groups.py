"""What is told of a document besides its text: metadata under the names it goes by, and its date."""

import re
from typing import Final

from rhetoric.ingest.document import cell_text, content_id
from rhetoric.record import Record

NOWHERE: Final = "(none)"  # the group of documents that do not tell
# Other names that a catalogue may have for the same.
_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "author": ("author_or_body",),
    "voice": ("country_of_voice", "country"),
    "country": ("country_of_voice", "voice"),
}
# Without dashes too: 202507, 20250708 and 20250708120000; seconds since 1970 have as many digits as none of these.
_ISO: Final = re.compile(
    r"\s*(\d{4})(?:[-/.](\d\d)(?!\d)|(0[1-9]|1[0-2])(?:[0-3]\d(?:\d{4}(?:\d\d)?)?)?(?!\d)"
    # 2025/7/23 and 2025/7 too: the year first, the day comes last. A lone digit after a point may be half a year.
    r"|([-/.])(\d)\4\d\d?(?!\d)|[-/](\d)(?!\d)|年\s*(\d\d?)\s*月|(?!\d))"
)
_WRITTEN: Final = re.compile(r"\b((?:1[5-9]|20|21)\d\d)\b")
_MONTH: Final = (
    r"\b(?:(jan)(?:uary)?|(feb)(?:ruary)?|(mar)(?:ch)?|(apr)(?:il)?|(may)|(june?)|(july?)|(aug)(?:ust)?"
    r"|(sep)(?:t(?:ember)?)?|(oct)(?:ober)?|(nov)(?:ember)?|(dec)(?:ember)?)\b\.?"
)
# A month beside its year: May 2020, May 12, 2020, 2020 May; but not "2020 may be the year".
_APART: Final = r"[\s,./–-]+"
_BEFORE: Final = re.compile(rf"{_MONTH}(?:{_APART}\d\d?(?:st|nd|rd|th)?)?{_APART}$", re.IGNORECASE)
_AFTER: Final = re.compile(rf"{_APART}{_MONTH}\s*(?=$|[\d,;:()/–-])", re.IGNORECASE)


def tell(record: Record, what: str) -> str | None:
    """Return what the metadata of ``record`` hold under ``what`` or another name for it, None where nothing is.

    ``year`` and ``month`` (2025-07) are taken from the date where there is no such column.
    """
    meta = record["meta"]
    for name in (what, *_ALIASES.get(what, ())):
        if said := cell_text(meta.get(name)):
            return said
    if what in ("year", "month"):
        return date_part(str(meta.get("date") or ""), what)
    return None


def name_of(record: Record, *, short: bool = False) -> str:
    """Return what to call a document: its title, its source or its id.

    The rows of a table have one source, so without a title it is the id that tells them apart, or where none was given
    the number of the row. Of a path it is only the last part if ``short``.
    """
    title, source, row = (tell(record, name) for name in ("title", "source", "row"))
    source = source and (last_part if short else say_source)(source)
    if title:
        return title
    if row and record["id"] != content_id(record["text"]):
        return record["id"]
    return f"{source} row {row}" if source and row else source or record["id"]


def say_source(source: str) -> str:
    """Return an address or a path as it is, and in words what was read from no file."""
    return "standard input" if source == "-" else source


def last_part(source: str) -> str:
    """Return an address as it is, of a path only the name: folders are nobody's business."""
    said = say_source(source)
    return said if "://" in said else said.replace("\\", "/").rstrip("/").rpartition("/")[2]


def date_part(date: str, part: str) -> str | None:
    """Return the year (2025) or month (2025-07) of a date as people write it; None where it has none.

    Read are ISO dates, others with the year first (2025/7/23, 2025/7), years alone, and dates that spell the month out
    in English beside the year; 7/8/2025 has a year but no month, for it depends on the country which of the two is the
    month. Seconds since 1970 are no date.
    """
    found = _ISO.match(date)
    month = None
    if found and _WRITTEN.match(found[1]):
        month = found[2] or found[3] or found[5] or found[6] or found[7]
    else:
        found = _WRITTEN.search(date)
    if found is None or part == "year":
        return found[1] if found else None
    if month is None and (spelt := _BEFORE.search(date[: found.start(1)]) or _AFTER.match(date[found.end(1) :])):
        month = str(spelt.lastindex)
    return f"{found[1]}-{month:0>2}" if month and 1 <= int(month) <= 12 else None
