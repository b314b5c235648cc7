"""Lines of a passage as they stand on the screen, and under each the lanes in which its spans are drawn.

Spans may nest and overlap: every one has a bar of its own, in the first lane that is free, shorter ones nearer to the
text. So they can be told apart without colour.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from rhetoric.annotation.review.glyphs import Glyph


@dataclass(frozen=True)
class Line:
    """Glyphs side by side; ``columns`` are the cells in which they begin. A line break or a space may hang over."""

    glyphs: tuple[Glyph, ...]
    columns: tuple[int, ...]

    @property
    def start(self) -> int:
        """Where in the text the line begins."""
        return self.glyphs[0].start

    @property
    def end(self) -> int:
        """Where in the text the next line begins."""
        return self.glyphs[-1].end


@dataclass(frozen=True)
class Mark:
    """A span to draw: its range, what to write on it, its kind, and the key of its item; ``open`` is not decided."""

    start: int
    end: int
    label: str
    kind: str
    key: int
    open: bool = False


@dataclass(frozen=True)
class Bar:
    """The cells ``[left, right)`` of a line that a mark is drawn in, and whether it begins and ends there."""

    left: int
    right: int
    mark: Mark
    begins: bool
    ends: bool

    def draw(self) -> str:
        """Return the bar, as wide as it is: └3 account──────┘, or what of the label has room."""
        width = self.right - self.left
        line = "·" if self.mark.open else "─"
        label = self.mark.label
        if width < len(label) + 2:
            return label[:width].ljust(width, " " if self.begins and self.ends else line)
        left, right = "└" if self.begins else line, "┘" if self.ends else line
        return left + label.ljust(width - 2, line) + right


def wrap(cut: Sequence[Glyph], width: int) -> list[Line]:
    """Break glyphs into lines of at most ``width`` cells, at spaces where there are any."""
    lines: list[Line] = []
    row: list[Glyph] = []
    used = 0
    for glyph in cut:
        while row and used + glyph.width > width and glyph.shown != " " and not glyph.breaks:
            kept = next((at + 1 for at in range(len(row) - 1, -1, -1) if row[at].shown == " "), len(row))
            lines.append(_line(row[:kept]))
            row = row[kept:]
            used = sum(each.width for each in row)
        row.append(glyph)
        used += glyph.width
        if glyph.breaks:
            lines.append(_line(row))
            row, used = [], 0
    return [*lines, _line(row)] if row else lines


def _line(row: list[Glyph]) -> Line:
    columns, at = [], 0
    for glyph in row:
        columns.append(at)
        at += glyph.width
    return Line(tuple(row), tuple(columns))


def locate(lines: Sequence[Line], offset: int) -> tuple[int, int]:
    """Return the line and the cell of the glyph at ``offset``; that after the last glyph for the end of the text."""
    if not lines:
        return 0, 0
    number = max(0, bisect_right([line.start for line in lines], offset) - 1)
    line = lines[number]
    at = bisect_right([glyph.start for glyph in line.glyphs], offset) - 1
    if offset < line.end:
        return number, line.columns[at]
    return number, line.columns[-1] + line.glyphs[-1].width


def offset_at(lines: Sequence[Line], number: int, column: int) -> int:
    """Return the offset of the glyph that is in a cell of a line, or else of the line's last one."""
    if not lines:
        return 0
    line = lines[min(max(number, 0), len(lines) - 1)]
    at = max(0, bisect_right(line.columns, max(column, 0)) - 1)
    glyph = line.glyphs[at]
    last = number >= len(lines) - 1 and not glyph.breaks and column >= line.columns[at] + glyph.width
    return glyph.end if last else glyph.start


def lanes(lines: Sequence[Line], marks: Sequence[Mark]) -> list[list[list[Bar]]]:
    """Return, for each line, its lanes from the text down, and for each lane its bars from left to right."""
    taken: list[list[Mark]] = []
    whole = [_whole(mark, lines) for mark in marks]
    for mark in sorted(whole, key=lambda each: (each.end - each.start, each.start, each.key)):
        free = (lane for lane in taken if all(mark.end <= each.start or each.end <= mark.start for each in lane))
        lane = next(free, None)
        if lane is None:
            lane = []
            taken.append(lane)
        lane.append(mark)
    found = []
    for line in lines:
        bars = [[bar for mark in sorted(lane, key=attrgetter("start")) if (bar := _bar(line, mark))] for lane in taken]
        found.append([lane for lane in bars if lane])
    return found


def _whole(mark: Mark, lines: Sequence[Line]) -> Mark:
    """Return a mark of whole glyphs, of which it may begin or end inside one."""
    if not lines:
        return mark
    first, last = (lines[locate(lines, offset)[0]] for offset in (mark.start, max(mark.start, mark.end - 1)))
    start = max((glyph.start for glyph in first.glyphs if glyph.start <= mark.start), default=mark.start)
    end = min((glyph.end for glyph in last.glyphs if glyph.end >= mark.end), default=mark.end)
    return replace(mark, start=start, end=end)


def _bar(line: Line, mark: Mark) -> Bar | None:
    if mark.end <= line.start or line.end <= mark.start:
        return None
    inside = [
        at for at, glyph in enumerate(line.glyphs) if glyph.start < mark.end and glyph.end > mark.start and glyph.width
    ]
    if not inside:
        return None
    while len(inside) > 1 and inside[-1] == len(line.glyphs) - 1 and line.glyphs[inside[-1]].shown == " ":
        inside.pop()  # a space that hangs over the end of the line
    left, last = line.columns[inside[0]], inside[-1]
    right = line.columns[last] + line.glyphs[last].width
    return Bar(left, right, mark, line.start <= mark.start, mark.end <= line.end)
