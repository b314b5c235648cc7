"""``rhetoric compare``: two documents, folders, or groups of one corpus, field by field."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rhetoric.cli import options as o
from rhetoric.cli import sources as s
from rhetoric.cli.metadata import MetaFile, MetaId, metadata, no_column
from rhetoric.cli.outcome import open_console, progress, running
from rhetoric.cli.output import check_plot, print_json, write_plot
from rhetoric.errors import RhetoricError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rhetoric.scoring.summary import Summary

    Sides = tuple[tuple[str, list[Summary]], tuple[str, list[Summary]]]

_SHOWN = 20  # groups that an error lists

Plot = Annotated[Path | None, typer.Option(metavar="FILE.svg", help="Draw it too (extra: plots).")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the plot where it exists.")]


@o.with_how
def compare(
    sources: s.RecordSources,
    by: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Compare groups of all sources by metadata: voice, type, year.")
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option(metavar="VALUE", help="Which groups; one alone is set against the rest.")
    ] = None,
    field: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Compare only these fields.")] = None,
    meta: MetaFile = None,
    meta_id: MetaId = None,
    every_passage: o.EveryPassage = False,
    every_field: Annotated[bool, typer.Option("--every-field", help="Print every field, sure or not.")] = False,
    as_json: o.AsJson = False,
    plot: Plot = None,
    overwrite: Overwrite = False,
    how: o.How = o.DEFAULTS,
) -> None:
    """Compare two sides in every field of the scorecard: difference, effect size, corrected p-value.

    It prints what is most distinctive of each side too. A text that stands more than once on a side counts once. Put
    quotation marks around a glob, so that it stays one source.

    \b
    rhetoric compare us/ china/
    rhetoric compare one.txt other.txt
    rhetoric compare records.jsonl --by country --group US --group CN --meta texts.csv
    rhetoric compare us/ china/ --pipeline my-detectors/ --field custom_securitisation
    """
    with running() as outcome:
        from rhetoric.ingest.sources import check_sources
        from rhetoric.scoring.compare import compare_summaries
        from rhetoric.scoring.groups import NOWHERE, tell
        from rhetoric.scoring.summary import compared_fields, summarise

        if by is None and group:
            raise RhetoricError("--group names groups of a column. Say which column: --by COLUMN")
        if by is None and len(sources) != 2:
            there = "is 1 source" if len(sources) == 1 else f"are {len(sources)} sources"
            what = f"There {there}, where two are compared"
            raise RhetoricError(f"{what}. Put globs in quotation marks, or name with --by what to group them by.")
        if by is None and sources[0] == sources[1]:
            raise RhetoricError(f"{sources[0]}: there is no difference between this and itself. Name another.")
        check_sources(sources, each=by is None, records=True)
        if plot:
            check_plot(plot, overwrite)
        fields = compared_fields(field or [])
        items = s.records_by_source(sources, how, meta=metadata(meta, meta_id))
        groups: dict[str, list[Summary]] = {source: [] for source in sources} if by is None else {}
        columns: set[str] = set()
        for number, item in progress(items, lines=as_json):
            for record in s.good_records([item], outcome):
                columns.update(record["meta"])
                name = sources[number] if by is None else tell(record, by) or NOWHERE
                groups.setdefault(name, []).append(summarise(record, fields, every_passage=every_passage))
        if not outcome.done:
            return
        (one, a), (other, b) = _choose(groups, by, group or [], columns)
        found = compare_summaries(a, b, names=(one, other), fields=field or [])
        if plot:
            from rhetoric.report.plots import comparison_svg

            write_plot(plot, comparison_svg(found))
        if as_json:
            print_json(found.to_dict())
        else:
            from rhetoric.report.comparison import print_comparison

            print_comparison(found, open_console(), every_field=every_field)


def _choose(groups: "Mapping[str, list[Summary]]", by: str | None, wanted: list[str], columns: set[str]) -> "Sides":
    """Choose the two sides; raises RhetoricError, naming the groups there are, where that does not give two."""
    from rhetoric.scoring.groups import NOWHERE

    if by is None:
        one, other = groups
        return (one, groups[one]), (other, groups[other])
    known = {name: each for name, each in groups.items() if name != NOWHERE}
    if not known:
        raise no_column(by, columns)
    unknown = [name for name in wanted if name not in known]
    if unknown or len(wanted) > 2 or (not wanted and len(known) != 2) or (len(wanted) == 1 and len(known) < 2):
        sizes: list[tuple[str, Any]] = sorted(known.items(), key=lambda item: (-len(item[1]), item[0]))
        listed = ", ".join(f"{name} ({len(each)})" for name, each in sizes[:_SHOWN])
        more = ", ..." if len(sizes) > _SHOWN else ""
        what = f"There is no group {unknown[0]!r}" if unknown else "Two groups are compared, or one against the rest"
        raise RhetoricError(f"{what}. Groups by {by}: {listed}{more}. Name them with --group.")
    if len(wanted) == 1:
        rest = [summary for name, each in known.items() if name != wanted[0] for summary in each]
        return (wanted[0], known[wanted[0]]), ("the rest", rest)
    one, other = wanted or sorted(known)
    if one == other:
        raise RhetoricError(f"{one}: a group cannot be compared with itself. Name another with --group.")
    return (one, known[one]), (other, known[other])
