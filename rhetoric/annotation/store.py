"""The review database: passages, and every decision on them, in one file that several coders may work on at once.

Decisions are only ever added; what a coder says of a passage follows from them. Each is one transaction, on the disk
before anything else happens, and undoing is a decision too: nothing that was once coded is lost.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rhetoric.annotation.adjudication import alike
from rhetoric.annotation.coding import Coding, begin, check, settled, to_coded
from rhetoric.annotation.database import Database, new_database
from rhetoric.annotation.log import Log, Task
from rhetoric.annotation.passages import tell_apart
from rhetoric.errors import RhetoricError
from rhetoric.gold import FIELDS, Coded, check_coded
from rhetoric.labels import FRAMES


@dataclass(frozen=True)
class Entry:
    """A passage to be coded.

    ``extra`` are further fields of its coded passage (``slug``, ``register``), ``suggested`` is the coding to start
    from (``rhetoric.annotation.coding.begin``), ``doubt`` how many judgements of the machine are expected to be wrong.
    """

    id: str
    text: str
    extra: dict[str, Any] = field(default_factory=dict)
    suggested: Coding | None = None
    doubt: float | None = None


@dataclass
class Gold:
    """Gold, and where it comes from: how many of its passages were adjudicated, coded alike by several coders, coded
    by one only; ``waiting`` are the ids that coders differ on and nobody has adjudicated since.
    """

    rows: list[Coded] = field(default_factory=list)
    adjudicated: int = 0
    alike: int = 0
    once: int = 0
    waiting: list[str] = field(default_factory=list)


class Review:
    """An open review database. ``ids`` are those of its passages, which are numbered from 0; ``frames`` the frames
    they are coded for and ``fields`` those of the gold; ``made_from`` says of what it was made, and ``checksums`` those
    of its files.
    """

    def __init__(self, path: Path) -> None:
        """Open a database; raises RhetoricError where the file is none, or one of another version."""
        self._database = Database(path)
        self.path = path
        try:
            with self._database.reading("what it says of itself"):
                self._know()
        except BaseException:
            self.close()
            raise

    def _know(self) -> None:
        info = dict(self._database.read("SELECT name, value FROM info"))
        self.made_from: str = info["made_from"]
        self.checksums: dict[str, str] = dict(json.loads(info.get("checksums", "{}")))  # the first ones have none
        self.frames: tuple[str, ...] = tuple(json.loads(info["frames"]))
        self.fields: tuple[str, ...] = tuple(json.loads(info["fields"]))
        rows = self._database.read("SELECT number, id FROM passages ORDER BY number")
        self.ids: list[str] = [id for _, id in rows]
        if strange := [each for each in (self.made_from, *self.ids, *self.frames) if not isinstance(each, str)]:
            raise TypeError(f"{strange[0]!r} is no name")
        if not {*self.fields} <= {*FIELDS} or [number for number, _ in rows] != [*range(len(rows))]:
            raise ValueError("a passage is missing, or a field is none of the gold")

    def __enter__(self) -> "Review":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; every decision is in it already."""
        self._database.close()

    def check(self) -> None:
        """Raise RhetoricError where the file was deleted or moved since it was opened."""
        self._database.check()

    def entry(self, number: int) -> Entry:
        """Return a passage."""
        query = "SELECT id, text, extra, suggested, doubt FROM passages WHERE number = ?"
        with self._database.reading(f"passage {self.ids[number] if 0 <= number < len(self.ids) else number}"):
            id, text, extra, suggested, doubt = self._database.read(query, (number,))[0]
            if not isinstance(text, str):
                raise TypeError("its text is no text")
            entry = Entry(id, text, {**json.loads(extra)}, json.loads(suggested or "null"), doubt)
            check(begin(entry.suggested))
        return entry

    def entries(self) -> Iterator[Entry]:
        """Yield every passage."""
        yield from map(self.entry, range(len(self.ids)))

    def doubts(self) -> list[float]:
        """Return the doubt of every passage, 0 where the machine has said nothing."""
        return [row[0] or 0.0 for row in self._database.read("SELECT doubt FROM passages ORDER BY number")]

    def by_doubt(self) -> bool:
        """Whether passages were drawn by what the machine doubts, most uncertain first."""
        with self._database.reading("what passages tell of their sample"):
            extras = [json.loads(row[0]) for row in self._database.read("SELECT extra FROM passages")]
        samples = [extra.get("sample") for extra in extras if isinstance(extra, dict)]
        return any(sample.get("by") == "uncertain" for sample in samples if isinstance(sample, dict))

    def coders(self, task: Task = "code") -> dict[str, bool]:
        """Return the coders of a task, first come first, and whether each codes blind."""
        query = "SELECT name, blind FROM coders WHERE task = ? ORDER BY rowid"
        with self._database.reading("the list of coders"):
            return {"".join(name): bool(blind) for name, blind in self._database.read(query, (task,))}

    def join(self, coder: str, task: Task = "code", *, blind: bool = False) -> Log:
        """Return the log of a coder, new or not; who began blind stays so.

        Raises RhetoricError where one asks to be blind who has seen what the machine says.
        """
        with self._database.writing() as base:
            base.execute("INSERT OR IGNORE INTO coders (name, task, blind) VALUES (?, ?, ?)", (coder, task, blind))
        if blind and not self.coders(task)[coder]:
            said = f"{coder} has begun here seeing what the machine says, so cannot code blind"
            raise RhetoricError(f"{self.path}: {said}. Use another name, or another file (-o).")
        return Log(self._database, coder, task)

    def log(self, coder: str, task: Task = "code") -> Log:
        """Return the log of a coder, to read."""
        return Log(self._database, coder, task)

    def codings(self) -> dict[str, list[Coded]]:
        """Return what each coder has said of the passages that they are done with."""
        found: dict[str, list[Coded]] = {}
        for coder in self.coders():
            log = self.log(coder)
            rows = [row for number in range(len(self.ids)) for row in self.voices(number, [log]).values()]
            found |= {coder: rows} if rows else {}
        return found

    def voices(self, number: int, logs: Sequence[Log], by: Mapping[str, int] | None = None) -> dict[str, Coded]:
        """Return what each of ``logs`` says of a passage, where it is done; or said once, as ``basis`` had it then."""
        by = basis(number, logs) if by is None else by
        entry, found = self.entry(number), {}
        for log in logs:
            if log.coder in by:
                extra = {"id": entry.id, **entry.extra, "coder": log.coder}
                coding = log.coding_by(by[log.coder])
                with self._database.reading(f"decision {by[log.coder]}, by {log.coder} on passage {entry.id},"):
                    found[log.coder] = to_coded(entry.text, coding, extra, self.fields)
                    check_coded(found[log.coder])
        return found

    def gold(self) -> Gold:
        """Return the gold: what was adjudicated, else what all who coded a passage say alike."""
        logs = [self.log(coder) for coder in self.coders()]
        judges = [self.log(judge, "adjudicate") for judge in self.coders("adjudicate")]
        found = Gold()
        for number, id in enumerate(self.ids):
            judge = next((judge for judge in judges if is_settled(judge, number, logs)), None)
            voices = self.voices(number, logs)
            if judge is not None:
                row = {**self.voices(number, [judge])[judge.coder], "adjudicated": judge.coder}
                found.adjudicated += 1
            elif voices and alike(list(voices.values())):
                row = next(iter(voices.values()))
                if "frames" in row:  # those too that only some have coded it for
                    row["frames"] = {frame: said for each in voices.values() for frame, said in each["frames"].items()}
                found.alike += len(voices) > 1
                found.once += len(voices) == 1
            else:
                found.waiting += [id] if voices else []
                continue
            row.pop("coder")
            found.rows.append({**row, "coders": list(voices)})
        return found


