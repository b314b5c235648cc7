"""Plots as SVG text, for files, pages and notebooks alike; needs the extra "plots" (matplotlib).

The same numbers give the same bytes: no date, no random ids, no state of pyplot. Colours are those of Okabe and Ito
(2008), which the colour-blind tell apart, and no colour speaks alone: markers differ too. Text stays text.
"""

import io
import math
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from rhetoric.errors import RhetoricError, need
from rhetoric.report.figures.svg import COLOURS
from rhetoric.report.safe import clean, shorten
from rhetoric.report.words import count
from rhetoric.scoring.trend import count_periods

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from rhetoric.report.trust import Measured
    from rhetoric.scoring import Estimate
    from rhetoric.scoring.compare import Comparison, Difference
    from rhetoric.scoring.trend import Series, Trend

BLUE, ORANGE = COLOURS
GREY: Final = "#999999"
_AXES: Final = {
    "share": "share of passages",
    "probability": "mean probability",
    "per 1,000 words": "per 1,000 words",
    "stance": "stance, from -1 (ill) to +1 (well)",
}
_MOST: Final = 12  # fields of one unit in a comparison
_ACROSS: Final = 3  # panels of a trend side by side
STYLE: Final[dict[str, Any]] = {
    "svg.hashsalt": "rhetoric",
    "svg.fonttype": "none",
    "text.parse_math": False,  # a name may hold dollar signs
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Set the style of the toolkit's plots for the time being; raises RhetoricError where matplotlib is missing."""
    need("Plots need", "plots", "matplotlib")
    import matplotlib

    settings: Any = {**dict(matplotlib.rcParamsDefault), **STYLE}
    settings.pop("backend")  # which windows plots open in is the user's choice, and nothing to us
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)  # text stays text: who shows it has the font
        yield


