"""Scorecards as a CSV, a row each: what R, pandas and spreadsheets read."""

import csv
import io
from collections.abc import Iterable

from rhetoric.report.safe import plain_cell
from rhetoric.scoring import Scorecard


def write_rows(scorecards: Iterable[Scorecard]) -> str:
    """Return a table with the columns of :meth:`Scorecard.to_row`; no cell of it is taken for a formula.

    What could not be scored is an empty cell, and so is a frame of the user's own where a record has it not.
    """
    rows = [scorecard.to_row() for scorecard in scorecards]
    columns = dict.fromkeys(name for row in rows for name in row)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns))
    writer.writeheader()
    writer.writerows({name: plain_cell(value) for name, value in row.items()} for row in rows)
    return out.getvalue()
