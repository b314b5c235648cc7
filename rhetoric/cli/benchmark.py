"""``rhetoric benchmark``: words a second on your texts; how good the detectors are on public benchmarks."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rhetoric.cli import options as o
from rhetoric.cli.outcome import progress, running, say_step
from rhetoric.cli.output import print_json
from rhetoric.errors import RhetoricError

if TYPE_CHECKING:
    from rhetoric.gold import Coded

benchmark = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Measure speed here, and quality on benchmarks and gold.",
)


@benchmark.command("speed", short_help="Time the whole analysis and the bare parse.")
def speed(sources: o.Sources, as_json: o.AsJson = False) -> None:
    """Time the whole analysis and the bare parse of the same texts in the same run."""
    with running() as outcome:
        from rhetoric.analysis import load
        from rhetoric.ingest import Failure, read
        from rhetoric.speed import measure_speed

        documents = []
        for item in read(sources):
            if isinstance(item, Failure):
                outcome.report(item)
            else:
                documents.append(item)
        outcome.done = len(documents)
        if documents:
            found = measure_speed(documents, load())
            if as_json:
                print_json([asdict(each) for each in found])
            else:
                for each in found:
                    typer.echo(f"{each.name:10}{each.words_per_second:8,.0f} words/s  {each.times_parse:5.2f} x parse")


@benchmark.command("public", short_help="Measure metaphor words and contrasts.")
def public(
    data: Annotated[Path, o.given_folder("Folder with metaphor/ and discourse/.")],
    detectors: Annotated[Path | None, o.given_folder("Folder of detectors; the ones that ship if not given.")] = None,
    as_json: o.AsJson = False,
) -> None:
    """Measure metaphor words (VUA-20, VUA-18, MOH-X, TroFi) and contrasts (GUM), and print a table in Markdown.

    What is counted, and how, stands below the table. A benchmark whose file is not in the folder is left out.

    \b
    rhetoric benchmark public --data DATA
    rhetoric benchmark public --data DATA --detectors runs/detectors/final --json
    """
    with running() as outcome:
        from rhetoric.report.safe import clean
        from rhetoric.training.benchmarks.public import files, measure_public
        from rhetoric.training.benchmarks.table import benchmark_table

        for path in files(data):
            if not path.is_file():
                typer.echo(clean(f"left out, there is no {path}"), err=True)
        found = measure_public(data, detectors, progress=lambda name: say_step(f"measuring on {name}"))
        if as_json:
            print_json(found, indent=1)
        else:
            typer.echo(benchmark_table(found), nl=False)
        outcome.done = len(found)


@benchmark.command("clusters", short_help="Show that clusters follow framing, not topic.")
def clusters(
    gold: o.Gold,
    records: Annotated[Path | None, o.given_file("Records made before (annotate --embedding), one a passage.")] = None,
    number: Annotated[int, typer.Option("--clusters", min=2, metavar="N", help="How many clusters.")] = 12,
    texts: o.Texts = None,
    as_json: o.AsJson = False,
) -> None:
    """Show that clusters follow framing and not topic, beside the same clustering of plain MiniLM embeddings.

    It prints how far clusters agree with the codes: adjusted Rand index / adjusted mutual information, 0 by chance and
    1 at most. Without --records the passages are annotated now; ones that the detectors were trained on flatter them.

    \b
    rhetoric benchmark clusters corpora/gold/authored.jsonl --records held-out.jsonl
    """
    with running() as outcome:
        from rhetoric.analysis import load
        from rhetoric.cli.gold import read_predictions
        from rhetoric.clustering import check_extra
        from rhetoric.training.benchmarks.clusters import agreement_table, compare_clusterings
        from rhetoric.training.evaluation.evaluate import annotate_gold

        check_extra()
        rows = _passages(gold, texts)
        made = read_predictions(records) if records else progress(annotate_gold(rows, load(), embedding=True))
        found = compare_clusterings(rows, made, clusters=number)
        if as_json:
            plain = {name: {code: asdict(each) for code, each in codes.items()} for name, codes in found.items()}
            print_json(plain, indent=1)
        else:
            typer.echo(agreement_table(found), nl=False)
        outcome.done = len(rows)


@benchmark.command("sentences", short_help="Show how often the sentence quoted is the right one.")
def sentences(
    gold: o.Gold,
    detectors: Annotated[
        list[Path] | None,
        o.given_folder(
            "Folder of detectors; repeat it for those of each fold in order, which read what they have not seen."
        ),
    ] = None,
    each: Annotated[
        int, typer.Option(min=1, metavar="N", help="Joins of two passages for every frame, in each fold.")
    ] = 14,
    texts: o.Texts = None,
    as_json: o.AsJson = False,
) -> None:
    """Show how often the sentence that is said to carry a frame comes from the one of two joined passages that has it.

    Without --detectors those that ship read everything; passages that they were trained on flatter them.

    \b
    rhetoric benchmark sentences corpora/gold/authored.jsonl --detectors runs/detectors/fold-0 ...
    """
    with running() as outcome:
        from rhetoric.analysis import load
        from rhetoric.gold import split
        from rhetoric.training.benchmarks.joins import make_joins, measure_joins

        rows, said, right = _passages(gold, texts), 0, 0
        folders: list[Path | None] = [*detectors] if detectors else [None]
        for fold, folder in enumerate(folders):
            unseen = split(rows, fold, len(folders))[1] if len(folders) > 1 else rows
            found = measure_joins(make_joins(unseen, each, seed=fold), load(detectors=folder))
            said, right = said + found[0], right + found[1]
        if not said:
            raise RhetoricError(
                f"{gold}: no frame was found in its passages, joined two by two. It takes some about the matter, of "
                "two sentences at least, that are coded with a frame, and some without it."
            )
        if as_json:
            print_json({"said": said, "right": right})
        else:
            typer.echo(f"{right} of {said} sentences come from the passage that has the frame; by chance half would.")
        outcome.done = said


def _passages(gold: Path, texts: Path | None) -> "list[Coded]":
    """Return coded passages; raises SourceError for one without text, before anything is loaded."""
    from rhetoric.cli.gold import read_any_gold
    from rhetoric.training.own.passages import check_texts

    rows = read_any_gold(gold, texts)
    check_texts(rows)
    return rows
