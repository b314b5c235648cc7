"""PDF, by pypdf in a process of its own: a hostile file can cost its time and memory limit, and nothing more."""

import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from rhetoric.errors import SourceError

SECONDS = 60.0  # for one file; a thousand pages of prose take about thirty
_CHILD = Path(__file__).with_name("pdf_child.py")
_OCR = "It is probably a scan: run OCR first (for example ocrmypdf) and give the result."
_REASONS = {
    "encrypted": ("this PDF is encrypted and needs a password.", "Save a copy without a password and give that."),
    "cryptography": (
        "this PDF is encrypted with AES, and the package that reads that is missing or broken here.",
        "Run: pip install 'pypdf[crypto]'",
    ),
    "memory": ("this PDF needs more than 2 GB of memory to read.", "Split it, or save it as text."),
    "long": ("this PDF holds more text than the limit allows.", "Split it, or raise the limit."),
}
_EDGE = 3  # lines at the head and foot of a page among which running titles are looked for
_SHARE = 0.3  # of the pages; titles alternate on left and right pages, and are left off where a chapter opens
_NUMBER = re.compile(r"(?:page\s+)?[-–—|\s]*(?:\d{1,4}|[ivxl]{1,7})[-–—|\s]*(?:(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_END = re.compile(r"[.!?:;…][\"'”’)\]\d]*$")
_BULLET = re.compile(r"(?:[•‣▪●◦–—-]|\(?(?:\d{1,2}|[a-z])[.)])\s")
# The raised number of a note sticks to the end of its sentence: to a word, and no abbreviation or address.
_SHORT = (
    "art|cap|ch|chap|ed|eq|fig|no|nos|op|para|pp|pt|sec|sect|ver|vol|vols|"
    "jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec"
)
_NOTE = re.compile(
    rf"((?<!\S)[“\"‘'(]{{0,3}}(?!(?i:{_SHORT})\.)[A-Za-z’'-]*[a-z]{{2}}[.!?][\"'”’)\]]?)\d{{1,3}}(?=\s+[A-Z“\"‘(]|$)"
)
_FOOTNOTE = re.compile(r"(\d{1,3})[.)]?\s*(?=[\"“‘'(]?[A-Z]|https?:)")  # how one begins
_SMALL = 0.95  # times the size of most of the text: footnotes are set smaller
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\xa0": " "})


def read_pdf(data: bytes, where: str, max_bytes: int) -> tuple[str, dict[str, Any]]:
    """Return the running text of a PDF, paragraphs apart by a blank line, with title, author and date where given.

    Running titles, page numbers and the numbers of notes at the end of a sentence go; footnotes in smaller type come
    after the text; hyphenated and wrapped lines are joined. Columns come in the order in which the file stores them,
    which is the reading order for most typeset documents. Raises SourceError for a PDF that is encrypted, cut short,
    damaged, without a text layer, or needs more than a minute.
    """
    found = _extract(data, where, max_bytes)
    if "error" in found:
        if b"%%EOF" not in data[-4096:]:
            found["error"] = "cut short"
        general = (f"this PDF cannot be read ({found['error']}).", "Download it again, or save it as text.")
        raise SourceError(where, *_REASONS.get(found["error"], general))
    if b"%%EOF" not in data[-4096:]:  # pypdf rescues what it finds; half a text must not pass for the whole
        raise SourceError(where, "this PDF is cut short (its end is missing).", "Download it again.")
    pages: list[str] = found["pages"]
    bare = sum(not page.strip() for page in pages)
    if bare == len(pages):
        raise SourceError(where, f"this PDF has no text layer on any of its {len(pages)} pages.", _OCR)
    meta: dict[str, Any] = {**found["meta"], "pages": len(pages)}
    if bare:
        meta["warnings"] = [f"{bare} of {len(pages)} pages have no text layer and are missing from the text"]
    return tidy(pages, found["sizes"]), meta


def _extract(data: bytes, where: str, max_bytes: int) -> dict[str, Any]:
    # -P: the folder of this file must not come first on the path, its html.py would hide the standard library's.
    command = [sys.executable, "-P", str(_CHILD), str(max_bytes)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, env=environment)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        what = f"this PDF takes longer than {SECONDS:.0f} seconds to read."
        raise SourceError(where, what, "Split it, or save it as text.") from error
    except OSError as error:
        raise SourceError(where, f"no process could be started to read this PDF ({error}).") from error
    try:
        found: dict[str, Any] = json.load(io.BytesIO(done.stdout))
    except ValueError:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        return {"error": "memory" if "MemoryError" in last[0] else f"its reader ended: {last[0][:200]}"}
    return found


def tidy(pages: list[str], sizes: list[list[float]] | None = None) -> str:
    """Return the text of ``pages`` as paragraphs apart by a blank line, without what repeats from page to page.

    Where the ``sizes`` of the type in each line are given, footnotes stand at the end, and in no sentence that goes on
    overleaf.
    """
    lines = [[line.translate(_LIGATURES).strip() for line in page.splitlines()] for page in pages]
    left = list(_without_running_titles(lines))
    notes: list[list[str]] = []  # the lines of each
    if sizes:
        left = _without_footnotes(lines, left, sizes, notes)
    kept = [page[i] for page, numbers in zip(lines, left, strict=True) for i in numbers]
    words = Counter(re.findall(r"[\w-]+", "\n".join(kept).lower()))
    widths = [len(line) for line in kept if len(line) > 20]
    width = median(widths) if widths else 0.0
    paragraphs: list[list[str]] = []  # the pieces of each: joined once, since a paragraph may have any length
    previous = ""  # the last line, "" at a break
    for line in kept:
        if paragraphs and _continues(previous, line, width):
            _join(paragraphs[-1], line, words)
        elif line:
            paragraphs.append([line])
        if line or _END.search(previous):
            previous = line
    for first, *others in notes:
        paragraphs.append([first])
        for line in others:
            _join(paragraphs[-1], line, words)
    return "\n\n".join(_NOTE.sub(r"\1", "".join(pieces)) for pieces in paragraphs)


def _without_running_titles(pages: list[list[str]]) -> Iterator[list[int]]:
    """Yield the numbers of the lines of each page that are left."""
    filled = [[i for i, line in enumerate(page) if line] for page in pages]
    edges = [
        {i: _key(page[i]) for i in lines[:_EDGE] + lines[-_EDGE:]} for page, lines in zip(pages, filled, strict=True)
    ]
    seen = Counter(key for edge in edges for key in set(edge.values()))
    repeated = {key for key, n in seen.items() if n >= max(2, _SHARE * len(pages))}
    for page, lines, edge in zip(pages, filled, edges, strict=True):
        drop = {i for i, key in edge.items() if key in repeated}
        left = [i for i in lines if i not in drop]
        drop |= {i for i in left[:1] + left[-1:] if _NUMBER.fullmatch(page[i])}
        yield [i for i, line in enumerate(page) if i not in drop and (line or 0 < i < len(page) - 1)]


def _without_footnotes(
    pages: list[list[str]], left: list[list[int]], sizes: list[list[float]], notes: list[list[str]]
) -> list[list[int]]:
    """Return the numbers of the lines that are ``left`` of each page above its footnotes, which go into ``notes``: what
    is set in smaller type right under the text, up to the foot of the page, from a line that a number opens.
    """
    common: Counter[float] = Counter()
    for page, size in zip(pages, sizes, strict=True):
        for line, each in zip(page, size, strict=True):
            common[each] += len(line)
    body = max(common, key=common.__getitem__, default=0.0)
    above = []
    for page, numbers, size in zip(pages, left, sizes, strict=True):
        begin = len(numbers)
        while begin and (size[numbers[begin - 1]] < _SMALL * body or not page[numbers[begin - 1]]):
            begin -= 1
        foot = [i for i in numbers[begin:] if page[i]]
        if not begin or not foot or not _FOOTNOTE.match(page[foot[0]]) or size[numbers[begin - 1]] * _SMALL > body:
            above.append(numbers)
            continue
        above.append(numbers[:begin])
        last = 0
        for i in foot:
            number = _FOOTNOTE.match(page[i])
            if number and (not last or int(number[1]) == last + 1):  # else a date: 12 May
                last = int(number[1])
                notes.append([page[i][number.end() :]])
            else:
                notes[-1].append(page[i])
    return above


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.lower().split()))


