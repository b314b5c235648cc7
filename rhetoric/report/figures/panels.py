"""Rows of values with their intervals: dots or bars on a common scale, the reference behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from rhetoric.report.figures.svg import COLOURS, GREY, LINE, Figure, box, letters, line, make_figure, marker, number
from rhetoric.report.safe import excerpt, shorten

_FROM, _TO = 30.0, 83.0  # per cent of the width: where the scale begins and ends
_ROW: Final = 28  # pixels, with one value; each further one adds
_MORE: Final = 16
_NAME: Final = 36  # characters of a text's name: what a phone has room for


@dataclass(frozen=True)
class Value:
    """A value with its interval (both None where it has none); ``said`` stands at the end of the row, ``told`` is that
    with the interval, for those who do not see the picture.
    """

    value: float | None
    low: float | None
    high: float | None
    said: str
    told: str


@dataclass(frozen=True)
class Band:
    """Where the middle eight tenths of the reference lie, and its middle; ``documents`` are those with a value."""

    low: float
    middle: float
    high: float
    documents: int


@dataclass(frozen=True)
class Row:
    """One row: a value a text, all on the same scale."""

    label: str
    values: tuple[Value, ...]
    band: Band | None = None


@dataclass(frozen=True)
class Panel:
    """Rows on one scale from ``least`` to ``most``; ``ticks`` are values with what to call them."""

    rows: tuple[Row, ...]
    least: float
    most: float
    ticks: tuple[tuple[float, str], ...]
    heading: str = ""
    bars: bool = False

    def across(self, value: float) -> str:
        """Return where a value lies, in per cent of the width; what is off the scale lies at its end."""
        share = (min(max(value, self.least), self.most) - self.least) / ((self.most - self.least) or 1.0)
        return f"{number(_FROM + share * (_TO - _FROM))}%"

    def wide(self, low: float, high: float) -> str:
        """Return how wide the range from ``low`` to ``high`` is."""
        return f"{number(float(self.across(high)[:-1]) - float(self.across(low)[:-1]))}%"


def draw_panels(title: str, panels: Sequence[Panel], names: Sequence[str], reference: str | None) -> Figure:
    """Draw panels one below the other, then what their marks mean.

    ``names`` are those of the texts, ``reference`` says what the bands are of, None where there are none.
    """
    body: list[Markup] = []
    y = 0.0
    for panel in panels:
        y = _panel(body, panel, y)
    y = _legend(body, panels, names, reference, y + 6)
    return make_figure(title, _describe(panels), body, round(y))


def _describe(panels: Sequence[Panel]) -> str:
    """Say every value in words, for those who do not see the picture."""
    said = []
    for panel in panels:
        head = f"{panel.heading}: " if panel.heading else ""
        rows = [f"{row.label} {' against '.join(each.told for each in row.values)}" for row in panel.rows]
        said.append(head + (", ".join(rows) or "none") + ".")
    return " ".join(said)


def _panel(body: list[Markup], panel: Panel, y: float) -> float:
    if panel.heading:
        body.append(letters(panel.heading, "0", y + 14, bold=True))
        y += LINE + 6
    top, high = y, sum(_ROW + _MORE * (len(row.values) - 1) for row in panel.rows)
    for value, _ in panel.ticks:
        kind = 1.6 if value == 0 and panel.least < 0 else 0.6
        body.append(line(panel.across(value), top, panel.across(value), top + high, width=kind, kind="grid"))
    for row in panel.rows:
        y = _row(body, panel, row, y)
    for at, (value, said) in enumerate(panel.ticks):
        anchor = "middle" if 0 < at < len(panel.ticks) - 1 or panel.least < 0 else ("start", "end")[at > 0]
        if said:
            body.append(letters(said, panel.across(value), y + 14, anchor=anchor, dim=True))
    return y + LINE + 8


def _row(body: list[Markup], panel: Panel, row: Row, y: float) -> float:
    high = _ROW + _MORE * (len(row.values) - 1)
    middle = y + high / 2
    body.append(letters(row.label, "0", middle + 4.5, bold=True))
    if row.band:
        left, wide = panel.across(row.band.low), panel.wide(row.band.low, row.band.high)
        body.append(box(left, y + 4, wide, high - 8, colour=GREY, opacity=0.3, kind="band"))
        half = panel.across(row.band.middle)
        body.append(line(half, y + 4, half, y + high - 4, width=2, kind="band-middle"))
    for text, each in enumerate(row.values):
        at = middle + (text - (len(row.values) - 1) / 2) * _MORE
        if each.value is not None:
            _value(body, panel, text, each, at)
        body.append(letters(each.said, "100%", at + 4.5, anchor="end"))
    return y + high


def _value(body: list[Markup], panel: Panel, text: int, each: Value, at: float) -> None:
    value, colour, kind = each.value or 0.0, COLOURS[text], f"t{text}"
    if panel.bars:
        body.append(box(panel.across(0), at - 6, panel.wide(0, value), 12, colour=colour, opacity=0.85, kind=kind))
    if each.low is not None and each.high is not None:
        low, high = panel.across(each.low), panel.across(each.high)
        kind = "whisker" if panel.bars else f"l{text}"
        body.append(line(low, at, high, at, colour="currentColor" if panel.bars else colour, width=2, kind=kind))
    if not panel.bars:
        body.append(marker(text, panel.across(value), at))


def _legend(
    body: list[Markup], panels: Sequence[Panel], names: Sequence[str], reference: str | None, y: float
) -> float:
    bars = all(panel.bars for panel in panels)
    values = [value for panel in panels for row in panel.rows for value in row.values]
    for text, name in enumerate(names):
        if bars:
            body.append(box("0", y + 3, "14", 11, colour=COLOURS[text], opacity=0.85, kind=f"t{text}"))
        else:
            body.append(marker(text, "8", y + 9))
        body.append(letters(shorten(name, _NAME), "22", y + 13.5, dim=True))
        y += LINE
    if any(value.low is not None for value in values):
        body.append(line("1", y + 9, "15", y + 9, colour="currentColor", width=2))
        body.append(letters("95% interval", "22", y + 13.5, dim=True))
        y += LINE
    if reference:
        body.append(box("1", y + 3, "14", 12, colour=GREY, opacity=0.3, kind="band"))
        body.append(line("8", y + 3, "8", y + 15, width=2, kind="band-middle"))
        body.append(letters(f"8 in 10 of {excerpt(reference, 32)}; the middle", "22", y + 13.5, dim=True))
        y += LINE
    return y + 2
