"""``rhetoric cluster``: documents or passages grouped by how they frame."""

import io
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rhetoric.cli import options as o
from rhetoric.cli import sources as s
from rhetoric.cli.metadata import MetaFile, MetaId, metadata
from rhetoric.cli.outcome import open_console, running
from rhetoric.cli.output import explained, print_json
from rhetoric.errors import RhetoricError

if TYPE_CHECKING:
    from rhetoric.clustering import Clustering
    from rhetoric.clustering.features import Level

FILES: Final = ("clusters.json", "assignments.csv", "assignments.parquet", "map.html")
_TEXTS: Final = ("id", "title", "source", "date", "name")  # columns of the assignments that others wrote


@o.with_how
def cluster(
    sources: s.RecordSources,
    output: Annotated[Path, o.output_option("DIR", "Folder for the results.")],
    passages: Annotated[bool, typer.Option("--passages", help="Group passages, not documents.")] = False,
    clusters: Annotated[
        int | None, typer.Option(min=2, metavar="N", help="How many; by default the best of 2 to 10 by silhouette.")
    ] = None,
    every_passage: o.EveryPassage = False,
    seed: o.Seed = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the description as JSON.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace results that are there.")] = False,
    meta: MetaFile = None,
    meta_id: MetaId = None,
    how: o.How = o.DEFAULTS,
) -> None:
    """Group texts by how they frame, not by their topic (extra: cluster).

    It rests on the scorecard and on the encoder's embedding, in which passages that frame alike lie close (records and
    runs have it where they were written with --embedding; without, groups are less clear). Into DIR go the assignments
    (assignments.csv, .parquet), the description of each cluster (clusters.json) and an interactive map (map.html). In
    the CSV a cell that a spreadsheet would take for a formula begins with an apostrophe.

    Where documents differ no more in how they frame than random draws of the same passages would, it says that the
    groups are no finding. Of passages (--passages) nothing can tell that: their groups say how passages frame, not that
    documents differ.

    \b
    rhetoric cluster records.jsonl -o clusters/
    rhetoric cluster speeches/ -o clusters/ --passages --clusters 8
    """
    with running() as outcome, _folder(output, overwrite):
        from rhetoric.clustering import check_extra, cluster_records

        check_extra()
        records = s.take_records(sources, outcome, how, lines=as_json, meta=metadata(meta, meta_id), embedding=True)
        level: Level = "passage" if passages else "document"
        if not (first := next(records, None)):
            return  # why is said already
        found = cluster_records(
            chain([first], records), level=level, clusters=clusters, every_passage=every_passage, seed=seed
        )
        _write(found, output)
        if as_json:
            print_json(found.to_dict())
        else:
            from rhetoric.report.clusters import print_clusters

            print_clusters(found, open_console(), tuple(str(output / name) for name in FILES))


@contextmanager
def _folder(output: Path, overwrite: bool) -> Iterator[None]:
    """Make the folder before anything is annotated, and take it away again where nothing came of it."""
    if output.exists() and not output.is_dir():
        raise RhetoricError(f"{output}: this is no folder. Name another.")
    there = [name for name in FILES if (output / name).exists()]
    if there and not overwrite:
        raise RhetoricError(f"{output / there[0]}: this file exists. Name another folder, or replace with --overwrite.")
    made = not output.exists()
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RhetoricError(f"{output}: this folder cannot be made ({error.strerror or error}).") from error
    try:
        yield
    finally:
        if made and not any(output.iterdir()):
            output.rmdir()


def _write(found: "Clustering", output: Path) -> None:
    """Write every file under another name first, so that results that are there are only replaced by whole ones."""
    from rhetoric.report.map import draw_map
    from rhetoric.report.safe import plain_cell
    from rhetoric.writing import replacing

    frame, columns = found.assignments(), io.BytesIO()
    frame.to_parquet(columns, index=False)
    described = json.dumps(found.to_dict(), ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    plain = frame.assign(**{name: frame[name].map(plain_cell) for name in _TEXTS})  # Parquet has them as they are
    table = plain.to_csv(index=False, lineterminator="\n")
    texts = (described.encode(), table.encode(), columns.getvalue(), draw_map(found).encode())
    with explained(output), ExitStack() as stack:
        for name, data in zip(FILES, texts, strict=True):
            file = stack.enter_context(replacing(output / name))
            file.write(data)
            file.flush()  # all of them are whole before the first is renamed
