"""A trend for the terminal: a table of periods, a column a field, and whether each rises or falls."""

from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from rhetoric.report.numbers import say_estimate, say_number, say_p
from rhetoric.report.page import Page, make_table
from rhetoric.report.safe import clean
from rhetoric.report.words import count, join
from rhetoric.scoring.copies import say_copies
from rhetoric.scoring.trend import Series, Trend
from rhetoric.scoring.uncertainty import FEWEST, Estimate

_WIDTH: Final = 16  # columns of a field
_NAME: Final = 28  # columns of its name


def print_trend(trend: Trend, console: Console) -> None:
    """Print a trend; where not all fields fit beside each other, in several tables."""
    page = Page(console)
    at_once = max(1, (console.width - 20) // _WIDTH)
    for start in range(0, len(trend.series), at_once):
        if start:
            page.paragraph("")
        console.print(_table(trend, trend.series[start : start + at_once]))
    page.paragraph("")
    names = [clean(each.field) for each in trend.series]
    widest = max(_NAME, *(len(name) + 2 for name in names))
    if len(trend.periods) == 1:
        page.paragraph(f"There is one {trend.by} here: rise and fall need more than one.")
    else:
        for name, each in zip(names, trend.series, strict=True):
            page.entry(name, _say_direction(each), indent=0, label_width=widest)
    page.paragraph(
        f"Means over documents, each weighing the same, with 95% interval from {FEWEST} documents on (of what few "
        "documents have it holds the true mean nearer nine times in ten). Rise and fall: the correlation (rho) of "
        "document and time, with the p-value, corrected for the number of fields, of a test that allows for the length "
        "of documents (the larger of what dealing them out anew gives and what the normal distribution does).",
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


def _table(trend: Trend, series: tuple[Series, ...]) -> Table:
    table = make_table()
    table.add_column(trend.by, no_wrap=True)
    table.add_column("docu-\nments", justify="right", no_wrap=True)
    for each in series:
        table.add_column(Text(clean(each.field).replace("_", "_\n", 1)), justify="right", overflow="fold")
    for at, period in enumerate(trend.periods):
        said = [_say(each.points[at], each.unit) for each in series]
        cells = [period, str(trend.documents[at]), *said]
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _say(found: Estimate, unit: str) -> str:
    said = say_estimate(found, unit)
    return said if unit == "stance" else said.replace(" to ", "-")  # of stances a hyphen would look like a sign


def _say_direction(series: Series) -> str:
    if series.rho is None or series.p_corrected is None:
        documents = [point.passages for point in series.points if point.passages]
        alike = len(documents) > 1 and sum(documents) >= FEWEST
        return "the same in every document" if alike else "too little to tell"
    way = ("rises" if series.rho > 0 else "falls") if series.sure else "no sure rise or fall"
    return f"{way} (rho {say_number(series.rho, 2, signed=True)}, p {say_p(series.p_corrected)})"
