"""Figures as SVG text, drawn without any plotting library; a notebook shows them as they are.

Across they are laid out in per cent, so a page may make them as narrow as a phone and their letters stay as large.
Colours are those of Okabe and Ito (2008), which the colour-blind tell apart, and no colour speaks alone: shapes differ
too. Letters take the colour of the text around them, so that figures work on dark pages. The same numbers give the same
bytes.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup

from rhetoric.report.safe import clean

WIDTH: Final = 640  # pixels, where nothing else says how wide
COLOURS: Final = ("#0072B2", "#D55E00")  # of the first text and of the second
GREY: Final = "#8a8a8a"
LINE: Final = 18  # pixels from one line of letters to the next


@dataclass(frozen=True)
class Figure:
    """A picture with a title and a description for those who do not see it; ``svg`` is the whole element."""

    title: str
    description: str
    svg: str

    def __str__(self) -> str:
        return self.svg

    _repr_svg_ = __html__ = __str__  # as notebooks and templates ask for it

    def save(self, path: str | Path) -> None:
        """Write the picture to an .svg file."""
        Path(path).write_text(self.svg + "\n", encoding="utf-8", newline="\n")


def make_figure(title: str, description: str, body: list[Markup], height: int) -> Figure:
    """Put elements into a picture ``height`` pixels high."""
    inside = Markup("\n").join(body)
    key = "g" + hashlib.sha256(f"{title}{description}{inside}".encode()).hexdigest()[:8]
    told = element("title", title, id=f"{key}t") + element("desc", description, id=f"{key}d")
    svg = element(
        "svg",
        told + inside,
        xmlns="http://www.w3.org/2000/svg",
        kind="figure",
        width=WIDTH,
        height=height,
        role="img",
        aria_labelledby=f"{key}t {key}d",
        font_family="system-ui,sans-serif",
        font_size=13,
        fill="currentColor",
    )
    return Figure(title, description, str(svg))


def element(name: str, inside: str = "", *, kind: str = "", **attributes: str | float) -> Markup:
    """Return an element with what is ``inside``, escaped but for markup; ``kind`` is its class, by which pages colour.

    An underscore in the name of an attribute stands for a hyphen. Numbers are written as short as they can be.
    """
    given: dict[str, str | float] = {"class": kind} if kind else {}
    given |= {key.replace("_", "-"): value for key, value in attributes.items()}
    written = Markup("").join(Markup(' {}="{}"').format(key, _write(value)) for key, value in given.items())
    if not inside:
        return Markup("<{}{}/>").format(name, written)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, inside)


def letters(text: str, x: str, y: float, *, anchor: str = "start", bold: bool = False, dim: bool = False) -> Markup:
    """Return a line of text at ``x`` (per cent or pixels); ``y`` is its base line."""
    how: dict[str, str | float] = {"font_weight": 600} if bold else {}
    how |= {"fill_opacity": 0.75} if dim else {}
    return element("text", clean(text) or " ", kind="dim" if dim else "", x=x, y=y, text_anchor=anchor, **how)


def line(x1: str, y1: float, x2: str, y2: float, *, colour: str = GREY, width: float = 1, kind: str = "") -> Markup:
    """Return a straight line."""
    return element("line", kind=kind, x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=width)


def box(x: str, y: float, wide: str, high: float, *, colour: str, opacity: float = 1.0, kind: str = "") -> Markup:
    """Return a filled rectangle."""
    return element("rect", kind=kind, x=x, y=y, width=wide, height=high, fill=colour, fill_opacity=opacity)


def marker(text: int, x: str, y: float) -> Markup:
    """Return the mark of the first text (0: a disc) or of the second (1: a diamond)."""
    if text == 0:
        return element("circle", kind="t0", cx=x, cy=y, r=5.5, fill=COLOURS[0])
    diamond = element("path", kind="t1", d="M0-7 7 0 0 7-7 0z", fill=COLOURS[1])
    return element("svg", diamond, x=x, y=y, overflow="visible", width=1, height=1)


def _write(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """Return a coordinate as short as it can be."""
    return f"{round(value, 2):g}"
