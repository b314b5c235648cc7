"""What is being worked on and what is finished: kept in memory, within bounds, for an hour since it was last seen."""

import asyncio
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from rhetoric.ingest import Failure
from rhetoric.report.safe import excerpt
from rhetoric.scoring.groups import name_of
from rhetoric.serve.settings import MOST_BYTES, MOST_KEPT, SECONDS_KEPT

WAITING: Final = "Waiting for its turn."
COMPARED: Final = 2  # texts of a comparison
_TITLE: Final = 100  # characters
FIRST_WORDS: Final = 60  # characters of a text that has no title


@dataclass
class Entry:
    """One document: its ``record`` as JSON, or in its place the failure; ``given_in`` is the field of the form.

    ``reports`` are kept as they were asked for: over the passages about the matter (False), over every passage (True).
    """

    title: str
    record: bytes = b""
    failure: Failure | None = None
    given_in: str = ""
    reports: dict[bool, str] = field(default_factory=dict)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        return len(self.record) + sum(map(len, self.reports.values()))


@dataclass
class Job:
    """One text, or two to compare, with all that its source holds; ``values`` are those of the form that asked for it.

    ``beside`` says that the first was here before, and only the second is of the form. ``said`` is how far it is, in
    words; ``notes`` are what else its reader should know.
    """

    values: dict[str, str] = field(default_factory=dict)
    compare: bool = False
    beside: bool = False
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    said: str = WAITING
    notes: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    comparison: Entry | None = None
    seen: float = 0.0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def good(self) -> list[Entry]:
        """The documents that were analysed."""
        return [entry for entry in self.entries if entry.record]

    @property
    def whole(self) -> bool:
        """Whether there is what was asked for: a text, of a comparison both."""
        return len(self.good) >= (COMPARED if self.compare else 1)

    @property
    def title(self) -> str:
        """What to call it."""
        names = [entry.title for entry in self.entries] or ["A text"]
        return f"{names[0]} and {names[1]}" if self.compare and len(names) > 1 else names[0]

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes."""
        entries = [*self.entries, *([self.comparison] if self.comparison else [])]
        return sum(entry.size for entry in entries) + sum(map(len, self.values.values()))

    def tell(self, said: str) -> None:
        """Say how far it is."""
        self.said = said

    def finish(self) -> None:
        """Say that nothing more will come."""
        self.tell("Finished.")
        self.over.set()


class Jobs:
    """Jobs by their id. Finished ones are let go when they are too many, too large together or too long unseen."""

    def __init__(
        self,
        most: int = MOST_KEPT,
        size: int = MOST_BYTES,
        seconds: float = SECONDS_KEPT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()  # the one unseen for longest comes first
        self._most, self._size, self._seconds, self._clock = most, size, seconds, clock

    def __len__(self) -> int:
        return len(self._jobs)

    def add(self, job: Job) -> None:
        """Keep a job."""
        job.seen = self._clock()
        self._jobs[job.id] = job
        self.tidy()

    def get(self, id: str) -> Job | None:
        """Return the job with this id, which counts as seen now; None where there is none any more."""
        self.tidy()
        job = self._jobs.get(id)
        if job is not None:
            job.seen = self._clock()
            self._jobs.move_to_end(id)
        return job

    def forget(self, id: str) -> None:
        """Let a job go."""
        self._jobs.pop(id, None)

    def tidy(self) -> None:
        """Let go what is too long unseen, and then the longest unseen until the rest is within its bounds."""
        finished = [job for job in self._jobs.values() if job.over.is_set()]
        total = sum(job.size for job in finished)
        for number, job in enumerate(finished):
            left = len(finished) - number
            old = self._clock() - job.seen > self._seconds
            if not old and left <= self._most and total <= self._size:
                break
            total -= job.size
            del self._jobs[job.id]


def title_of(record: bytes) -> str:
    """Return what to call a record, as its report does; its first words where that says nothing."""
    loaded = json.loads(record)
    return excerpt(name_of(loaded, short=True), _TITLE) or excerpt(loaded["text"], FIRST_WORDS) or "Untitled"