def _continues(previous: str, line: str, width: float) -> bool:
    """Whether ``line`` goes on with the paragraph that ``previous`` is the last line of."""
    if not previous or not line or _BULLET.match(line):
        return False
    if line[0].islower() or (previous.endswith(("-", "\xad", ",")) and not _END.search(previous)):
        return True
    if _END.search(previous):
        return len(previous) >= 0.85 * width  # a full line that happens to end a sentence
    return len(previous) >= 0.6 * width  # a heading is shorter than a line of text


def _join(pieces: list[str], line: str, words: Counter[str]) -> None:
    """Add ``line`` to the ``pieces`` of a paragraph, without a hyphen that only broke a word."""
    last = pieces[-1]
    broken = re.search(r"(\w+)[-\xad]$", last) if last.endswith(("-", "\xad")) else None
    follows = re.match(r"\w+", line)
    if not broken or not follows:
        pieces += [" ", line]
        return
    whole, hyphened = broken.group(1) + follows.group(), f"{broken.group(1)}-{follows.group()}"
    belongs = last.endswith("-") and not (broken.group(1)[-1].islower() and line[0].islower())  # US-China, AI-powered
    if not belongs and words[hyphened.lower()] <= words[whole.lower()]:  # else the document itself writes it so
        pieces[-1] = last[:-1]
    pieces.append(line)
