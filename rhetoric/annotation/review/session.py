"""One coder at work: the passage at hand, its coding, and what becomes of it. Knows nothing of screens."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from rhetoric.annotation.adjudication import alike, begin_adjudication, renew
from rhetoric.annotation.coding import Coding, begin, blank
from rhetoric.annotation.log import Changed, Log
from rhetoric.annotation.passages import digest
from rhetoric.annotation.review import edits
from rhetoric.annotation.review.queue import Filter, labels, to_filter
from rhetoric.annotation.store import Entry, Review, basis, is_settled
from rhetoric.gold import Coded

Place = dict[str, Any]
_DIGITS: Final = 10  # what is longer is no passage's number, and may be too long for Python


class Session:
    """A coder, or a judge between coders, at a review database.

    ``entry`` is the passage at hand, ``number`` its number, ``coding`` its coding as it stands, ``voices`` what each
    coder says of it where that may be seen, ``queue`` the numbers of the passages that are shown, ``place`` where in
    the passage the coder was last.
    """

    def __init__(self, review: Review, coder: str, *, adjudicate: bool = False, blind: bool = False) -> None:
        """Join; raises RhetoricError where a coder asks to be blind who cannot be."""
        self.review, self.judging = review, adjudicate
        self.log = review.join(coder, "adjudicate" if adjudicate else "code", blind=blind)
        self.blind = review.coders(self.log.task)[coder]
        self.logs: list[Log] = []
        self._alike: dict[tuple[int, ...], bool] = {}
        self._settled: dict[tuple[object, ...], bool] = {}
        was = self.log.place()
        self.filter = to_filter(was["filter"]) if "filter" in was else Filter("differ" if adjudicate else "all")
        self.queue = self._list(self.filter)
        known = was.get("passage") in review.ids
        self.open(review.ids.index(was["passage"]) if known else self.queue[0] if self.queue else 0)
        self.place |= {name: was[name] for name in ("caret", "item") if known and name in was}

    def open(self, number: int) -> None:
        """Turn to a passage."""
        self.number = number
        self.place: Place = {}
        self.entry: Entry = self.review.entry(number)
        self.voices: dict[str, Coded] = self.review.voices(number, self.logs)
        self.coding: Coding = self.log.coding(number) or self._start(number)
        # Whether a coder has gone on since this passage was adjudicated
        known = self.coding.get("basis", {})
        self.outdated = self.judging and known != basis(number, self.logs)
        if self.outdated and not self._waiting():
            self.coding = renew(self.coding, self._judge(number, known), self._start(number))
        self._doubtful = False

    def _waiting(self) -> list[str]:
        """Return the coders on whom an adjudication rests that are not done with the passage any more."""
        now = basis(self.number, self.logs)
        return [coder for coder in self.coding.get("basis", ()) if coder not in now]

    def _start(self, number: int) -> Coding:
        if self.judging:
            return self._judge(number, basis(number, self.logs))
        if self.blind:
            return blank(self.review.frames, self.review.fields)
        return begin(self.review.entry(number).suggested, self.review.frames, self.review.fields)

    def _judge(self, number: int, by: dict[str, int]) -> Coding:
        """Return what adjudication starts from where coders were done with a passage by these decisions."""
        voices, frames, fields = self.review.voices(number, self.logs, by), self.review.frames, self.review.fields
        begun = begin_adjudication(voices, frames, fields) if voices else blank(frames, fields)
        return {**begun, "basis": by}

    # What is shown

    def choose(self, chosen: Filter) -> int:
        """Show what a filter leaves, and return how many passages these are; turns to the first unless it may stay.

        Where none is left, nothing changes.
        """
        found = self._list(chosen)
        if found:
            self.filter, self.queue = chosen, found
            self.open(self.number if self.number in found else found[0])
        return len(found)

    def _list(self, chosen: Filter) -> list[int]:
        """Return the passages that a filter leaves, by what coders say of them now.

        Who codes blind has them in no order of the machine's doubt, which would tell what it says.
        """
        if not self.blind:
            own = self.log.coder if not self.judging else None
            self.logs = [self.review.log(coder) for coder in self.review.coders() if coder != own]
        found = [number for number in range(len(self.review.ids)) if self._shown(number, chosen)]
        if self.blind and self.review.by_doubt():
            found.sort(key=lambda number: digest(self.review.ids[number]))
        if chosen.order == "doubt" and not self.blind:
            doubts = self.review.doubts()
            found.sort(key=lambda number: -doubts[number])
        return found

    def _shown(self, number: int, chosen: Filter) -> bool:
        if not self._is_mine(number):
            return False
        if chosen.show in ("uncoded", "coded") and self.is_done(number) != (chosen.show == "coded"):
            return False
        if chosen.show == "differ" and not self._differ(number):
            return False
        if chosen.show == "noted" and not (self.log.coding(number) or {}).get("note"):
            return False
        return chosen.label is None or chosen.label in self.labels(number)

    def _is_mine(self, number: int) -> bool:
        """Whether there is something for this coder to do: for a judge, what coders differ on, or did."""
        return not self.judging or self.log.step(number) is not None or self._differ(number)

    def _differ(self, number: int) -> bool:
        logs = self.logs if self.judging else [*self.logs, self.log]
        by = basis(number, logs)
        said = tuple(by.values())  # decisions, by which what is said of a passage is known for good
        if said not in self._alike:
            self._alike[said] = alike(list(self.review.voices(number, logs, by).values()))
        return not self._alike[said]

    def labels(self, number: int) -> set[str]:
        """Return the labels in a passage as it stands, or as it is put forward."""
        return labels(self.log.coding(number) or self._start(number))

    def count_labels(self) -> Counter[str]:
        """Return in how many passages each label is."""
        return Counter(label for number in range(len(self.review.ids)) for label in self.labels(number))

    def is_done(self, number: int) -> bool:
        """Whether a passage is done; an adjudication is so as long as no coder has gone on since."""
        if not self.judging:
            return self.log.is_done(number)
        said = (self.log.step(number), *basis(number, self.logs).values())
        if said not in self._settled:
            self._settled[said] = is_settled(self.log, number, self.logs)
        return self._settled[said]

    def progress(self) -> tuple[int, int]:
        """Return how many passages are done, and of how many: for a judge, of those that coders differ on."""
        if not self.judging:
            return self.log.counts()[0], len(self.review.ids)
        every = [number for number in range(len(self.review.ids)) if self._is_mine(number)]
        return sum(map(self.is_done, every)), len(every)

    # Moving

    def position(self) -> int | None:
        """Return where the passage at hand is in the queue, from 0; None where it is not."""
        return self.queue.index(self.number) if self.number in self.queue else None

    def move(self, by: int) -> bool:
        """Turn to the next passage of the queue (1) or the one before (-1); say whether there is one."""
        at = self.position()
        target = (0 if by > 0 else len(self.queue) - 1) if at is None else at + by
        if not 0 <= target < len(self.queue):
            return False
        self.open(self.queue[target])
        return True

    def move_on(self) -> bool:
        """Turn to the next passage that is not done, from the first again after the last; say whether there is one."""
        at = self.queue.index(self.number) + 1 if self.number in self.queue else 0
        left = [number for number in (*self.queue[at:], *self.queue[:at]) if not self.is_done(number)]
        if left:
            self.open(left[0])
        return bool(left)

    def find(self, said: str) -> int | None:
        """Return the passage of that id, or of that place in the file, from 1; None where there is none."""
        said = said.strip()
        if said in self.review.ids:
            return self.review.ids.index(said)
        if said.isdecimal() and len(said) < _DIGITS and 1 <= int(said) <= len(self.review.ids):
            return int(said) - 1
        return next((number for number, id in enumerate(self.review.ids) if said and id.startswith(said)), None)

    # Deciding

    def edit(self, change: Callable[..., edits.Done], *rest: Any) -> str:  # noqa: ANN401 - what the edit takes
        """Make one of ``edits``, store it, and return what was done, as a sentence.

        Raises Refused for what makes no coding, Changed where another window of this coder was faster, RhetoricError
        where it cannot be stored; nothing is changed then.
        """
        coding, what = change(self.coding, *rest)
        if coding != self.coding:
            self._store(coding, what)
            self._doubtful = False
        return _sentence(what)

    def finish(self) -> None:
        """Say that the passage is done. What looks odd is told first, and stands if said again."""
        if waiting := self._waiting():
            raise edits.Refused(f"Not done: {', '.join(waiting)} took this passage up again and is not done with it.")
        coding, what = edits.finish(self.coding, strict=self.judging)
        odd = edits.doubtful(coding) if {"framing", "instances"} <= {*self.review.fields} else ""
        if odd and not self._doubtful:
            self._doubtful = True
            raise edits.Refused(f"Is this right? {_sentence(odd)} Enter again keeps it.")
        if coding != self.coding or not self.log.is_done(self.number):
            self._store(coding, what)

    def _store(self, coding: Coding, what: str) -> None:
        try:
            self.log.decide(self.number, what, coding, self._where())
        except Changed:
            self.open(self.number)
            raise
        self.coding = coding
        self.outdated = bool(self._waiting())

    def undo(self, *, redo: bool = False) -> str:
        """Take back the last decision, wherever it was, or let it stand again; turn to its passage."""
        try:
            step = self.log.redo() if redo else self.log.undo()
        except Changed:
            self.open(self.number)
            raise
        if step is None:
            return "Nothing to redo." if redo else "Nothing to undo."
        self.open(step.passage)
        return f"{'Done again' if redo else 'Undone'}: {step.what}"

    def keep(self, caret: int, item: int | None) -> None:
        """Remember where the coder is: the passage, the filter, the cursor, and the item that is chosen."""
        self.place = {"caret": caret, "item": item}
        self.log.keep(self._where())

    def _where(self) -> Place:
        return {**self.place, "passage": self.entry.id, "filter": asdict(self.filter)}


def _sentence(told: str) -> str:
    return f"{told[:1].upper()}{told[1:]}."
