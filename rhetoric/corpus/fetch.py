"""Fetching texts of a catalogue: politely, checked, and so that a run that was stopped goes on where it was."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urljoin, urlsplit

from rhetoric.corpus.catalogue import Entry, letters
from rhetoric.corpus.metadata import add_row, read_rows, write_rows
from rhetoric.errors import RhetoricError, SourceError
from rhetoric.ingest import Document, Failure, ReadOptions
from rhetoric.ingest.reader import read_page
from rhetoric.ingest.sources import PROVENANCE, TABLE, TEXTS
from rhetoric.ingest.web import Page, fetch
from rhetoric.writing import replacing

if TYPE_CHECKING:
    from protego import Protego

PAUSE: Final = 1.0  # seconds
_AGENT: Final = "rhetoric-toolkit"
_LONGEST_PAUSE: Final = 60.0  # however long a host asks us to wait
_DAY: Final = 86_400.0  # the longest pause of the user's: no platform sleeps for ever
_ROBOTS_BYTES: Final = 500_000  # the size that RFC 9309 asks to be read
_BUSY: Final = (429, 503)

Status = Literal["same", "same words", "differs", "unchecked", "failed"]


@dataclass(frozen=True)
class Fetched:
    """A line of the provenance: what became of one text.

    ``status``: "same" where the extracted text is the catalogue's to the byte; "same words" where only spacing and
    punctuation differ; "differs" where it reads otherwise; "unchecked" where the catalogue has no checksum; "failed".
    ``sha256`` is of the text's file, ``bytes`` and ``download_sha256`` of what came over the net, ``found_at`` where
    redirects led. ``kept`` says that an earlier run fetched it, ``options`` are those that the note advises; these do
    not go into the provenance.
    """

    slug: str
    url: str
    time: str
    status: Status
    rights: str
    note: str = ""
    found_at: str = ""
    sha256: str = ""
    bytes: int = 0
    download_sha256: str = ""
    kept: bool = False
    options: tuple[str, ...] = ()


def fetch_texts(
    entries: Iterable[Entry],
    folder: Path,
    options: ReadOptions | None = None,
    *,
    pause: float = PAUSE,
    overwrite: bool = False,
) -> Iterator[Fetched]:
    """Fetch texts one after the other into ``folder/texts/SLUG.txt``, a line each in ``folder/provenance.jsonl``.

    What the catalogue tells of the texts that are there goes into ``folder/texts.csv``, to be joined to their records.
    A text that is there already, as it was fetched, is not fetched again; everything else is written under its name
    only once it is complete. Between two requests to one host ``pause`` seconds pass, or more where its robots.txt asks
    for it; what that forbids is not fetched, nor followed to. Addresses are checked as everywhere
    (``options.allow_private``). A text that cannot be had is yielded with status "failed". Raises RhetoricError where
    the folder cannot be written.
    """
    chosen, hosts = options or ReadOptions(), _Hosts(min(pause, _DAY))
    try:
        (folder / TEXTS).mkdir(parents=True, exist_ok=True)
        known, rows = read_provenance(folder), read_rows(folder / TABLE)
        try:
            for entry in entries:
                path = folder / TEXTS / f"{entry.slug}.txt"
                there = None if overwrite or not path.exists() else _there(entry, path, known.get(entry.slug))
                found = there or _fetch(entry, path, chosen, hosts)
                if not found.kept:
                    _record(folder, found)
                if found.status != "failed":
                    add_row(rows, entry)
                yield found
        finally:  # a run that is stopped too leaves a table of what it has fetched
            write_rows(folder / TABLE, rows)
    except OSError as error:
        raise RhetoricError(f"{folder}: cannot be written ({error.strerror or error}).") from error


def read_provenance(folder: Path) -> dict[str, Fetched]:
    """Return the last line of each text that was fetched into ``folder``; lines that a stopped run left are skipped."""
    found: dict[str, Fetched] = {}
    path = folder / PROVENANCE
    names = {each.name for each in fields(Fetched)}
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n") if path.is_file() else ():
        with suppress(ValueError, TypeError, AttributeError):
            each = Fetched(**{name: value for name, value in json.loads(line).items() if name in names})
            if each.status != "failed":
                found[each.slug] = each
    return found


def _record(folder: Path, found: Fetched) -> None:
    row: dict[str, Any] = {name: value for name, value in asdict(found).items() if name not in ("kept", "options")}
    with (folder / PROVENANCE).open("a+b") as stream:
        end = stream.seek(0, 2)
        stream.seek(max(0, end - 1))
        torn = stream.read(1) not in (b"", b"\n")  # a run was stopped in the middle of a line
        stream.write((b"\n" if torn else b"") + json.dumps(row, ensure_ascii=False).encode() + b"\n")


def _there(entry: Entry, path: Path, known: Fetched | None) -> Fetched | None:
    """Return what a file that is there already is, None where it has to be fetched again."""
    digest = _sha(path.read_bytes())
    if known and known.sha256 == digest:
        return replace(known, kept=True) if known.url == entry.url else None
    plain = _start(entry)
    if digest == entry.sha256:
        return replace(plain, status="same", sha256=digest, note="was in the folder already, and was not fetched")
    what = f"{path} is not as it was fetched, or came from elsewhere. Move it away, or replace it."
    return replace(plain, note=what, kept=True, options=("overwrite",))


def _start(entry: Entry) -> Fetched:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Fetched(entry.slug, entry.url, now, "failed", entry.rights)


def _fetch(entry: Entry, path: Path, options: ReadOptions, hosts: "_Hosts") -> Fetched:
    plain = _start(entry)
    try:
        page = hosts.get(entry.url, options)
        document = _extract(page, entry, options)
    except SourceError as error:
        return replace(plain, note=f"{error.what} {error.advice}".strip(), options=error.options)
    data = (document.text.rstrip("\n") + "\n").encode()
    status, note = _check(entry, data)
    with replacing(path) as file:
        file.write(data)
    notes = [note, *document.meta.get("warnings", [])]
    return replace(
        plain,
        status=status,
        note=" ".join(each for each in notes if each),
        found_at=page.url if page.url != entry.url else "",
        sha256=_sha(data),
        bytes=len(page.data),
        download_sha256=_sha(page.data),
    )


def _extract(page: Page, entry: Entry, options: ReadOptions) -> Document:
    """Read what was downloaded as any page is read; raises SourceError where it holds no text, or several."""
    found = list(read_page(page, entry.url, options))
    if len(found) != 1:
        raise SourceError(entry.url, f"this holds {len(found)} documents, where one is meant.", "Check the address.")
    if isinstance(found[0], Failure):
        raise SourceError(entry.url, found[0].reason, "", *found[0].options)
    return found[0]


def _check(entry: Entry, data: bytes) -> tuple[Status, str]:
    """Compare an extracted text with the catalogue's checksums; return the status and what to know of it."""
    if not entry.sha256:
        return "unchecked", "the catalogue has no checksum of this text"
    if _sha(data) == entry.sha256:
        return "same", ""
    if entry.letters_sha256 and _sha(letters(data.decode()).encode()) == entry.letters_sha256:
        return "same words", "only spacing and punctuation differ from the text that the catalogue's checksum is of"
    said = "it reads otherwise than the text that the catalogue's checksum is of: extracted otherwise, or changed since"
    return "differs", said


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class _Host:
    asked: bool = False  # whether its robots.txt was
    rules: "Protego | None" = None
    pause: float = 0.0
    closed: str = ""  # why nothing more is asked of it
    advice: tuple[str, ...] = ("Fetch the same again later: it goes on from here.",)  # where it is closed, with options


