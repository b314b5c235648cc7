"""What is told of a document besides its text: metadata under the names it goes by, and its date."""

import re
from typing import Final

from rhetoric.record import Record

# Other names that a catalogue may have for the same.
_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "author": ("author_or_body",),
    "voice": ("country_of_voice", "country"),
    "country": ("country_of_voice", "voice"),
}
_WRITTEN: Final = re.compile(r"\b((?:1[5-9]|20|21)\d\d)\b")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_REST: Final = "uary|ruary|ch|il|e|y|ust|t|tember|ober|ember"
_MONTH: Final = re.compile(rf"\b({'|'.join(_MONTHS)})(?:{_REST})?\b", re.IGNORECASE)


def tell(record: Record, what: str) -> str | None:
    """Return what the metadata of ``record`` hold under ``what`` or another name for it, None where nothing is.

    ``year`` and ``month`` (2025-07) are taken from the date where there is no such column.
    """
    meta = record["meta"]
    for name in (what, *_ALIASES.get(what, ())):
        if meta.get(name) not in (None, ""):
            return str(meta[name])
    if what in ("year", "month"):
        return date_part(str(meta.get("date") or ""), what)
    return None


def date_part(date: str, part: str) -> str | None:
    """Return the year (2025) or month (2025-07) of a date as people write it; None where it has none.

    Read are ISO dates, years alone, and dates that spell the month out in English; 7/8/2025 has a year but no month,
    for it depends on the country which of the two is the month.
    """
    found = re.match(r"\s*(\d{4})(?:-(\d\d)(?!\d))?", date)
    year, month = (found[1], found[2]) if found and _WRITTEN.match(found[1]) else (None, None)
    if year is None:
        written = _WRITTEN.search(date)
        year = written[1] if written else None
    if month is None and (spelt := _MONTH.search(date)):
        month = f"{_MONTHS.index(spelt[1].lower()) + 1:02}"
    if part == "year" or year is None:
        return year
    return f"{year}-{month}" if month and "01" <= month <= "12" else None
