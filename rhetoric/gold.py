"""Coded passages: read them, bring back the text of those kept as offsets, and split them by document."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from rhetoric.errors import SourceError
from rhetoric.labels import ACTORS, CONTRASTS, COUNTRIES, FRAMING_PARTS, FRAMINGS, ROLES, SOURCES, STANCES, TARGETS

ITEMS: Final = ("instances", "contrasts", "live_metaphors")
FIELDS: Final = ("framing", *ITEMS, "frames", "about", "portrayal")  # what a passage can be coded for
FOLDS = 3
UNSAID: Final = (None, "")  # what stands in a field that names no document: "" in what comes of a table
Coded = dict[str, Any]  # one passage, as corpora/gold/README.md describes it


def read_gold(path: str | Path) -> list[Coded]:
    """Read coded passages; raises SourceError as ``read_rows`` does."""
    return [row for _, row in read_rows(Path(path))]


def read_rows(path: Path) -> Iterator[tuple[str, Coded]]:
    """Yield the coded passages of a file, one a line, each with where it stands (FILE:LINE).

    A passage has an ``id``, which is a text from here on, and of FIELDS what was coded; ``text`` unless it is kept as
    offsets. Raises SourceError with the line that is no such passage, and for a file that cannot be read.
    """
    for where, line in numbered_lines(path):
        yield where, _read_row(line, where)


def numbered_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line of a file, but empty ones, with where it stands (FILE:LINE); raises SourceError."""
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}:{number}", line
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(path), f"cannot be read ({error}).") from error


def _read_row(line: str, where: str) -> Coded:
    advice = 'It needs an "id", a "text", and what was coded, such as "frames": {"LABEL": 0 or 1}; '
    advice += "corpora/gold/README.md says what there can be."
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        said = "this is not JSON. Coded passages are read from JSON lines (FILE.jsonl, a passage a line)"
        raise SourceError(where, f"{said} or from a database of `rhetoric review`.", advice) from error
    if isinstance(row, dict) and isinstance(row.get("passages"), list):
        how = "Code it first: rhetoric review FILE --coder NAME; then name the database that it made."
        raise SourceError(where, "this is a record of what the detectors found, which nobody has coded.", how)
    try:
        if isinstance(row, dict) and isinstance(row.get("id"), int):
            row["id"] = str(row["id"])
        check_coded(row)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        said = "a field has not the shape it should"
        if isinstance(error, (KeyError, ValueError)):
            said = f"there is no {error}" if isinstance(error, KeyError) else str(error)[:200]
        raise SourceError(where, f"this is not a coded passage ({said}).", advice) from error
    return row  # type: ignore[no-any-return]


def check_coded(row: Any) -> None:  # noqa: ANN401 - JSON is of any type
    """Raise ValueError, KeyError or TypeError for what is no coded passage: its shape, its labels, its spans."""
    if not isinstance(row, dict) or not isinstance(row["id"], str):
        raise ValueError("it is no JSON object whose id is a text")
    if not any(name in row for name in FIELDS):
        raise ValueError(f"nothing is coded: none of {', '.join(FIELDS)}")
    _check_label("framing", row.get("framing", "none"), FRAMINGS)
    if not isinstance(row.get("text", ""), str):
        raise ValueError("its text is no text")
    length = len(row["text"]) if "text" in row else None
    for item in row.get("instances", ()):
        _check_label("actor", item["actor"], ACTORS)
        _check_spans([span for part in FRAMING_PARTS for span in item[part]], length)
    for item in row.get("contrasts", ()):
        _check_label("label", item["label"], CONTRASTS)
        _check_spans([item["a"], item["b"], *item["cue"]], length)
    for item in row.get("live_metaphors", ()):
        _check_label("source", item["source"], SOURCES)
        _check_label("target", item["target"], TARGETS)
        _check_spans([item["span"]], length)
    for frame, present in row.get("frames", {}).items():
        _check_label(f"frame {frame}", present, (0, 1))
    _check_label("about", row.get("about", 0), (0, 1))
    for country, said in row.get("portrayal", {}).items():
        _check_label("portrayal", country, COUNTRIES)
        _check_label("role", said["role"], ROLES)
        _check_label("stance", said["stance"], STANCES)


def check_ids(rows: Iterable[Mapping[str, Any]], where: str = "") -> None:
    """Raise SourceError where several of ``rows`` have one id; ``where`` they stand is said before it."""
    for name, times in Counter(row["id"] for row in rows).items():
        if times > 1:
            advice = "Give each one of its own."
            raise SourceError(f"{where}: {name}" if where else name, f"{times} passages have this id.", advice)


