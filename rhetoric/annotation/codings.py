"""Codings: what each coder said of each passage, in the format of the gold (corpora/gold/README.md)."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from rhetoric.errors import RhetoricError, SourceError
from rhetoric.labels import ACTORS, CONTRASTS, COUNTRIES, FRAMINGS, ROLES, SOURCES, STANCES, TARGETS
from rhetoric.training.gold import Coded

ITEMS: Final = ("instances", "contrasts", "live_metaphors")
FIELDS: Final = ("framing", *ITEMS, "frames", "about", "portrayal")
SQLITE: Final = b"SQLite format 3\x00"


def read_codings(path: Path) -> dict[str, list[Coded]]:
    """Return the coded passages of each coder, both in the order of the file.

    ``path`` is a .jsonl of coded passages, of which the coder is each row's ``coder``, else the file's name without its
    extension; or a review database, of which passages count that their coder has said to be done (its adjudications
    are not codings: ``Review.gold``). Rows hold ``id`` and ``framing``, and of the other fields what was coded.
    Raises SourceError with the line that is no coded passage, and RhetoricError for a file that cannot be read.
    """
    if is_database(path):
        from rhetoric.annotation.store import Review

        with Review(path) as review:
            return review.codings()
    found: dict[str, list[Coded]] = {}
    seen: set[tuple[str, str]] = set()
    for where, row in _rows(path):
        coder = str(row.get("coder", path.stem))
        if (coder, row["id"]) in seen:
            advice = "Keep one coding of each passage by each coder."
            raise SourceError(where, f"{coder} has coded passage {row['id']} above already.", advice)
        seen.add((coder, row["id"]))
        found.setdefault(coder, []).append(row)
    return found


def write_codings(rows: Iterable[Coded], path: Path) -> None:
    """Write coded passages to ``path``, one a line; the file has its name only once it is complete.

    Raises RhetoricError where it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as stream:
            for row in rows:
                stream.write(_line(row))
        part.replace(path)
    except OSError as error:
        raise RhetoricError(f"{path}: cannot be written ({error.strerror or error}).") from error


def is_database(path: Path) -> bool:
    """Whether a file is an SQLite database, whatever its name."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(SQLITE)) == SQLITE
    except OSError:
        return False


def normal(row: Coded) -> Coded:
    """Return the coded fields of a passage in one order, so that equal codings are equal, however they came about."""
    found: Coded = {name: row[name] for name in FIELDS if name in row and name not in ITEMS}
    for name in ITEMS:
        if name in row:
            items = [{**item, **{part: sorted(item[part]) for part in _lists(item)}} for item in row[name]]
            found[name] = sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    return found


def check_coded(row: Any) -> None:  # noqa: ANN401 - JSON is of any type
    """Raise ValueError, KeyError or TypeError for what is no coded passage: its shape, its labels, its spans."""
    if not isinstance(row, dict) or not isinstance(row["id"], str):
        raise TypeError("it is no JSON object with an id")
    _check_label("framing", row["framing"], FRAMINGS)
    text = row.get("text")
    length = len(text) if isinstance(text, str) else None
    for item in row.get("instances", ()):
        _check_label("actor", item["actor"], ACTORS)
        _check_spans([span for part in ("account", "machinery", "cue") for span in item[part]], length)
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


def _lists(item: Coded) -> list[str]:
    return [part for part in ("account", "machinery", "cue") if part in item]


def _rows(path: Path) -> Iterator[tuple[str, Coded]]:
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                where = f"{path}:{number}"
                try:
                    row = json.loads(line)
                    check_coded(row)
                except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                    said = f"this is not a coded passage ({type(error).__name__}: {str(error)[:200]})."
                    raise SourceError(where, said, "corpora/gold/README.md says what one holds.") from error
                yield where, row
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(path), f"cannot be read ({error}).") from error


def _line(row: Coded) -> bytes:
    try:
        return json.dumps(row, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:  # half a surrogate pair, which UTF-8 cannot hold but JSON can
        return json.dumps(row).encode() + b"\n"


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
