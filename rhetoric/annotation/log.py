"""The decisions of one coder in one task, only ever added to: what stands follows from them, undoing included."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from rhetoric.annotation.coding import Coding, check
from rhetoric.annotation.database import Database
from rhetoric.errors import RhetoricError

Task = Literal["code", "adjudicate"]


class Changed(RhetoricError):
    """The same coder has decided something in another window, so that what this one shows is old."""


@dataclass(frozen=True)
class Step:
    """A decision: its number, the passage, what was decided in words, and whether the passage is done with it."""

    number: int
    passage: int
    what: str
    done: bool


class Log:
    """What a coder has decided, in memory as in the database."""

    def __init__(self, database: Database, coder: str, task: Task) -> None:
        self._database, self.coder, self.task = database, coder, task
        self.reload()

    def reload(self) -> None:
        """Read the log anew."""
        self._last = 0
        self._steps: list[Step] = []  # those that stand
        self._undone: list[Step] = []
        self._of: dict[int, list[Step]] = {}  # those that stand, by passage
        query = "SELECT number, passage, what, done, kind FROM decisions WHERE coder = ? AND task = ? ORDER BY number"
        with self._database.reading(f"the list of what {self.coder} decided"):
            for number, passage, what, done, kind in self._database.read(query, (self.coder, self.task)):
                self._last = number
                self._follow(kind, Step(number, passage, what, bool(done)))

    def _follow(self, kind: str, step: Step) -> None:
        if kind == "undo":
            step = self._steps.pop()
            self._of[step.passage].pop()
            self._undone.append(step)
            return
        if kind == "redo":
            step = self._undone.pop()
        else:
            self._undone.clear()
        self._steps.append(step)
        self._of.setdefault(step.passage, []).append(step)

    def step(self, passage: int) -> Step | None:
        """Return the decision by which a passage is as it is, None where nothing is decided."""
        steps = self._of.get(passage)
        return steps[-1] if steps else None

    def is_done(self, passage: int) -> bool:
        """Whether the coder has said that a passage is done."""
        step = self.step(passage)
        return step is not None and step.done

    def coding(self, passage: int) -> Coding | None:
        """Return the coding of a passage, None where nothing is decided."""
        step = self.step(passage)
        return self.coding_by(step.number) if step else None

    def coding_by(self, number: int) -> Coding:
        """Return the coding that a passage had by a decision, whether that stands or not."""
        with self._database.reading(f"decision {number}"):
            coding: Coding = json.loads(self._database.read(_CODING, (number,))[0][0])
            check(coding)
        return coding

    def decide(self, passage: int, what: str, coding: Coding, place: dict[str, Any] | None = None) -> None:
        """Add a decision, with the coding that a passage has by it, and the place where the coder is.

        Once this returns it is on the disk. Raises Changed, and reloads, where the same coder has decided something in
        another window; raises RhetoricError where it cannot be stored. Either way nothing has changed.
        """
        self._add("do", Step(0, passage, what, coding["done"]), json.dumps(coding), place)

    def undo(self) -> Step | None:
        """Take back the last decision that stands, and return it; None where there is none."""
        return self._turn("undo", self._steps)

    def redo(self) -> Step | None:
        """Let the decision stand again that was taken back last, and return it; None where there is none."""
        return self._turn("redo", self._undone)

    def _turn(self, kind: str, steps: list[Step]) -> Step | None:
        step = steps[-1] if steps else None
        if step:
            self._add(kind, step)
        return step

    def _add(self, kind: str, step: Step, coding: str | None = None, place: dict[str, Any] | None = None) -> None:
        of = step.number or None
        row = (self.coder, self.task, datetime.now(UTC).isoformat(), step.passage, kind, step.what, step.done)
        with self._database.writing() as base:
            if base.execute(_LAST, (self.coder, self.task)).fetchone()[0] != self._last:
                self.reload()
                raise Changed(
                    f"{self.coder} has gone on in another window. This one shows it now; nothing was changed."
                )
            number = base.execute(_INSERT, (*row, coding, of)).lastrowid
            if place is not None:
                base.execute(_PLACE, (json.dumps(place), self.coder, self.task))
        self._last = number or 0
        self._follow(kind, Step(self._last, step.passage, step.what, step.done))

    def place(self) -> dict[str, Any]:
        """Return where the coder was last, as ``keep`` was given it; empty at first."""
        with self._database.reading(f"the place where {self.coder} was"):
            place: dict[str, Any] = json.loads(self._database.read(_WHERE, (self.coder, self.task))[0][0])
            int(place.get("caret", 0)), place.get("filter", {}).get("label")
        return place

    def keep(self, place: dict[str, Any]) -> None:
        """Remember where the coder is."""
        with self._database.writing() as base:
            base.execute(_PLACE, (json.dumps(place), self.coder, self.task))

    def counts(self) -> tuple[int, int]:
        """Return how many passages are done, and how many begun."""
        tops = [steps[-1].done for steps in self._of.values() if steps]
        return sum(tops), len(tops) - sum(tops)


_CODING = "SELECT coding FROM decisions WHERE number = ?"
_LAST = "SELECT coalesce(max(number), 0) FROM decisions WHERE coder = ? AND task = ?"
_INSERT = (
    "INSERT INTO decisions (coder, task, at, passage, kind, what, done, coding, of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PLACE = "UPDATE coders SET place = ? WHERE name = ? AND task = ?"
_WHERE = "SELECT place FROM coders WHERE name = ? AND task = ?"
