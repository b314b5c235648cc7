"""The catalogue: which public texts there are, where they can be had, and under which rights (corpora/texts.csv)."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from rhetoric.errors import RhetoricError, SourceError
from rhetoric.resources import CORPORA
from rhetoric.scoring.groups import date_part

SHIPPED: Final = CORPORA / "texts.csv"
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")  # it becomes a file name
_REPO: Final = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+")
_COMMIT: Final = re.compile(r"[0-9a-f]{7,40}")
_SHA: Final = re.compile(r"[0-9a-f]{64}|")
_WITHIN: Final = " :: "  # in a path: what comes after it is the page that one row of a table in the repository holds


@dataclass(frozen=True)
class Entry:
    """One text of a catalogue.

    ``voice`` is the country that speaks, as a two-letter code, or "multi"; ``date`` an ISO date or the beginning of
    one. ``sha256`` is of the file of its extracted text, ``letters_sha256`` of that text's letters and digits alone
    (:func:`letters`); both are empty where they are not known.
    """

    slug: str
    title: str
    author: str
    voice: str
    type: str
    date: str
    words: int | None
    rights: str
    url: str
    sha256: str
    letters_sha256: str

    @property
    def year(self) -> str:
        """The year of its date, empty where there is none."""
        return date_part(self.date, "year") or ""


def letters(text: str) -> str:
    """Return the letters and digits of ``text``: what no way to extract it may change."""
    return re.sub(r"[\W_]+", "", text)


def read_catalogue(path: Path = SHIPPED) -> list[Entry]:
    """Read a catalogue, a CSV with a row a text; raises SourceError for what is no catalogue, or unsafe to fetch.

    It needs the columns ``slug`` and ``url``, or ``repo``, ``commit`` and ``path`` of a file on GitHub in the place of
    ``url``; the others of :class:`Entry` may be there.
    """
    found: dict[str, Entry] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            for row in reader:
                where = f"{path}:{reader.line_num}"
                entry = _entry({name: (value or "").strip() for name, value in row.items() if name in _COLUMNS}, where)
                if entry.slug in found:
                    raise SourceError(where, f"there is a text {entry.slug!r} already.", "Give it another slug.")
                found[entry.slug] = entry
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(str(path), f"this catalogue cannot be read ({error}).", "Save it as CSV in UTF-8.") from error
    if not found:
        raise SourceError(str(path), "there is no text in this catalogue.", "It needs a row a text.")
    return list(found.values())


_OTHER: Final = {"author": "author_or_body", "voice": "country_of_voice", "rights": "licence_or_rights"}
_COLUMNS: Final = {*Entry.__annotations__, *_OTHER.values(), "repo", "commit", "path"}


def _entry(row: dict[str, str], where: str) -> Entry:
    slug, words = row.get("slug", ""), row.get("words", "")
    if not _SLUG.fullmatch(slug):
        what = f"{slug!r} is not a slug."
        raise SourceError(where, what, "A slug becomes a file name: lower-case letters, digits and hyphens.")
    url = row.get("url") or _address(row, where)
    if urlsplit(url).scheme not in ("http", "https"):
        raise SourceError(where, f"{url!r} is no address that can be fetched.", "Give one with http or https.")
    for name in ("sha256", "letters_sha256"):
        if not _SHA.fullmatch(row.get(name, "")):
            raise SourceError(where, f"its {name} is not a SHA-256.", "Give 64 hexadecimal digits, or nothing.")
    told: dict[str, Any] = {name: row.get(name) or row.get(_OTHER.get(name, ""), "") for name in Entry.__annotations__}
    told |= {"title": told["title"] or slug, "words": int(words) if words.isdecimal() else None, "url": url}
    return Entry(**told)


def _address(row: dict[str, str], where: str) -> str:
    """Return the address of a file on GitHub, at the commit, so that it cannot change."""
    path, _, page = row.get("path", "").partition(_WITHIN)
    if page:
        return page
    repo, commit = row.get("repo", ""), row.get("commit", "")
    if not (path and _REPO.fullmatch(repo) and _COMMIT.fullmatch(commit)):
        raise SourceError(where, "it has neither a url nor a repo, commit and path.", "Give one or the other.")
    return f"https://raw.githubusercontent.com/{repo}/{commit}/{quote(path.lstrip('/'))}"


def find_entry(entries: Iterable[Entry], slug: str) -> Entry:
    """Return the text of that slug; raises RhetoricError, with slugs that are near, where there is none."""
    known = {entry.slug: entry for entry in entries}
    if slug in known:
        return known[slug]
    near = [each for each in known if slug and slug in each] or get_close_matches(slug, known, 5, 0.6)
    said = f" Did you mean {', '.join(near[:5])}?" if near else " List them with: rhetoric corpus list"
    raise RhetoricError(f"{slug}: there is no such text in the catalogue.{said}")


def select(
    entries: Sequence[Entry],
    slugs: Sequence[str] = (),
    *,
    voice: Sequence[str] = (),
    type: Sequence[str] = (),
    year: Sequence[str] = (),
) -> list[Entry]:
    """Return the texts named by ``slugs``, or all, that have one of the voices, of the types and of the years.

    A year may be a range, 2016-2019. Raises RhetoricError for a slug that is not there, and a filter that fits nothing.
    """
    chosen = [find_entry(entries, slug) for slug in dict.fromkeys(slugs)] or list(entries)
    years = [_years(each) for each in year]
    for name, wanted in (("voice", voice), ("type", type)):
        known = sorted({str(getattr(entry, name)) for entry in entries})
        for value in wanted:
            if value.casefold() not in map(str.casefold, known):
                raise RhetoricError(f"--{name} {value}: no text has this {name}. There are: {', '.join(known)}.")
    return [
        entry
        for entry in chosen
        if _among(entry.voice, voice)
        and _among(entry.type, type)
        and (not years or any(first <= entry.year <= last for first, last in years))
    ]


def _among(value: str, wanted: Sequence[str]) -> bool:
    return not wanted or value.casefold() in {each.casefold() for each in wanted}


def _years(written: str) -> tuple[str, str]:
    found = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", written)
    if not found:
        raise RhetoricError(f"{written}: this is no year, such as 2019, and no range, such as 2016-2019.", "year")
    return found[1], found[2] or found[1]
