"""A trend for the terminal: a table of periods, a column a field, and whether each rises or falls."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from rhetoric.report.numbers import say_estimate, say_number, say_p
from rhetoric.report.page import Page, ruled_table
from rhetoric.report.safe import clean
from rhetoric.report.words import count, join
from rhetoric.scoring.copies import say_copies
from rhetoric.scoring.trend import Series, Trend
from rhetoric.scoring.uncertainty import FEWEST, Estimate

_PERIOD: Final = 16  # columns of the period and of how many documents it has
_NAME: Final = 28  # columns of its name


def print_trend(trend: Trend, console: Console) -> None:
    """Print a trend; where not all fields fit beside each other, in several tables."""
    page = Page(console)
    columns = [_column(each, trend.documents) for each in trend.series]
    while columns:
        ends = accumulate(max(map(cell_len, "\n".join(column).splitlines())) + 2 for column in columns)
        fitting = max(1, sum(end <= console.width - _PERIOD for end in ends))
        console.print(_table(trend, columns[:fitting]))
        page.paragraph("")
        columns = columns[fitting:]
    names = [clean(each.field) for each in trend.series]
    widest = max(_NAME, *(cell_len(name) + 2 for name in names))
    if len(trend.periods) == 1:
        page.paragraph(f"There is one {trend.by} here: rise and fall need more than one.")
    else:
        for name, each in zip(names, trend.series, strict=True):
            page.entry(name, _say_direction(each), indent=0, label_width=widest)
    page.paragraph(
        f"Means over documents, each weighing the same, with 95% interval from {FEWEST} documents on (of what few "
        "documents have it holds the true mean nearer nine times in ten). Rise and fall: the correlation (rho) of "
        "document and time, with the p-value, corrected for the number of fields, of a test that allows for the length "
        "of documents (the larger of what dealing them out anew gives and what the normal distribution does). n: how "
        "many documents a value rests on, where not on all.",
        style="dim",
    )
    if few := [period for period, many in zip(trend.periods, trend.documents, strict=True) if many < FEWEST]:
        page.paragraph(f"Fewer than {FEWEST} documents stand for {join(few)}: too few to say anything of that time.")
    if trend.undated:
        page.paragraph(f"{count(trend.undated, 'document')} left out, having no date that tells the {trend.by}.")
    if trend.left_out:
        said = f"{count(trend.left_out, 'document')} left out, having fewer than {FEWEST} passages that count."
        page.paragraph(said)
    if trend.copies:
        page.paragraph(say_copies(trend.copies))


def _column(series: Series, documents: Sequence[int]) -> list[str]:
    """Return the name of a field in two lines, and its value in each period."""
    values = [_say(each, series.unit, many) for each, many in zip(series.points, documents, strict=True)]
    return [clean(series.field).replace("_", "_\n", 1), *values]


def _table(trend: Trend, columns: Sequence[Sequence[str]]) -> Table:
    table = ruled_table()
    table.add_column(trend.by, no_wrap=True)
    table.add_column("docu-\nments", justify="right", no_wrap=True)
    for name, *_ in columns:
        table.add_column(Text(name), justify="right", overflow="fold")
    for at, period in enumerate(trend.periods):
        cells = [period, str(trend.documents[at]), *(values[at] for _, *values in columns)]
        table.add_row(*map(Text, cells))
    return table


def _say(found: Estimate, unit: str, documents: int) -> str:
    said = say_estimate(found, unit)
    if unit != "stance":  # where a hyphen would look like a sign
        said = said.replace(" to ", "-")
    return f"{said} n {found.passages}" if 0 < found.passages < documents else said


def _say_direction(series: Series) -> str:
    if series.rho is None or series.p_corrected is None:
        documents = [point.passages for point in series.points if point.passages]
        alike = len(documents) > 1 and sum(documents) >= FEWEST
        return "the same in every document" if alike else "too little to tell"
    way = ("rises" if series.rho > 0 else "falls") if series.sure else "no sure rise or fall"
    return f"{way} (rho {say_number(series.rho, 2, signed=True)}, p {say_p(series.p_corrected)})"