def is_settled(judge: Log, number: int, logs: Iterable[Log]) -> bool:
    """Whether an adjudication of a passage is done, and the codings that it rests on are as they were then."""
    if not judge.is_done(number):
        return False
    return (judge.coding(number) or {}).get("basis") == basis(number, logs)


def basis(number: int, logs: Iterable[Log]) -> dict[str, int]:
    """Return the decision by which each coder was done with a passage."""
    return {log.coder: step.number for log in logs if (step := log.step(number)) and step.done}


def create_review(
    path: Path,
    entries: Iterable[Entry],
    made_from: str,
    *,
    frames: Iterable[str] = FRAMES,
    fields: Iterable[str] = FIELDS,
    codings: Mapping[str, Iterable[Coded]] | None = None,
    checksums: Mapping[str, str] | None = None,
) -> int:
    """Make a review database of passages, and of ``codings`` that coders did elsewhere; return how many it holds.

    ``fields`` of the gold are coded, and ``frames``, which may be others than the codebook's; ``checksums`` are those
    of the files that it is made of.
    A passage that is there twice is taken once; one of the same id and another text is told apart as ID+2. Raises
    RhetoricError where the file exists or cannot be written, or where there is no passage.
    """
    numbers: dict[str, int] = {}
    known: dict[str, str] = {}
    with new_database(path) as base:
        info = {"made_from": made_from, "made_at": datetime.now(UTC).isoformat()}
        info |= {"frames": json.dumps(list(frames)), "fields": json.dumps(list(fields))}
        info["checksums"] = json.dumps({**(checksums or {})})
        base.executemany("INSERT INTO info VALUES (?, ?)", info.items())
        for entry in entries:
            id = tell_apart(entry.id, entry.text, known)
            if id in numbers:
                continue
            suggested = json.dumps(entry.suggested) if entry.suggested else None
            row = (len(numbers), id, entry.text, json.dumps(entry.extra), suggested, entry.doubt)
            base.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)", row)
            numbers[id] = len(numbers)
        if not numbers:
            raise RhetoricError(f"{made_from}: there is no passage in it.")
        for coder, rows in (codings or {}).items():
            base.execute("INSERT INTO coders (name, task, blind) VALUES (?, 'code', 0)", (coder,))
            base.executemany(
                "INSERT INTO decisions (coder, task, at, passage, kind, what, done, coding)"
                " VALUES (?, 'code', ?, ?, 'do', 'coded elsewhere', 1, ?)",
                [(coder, info["made_at"], numbers[row["id"]], json.dumps(settled(row))) for row in rows],
            )
    return len(numbers)
