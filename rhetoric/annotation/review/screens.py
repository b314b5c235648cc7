"""What opens over the passage: a choice by one key, a line to write, a list to pick from, pages to read."""

import re
from collections.abc import Sequence
from itertools import zip_longest
from textwrap import wrap
from typing import Any, Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Markdown, OptionList, Static
from textual.widgets.option_list import Option as ListOption

from rhetoric.annotation.review.keys import KEYS
from rhetoric.annotation.review.looks import Option
from rhetoric.annotation.review.panels import Clickable, click
from rhetoric.report.safe import clean

_LEAST: Final = 17  # cells of a column beside its names: a key, gaps, and some words of the meaning


def _scroll(pane: VerticalScroll, key: str) -> bool:
    """Scroll where ``key`` is one that scrolls; say whether it is."""
    page = max(1, pane.size.height - 2)
    rows = {"down": 1, "up": -1, "pagedown": page, "space": page, "pageup": -page, "home": -(10**6), "end": 10**6}
    if key in rows:
        pane.scroll_relative(y=rows[key], animate=False)
    return key in rows


class Menu(ModalScreen[Any]):
    """Options with a key each; gives what the key stands for, None where Esc was pressed."""

    def __init__(self, title: str, options: Sequence[Option]) -> None:
        super().__init__()
        self._title, self._options = title, options

    def compose(self) -> ComposeResult:
        """Show the options at the foot of the screen, in two columns where they are many and so take fewer lines."""
        with VerticalScroll(classes="sheet"):
            yield Clickable(self._lines(self.app.size.width - 4), classes="sheet-text")

    def _lines(self, width: int) -> Text:
        longest = max(cell_len(clean(each[2])) for each in self._options)
        two = len(self._options) > 10 and width // 2 >= longest + _LEAST
        title = Text().append(clean(self._title), "bold").append("   Esc leaves it", "dim")
        found = [self._columns(number, width // number, longest) for number in ((1, 2) if two else (1,))]
        return Text("\n").join([title, *min(found, key=len)])

    def _columns(self, number: int, width: int, longest: int) -> list[Text]:
        """Return the lines of the options in so many columns, each of ``width`` cells."""
        rows, blank = -(-len(self._options) // number), Text(" " * width)
        lines = []
        for row in range(rows):
            cells = [self._cell(each, width - 1, longest) for each in self._options[row::rows]]
            lines += [Text().join(line) for line in zip_longest(*cells, fillvalue=blank)]
        return lines

    def _cell(self, option: Option, width: int, longest: int) -> list[Text]:
        """Return the lines of an option, each as wide as its column."""
        key, _, label, meaning = option
        head = Text().append(f" {key} ", "reverse").append(f" {set_cell_size(clean(label), longest)}  ", "bold")
        told = wrap(clean(meaning), max(10, width - head.cell_len)) or [""]
        found = [head.append(told[0]), *(Text(" " * (longest + 6) + each) for each in told[1:])]
        for line in found:
            line.stylize(click("screen.take", key))
            line.append(" " * max(1, width + 1 - line.cell_len))
        return found

    def on_key(self, event: events.Key) -> None:
        """Take the option of a key."""
        event.stop()
        if event.key == "escape":
            self.dismiss(None)
        elif not _scroll(self.query_one(VerticalScroll), event.key):
            self.action_take(event.character or "")

    def action_take(self, key: str) -> None:
        """Take the option of a key, pressed or clicked on."""
        found = [value for each, value, _, _ in self._options if each == key]
        if found:
            self.dismiss(found[0])


class _Line(Input):
    def on_paste(self, event: events.Paste) -> None:
        """Make one line of several, of which Textual would keep the first."""
        event.text = " ".join(filter(None, event.text.splitlines()))


class Ask(ModalScreen[str | None]):
    """A line to write; gives it, or None where Esc was pressed."""

    def __init__(self, title: str, value: str = "") -> None:
        super().__init__()
        self._title, self._value = title, value

    def compose(self) -> ComposeResult:
        """Show the line at the foot of the screen."""
        with Vertical(classes="sheet"):
            yield Static(Text(self._title, "bold"))
            yield _Line(self._value, select_on_focus=False, compact=True)

    def on_key(self, event: events.Key) -> None:
        """Leave by Esc."""
        if event.key == "escape":
            event.stop()
            self.dismiss(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give what was written."""
        self.dismiss(event.value)


class Pick(ModalScreen[str | None]):
    """A long list, narrowed by what is typed; gives the line chosen, or None."""

    def __init__(self, title: str, counts: Sequence[tuple[str, int]]) -> None:
        super().__init__()
        self._title, self._counts = title, counts

    def compose(self) -> ComposeResult:
        """Show what to type into over the list."""
        with Vertical(classes="sheet tall"):
            yield Static(Text(self._title, "bold"))
            yield Input(placeholder="type to narrow, Enter takes the first", compact=True)
            yield OptionList(*self._options(""))

    def _options(self, said: str) -> list[ListOption]:
        kept = [(label, count) for label, count in self._counts if said.lower() in label.lower()]
        return [ListOption(Text(f"{clean(label):<28} {count:>6}"), id=label) for label, count in kept]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        self.query_one(OptionList).clear_options().add_options(self._options(event.value))

    def on_input_submitted(self) -> None:
        """Take the first."""
        options = self.query_one(OptionList).options
        self.dismiss(options[0].id if options else None)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the one chosen."""
        self.dismiss(event.option.id)

    def on_key(self, event: events.Key) -> None:
        """Leave by Esc; go down into the list."""
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif event.key == "down" and isinstance(self.focused, Input):
            self.query_one(OptionList).focus()


class Page(ModalScreen[None]):
    """Something to read; any key but those that scroll closes it."""

    def on_key(self, event: events.Key) -> None:
        """Scroll or close."""
        event.stop()
        if not _scroll(self.query_one(VerticalScroll), event.key):
            self.close(event.key)

    def close(self, key: str) -> None:
        """Close the page."""
        self.dismiss(None)


class Help(Page):
    """Every key and what it does."""

    def compose(self) -> ComposeResult:
        """List the keys by group."""
        text = Text()
        for group in dict.fromkeys(key.group for key in KEYS):
            text.append(f"{group}\n", "bold")
            for key in KEYS:
                if key.group == group and key.help:
                    text.append(f"  {key.shown:<10} {key.help}\n")
            text.append("\n")
        text.append("Signs\n", "bold")
        text.append("  ? not decided (dots under the text)   + accepted (a line)   × rejected (no line)\n")
        text.append(
            "  Labels: ■ present, · absent, – not coded, ? not decided; ? after a name: the machine is unsure.\n\n"
        )
        text.append("The mouse: click on a span, a label or a key; drag to select, double-click for a word.")
        with VerticalScroll(classes="page"):
            yield Static(text)
        yield Static(" Arrows and PageDown scroll, any other key closes", classes="page-foot")


class Codebook(Page):
    """The codebook, a section at a time; digits turn to another section."""

    def __init__(self, text: str, section: int) -> None:
        super().__init__()
        self._sections = [f"## {each}" for each in re.split(r"^## ", text, flags=re.MULTILINE)[1:]]
        self._section = min(section, len(self._sections))

    def compose(self) -> ComposeResult:
        """Show a section."""
        with VerticalScroll(classes="page"):
            yield Markdown(self._text(), open_links=False)
        last = len(self._sections)
        told = f" Arrows and PageDown scroll, 1-{last} another section, any other key closes"
        yield Static(told, classes="page-foot")

    def _text(self) -> str:
        return re.sub(r"^-{5,}$", "", self._sections[self._section - 1], flags=re.MULTILINE)

    def close(self, key: str) -> None:
        """Turn to a section, or close."""
        if key.isdigit() and 1 <= int(key) <= len(self._sections):
            self._section = int(key)
            self.query_one(Markdown).update(self._text())
            self.query_one(VerticalScroll).scroll_home(animate=False)
        else:
            self.dismiss(None)
