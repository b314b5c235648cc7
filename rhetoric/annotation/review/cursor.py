"""A cursor in a text: it moves by glyph, word or line, and selects. Offsets are those of the text, never of cells."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from rhetoric.annotation.review.glyphs import glyphs, words
from rhetoric.annotation.review.lines import Line, locate, offset_at


class Cursor:
    """``caret`` is an offset at which a glyph begins, or the end of the text; so is ``mark``, the other end of the
    selection, None where nothing is selected.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.glyphs = glyphs(text)
        self.words = words(text, self.glyphs)
        self.caret = 0
        self.mark: int | None = None
        self._stops = [*(glyph.start for glyph in self.glyphs), len(text)]
        self._column: int | None = None  # the cell it was in before it went through a shorter line

    @property
    def span(self) -> list[int]:
        """The range that is selected as it is drawn; empty where nothing is."""
        return sorted((self.caret if self.mark is None else self.mark, self.caret))

    @property
    def selection(self) -> list[int] | None:
        """The range that is selected, without the space around it; None where there is none."""
        start, end = self.span
        said = self.text[start:end]
        start, end = start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())
        return [start, end] if start < end else None

    def put(self, caret: int, mark: int | None = None) -> None:
        """Go to an offset; ``mark`` is the other end of the selection."""
        self._column = None
        self.caret, self.mark = self._stop(caret), None if mark is None else self._stop(mark)

    def begin(self) -> None:
        """Begin to select, where nothing is selected."""
        self.mark = self.caret if self.mark is None else self.mark

    def drop(self) -> None:
        """Select nothing."""
        self.mark = None

    def _stop(self, offset: int) -> int:
        return self._stops[max(0, bisect_right(self._stops, min(max(offset, 0), len(self.text))) - 1)]

    def after(self, offset: int) -> int:
        """Return where the glyph at ``offset`` ends."""
        return self._stops[min(bisect_left(self._stops, self._stop(offset)) + 1, len(self._stops) - 1)]

    def move(self, step: str, lines: Sequence[Line]) -> None:
        """Move by a glyph ("left", "right"), a line ("up", "down"), or to an end of the line ("home", "end").

        A selection that is begun is extended.
        """
        if step in ("left", "right"):
            at = bisect_left(self._stops, self.caret) + (1 if step == "right" else -1)
            self.put(self._stops[min(max(at, 0), len(self._stops) - 1)], self.mark)
            return
        number, column = locate(lines, self.caret)
        if step in ("home", "end"):
            self.put(offset_at(lines, number, 0 if step == "home" else 10**6), self.mark)
            return
        wanted = column if self._column is None else self._column
        number += 1 if step == "down" else -1
        if 0 <= number < len(lines):
            self.put(offset_at(lines, number, wanted), self.mark)
            self._column = wanted

    def move_word(self, forward: bool) -> None:
        """Move to where a word begins; with the end of a selection forward to where one ends."""
        if not forward:
            target = next((start for start, _ in reversed(self.words) if start < self.caret), 0)
        else:
            at_end = self.mark is not None and self.caret >= self.mark
            edges = [end if at_end else start for start, end in self.words]
            target = next((edge for edge in edges if edge > self.caret), len(self.text))
        self.put(target, self.mark)

    def select_word(self) -> None:
        """Select the word at the caret or after it; with a selection, one word more."""
        if self.mark is not None:
            self.move_word(forward=True)
            return
        here = next((word for word in self.words if word[1] > self.caret), None)
        if here:
            self.put(here[1], here[0])

    def select_less(self) -> None:
        """Take the last word off the selection; the whole of it where it is one."""
        start, end = self.span
        ends = [each for _, each in self.words if start < each < end]
        self.put(ends[-1] if ends else start, start if ends else None)

    def swap(self) -> None:
        """Move the other end of the selection from now on."""
        if self.mark is not None:
            self.put(self.mark, self.caret)