def text_sum(text: str) -> str:
    """Return the checksum of a passage, as the gold has it in ``sha``."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def is_among(text: str, sums: Container[str]) -> bool:
    """Whether the checksum of a passage is one of ``sums``, as it stands or on one line: those of the gold have no line
    breaks.
    """
    return text_sum(text) in sums or text_sum(" ".join(text.split())) in sums


def fold_of(row: Coded, folds: int) -> int:
    """Return the fold of a passage: authored ones of this project (``a-001``) and denials (``n-a-001-d``) by their
    writer, who is in the ``id``; all others by their document.
    """
    if row.get("slug") in UNSAID and re.fullmatch(r"[a-f]-\d{3}", row["id"]):
        return (ord(row["id"][0]) - ord("a")) * folds // 6
    if row.get("slug") in UNSAID and is_denial(row):
        return (ord(row["id"][2]) - ord("a")) % folds
    return int(hashlib.sha256(document_of(row).encode()).hexdigest(), 16) % folds


def document_of(row: Coded, field: str = "slug") -> str:
    """Return the name of the document that a passage is of: what ``field`` says, else what its id has before "#"."""
    named = row.get(field)
    return str(row["id"]).rpartition("#")[0] or str(row["id"]) if named in UNSAID else str(named)


def is_denial(row: Coded) -> bool:
    """Whether a passage of pairs.jsonl was written to reject a frame, or beside one that does."""
    return re.match("n-[a-z]-", row["id"]) is not None


def with_texts(rows: list[Coded], texts: str | Path) -> list[Coded]:
    """Bring back the text of passages kept as offsets from the folder ``texts``, as :func:`bring_back` does."""
    known: dict[str, Whole] = {}
    for row in rows:
        bring_back(row, Path(texts), known)
    return rows


def bring_back(row: Coded, texts: Path, known: "dict[str, Whole]") -> None:
    """Put the text of a passage that is kept as offsets into it, from ``texts/<slug>.txt``; ``known`` keeps what was
    read. Raises SourceError for another text, where there is none, and where a passage does not say where it stands.
    """
    if "text" in row:
        return
    if [type(row.get(name)) for name in ("slug", "start", "end", "sha")] != [str, int, int, str]:
        said = "this passage has no text, and does not say where it stands (slug, start, end and sha)."
        raise SourceError(row["id"], said, "corpora/gold/README.md says how passages are kept as offsets.")
    slug = row["slug"]
    if slug not in known:
        path = texts / f"{slug}.txt"
        if not path.is_file():
            advice = "rhetoric corpus fetch brings back the texts of a catalogue: see corpora/gold/README.md."
            raise SourceError(str(path), f"the text of passage {row['id']} is not there.", advice)
        known[slug] = Whole(path.read_text(encoding="utf-8"))
    text = known[slug].find(row["start"], row["end"], row["sha"])
    if text is None:
        raise SourceError(f"{slug}.txt", f"this is not the text that passage {row['id']} was coded on.")
    row["text"] = text


class Whole:
    """A document in which passages are found, by their offsets or else by their checksum."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._flat = ""
        self._starts: list[int] = []
        self._ends: set[int] = set()

    def find(self, start: int, end: int, sha: str) -> str | None:
        """Return the passage of that length and checksum, None where it is not in the text."""
        said = self._text[start:end]
        if text_sum(said) == sha:
            return said
        if not self._starts:
            self._index()
        # No passage has a line break in it, and each begins and ends with a word.
        for at in self._starts:
            if at + end - start in self._ends and text_sum(self._flat[at : at + end - start]) == sha:
                return self._flat[at : at + end - start]
        return None

    def _index(self) -> None:
        at = 0
        words = self._text.split()
        for word in words:
            self._starts.append(at)
            at += len(word) + 1
            self._ends.add(at - 1)
        self._flat = " ".join(words)


def without_repeats(rows: list[Coded], measured: list[Coded]) -> list[Coded]:
    """Leave out of ``rows`` what would give away a passage of ``measured``: those that share a dozen words in a row
    with one of another document, as reports that quote one another do.
    """
    seen: dict[tuple[str, ...], set[str]] = {}
    for row in measured:
        for words in _dozens(row["text"]):
            seen.setdefault(words, set()).add(row.get("slug", ""))
    return [
        row for row in rows if not any(seen.get(words, set()) - {row.get("slug")} for words in _dozens(row["text"]))
    ]


def _dozens(text: str) -> Iterator[tuple[str, ...]]:
    words = text.lower().split()
    return (tuple(words[at : at + 12]) for at in range(len(words) - 11))


def split(rows: Iterable[Coded], fold: int, folds: int) -> tuple[list[Coded], list[Coded]]:
    """Return the passages outside ``fold`` (to train on) and inside (to measure on)."""
    kept: list[Coded] = []
    held: list[Coded] = []
    for row in rows:
        (held if fold_of(row, folds) == fold else kept).append(row)
    return kept, held


def _check_label(what: str, label: Any, labels: Iterable[Any]) -> None:  # noqa: ANN401
    if not any(label == each and type(label) is type(each) for each in labels):
        raise ValueError(f"{what} is {label!r}, not one of {', '.join(map(str, labels))}")


def _check_spans(spans: Iterable[Any], length: int | None) -> None:
    for span in spans:
        start, end = span
        if not (isinstance(start, int) and isinstance(end, int)) or not 0 <= start < end:
            raise ValueError(f"{span!r} is no span")
        if length is not None and end > length:
            raise ValueError(f"span {span!r} ends beyond its text")