@dataclass
class _Hosts:
    """What is known of each host, so that none is asked too often, or for what it does not want fetched."""

    pause: float
    known: dict[str, _Host] = field(default_factory=dict)
    turns: dict[str, float] = field(default_factory=dict)  # by the host's name: http and https are one machine

    def get(self, url: str, options: ReadOptions) -> Page:
        """Fetch a page when its host's turn has come; raises SourceError where it, or what it leads to, may not be."""
        return self._request(url, options, lambda hop: self._may_ask(hop, options))

    def _may_ask(self, url: str, options: ReadOptions) -> _Host:
        host = self._host(url)
        if not host.asked:
            host.asked = True
            self._ask_rules(urljoin(url, "/robots.txt"), host, options)
        if host.closed:
            raise SourceError(url, host.closed, *host.advice)
        if host.rules and not host.rules.can_fetch(url, _AGENT):
            advice = "Open it in a browser, and save it."
            raise SourceError(url, "the host's robots.txt asks not to fetch this.", advice)
        return host

    def _host(self, url: str) -> _Host:
        parts = urlsplit(url)
        return self.known.setdefault(f"{parts.scheme}://{parts.netloc}".lower(), _Host(pause=self.pause))

    def _ask_rules(self, url: str, host: _Host, options: ReadOptions) -> None:
        """Read robots.txt as RFC 9309 has it: where there is none all may be fetched, where it fails nothing may."""
        from protego import Protego

        try:
            page = self._request(url, replace(options, max_bytes=_ROBOTS_BYTES), self._host)
        except SourceError as error:
            if not 400 <= (error.status or 0) < 500 or error.status in _BUSY:
                host.closed = host.closed or f"the host's robots.txt cannot be read: {error.what}"
                if "allow_private" in error.options:  # time changes nothing
                    host.advice = error.advice, *error.options
            return
        host.rules = Protego.parse(page.data.decode("utf-8-sig", "replace"))
        host.pause = max(self.pause, min(host.rules.crawl_delay(_AGENT) or 0.0, _LONGEST_PAUSE))

    def _request(self, url: str, options: ReadOptions, host_of: Callable[[str], _Host]) -> Page:
        """Fetch a page; ``host_of`` gives the host of it, and of each address that it leads to, or says why not."""
        host, name = _Host(), ""

        def before(hop: str) -> None:
            nonlocal host, name
            self.turns[name] = time.monotonic()
            host, name = _Host(), ""  # no host is to blame where this one may not be asked
            host, name = host_of(hop), urlsplit(hop).hostname or ""
            time.sleep(max(0.0, self.turns.get(name, float("-inf")) + host.pause - time.monotonic()))

        try:
            return fetch(url, options, before)
        except SourceError as error:
            if error.status in _BUSY:
                host.closed = f"the host is busy and is asked nothing more in this run ({error.what.rstrip('.')})."
            raise
        finally:
            self.turns[name] = time.monotonic()
