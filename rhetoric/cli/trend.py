"""``rhetoric trend``: fields over time in a dated corpus."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from rhetoric.cli import options as o
from rhetoric.cli import sources as s
from rhetoric.cli.compare import Overwrite, Plot
from rhetoric.cli.metadata import MetaFile, MetaId, metadata
from rhetoric.cli.outcome import open_console, running
from rhetoric.cli.output import check_plot, print_json, write_plot
from rhetoric.errors import RhetoricError

if TYPE_CHECKING:
    from rhetoric.scoring.trend import By


@o.with_how
def trend(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE", help="Records (a run, or .jsonl), or a file, folder, glob, URL or - to annotate now."
        ),
    ],
    fields: Annotated[
        list[str] | None, typer.Argument(metavar="FIELD", help="Fields of the scorecard; all frames by default.")
    ] = None,
    by: Annotated[str, typer.Option(metavar="year|month", help="How long a period is.")] = "year",
    meta: MetaFile = None,
    meta_id: MetaId = None,
    every_passage: o.EveryPassage = False,
    as_json: o.AsJson = False,
    plot: Plot = None,
    overwrite: Overwrite = False,
    how: o.How = o.DEFAULTS,
) -> None:
    """Follow fields over the years or months of dated documents, with intervals, and say what rises or falls.

    Dates are read from "date" in the metadata, else from "year": an ISO date, a year, or a date with the month spelt
    out.

    \b
    rhetoric trend records.jsonl frame_race frame_cooperation unmasking
    rhetoric trend speeches/ --meta speeches.csv --by month --plot trend.svg
    rhetoric trend records.jsonl custom_securitisation
    """
    with running() as outcome:
        from rhetoric.scoring.summary import compared_fields, summarise
        from rhetoric.scoring.trend import DEFAULT, trend_summaries

        if by not in ("year", "month"):
            raise RhetoricError(f"--by {by}: a trend is by year or by month.")
        if plot:
            check_plot(plot, overwrite)
        try:
            chosen = compared_fields(fields or DEFAULT)
        except RhetoricError as error:
            if any(Path(name).exists() for name in fields or []):
                raise RhetoricError(f"{error} A trend has one source, before its fields.") from error
            raise
        records = s.take_records([source], outcome, how, lines=as_json, meta=metadata(meta, meta_id))
        summaries = [summarise(record, chosen, every_passage=every_passage) for record in records]
        if not outcome.done:
            return
        found = trend_summaries(summaries, fields or [], cast("By", by))
        if plot:
            from rhetoric.report.plots import trend_svg

            write_plot(plot, trend_svg(found))
        if as_json:
            print_json(found.to_dict())
        else:
            from rhetoric.report.trends import print_trend

            print_trend(found, open_console())
