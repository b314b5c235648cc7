"""The passage on the screen: its text with every span drawn under it, the cursor, and the mouse."""

from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from rhetoric.annotation.review.cursor import Cursor
from rhetoric.annotation.review.glyphs import Glyph
from rhetoric.annotation.review.lines import Bar, Line, Mark, lanes, locate, offset_at, wrap
from rhetoric.annotation.review.looks import CHOSEN, COLOURS, EDGE, SELECTED

Lanes = Literal["auto", "all", "chosen"]
_LANES: Final[dict[Lanes, tuple[Lanes, str]]] = {  # which lines come after which, and what is said of them
    "auto": ("all", "all"),
    "all": ("chosen", "of the chosen span"),
    "chosen": ("auto", "as many as fit"),
}
_PLAIN: Final = Style.null()
_MARGIN: Final = 1  # cells left free on either side of the text


@dataclass
class _Row:
    """A row of the screen: the text of a line, or one of its lanes."""

    line: int
    bars: list[Bar] | None


class PassageView(ScrollView):
    """Shows a text with marks, and the ``cursor`` in it. It decides nothing."""

    can_focus = True

    class Pointed(Message):
        """The mouse has chosen an item, by its key, or none."""

        def __init__(self, key: int | None) -> None:
            super().__init__()
            self.key = key

    class Moved(Message):
        """The mouse has moved the cursor, or selected."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.cursor = Cursor("")
        self._drawn_lanes: Lanes = "auto"
        self.lines: list[Line] = []
        self._marks: list[Mark] = []
        self._chosen: int | None = None
        self._rows: list[_Row] = []
        self._styles: dict[int, Style] = {}
        self._dragging: int | None = None

    def show(self, text: str, marks: list[Mark], chosen: int | None) -> None:
        """Show a text, its marks, and which item is chosen; the cursor stays where the text is the same."""
        if text != self.cursor.text:
            self.cursor = Cursor(text)
            self.scroll_to(0, 0, animate=False)
        self._marks, self._chosen = marks, chosen
        self._styles = self._paint()
        self._lay_out()

    def turn_lanes(self) -> str:
        """From now on draw other lines under the text: as many as fit, all, or those of the chosen item; say which."""
        self._drawn_lanes, told = _LANES[self._drawn_lanes]
        return told

    def follow(self) -> None:
        """Bring the cursor into view."""
        number, _ = locate(self.lines, self.cursor.caret)
        self._bring(number, number)
        self.refresh()

    def reveal(self, start: int, end: int) -> None:
        """Bring a range into view, its beginning if not all of it."""
        self._bring(locate(self.lines, start)[0], locate(self.lines, max(start, end - 1))[0])

    def _bring(self, first: int, last: int) -> None:
        rows = [y for y, row in enumerate(self._rows) if first <= row.line <= last]
        if rows:
            height = min(len(rows), self.scrollable_content_region.height)
            # forced: a passage that was shorter had nothing to scroll yet
            self.scroll_to_region(Region(0, rows[0], 1, height), animate=False, force=True)

    # The mouse

    def _under(self, offset: Offset) -> int:
        at = self.scroll_offset + offset
        if not self._rows:
            return 0
        row = self._rows[min(max(at.y, 0), len(self._rows) - 1)]
        return offset_at(self.lines, row.line, at.x - _MARGIN)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Put the cursor there; dragging on selects."""
        if event.button == 1:
            self.capture_mouse()
            self._dragging = self._under(event.get_content_offset_capture(self))
            self.cursor.put(self._dragging)
            self.refresh()
            self.post_message(self.Moved())

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Extend the selection while the button is down; the glyphs at both ends are in it."""
        if self._dragging is None:
            return
        under, began = self._under(event.get_content_offset_capture(self)), self._dragging
        if under == began and self.cursor.mark is None:
            return
        ends = (self.cursor.after(under), began) if under >= began else (under, self.cursor.after(began))
        self.cursor.put(*ends)
        self.follow()
        self.post_message(self.Moved())

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End dragging."""
        self.release_mouse()
        self._dragging = None

    def on_click(self, event: events.Click) -> None:
        """Choose the item under the mouse; a double click selects the word."""
        if event.chain == 2:
            self.cursor.drop()
            self.cursor.select_word()
            self.refresh()
            self.post_message(self.Moved())
        elif self.cursor.mark is None:
            self.post_message(self.Pointed(self._key_under(event.get_content_offset_capture(self))))

    def _key_under(self, offset: Offset) -> int | None:
        at = self.scroll_offset + offset
        if not 0 <= at.y < len(self._rows):
            return None
        row, column = self._rows[at.y], at.x - _MARGIN
        if row.bars is not None:
            return next((bar.mark.key for bar in row.bars if bar.left <= column < bar.right), None)
        under = offset_at(self.lines, row.line, column)
        here = [mark for mark in self._marks if mark.start <= under < mark.end]
        return min(here, key=lambda mark: mark.end - mark.start).key if here else None

    # Drawing

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._lay_out()
        self.follow()

    def _lay_out(self) -> None:
        region = self.scrollable_content_region
        width = region.width - 2 * _MARGIN
        if width < 2:  # the width of the widest glyph
            return
        self.lines = wrap(self.cursor.glyphs, width)
        self._rows = []
        for number, each in enumerate(self._drawn(region.height)):
            self._rows += [_Row(number, None), *(_Row(number, bars) for bars in each)]
        self.virtual_size = Size(width, len(self._rows))
        self.refresh()

    def _drawn(self, height: int) -> list[list[list[Bar]]]:
        """Return the lanes of each line: all, those of the chosen item, or with these the shortest marks that fit."""
        chosen = [mark for mark in self._marks if mark.key == self._chosen]
        rest = sorted(
            (mark for mark in self._marks if mark.key != self._chosen), key=lambda mark: mark.end - mark.start
        )
        if self._drawn_lanes == "all":
            return lanes(self.lines, self._marks)
        found = lanes(self.lines, chosen)
        if self._drawn_lanes == "auto":
            fewest, most = 0, len(rest) + 1  # what fits, and what does not
            while most - fewest > 1:
                middle = (fewest + most) // 2
                tried = lanes(self.lines, [*chosen, *rest[:middle]])
                if sum(1 + len(each) for each in tried) <= height:
                    found, fewest = tried, middle
                else:
                    most = middle
        return found

    def render_line(self, y: int) -> Strip:
        """Render a row of the widget."""
        at = y + self.scroll_offset.y
        base = self.rich_style
        segments = [Segment(" " * _MARGIN, base)]
        if at < len(self._rows):
            row = self._rows[at]
            segments += self._text(row.line, base) if row.bars is None else self._lane(row.bars, base)
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def _text(self, number: int, base: Style) -> list[Segment]:
        """Return a line, neighbours that look alike in one piece."""
        line, cursor = self.lines[number], self.cursor
        start, end = cursor.span if cursor.mark is not None else [cursor.caret, cursor.caret + 1]
        found: list[Segment] = []
        for plain, glyphs in groupby(line.glyphs, lambda glyph: self._styles.get(glyph.start, _PLAIN)):
            style = base + plain
            for lit, run in groupby(glyphs, lambda glyph: start <= glyph.start < end):
                shown = list(run)
                if lit:
                    found += self._lit(shown, style + SELECTED)
                else:
                    found.append(Segment("".join(glyph.shown for glyph in shown), style))
        if cursor.mark is None and cursor.caret == line.end == len(cursor.text):
            found.append(Segment(" ", base + SELECTED))
        return found

    def _lit(self, run: list[Glyph], style: Style) -> list[Segment]:
        """Return what is selected, or the cursor; the end of a selection that moves is marked."""
        cursor = self.cursor
        moving = [cursor.mark is not None and cursor.caret in (glyph.start, glyph.end) for glyph in run]
        return [
            Segment(glyph.shown or "¶", style + EDGE if moves else style)
            for glyph, moves in zip(run, moving, strict=True)
        ]

    def _paint(self) -> dict[int, Style]:
        """Return the style of each glyph that has one, by where it begins."""
        plain = self.app.no_color or self.app.console.color_system is None
        order = sorted(self._marks, key=lambda mark: (mark.key == self._chosen, mark.start - mark.end))
        found: dict[int, Style] = {}
        for mark in order:  # what is painted last is seen: the chosen item, and of the others the shortest
            style = Style(color=COLOURS[mark.kind], underline=plain or None)
            style += CHOSEN if mark.key == self._chosen else _PLAIN
            found |= {glyph.start: style for glyph in self.cursor.glyphs if mark.start <= glyph.start < mark.end}
        return found

    def _lane(self, bars: list[Bar], base: Style) -> list[Segment]:
        found, at = [], 0
        for bar in bars:
            style = Style(color=COLOURS[bar.mark.kind], bold=bar.mark.key == self._chosen or None)
            found += [Segment(" " * (bar.left - at), base), Segment(bar.draw(), base + style)]
            at = bar.right
        return found
