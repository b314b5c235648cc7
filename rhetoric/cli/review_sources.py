"""What a review database is made of: runs, records, samples, texts to annotate now, and passages coded elsewhere."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer

from rhetoric.cli.options import How
from rhetoric.cli.outcome import Outcome, say_warning
from rhetoric.errors import RhetoricError
from rhetoric.ingest.sources import first_line

if TYPE_CHECKING:
    from rhetoric.annotation.store import Entry
    from rhetoric.gold import Coded

_FIELDS_OF: Final = {  # what a project may code, and the fields of the gold for it
    "framing": ("framing", "instances"),
    "contrast": ("contrasts",),
    "metaphor": ("live_metaphors",),
    "frames": ("frames",),
    "about": ("about",),
    "portrayal": ("portrayal",),
}
NAMES: Final = tuple(_FIELDS_OF)
_KEPT: Final = ("slug", "start", "end", "sample")  # what a coded passage tells of where it comes from


@dataclass(frozen=True)
class Plan:
    """What a new database is made of, and what will be coded."""

    sources: list[str]
    adjudicate: bool
    only: str | None
    frames: tuple[str, ...]
    texts: Path | None
    how: How

    def names(self) -> list[str]:
        """Return what ``only`` names; nothing where it leaves nothing out."""
        return [name.strip() for name in (self.only or "").split(",") if name.strip()]

    def fields(self, frames: Iterable[str]) -> tuple[str, ...]:
        """Return the fields of the gold that are coded; raises RhetoricError for a name that is none, nor a frame."""
        from rhetoric.gold import FIELDS

        if self.only is None:
            return FIELDS
        names, known = self.names(), {*frames}
        wrong = [name for name in names if name not in (*NAMES, *known)]
        if wrong or not names:
            advice = f"choose among {', '.join(NAMES)}, or name frames ({', '.join(frames)})"
            raise RhetoricError(f"--only {self.only}: {advice}.")
        chosen = {field for name in names for field in _FIELDS_OF.get(name, ("frames",))}
        return tuple(field for field in FIELDS if field in chosen)

    def alone(self, frames: Iterable[str]) -> list[str]:
        """Return those of ``frames`` that alone are coded; none where all are, or no frame is."""
        names = self.names()
        return [] if "frames" in names else [frame for frame in frames if frame in names]

    def strange(self, fields: Iterable[str], frames: Iterable[str]) -> list[str]:
        """Return the options by which a database that codes ``fields`` and ``frames`` was not made."""
        from rhetoric.labels import FRAMES

        there = {*frames}
        known = [*FRAMES, *there, *self.frames]
        wanted, alone = {*self.fields(known)}, {*self.alone(known)}
        # Coders that are adjudicated may not share every field that is named.
        same = {*fields} <= wanted if self.adjudicate else {*fields} == wanted
        same = same and alone in (set(), there)
        found = [f"--frame {frame}" for frame in self.frames if frame in (alone or {*self.frames}) - there]
        return found + ([f"--only {self.only}"] if self.only is not None and not same else [])


def tell_sources(sources: list[str]) -> str:
    """Say of what a database is made."""
    return ", ".join(source.rstrip("/") for source in sources)


def sum_sources(sources: list[str]) -> dict[str, str]:
    """Return the checksum of each source that is a file."""
    from rhetoric.writing import checksum

    found: dict[str, str] = {}
    for source in sources:
        with suppress(OSError):  # an address may be longer than any file's name
            found |= {source: checksum(Path(source))} if Path(source).is_file() else {}
    return found


def make_database(path: Path, plan: Plan, outcome: Outcome) -> None:
    """Make the review database ``path``; raises RhetoricError for what cannot be coded, or not together."""
    from rhetoric.annotation.review.keys import FRAME_KEYS
    from rhetoric.annotation.store import create_review
    from rhetoric.gold import FIELDS
    from rhetoric.labels import FRAMES
    from rhetoric.report.safe import clean
    from rhetoric.report.words import count, join

    coded = [Path(source) for source in plan.sources if _holds_codings(Path(source))]
    voices: dict[str, list[Coded]] = {}
    entries: Iterable[Entry]
    shared: Iterable[str] = FIELDS
    if plan.adjudicate:
        if len(coded) < len(plan.sources):
            raise RhetoricError("To adjudicate, name a review database, or files of coded passages (.jsonl).")
        voices, entries = _voices(coded, plan.texts)
        rows = [row for each in voices.values() for row in each]
        shared = {field for field in FIELDS if all(field in row for row in rows)}  # the rest cannot be compared
        if lost := [field for field in FIELDS if field not in shared and any(field in row for row in rows)]:
            say_warning(f"{path}: left out of what is adjudicated, since some codings lack it: {join(lost)}.")
    else:
        rows = [row for each in coded for row in _with_text(each, plan.texts)]
        rest = [source for source in plan.sources if Path(source) not in coded]
        entries = chain(map(_of_gold, rows), _of_records(rest, plan, outcome))
    if strange := [name for name in plan.frames if not name or clean(name) != name or "," in name or name in NAMES]:
        advice = f"use a plain name, without commas and none of {', '.join(NAMES)}"
        raise RhetoricError(f"--frame {strange[0]!r}: {advice}.")
    said = {frame for row in rows for frame in row.get("frames", {})}
    usual = [frame for frame in FRAMES if frame in said or not plan.adjudicate]  # nothing else to judge
    frames = list(dict.fromkeys([*usual, *sorted(said - {*FRAMES}), *plan.frames]))
    fields = [field for field in plan.fields(frames) if field in shared]
    if not fields:
        raise RhetoricError("Nothing is left to code: these passages share no field.")
    frames = plan.alone(frames) or frames  # the others are not coded, which is not to say that they are absent
    if "frames" in fields and len(frames) > len(FRAME_KEYS):
        raise RhetoricError(
            f"These are {len(frames)} frames, and there are keys for {len(FRAME_KEYS)}. Name some: --only NAMES"
        )
    made_from, sums = tell_sources(plan.sources), sum_sources(plan.sources)
    made = create_review(path, entries, made_from, frames=frames, fields=fields, codings=voices, checksums=sums)
    typer.echo(f"{path}: {count(made, 'passage')}.", err=True)


def _holds_codings(path: Path) -> bool:
    """Whether a file is one of coded passages: JSON lines of which the first is one, and no record."""
    from rhetoric.gold import FIELDS

    first = first_line(path)
    if not isinstance(first, dict) or "passages" in first:
        return False
    # A table of documents may have a column of such a name, but hardly with such values.
    kinds = {"framing": str, "frames": dict, "portrayal": dict, "about": int}
    return any(isinstance(first.get(name), kinds.get(name, list)) for name in FIELDS)


def _with_text(path: Path, texts: Path | None) -> list["Coded"]:
    from rhetoric.annotation.codings import read_codings
    from rhetoric.gold import with_texts
    from rhetoric.report.words import count

    rows = [row for each in read_codings(path).values() for row in each]
    rows = with_texts(rows, texts) if texts else rows
    missing = sum("text" not in row for row in rows)
    if missing:
        raise RhetoricError(
            f"{path}: {count(missing, 'passage')} without a text. Name the folder of their texts: --texts FOLDER"
        )
    return rows


def _of_gold(row: "Coded") -> "Entry":
    from rhetoric.annotation.coding import suggest_gold
    from rhetoric.annotation.store import Entry
    from rhetoric.gold import FIELDS

    own = {*FIELDS, "id", "text", "coder", "coders", "adjudicated", "note"}
    extra = {name: value for name, value in row.items() if name not in own}
    return Entry(row["id"], row["text"], extra, suggest_gold(row, "gold"))


def _voices(paths: list[Path], texts: Path | None) -> tuple[dict[str, list["Coded"]], list["Entry"]]:
    """Return what each coder says, and the passages that they say it of."""
    voices: dict[str, list[Coded]] = {}
    entries: dict[str, Entry] = {}
    for path in paths:
        for row in _with_text(path, texts):
            entry = replace(_of_gold(row), suggested=None)
            known = entries.setdefault(entry.id, entry)
            if known.text != entry.text:
                raise RhetoricError(f"{path}: passage {entry.id} has another text here than in the file before.")
            said = voices.setdefault(str(row.get("coder", path.stem)), [])
            if any(each["id"] == row["id"] for each in said):
                raise RhetoricError(f"{path}: its coder has coded passage {row['id']} in another file too.")
            said.append(row)
    return voices, list(entries.values())


def _of_records(sources: list[str], plan: Plan, outcome: Outcome) -> Iterator["Entry"]:
    from rhetoric.annotation.passages import cut, doubt, suggest
    from rhetoric.annotation.store import Entry
    from rhetoric.cli.sources import take_records

    for record in take_records(sources, outcome, plan.how):
        for passage in cut(record):
            extra: dict[str, Any] = {name: passage["meta"][name] for name in _KEPT if name in passage["meta"]}
            yield Entry(passage["id"], passage["text"], extra, suggest(passage), doubt(passage))