def to_svg(figure: "Figure") -> str:
    """Return a figure as SVG text, within :func:`drawing`; the same figure gives the same bytes."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def draw_estimates(
    axes: "Axes",
    estimates: "Mapping[str, Estimate | Measured]",
    *,
    label: str | None = None,
    colour: str = BLUE,
    marker: str = "o",
    shift: float = 0.0,
) -> None:
    """Draw estimates by name on matplotlib axes, the first on top: a marker for the value, a line for its interval.

    ``shift`` moves them from the middle of their row (rows are 1 apart), so that several series go into one plot.
    What has no value is left out.
    """
    named = list(estimates.items())[::-1]
    known = [(row + shift, each) for row, (_, each) in enumerate(named) if each.value is not None]
    for row, each in known:
        _draw_interval(axes, each, row, colour)
    look: dict[str, Any] = {"color": colour, "marker": marker, "linestyle": "", "markersize": 5, "clip_on": False}
    (values,) = axes.plot([each.value or 0.0 for _, each in known], [row for row, _ in known], label=label, **look)
    # What is empty and not clipped lies in the figure's corner, and axes would make room for it.
    values.set_in_layout(bool(known))
    axes.set_yticks(range(len(named)), [name for name, _ in named])
    axes.set_ylim(-0.6, len(named) - 0.4)


def _draw_interval(axes: "Axes", found: "Estimate | Measured", row: float, colour: str) -> None:
    if found.low is not None and found.high is not None:
        axes.plot([found.low, found.high], [row] * 2, color=colour, linewidth=1.4)


def comparison_svg(comparison: "Comparison") -> str:
    """Draw both sides' values with their 95 % intervals, a panel a unit, the surest differences of each unit on top.

    Filled markers are sure differences (corrected p below 0.05), open ones are not.
    """
    units: dict[str, list[Difference]] = {unit: [] for unit in _AXES}
    for each in comparison.differences:
        if each.difference is not None and each.p is not None and len(units[each.unit]) < _MOST:
            units[each.unit].append(each)
    panels = {unit: each for unit, each in units.items() if each}
    if not panels:
        raise RhetoricError("There is nothing to draw: the two sides are alike in every field.")
    with drawing():
        from matplotlib.figure import Figure

        rows = [len(each) + 1.6 for each in panels.values()]
        figure = Figure(figsize=(7, 0.28 * sum(rows) + 0.8), layout="constrained")
        for axes, (unit, differences) in zip(
            figure.subplots(len(panels), 1, squeeze=False, height_ratios=rows)[:, 0], panels.items(), strict=True
        ):
            _draw_sides(axes, differences, unit)
        labels = []
        for side in (comparison.a, comparison.b):
            passages, documents = count(side.passages, "passage"), count(side.documents, "document")
            labels.append(f"{shorten(side.name, 50)} ({passages if comparison.units == 'passages' else documents})")
        handles = [_marker(BLUE, "o"), _marker(ORANGE, "s"), _marker(GREY, "o", sure=False)]
        figure.legend(handles, [*labels, "not sure (p 0.05 or more)"], loc="outside upper left", frameon=False)
        return to_svg(figure)


def label(field: str) -> str:
    """Return the name of a field as an axis has it: words, countries in capitals."""
    return " ".join({"us": "US", "china": "China"}.get(word, word) for word in clean(field).split("_"))


def _marker(colour: str, shape: str, *, sure: bool = True) -> Any:  # noqa: ANN401 - matplotlib is not here to name it
    from matplotlib.lines import Line2D

    return Line2D([], [], color=colour, marker=shape, linestyle="", markerfacecolor=colour if sure else "white")


def _draw_sides(axes: "Axes", differences: "list[Difference]", unit: str) -> None:
    for row, each in enumerate(reversed(differences)):
        for found, colour, shape, shift in ((each.a, BLUE, "o", 0.13), (each.b, ORANGE, "s", -0.13)):
            _draw_interval(axes, found, row + shift, colour)
            look: dict[str, Any] = {"marker": shape, "color": colour, "markersize": 5, "clip_on": False}
            face = colour if each.sure else "white"
            axes.plot(found.value or 0.0, row + shift, markerfacecolor=face, **look)
    axes.set_yticks(range(len(differences)), [label(each.field) for each in reversed(differences)])
    axes.set_ylim(-0.6, len(differences) - 0.4)
    axes.set_xlabel(_AXES[unit])
    if unit == "stance":
        axes.axvline(0, color=GREY, linewidth=0.8)
    else:
        axes.set_xlim(left=0)


def trend_svg(trend: "Trend") -> str:
    """Draw each field over time, a panel a field: the mean of a period's documents, its interval as a band.

    Periods without documents are gaps on the axis and in the line, so are those without a value; panels of one unit
    share their scale.
    """
    with drawing():
        from matplotlib.figure import Figure

        across = min(_ACROSS, len(trend.series))
        down = math.ceil(len(trend.series) / across)
        figure = Figure(figsize=(2.6 * across + 0.6, 1.9 * down + 0.5), layout="constrained")
        grid = figure.subplots(down, across, squeeze=False, sharex=True)
        for axes, series in zip(grid.flat, trend.series, strict=False):
            _draw_series(axes, series, trend)
        for axes in grid.flat[len(trend.series) :]:
            axes.set_visible(False)
        figure.supxlabel(f"{trend.by} ({count(sum(trend.documents), 'document')})", fontsize=9)
        return to_svg(figure)


def _draw_series(axes: "Axes", series: "Series", trend: "Trend") -> None:
    at = [count_periods(period) for period in trend.periods]  # so that gaps in time are gaps on the axis
    pairs = list(zip(at, series.points, strict=True))
    known = [(when, point) for when, point in pairs if point.value is not None]
    axes.plot(*_line(known), color=BLUE, linewidth=1)
    for when, point in known:
        if point.low is not None and point.high is not None:
            axes.plot([when, when], [point.low, point.high], color=BLUE, linewidth=4, alpha=0.3, solid_capstyle="butt")
    values = [point.value or 0.0 for _, point in known]
    (marks,) = axes.plot([when for when, _ in known], values, "o", color=BLUE, markersize=4, clip_on=False)
    marks.set_in_layout(bool(known))  # as in draw_estimates
    mark = f"  {'rises' if (series.rho or 0) > 0 else 'falls'}*" if series.sure else ""
    axes.set_title(label(series.field) + mark, fontsize=9, loc="left")
    axes.set_ylabel(_AXES[series.unit].partition(",")[0] if series.unit == "stance" else _AXES[series.unit], fontsize=8)
    if series.unit == "stance":
        axes.set_ylim(-1.05, 1.05)
        axes.axhline(0, color=GREY, linewidth=0.8)
    else:
        alike = [each for each in trend.series if each.unit == series.unit]
        tops = [max(point.value or 0.0, point.high or 0.0) for each in alike for point in each.points]
        axes.set_ylim(0, max(tops) * 1.08 or 1)
    shown = at if len(at) <= 6 else at[:: math.ceil(len(at) / 6)]
    axes.set_xticks(shown, [trend.periods[at.index(when)] for when in shown])
    axes.tick_params(axis="x", rotation=45, labelbottom=True)


def _line(known: "list[tuple[int, Estimate]]") -> tuple[list[float], list[float]]:
    """Return a line through points, broken where another period lies between two of them."""
    across: list[float] = []
    up: list[float] = []
    for when, point in known:
        if across and when - across[-1] > 1:
            across.append(math.nan)
            up.append(math.nan)
        across.append(when)
        up.append(point.value or 0.0)
    return across, up
