"""A page of plain lines: headings, paragraphs and labelled entries, wrapped to the terminal and safe to print."""

from typing import Final

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDEST: Final = 100  # columns; longer lines are hard to read
_LABEL: Final = 13
_WIDEST_TABLE: Final = 200


class Page:
    """Prints to a console without ever reading its text as markup; no line ends in spaces."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = max(40, min(console.width, WIDEST))

    @property
    def ascii_only(self) -> bool:
        """Whether the output can hold nothing but ASCII."""
        return self._console.options.ascii_only

    def heading(self, title: str, note: str = "") -> None:
        """Print a heading after an empty line, with a dim note beside it."""
        self._console.print()
        self.paragraph(Text.assemble((title.upper(), "bold"), (f"  {note}" if note else "", "dim")))

    def paragraph(self, text: Text | str, *, indent: int = 0, style: str = "") -> None:
        """Print text, wrapped."""
        self.entry("", text, indent=indent, label_width=0, style=style)

    def entry(
        self,
        label: str,
        text: Text | str,
        *,
        indent: int = 2,
        label_width: int = _LABEL,
        style: str = "",
        label_style: str = "bold",
    ) -> None:
        """Print text with a label before its first line, wrapped so that it stays to the right of the label."""
        body = Text(text, style) if isinstance(text, str) else text
        wide = cell_len(label)  # a Chinese letter takes two columns
        if label_width and (indent + label_width > self._width / 2 or wide >= label_width):  # no room for two columns
            if label:
                self.paragraph(Text(label, label_style), indent=indent)
            indent, label, label_width = indent + 2, "", 0
        room = max(20, self._width - indent - label_width)
        for number, line in enumerate(body.wrap(self._console, room, overflow="fold") or [Text("")]):
            line.rstrip()
            head = label + " " * (label_width - wide) if number == 0 else " " * label_width
            whole = Text.assemble(" " * indent, (head, label_style), line)
            whole.rstrip()
            self._console.print(whole, soft_wrap=True)


def ruled_table(*columns: str, broken: bool = False, padding: int | tuple[int, int, int, int] = (0, 1, 0, 0)) -> Table:
    """Make a table with a line under its head and no other, ``padding`` as rich's tables have it.

    The first of its ``columns`` has the names, which may be ``broken``, the others have the numbers.
    """
    table = Table(box=box.SIMPLE_HEAD, padding=padding, pad_edge=False, show_edge=False)
    for at, name in enumerate(columns):
        table.add_column(name, justify="right" if at else "left", no_wrap=bool(at) or not broken, overflow="fold")
    return table


def print_whole(console: Console, table: Table, *, columns: int | None = None) -> None:
    """Print a table in no less than ``columns``, or in all its width: a narrower terminal breaks its lines, but no
    column or digit is lost.
    """
    needed = columns or console.measure(table, options=console.options.update(width=_WIDEST_TABLE)).maximum
    usual = console.width
    console.width = max(usual, needed)
    console.print(table)
    console.width = usual


def make_console() -> Console:
    """Make a console that prints text as it is: no markup, no emoji codes, no colours where output is no terminal."""
    return _Console(markup=False, emoji=False, highlight=False)


class _Console(Console):
    """Leaves it to the command how it ends when its reader has left; rich would end it as if a document had failed."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError
